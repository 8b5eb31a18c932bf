"""An action that was renamed or moved: its old address and all below it lead on, and nobody's signature is lost.

Begun where people are: with a page that stood open, a link on a poster, a frame on another site.
"""

import pytest
from django.test import TestCase
from wagtail.contrib.redirects.models import Redirect

from actions.pages.action import ActionPage
from actions.signing import sources
from actions.signing.models import Signature
from actions.signing.sealing import open_person
from tests.factories import PetitionFactory, RecipientFactory, action, stream

GOOD = {"name": "Kari Nordmann", "email": "kari@example.org"}
PARTS = ["", "thanks/", "embed/", "embed/thanks/", "privacy/", "picture/", "letter/", "letter/pdf/"]


def letter():
    words = {"heading": "The letter", "summary": "", "recipient": RecipientFactory().pk, "language": "en",
             "address_lines": "", "salutation": "", "text": "One.", "closing": "Yours,"}  # fmt: skip
    return stream(ActionPage, "body", [("letter", words)])


def rename(page, slug: str) -> str:
    """As an editor does it, by publishing; Wagtail writes the old address down."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        page.slug = slug
        page.save_revision().publish()
    page.refresh_from_db()
    return page.get_url()


def renamed(page, site):
    return rename(page, "nytt-navn")


def renamed_twice(page, site):
    renamed(page, site)
    return rename(page, "enda-et-navn")


def parent_renamed(page, site):
    rename(site.index, "kampanjer")
    page.refresh_from_db()
    return page.get_url()


def moved(page, site):
    with TestCase.captureOnCommitCallbacks(execute=True):
        page.move(site.home, pos="last-child")
    page.refresh_from_db()
    return page.get_url()


def taken_down_and_named_by_staff(page, site):
    """What stood there is gone; staff have said under Settings → Redirects where its address leads."""
    old = page.get_url()
    page.delete()
    other = action(site, page.petition, title="En annen", slug="en-annen", body=letter())
    Redirect.add_redirect(old, redirect_to=other)
    return other.get_url()


WAYS = [renamed, renamed_twice, parent_renamed, moved, taken_down_and_named_by_staff]


@pytest.fixture
def page(site):
    return action(site, PetitionFactory(), published=True, body=letter())


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("part", ["", "embed/"])
def test_a_form_that_is_sent_to_an_old_address_is_a_signature(part, way, page, site, client):
    """Seen to fail: it led to the new page with an empty form, without a word, and nothing was stored."""
    old = page.get_url() + part
    new = way(page, site)
    answer = client.post(f"{old}?s=street&x=y", GOOD)
    assert (answer.status_code, answer["Location"]) == (307, f"{new}{part}?s=street")
    assert "no-store" in answer["Cache-Control"]
    answer = client.post(f"{old}?s=street", GOOD, follow=True)
    assert answer.redirect_chain[-1] == (f"{new}{part}thanks/", 303)
    assert answer.status_code == 200
    signature = Signature.objects.get()
    found = open_person(sealed=signature.signer.sealed, signature_id=signature.pk, petition=signature.petition)
    assert (found.name, found.email) == ("Kari Nordmann", "kari@example.org")
    assert sources.by_source(signature.petition) == [("street", 1)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("part", PARTS)
def test_each_part_of_an_action_follows(part, way, page, site, client):
    """Seen to fail: of all of these the first alone led on, and its source was lost."""
    old = page.get_url() + part
    new = way(page, site) + part
    for query, kept in (("", ""), ("?s=Street", "?s=street"), ("?s=<b>&x=y", "")):
        answer = client.get(old + query)
        assert (answer.status_code, answer["Location"]) == (301, new + kept)
        assert client.head(old + query).status_code == 301
    assert client.get(old, follow=True).status_code == 200


@pytest.mark.parametrize("part", ["nothing/", "letter/nothing/", "embed/thanks/more/"])
def test_what_an_action_does_not_have_leads_nowhere(part, page, site, client):
    old = page.get_url() + part
    renamed(page, site)
    assert client.get(old).status_code == 404


def test_what_has_come_back_to_its_old_address_leads_round_in_no_circle(site, client):
    """It has no letter: the old redirect from where it stands again would lead to itself."""
    page = action(site, PetitionFactory(), published=True)
    here = page.get_url()
    renamed(page, site)
    assert rename(page, here.rstrip("/").rsplit("/", 1)[1]) == here
    assert client.get(f"{here}letter/").status_code == 404
    assert client.post(here, GOOD).status_code == 303


def test_a_wrong_form_at_an_old_address_keeps_what_was_typed_and_goes_to_the_new(page, site, client):
    old = page.get_url()
    new = renamed(page, site)
    answer = client.post(f"{old}?s=street", GOOD | {"email": "kari"}, follow=True)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Kari Nordmann"' in body
    assert f'action="{new}?s=street"' in body


def test_an_old_address_says_that_the_action_has_ended(site, client):
    page = action(site, PetitionFactory(ended=True), published=True)
    old = page.get_url()
    renamed(page, site)
    answer = client.post(old, GOOD, follow=True)
    assert answer.status_code == 410
    assert "Du kom akkurat for sent" in answer.content.decode()


@pytest.mark.parametrize("way", ["a short address", "a part"])
def test_short_addresses_of_staff_lead_on_with_their_source(way, page, client):
    """`/kampanje?s=plakat` on a poster, outside of all languages; or one that leads to the letter."""
    short, route = ("/kampanje", "") if way == "a short address" else ("/nb/brevet", "/letter/")
    Redirect.add_redirect(short, redirect_to=page, page_route_path=route, is_permanent=False)
    for asked in (short, f"{short}/"):
        answer = client.get(f"{asked}?s=plakat")
        assert (answer.status_code, answer["Location"]) == (302, f"{page.get_url()}{route[1:]}?s=plakat")
    if not route:
        assert client.post(f"{short}?s=plakat", GOOD, follow=True).redirect_chain[-1][1] == 303


def test_other_pages_keep_what_they_read(site, page, client):
    rename(site.index, "kampanjer")
    answer = client.get("/nb/aksjoner/?state=open&x=y&q=" + "å" * 200)
    assert answer.status_code == 301
    assert answer["Location"].startswith("/nb/kampanjer/?q=%C3%A5")
    assert answer["Location"].endswith("%C3%A5&state=open")
    assert len(answer["Location"]) < 1000


@pytest.mark.parametrize("part", ["", "embed/"])
@pytest.mark.parametrize("still_there", [True, False])
def test_nobody_signs_another_action_than_the_one_that_was_read(still_there, part, page, site, client):
    """A page stands open; its action is renamed, and another gets its address. Seen to fail: that one was signed."""
    old = page.get_url()
    typed = GOOD | {"for_action": str(page.translation_key)}
    assert f'name="for_action" value="{page.translation_key}"' in client.get(old + part).content.decode()
    new = renamed(page, site)
    other = action(site, PetitionFactory(), title="En annen", slug=old.strip("/").split("/")[-1], published=True)
    assert other.get_url() == old
    if not still_there:
        page.unpublish()
    answer = client.post(f"{old}{part}?s=street", typed)
    if still_there:
        assert (answer.status_code, answer["Location"]) == (307, f"{new}{part}?s=street")
        assert client.post(old + part, typed, follow=True).redirect_chain[-1] == (f"{new}{part}thanks/", 303)
        assert Signature.objects.get().petition == page.petition
    else:
        assert answer.status_code == 404
        assert "Signaturen din ble ikke registrert" in answer.content.decode()
        assert not Signature.objects.exists()


@pytest.mark.parametrize("said", ["x", "0" * 32, "\x00", "9" * 5000])
def test_a_form_for_no_action_is_none(said, page, client):
    assert client.post(page.get_url(), GOOD | {"for_action": said}).status_code == 404
    assert not Signature.objects.exists()


@pytest.mark.parametrize("to", [None, "https://elsewhere.example/", "story", "restricted"])
def test_what_cannot_be_a_signature_says_so_and_is_sent_nowhere(to, page, site, client):
    """A page that stood open while the action was deleted. Seen to fail: a 404 that says nothing of the signature, or
    the page that its address leads to now, as if one had signed."""
    old, led = page.get_url(), to
    if to == "story":
        page.delete()
        Redirect.add_redirect(old, redirect_to=site.privacy)
        led = site.privacy.get_url()
    elif to == "restricted":
        renamed(page, site)
        page.view_restrictions.create(restriction_type="login")
        led = page.get_url()
    else:
        page.delete()
        if to:
            Redirect.add_redirect(old, redirect_to=to)
    answer = client.post(old, GOOD)
    body = answer.content.decode()
    assert answer.status_code == 404
    assert "no-store" in answer["Cache-Control"]
    assert "<title>Ikke registrert:" in body
    assert "Signaturen din ble ikke registrert" in body
    assert "Kari" not in body
    assert not led or f'href="{led}"' in body
    assert not Signature.objects.exists()


def test_an_address_that_never_was_one_of_a_page_is_plainly_not_there(site, client):
    assert "Ikke registrert" not in client.post("/wp-login.php", GOOD).content.decode()


def test_a_form_sent_without_the_last_slash_is_a_signature(page, client):
    """Seen to fail: 301, and a browser then asks for the page."""
    answer = client.post(f"{page.get_url().rstrip('/')}?s=street", GOOD)
    assert (answer.status_code, answer["Location"]) == (307, f"{page.get_url()}?s=street")


@pytest.mark.usefixtures("pages_are_kept")
def test_no_cache_loses_where_somebody_comes_from(page, site, client):
    """A proxy keeps one answer for all queries of an old address. Seen to fail with the redirect kept for everybody."""
    old = page.get_url()
    client.get(old)
    new = renamed(page, site)
    for query in ("", "?s=street", "", "?s=mail"):
        answer = client.get(old + query)
        assert answer["Location"] == new + query
        assert "public" not in answer["Cache-Control"]
        assert "max-age=10" in answer["Cache-Control"], "a browser keeps a 301 for ever, where it is not told"
    assert client.post(f"{old}?s=street", GOOD, follow=True).redirect_chain[-1] == (f"{new}thanks/", 303)


ODD = ["/nb/%00/letter/", "/nb/" + "a/" * 2000, "//evil.example/nb/x", "/nb//evil.example/x"]


@pytest.mark.parametrize("path", ODD)
def test_no_address_breaks_the_look(path, site, client):
    for method in (client.get, client.post):
        answer = method(path, follow=False)
        assert answer.status_code in (301, 302, 307, 400, 404)
        assert not answer.get("Location", "/nb").startswith("//")
