"""Both interfaces for programs where programs come to them: figures through nginx, contacts on the staff surface."""

import pytest
import requests

from .deployment import MEMBERS_TOKEN, OF_STAFF
from .visitor import HOST

pytestmark = pytest.mark.processes
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def ask(deployed):
    """Asks the public surface through nginx, as a page of another site does."""
    assert deployed.public.get("/en/").status

    def asked(path: str, method: str = "GET", **headers: str) -> requests.Response:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.request(
            method, deployed.proxy.url + path, headers={"Host": HOST, "Origin": "https://elsewhere.example"} | names,
            timeout=60, allow_redirects=False,
        )  # fmt: skip

    return asked


def test_figures_are_sent_once(ask):
    path = f"/api/v1/actions/{ask('/api/v1/actions').json()['items'][0]['id']}/total"
    first = ask(path)
    again = ask(path, If_None_Match=first.headers["ETag"])
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert "ETag" in first.headers["Access-Control-Expose-Headers"]
    assert ask(path, "HEAD").status_code == 200


def test_a_browser_may_ask_whether_they_have_changed(ask):
    asked = {"Access_Control_Request_Method": "GET", "Access_Control_Request_Headers": "if-none-match"}
    assert "if-none-match" in ask("/api/v1/actions", "OPTIONS", **asked).headers["Access-Control-Allow-Headers"]


def test_a_form_in_a_sandbox_may_fetch_its_script(ask):
    """There it is of no site, and leads out by that script. Seen to fail: nginx let no other site read static files."""
    answer = ask("/static/js/embed.js", Origin="null")
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/api/v1/nothing", "GET", 404), ("/api/v1/actions", "POST", 405), ("/api/v1/actions?limit=0", "GET", 422),
     ("/members/v1/events", "GET", 404)],
)  # fmt: skip
def test_what_is_refused_is_a_problem(ask, path, method, status):
    """That of the members is not there at all: it is on the other surface."""
    answer = ask(path, method)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM)


def test_contacts_are_told_under_the_role_of_staff(deployed):
    """A look of regular work, then the events, with the rights the database gives to staff's role."""
    assert deployed.staff.get("/staff/login/").status == 200
    deployed.manage("housekeeping", "--once")
    deployed.manage("tell_members", "--once")
    url = f"http://{OF_STAFF}:{deployed.staff_port}/members/v1/events"
    headers = {"Host": HOST, "X-Forwarded-Proto": "https"}
    assert requests.get(url, headers=headers, timeout=60).status_code == 401
    answer = requests.get(url, headers=headers | {"Authorization": f"bearer {MEMBERS_TOKEN}"}, timeout=60)
    assert answer.status_code == 200
    assert answer.json()["next"]
    assert {event["type"] for event in answer.json()["data"]} <= {"contact.consented", "contact.updated"}
