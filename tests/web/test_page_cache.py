"""Pages that are kept: made once, told anew, forgotten when something changes, and never past the end."""

import gzip
import threading
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from actions.pages.action import ActionPage
from actions.signing.life import close_now
from actions.signing.links import make_link
from actions.signing.models import PublicName, Signature
from actions.signing.sign import sign
from actions.web import page_cache, purging
from actions.web.page_cache import PageCache
from actions.web.reads import read_of
from home.standing import forget_here, generation
from tests.factories import PetitionFactory, RecipientFactory, action, person, stream

FORM = {"name": "Kari Nordmann", "email": "kari@example.org"}


pytestmark = pytest.mark.usefixtures("pages_are_kept")

TOKEN = "W0s--CZdswLY_5WFGBH0O7er7SCX9HrCVkToepT25MY"


@pytest.mark.parametrize(
    "path",
    [
        f"/nb/My-Signature/{TOKEN}/",
        f"/nb/my-signat=ure/{TOKEN}/",
        f"/{TOKEN}",
        f"/nb/my-sig%3D%0Anature/{TOKEN}/stop/",
        "/nb/admin/password_reset/confirm/Mg/dipggm-9f1c0e0d2b7a4c6d8e9f0a1b2c3d4e5f/",
        "/members/v1/something/",
        "/mail-events/nobody/",
    ],
)
def test_an_address_that_may_be_a_secret_is_kept_by_nobody(path, site, client):
    """A link that a mail program has broken, or one of staff's. Seen to fail before: “public”, so that the proxy wrote
    it down on its disk."""
    for answer in (client.get(path), client.get(path)):
        assert answer.status_code in (302, 404)
        assert "no-store" in answer["Cache-Control"]
        assert "public" not in answer["Cache-Control"]


def test_what_is_staffs_is_not_looked_for_among_the_pages(site, client):
    """Seen to fail before: 302 to /nb/members/…, and 404 there."""
    assert client.get("/members/v1/something/").status_code == 404


def test_an_old_address_and_a_wrong_one_are_kept_for_a_moment(site, client):
    for path in ("/nb/en-side-som-ikke-lenger-finnes-her/", "/aksjoner/"):
        assert "public" in client.get(path)["Cache-Control"]


@pytest.fixture
def page(site):
    return action(site, PetitionFactory())


def letter_body():
    letter = {"heading": "Letter", "recipient": RecipientFactory().pk, "language": "en", "text": "Free them.",
              "salutation": "Your Excellency,", "closing": "Yours,", "summary": ""}  # fmt: skip
    return stream(ActionPage, "body", [("letter", letter)])


def lifetime(answer) -> dict[str, int]:
    parts = (part.strip().partition("=")[::2] for part in answer["Cache-Control"].split(","))
    return {name: int(value) for name, value in parts if value}


def test_a_kept_page_costs_no_query(page, client, django_assert_num_queries):
    first = client.get(page.get_url())
    with django_assert_num_queries(0):
        again = client.get(page.get_url())
    assert again.content == first.content
    assert again["ETag"] == first["ETag"]


