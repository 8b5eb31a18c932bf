"""The interface for programs: the same figures as on the pages, for everybody."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Site

from actions.delivery.deliver import deliver
from actions.delivery.models import Recipient
from actions.signing import consents
from actions.signing.models import PublicHour
from actions.signing.sign import sign
from tests.factories import PetitionFactory, RecipientFactory, action, addressed, person, seen_by_visitors, translate


def signed(petition, number: int) -> None:
    for n in range(number):
        sign(petition=petition, person=person(n), language="nb")
    seen_by_visitors(petition, number)


@pytest.fixture
def page(site):
    petition = addressed(PetitionFactory(goal=5), RecipientFactory())
    signed(petition, 3)
    return action(site, petition)


def test_an_action_is_told_as_its_page_tells_it(client, site, page, django_capture_on_commit_callbacks):
    for one in (site.home, site.index, page):
        with django_capture_on_commit_callbacks(execute=True):  # publishing comes after the transaction
            translate(one, "en")
    Site.clear_site_root_paths_cache()
    [told] = client.get("/api/v1/actions").json()["items"]
    assert told["id"] == str(page.translation_key)
    assert (told["state"], told["total"], told["goal"]) == ("open", 3, 5)
    assert told["country"] == {"code": "CN", "name": "Kina"}
    assert told["url"] == page.full_url
    assert set(told["languages"]) == {"nb", "en"}
    assert client.get(f"/api/v1/actions/{page.translation_key}").json() == told
    in_english = client.get("/api/v1/actions?language=en").json()["items"][0]
    assert (in_english["language"], in_english["total"]) == ("en", 3)


def test_the_total_is_one_over_all_languages(client, page):
    told = client.get(f"/api/v1/actions/{page.translation_key}/total").json()
    assert (told["state"], told["total"], told["paper"], told["per_cent"]) == ("open", 3, 0, 60)


def test_a_total_that_is_hidden_on_the_page_is_hidden_here(client, page):
    page.petition.hide_total_below = 10
    page.petition.save()
    for path in ("", "/total"):
        assert client.get(f"/api/v1/actions/{page.translation_key}{path}").json()["total"] is None
    assert client.get(f"/api/v1/actions/{page.translation_key}/history").json() == []


def test_signatures_by_hour_and_none_where_signing_is_dangerous(client, site, page):
    PublicHour.objects.create(petition=page.petition, hour=timezone.now(), number=3)
    [hour] = client.get(f"/api/v1/actions/{page.translation_key}/history").json()
    assert hour["signatures"] == 3
    risky = PetitionFactory(high_risk=True)
    signed(risky, 2)
    PublicHour.objects.create(petition=risky, hour=timezone.now(), number=2)
    other = action(site, risky, title="Farlig")
    assert client.get(f"/api/v1/actions/{other.translation_key}/history").json() == []


def test_deliveries_are_told_with_those_that_received_them(client, page, staff):
    recipients = list(Recipient.objects.all())
    deliver(petition=page.petition, recipients=recipients, delivered_on=timezone.localdate(), by=staff)
    [told] = client.get(f"/api/v1/actions/{page.translation_key}/deliveries").json()
    assert told["signatures"] == told["new"] == 3
    assert "Chen Quanguo" in told["recipients"][0]


FILTERS = {
    "?state=open": ["Åpen"],
    "?state=ended": ["Slutt"],
    "?country=CN": ["Åpen", "Slutt"],
    "?country=NO": [],
    "?limit=1": ["Åpen"],
    "?limit=1&offset=1": ["Slutt"],
    "?state=draft": [],
}


@pytest.mark.parametrize("query", FILTERS)
def test_filters_and_pages(query, client, site):
    action(site, PetitionFactory(), title="Åpen")
    action(site, PetitionFactory(ended=True), title="Slutt")
    action(site, PetitionFactory(draft=True), title="Utkast")
    told = client.get("/api/v1/actions" + query).json()
    assert [item["title"] for item in told["items"]] == FILTERS[query]


WRONG = [
    *("?language=xx", "?state=gone", "?country=china", "?country=%00"),
    *("?limit=0", "?limit=x", "?limit=99999999999999999999", "?offset=-1"),
]


@pytest.mark.parametrize("query", WRONG)
def test_a_wrong_question_is_answered_with_what_is_wrong(query, client, site):
    answer = client.get("/api/v1/actions" + query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["name"] in query


@pytest.mark.parametrize("path", ["actions/7e0b1f3e-0000-4000-8000-000000000000", "nothing", "actions/a/b"])
def test_what_is_not_there_is_a_404(path, client, site):
    assert client.get(f"/api/v1/{path}").status_code == 404


def test_what_is_not_for_everybody_is_not_told(client, site, page):
    page.unpublish()
    assert client.get("/api/v1/actions").json()["count"] == 0
    assert client.get(f"/api/v1/actions/{page.translation_key}").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(method, client, page):
    assert getattr(client, method)(f"/api/v1/actions/{page.translation_key}").status_code == 405


def test_any_site_may_read_it_and_anybody_keep_it(client, page):
    answer = client.get("/api/v1/actions", headers={"Origin": "https://elsewhere.example"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies
    assert "Access-Control-Allow-Origin" not in client.get("/nb/", headers={"Origin": "https://elsewhere.example"})
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    assert client.options("/api/v1/actions", headers=asked)["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/nb/feed/", "/consents/nb-1/", "/api/v1/openapi.json"])
def test_any_site_may_read_feeds_and_words_too(client, page, path):
    """Seen to fail: /api/ alone told a browser so."""
    consents.record(language="nb", contact_action="Om aksjonen", contact_other="Om annet arbeid")
    answer = client.get(path, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "X-Request-Id" in answer["Access-Control-Expose-Headers"]
    assert "public" in answer["Cache-Control"]


@pytest.mark.parametrize("path", ["", "/total", "/deliveries", "/history"])
def test_one_action_answers_in_a_language_in_which_it_is_published(client, page, path):
    """Seen to fail: /total answered and the action itself was a 404, so what an event names could not be joined."""
    found = client.get(f"/api/v1/actions/{page.translation_key}{path}", {"language": "nn"})
    assert found.status_code == 200
    if not path:
        assert (found.json()["language"], found.json()["title"]) == ("nb", page.title)
        assert found.json()["url"]
    assert client.get("/api/v1/actions", {"language": "en"}).json()["count"] == 0


def test_an_action_of_another_language_alone_is_found_without_saying_which(
    client, site, page, django_capture_on_commit_callbacks
):
    for one in (site.home, site.index, page):
        with django_capture_on_commit_callbacks(execute=True):
            translate(one, "en")
    page.unpublish()
    Site.clear_site_root_paths_cache()
    told = client.get(f"/api/v1/actions/{page.translation_key}").json()
    assert told["language"] == "en"
    assert told["url"].endswith(told["languages"]["en"])


def test_a_client_goes_on_where_a_state_is_new(client):
    """Seen to fail: generated clients stopped at a value that stood in no list."""
    document = client.get("/api/v1/openapi.json").json()
    schemas = document["components"]["schemas"]
    for name in ("Action", "Total"):
        state = schemas[name]["properties"]["state"]
        assert state["type"] == "string"
        assert "enum" not in state
        assert "`open`" in state["description"]
    assert {"304", "405", "429"} <= set(document["paths"]["/api/v1/actions"]["get"]["responses"])


def test_any_site_may_ask_whether_it_has_changed(client, page):
    """Seen to fail: a browser of another site was not let send `If-None-Match`, nor see the `ETag`."""
    asked = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    assert "if-none-match" in client.options("/api/v1/actions", headers=asked)["Access-Control-Allow-Headers"]
    answer = client.get("/api/v1/actions", headers={"Origin": "https://elsewhere.example"})
    assert "ETag" in answer["Access-Control-Expose-Headers"]
    assert answer["ETag"].startswith('W/"')


def test_an_etag_changes_with_the_figures_only(client, page):
    """Seen to fail: the instant was part of it, so that every answer was new."""
    path = f"/api/v1/actions/{page.translation_key}/total"
    first, second = client.get(path), client.get(path)
    assert first.json()["at"] != second.json()["at"]
    assert first["ETag"] == second["ETag"] == client.head(path)["ETag"]
    page.petition.goal = 7
    page.petition.save()
    assert client.get(path)["ETag"] != first["ETag"]


def test_in_development_too_nothing_is_sent_twice(client, page, settings):
    settings.MIDDLEWARE = ["actions.web.problems.NotModified", *settings.MIDDLEWARE]
    path = f"/api/v1/actions/{page.translation_key}/total"
    etag = client.get(path)["ETag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/nb/").status_code == 200


def test_a_generator_of_clients_finds_names_for_everything(client):
    """openapi-python-client made a client that could not send a language: the enum stood in the parameter, without its
    name. Seen to fail so."""
    document = client.get("/api/v1/openapi.json").json()
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert [operation["operationId"] for operation in operations] == [
        "list_actions", "get_actions_as_csv", "get_action", "get_total", "list_deliveries", "get_history",
    ]  # fmt: skip
    assert all(operation["tags"] == ["actions"] for operation in operations)
    assert document["servers"] == [{"url": "http://testserver"}]
    parameters = [parameter for operation in operations for parameter in operation["parameters"]]
    assert '"enum"' not in json.dumps(parameters)
    assert {"$ref": "#/components/schemas/Language"}.items() <= parameters[0]["schema"].items()
    for operation in operations:
        assert list(operation["responses"]["422"]["content"]) == ["application/problem+json"]


def test_no_lifetime_goes_past_the_end(client, site):
    page = action(site, PetitionFactory(ends_at=timezone.now() + timedelta(seconds=5)))
    for path in ("", f"/{page.translation_key}", f"/{page.translation_key}/total"):
        assert int(client.get(f"/api/v1/actions{path}")["Cache-Control"].split("max-age=")[1].split(",")[0]) <= 5


def test_the_number_of_queries_does_not_grow_with_actions(client, site, django_assert_max_num_queries):
    for number in range(6):
        action(site, PetitionFactory(), title=f"Aksjon {number}")
    client.get("/api/v1/actions")
    with django_assert_max_num_queries(9):
        client.get("/api/v1/actions")


def table(client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/api/v1/actions.csv{query}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_table_tells_what_the_list_tells(client, site, page):
    """The same number as everywhere."""
    sign(petition=page.petition, person=person(99), language="nb")  # which the number shown does not follow yet
    [told] = client.get("/api/v1/actions").json()["items"]
    [line] = table(client)
    assert line["id"] == told["id"]
    assert (line["total"], line["goal"]) == (str(told["total"]), str(told["goal"])) == ("3", "5")
    assert (line["country"], line["country_name"]) == ("CN", "Kina")
    for name in ("title", "lead", "url", "state", "opens_at", "ends_at", "published_at", "language"):
        assert line[name] == told[name], name
    assert line["won_on"] == ""


def test_the_table_hides_what_the_page_hides(client, page):
    page.petition.hide_total_below = 10
    page.petition.save()
    [line] = table(client)
    assert line["total"] == ""


@pytest.mark.parametrize("query", ["?state=open", "?state=ended", "?country=CN", "?country=NO", "?language=en"])
def test_the_table_is_filtered_as_the_list_is(query, client, site, page):
    action(site, PetitionFactory(ended=True), title="Slutt", slug="slutt")
    listed = client.get(f"/api/v1/actions{query}").json()["items"]
    assert [line["id"] for line in table(client, query)] == [told["id"] for told in listed]


def test_the_table_has_no_pages(client, site):
    for number in range(25):
        action(site, PetitionFactory(), title=f"Nummer {number}", slug=f"n-{number}")
    assert len(client.get("/api/v1/actions").json()["items"]) == 20
    assert len(table(client)) == 25


@pytest.mark.parametrize("title", ["=1+1", "+47", "-2", "@SUM(A1)", "\u00a0=1", "＝1"])
def test_no_title_is_a_formula(title, client, site):
    """Seen to fail with the texts as they are."""
    action(site, PetitionFactory(), title=title, slug="formel")
    [line] = table(client)
    assert line["title"] == f"'{title}"


def test_a_table_that_cannot_be_made_is_told_as_a_problem(client, site):
    for query, status in (("?state=nonsense", 422), ("?country=xx", 422), ("?language=xx", 422)):
        answer = client.get(f"/api/v1/actions.csv{query}")
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
