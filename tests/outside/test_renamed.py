"""An action is renamed by staff, behind the proxy: every address that anybody has of it keeps its promise (R51)."""

import time
from collections.abc import Callable

import pytest

from .visitor import ORIGIN

pytestmark = pytest.mark.processes

PERSON = {"name": "Kari Nordmann", "old_enough": "on"}
# As an editor does it, by publishing; then `page` is where it stands.
RENAME = """
from actions.pages.action import ActionPage
page = ActionPage.objects.get(slug="{}", locale__language_code="nb")
page.slug = "{}"
page.save_revision().publish()
"""
OLD, NEW = "la-jenter-ga-pa-skole", "skole-for-afghanske-jenter"
PARTS = ["", "thanks/", "embed/", "embed/thanks/", "privacy/", "picture/"]


def wait_until(happened: Callable[[], bool], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.5)


@pytest.fixture(scope="module")
def renamed(deployed):
    deployed.public.get(f"/nb/aksjoner/{OLD}/")  # somebody has it open, and the proxy keeps it
    deployed.manage("shell", "-c", RENAME.format(OLD, NEW))
    wait_until(lambda: deployed.public.get(f"/nb/aksjoner/{OLD}/").leads_on)  # what is kept may be shown for a while
    yield f"/nb/aksjoner/{OLD}/", f"/nb/aksjoner/{NEW}/"
    deployed.manage("shell", "-c", RENAME.format(NEW, OLD))


@pytest.mark.parametrize("part", PARTS)
def test_each_part_leads_on_with_its_source(part, renamed, deployed):
    """Seen to fail: all but the page were 404, and the source was lost."""
    old, new = renamed
    for query in ("", "?s=mail", "", "?s=poster"):
        for method in ("GET", "HEAD"):
            answer = deployed.public.ask(method, old + part + query)
            assert (answer.status, answer.headers["Location"]) == (301, new + part + query)
        assert deployed.public.get(old + part + query, follow=True).status == 200


@pytest.mark.parametrize("part", ["", "embed/"])
def test_a_page_that_stood_open_is_signed(part, renamed, deployed):
    """Under the role of the public surface. Seen to fail: 301, and nothing was recorded."""
    old, new = renamed
    count = "select count(*) from actions_signature"
    [(before,)] = deployed.site.query(count)
    data = PERSON | {"email": f"renamed{len(part)}@example.org"}
    answer = deployed.public.post(f"{old}{part}?s=poster", data, follow=True)
    assert (answer.status, answer.way, answer.url) == (200, (307, 303), f"{ORIGIN}{new}{part}thanks/")
    assert deployed.site.query(count) == [(before + 1,)]


def test_who_signs_what_is_not_there_any_more_is_told(deployed):
    answer = deployed.public.post("/nb/aksjoner/finnes-ikke/", PERSON | {"email": "nowhere@example.org"})
    assert answer.status == 404
    assert "Signaturen din ble ikke registrert" in answer.text


def test_a_short_address_of_staff_leads_on(renamed, deployed):
    _old, new = renamed
    page = f"ActionPage.objects.get(slug='{NEW}', locale__language_code='nb')"
    deployed.manage(
        "shell", "-c",
        "from wagtail.contrib.redirects.models import Redirect; from actions.pages.action import ActionPage; "
        f"Redirect.add_redirect('/skole', redirect_to={page})",
    )  # fmt: skip
    for address in ("/skole?s=poster", "/skole/?s=poster"):
        answer = deployed.public.get(address)
        assert (answer.status, answer.headers["Location"]) == (301, f"{new}?s=poster")