@pytest.mark.parametrize("path", ["", "thanks/", "privacy/"])
def test_what_has_not_changed_is_told_in_a_few_bytes(page, client, path):
    first = client.get(page.get_url() + path)
    again = client.get(page.get_url() + path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "public" in again["Cache-Control"]


@pytest.mark.parametrize("seconds", [1.5, 8, 40, 3600])
def test_no_lifetime_is_longer_than_the_time_to_the_end(site, client, seconds):
    page = action(site, PetitionFactory(ends_at=timezone.now() + timedelta(seconds=seconds)))
    for _ in range(2):  # as it is made, and as it is kept
        told = lifetime(client.get(page.get_url()))
        assert told["max-age"] <= min(15, seconds)
        assert told["stale-if-error"] <= seconds
        assert told["stale-while-revalidate"] <= 15


def test_a_page_without_an_end_is_shown_for_a_day_while_the_site_is_away(site, client):
    page = action(site, PetitionFactory(ends_at=None))
    assert lifetime(client.get(page.get_url()))["stale-if-error"] > 80_000


def test_what_is_kept_says_how_much_of_its_lifetime_is_left(page, client, monkeypatch):
    client.get(page.get_url())
    now = time.time()
    monkeypatch.setattr(page_cache.time, "time", lambda: now + 10)
    assert lifetime(client.get(page.get_url()))["max-age"] <= 5


def test_unknown_parameters_and_headers_make_no_other_page(page, client, django_assert_num_queries):
    first = client.get(page.get_url())
    asked = {
        "Accept-Language": "en",
        "Cookie": "a=b",
        "X-Forwarded-Host": "poison.example",
        "Referer": "https://x.example/",
    }
    with django_assert_num_queries(0):
        again = client.get(page.get_url() + "?utm_source=x&fbclid=%ff%00&" + "y" * 5000, headers=asked)
    assert again.content == first.content
    assert "Accept-Language" not in first.get("Vary", "")
    assert "Cookie" not in first.get("Vary", "")


def test_what_an_address_reads_makes_another_page(site, page, client):
    at = site.index.get_url()
    plain, won = client.get(at), client.get(at + "?state=won")
    assert b"?state=won" in won.content
    assert plain.content != won.content
    assert client.get(at).content == plain.content
    assert client.get(at + "?state=won&u=1").content == won.content


OF_PAGES = ("", "thanks/", "privacy/", "letter/", "letter/pdf/", "picture/", "embed/")
QUERIES = (
    "s=street",
    "s=random-1",
    "country=1",
    "page=2",
    "state=won",
    "right=5",
    "language=en",
    "limit=1",
    "q=x",
    "u=1",
)


@pytest.mark.parametrize("path", OF_PAGES)
@pytest.mark.parametrize("query", QUERIES)
def test_what_an_address_does_not_read_makes_no_other_page(path, query, site, client, django_assert_num_queries):
    """Seen to fail with the same parameters known to every path, and with `?s=` in the page."""
    at = action(site, PetitionFactory(), body=letter_body()).get_url() + path
    first = client.get(at)
    assert first.status_code == 200
    with django_assert_num_queries(0):
        again = client.get(f"{at}?{query}")
    assert again.content == first.content
    assert again["ETag"] == first["ETag"]


@pytest.mark.parametrize("path", ["/sitemap.xml", "/robots.txt", "/nb/feed/", "/nb/", "/api/v1/openapi.json"])
@pytest.mark.parametrize("query", QUERIES)
def test_nor_does_it_elsewhere(path, query, page, client, django_assert_num_queries):
    first = client.get(path)
    with django_assert_num_queries(0):
        assert client.get(f"{path}?{query}").content == first.content


@pytest.mark.parametrize(("part", "reads"), [("", "language=en"), ("/total", ""), ("/deliveries", "language=en"),
                                             ("/history", "since=2026-01-01")])  # fmt: skip
def test_the_interface_for_programs_reads_what_it_says(part, reads, page, client, django_assert_num_queries):
    at = f"/api/v1/actions/{page.translation_key}{part}"
    first = client.get(at)
    with django_assert_num_queries(0):
        for query in QUERIES:
            if query != reads:
                assert client.get(f"{at}?{query}").content == first.content
    if reads:
        assert cache.get(page_cache._name(RequestFactory().get(f"{at}?{reads}"))) is None


def test_every_parameter_that_the_interface_documents_is_in_the_table(client):
    """Seen to fail with `since` left out."""
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    for path, verbs in paths.items():
        names = {one["name"] for one in verbs["get"].get("parameters", []) if one["in"] == "query"}
        assert set(read_of(path.replace("{id}", "x"))) == names, path


def test_words_that_were_searched_for_are_never_kept(site, page, client):
    answer = client.get(site.index.get_url() + "?q=Kari+Nordmann")
    assert "no-store" in answer["Cache-Control"]
    assert "Nordmann" not in str(vars(cache._connections["default"] if hasattr(cache, "_connections") else cache))


def test_nothing_typed_into_the_form_is_kept(page, client):
    wrong = client.post(page.get_url(), {"name": "Typed Nowhere", "email": "x"})
    right = client.post(page.get_url(), FORM)
    assert "no-store" in wrong["Cache-Control"]
    assert right.status_code == 303
    assert "public" not in right.get("Cache-Control", "")
    for path in ("", "thanks/"):
        assert b"Typed Nowhere" not in client.get(page.get_url() + path).content


def test_a_restricted_page_is_for_nobody_else(page, staff_client, client):
    assert staff_client.get(page.get_url()).status_code == 200
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    cache.clear()
    forget_here()
    shown = staff_client.get(page.get_url())
    assert shown.status_code == 200
    assert "no-store" in shown["Cache-Control"]
    client.logout()
    assert client.get(page.get_url()).status_code == 302


def test_gzip_for_those_who_take_it(page, client):
    plain = client.get(page.get_url())
    packed = client.get(page.get_url(), headers={"Accept-Encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 2


def test_head_is_answered_from_what_is_kept(page, client, django_assert_num_queries):
    client.get(page.get_url())
    with django_assert_num_queries(0):
        answer = client.head(page.get_url())
    assert (answer.status_code, answer.content) == (200, b"")


CHANGES = {
    "publishing": lambda site, page, staff: page.save_revision().publish(),
    "unpublishing another page": lambda site, page, staff: site.privacy.unpublish(),
    "closing": lambda site, page, staff: close_now(petition=page.petition, by=staff, reason="done"),
    "a goal": lambda site, page, staff: page.petition.save(),
    "the organisation": lambda site, page, staff: site.organisation.save(),
    "a restriction": lambda site, page, staff: PageViewRestriction.objects.create(page=page, restriction_type="login"),
    "deleting": lambda site, page, staff: site.china.delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_visitors_can_see_is_made_anew_after(
    change, site, page, client, staff, django_capture_on_commit_callbacks
):
    """Seen to fail with `purging.listen` left out."""
    client.get(page.get_url())
    before = generation()
    with django_capture_on_commit_callbacks(execute=True):
        CHANGES[change](site, page, staff)
    assert generation() != before


def test_closing_is_seen_by_the_next_visitor(page, client, staff, django_capture_on_commit_callbacks):
    assert b'name="email"' in client.get(page.get_url()).content
    with django_capture_on_commit_callbacks(execute=True):
        close_now(petition=page.petition, by=staff, reason="done")
    assert b'name="email"' not in client.get(page.get_url()).content


@pytest.mark.parametrize("verb", ["withdraw", "hide", "erase"])
def test_a_name_that_is_taken_away_is_off_the_page_at_once(
    verb, client, site, monkeypatch, django_capture_on_commit_callbacks
):
    """Seen to fail without the call in `mine`."""
    petition = PetitionFactory(show_names=True)
    page = action(site, petition)
    sign(petition=petition, person=person(), language="nb", show_name=True)
    signature = Signature.objects.get()
    PublicName.objects.create(
        signature=signature, petition=petition, first_name="Kari", place="Bodø", shuffle=1, shown_from=timezone.now()
    )
    assert "Kari, Bodø" in client.get(page.get_url()).content.decode()
    token, _code = make_link(signature, with_code=False)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"/nb/my-signature/{token}/", {"do": verb}).status_code == 303
    assert "Kari, Bodø" not in client.get(page.get_url()).content.decode()


def test_a_proxy_is_told_which_addresses_changed(site, page, settings, monkeypatch, django_capture_on_commit_callbacks):
    settings.WAGTAILFRONTENDCACHE = {
        "proxy": {"BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend", "LOCATION": "http://127.0.0.1:9"}
    }
    told = []
    monkeypatch.setattr(
        "wagtail.contrib.frontend_cache.utils.purge_urls_from_cache", lambda urls, *args, **more: told.extend(urls)
    )
    with django_capture_on_commit_callbacks(execute=True):
        purging.petition_changed(page.petition_id)
    assert {page.full_url, site.index.full_url, site.home.full_url} <= set(told)


class Slow:
    """Makes an answer slowly, and counts how often, and how many of them at the same time."""

    def __init__(self, *, status: int = 200, control: str = "public, max-age=15, stale-while-revalidate=15") -> None:
        self.made = self.inside = self.most = 0
        self.status, self.control = status, control
        self.hand = threading.Lock()

    def __call__(self, request):
        with self.hand:
            self.made += 1
            self.inside += 1
            self.most = max(self.most, self.inside)
            made = self.made
        time.sleep(0.3)
        with self.hand:
            self.inside -= 1
        response = HttpResponse(f"made {made}", status=self.status)
        if self.control:
            response["Cache-Control"] = self.control
        request.resolver_match = None
        return response


def together(number: int, cached: PageCache, path: str = "/nb/") -> list[bytes]:
    bodies: list[bytes] = []
    request = RequestFactory().get(path)
    threads = [threading.Thread(target=lambda: bodies.append(cached(request).content)) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return bodies


def test_many_at_once_make_a_page_once():
    """Seen to fail without the lock: twenty were made."""
    slow = Slow()
    assert set(together(20, PageCache(slow))) == {b"made 1"}
    assert slow.made == 1


@pytest.mark.parametrize("status", [200, 302, 404, 500])
def test_nobody_queues_for_what_is_not_kept(status):
    """Twenty who ask for the same at once wait for the first, and then for nobody.

    Seen to fail without the memory of what was not kept: one after the other, or after three seconds.
    """
    slow = Slow(status=status, control="no-store")
    together(20, PageCache(slow))
    assert (slow.made, slow.most) == (20, 19)
    slow.most = 0
    together(20, PageCache(slow))
    if status < 500:  # after an error the first of the next second may find it well again
        assert slow.most == 20


@pytest.mark.parametrize("path", ["/nb/nothing-here/", "/nb/aksjoner"])
def test_that_there_is_nothing_or_that_it_is_elsewhere_is_kept_for_some_seconds(
    path, site, client, django_assert_num_queries
):
    first = client.get(path)
    assert first.status_code in (301, 404)
    told = lifetime(first)
    assert 5 < told["max-age"] <= 10
    assert (told["stale-while-revalidate"], told["stale-if-error"]) == (10, 0)
    with django_assert_num_queries(0):
        again = client.get(path)
    assert (again.status_code, again.content, again.get("Location")) == (
        first.status_code, first.content, first.get("Location"))  # fmt: skip


def test_the_bare_address_says_that_it_depends_on_the_language(site, client):
    """`/` stands on every poster. A proxy may keep it for some seconds, for each language."""
    for asked, led in (("nb", "/nb/"), ("en", "/en/"), ("nn;q=0.9, nb;q=0.1", "/nn/"), ("nb", "/nb/")):
        answer = client.get("/", headers={"Accept-Language": asked})
        assert (answer.status_code, answer["Location"]) == (302, led)
        assert lifetime(answer)["max-age"] == 10
        assert "accept-language" in answer["Vary"].lower()


def test_where_an_old_address_leads_may_hang_on_its_query(site, client):
    """Seen to fail with 404s kept whatever the query, and without the look at the redirects."""
    for old in ("/gammel", "/nb/gammel"):
        Redirect.objects.create(old_path=f"{old}?id=3", redirect_link="/nb/")
        for _ in range(2):
            client.get(f"{old}/")
            answer = client.get(f"{old}/?id=3")
            assert (answer.status_code, answer["Location"]) == (301, "/nb/")
            assert client.get(f"{old}/?id=4", follow=True).status_code == 404
    assert "public" not in client.get("/nb/gammel/").get("Cache-Control", "")
    for query in ("", "?s=street", "?u=1", ""):
        assert client.get(f"/nb/aksjoner{query}")["Location"] == f"/nb/aksjoner/{query}"


def test_who_asks_in_other_words_does_not_stop_others_answers_from_being_kept(site, page, client):
    """Seen to fail with `?q=` never kept on any page: then a page is made anew for everybody."""
    for more in ({"query_params": {"q": "x"}}, {"headers": {"Cookie": "a=b"}}, {"query_params": {"u": "1"}}):
        cache.clear()
        client.get(page.get_url(), **more)
        assert "public" in client.get(page.get_url())["Cache-Control"]
        assert cache.get(page_cache._name(RequestFactory().get(page.get_url())))[1] is not None
        client.get("/nb/nothing/", **more)
        client.get("/nb/nothing/")


@pytest.mark.parametrize("path", ["/nb/my-signature/wrong/", "/nb/my-signature/wrong", "/my-signature/wrong/"])
def test_no_link_to_a_signature_is_kept_not_even_a_wrong_one(path, site, client):
    for _ in range(2):
        answer = client.get(path)
        assert "public" not in answer.get("Cache-Control", "")
    assert b"wrong" not in b"".join(cache._cache.values())


def test_a_stale_page_is_shown_while_one_request_makes_it_anew(monkeypatch):
    slow = Slow()
    cached = PageCache(slow)
    cached(RequestFactory().get("/nb/"))
    now = time.time()
    monkeypatch.setattr(page_cache.time, "time", lambda: now + 20)
    bodies = together(10, cached)
    assert slow.made == 2
    assert sorted(set(bodies)) == [b"made 1", b"made 2"]


def test_the_secret_address_of_a_signature_is_nowhere_in_the_cache(client, site):
    """Seen to fail with the frame of every answer kept: the language links repeat the address."""
    petition = PetitionFactory()
    action(site, petition)
    sign(petition=petition, person=person(), language="nb")
    token, _code = make_link(Signature.objects.get(), with_code=False)
    assert token in client.get(f"/nb/my-signature/{token}/").content.decode()
    assert token.encode() not in b"".join(cache._cache.values())


@pytest.mark.parametrize("path", ["/admin/", "/staff/login/", "/nb/my-signature/"])
def test_pages_of_one_person_are_never_kept(path, site, client):
    answer = client.get(path)
    assert "public" not in answer.get("Cache-Control", "")
    assert "ETag" not in answer
