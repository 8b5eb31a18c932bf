"""The form in a frame on another site: for the sites that were named, with the same guarantees."""

import pytest

from actions.rules.hosts import hosts
from actions.signing.models import Signature
from mysite.settings import base
from tests.factories import PetitionFactory, action
from tests.home.reading import elements

GOOD = {"name": "Kari Nordmann", "email": "kari@example.org"}

LINES = [
    ("www.example.org", ["https://www.example.org"], []),
    ("https://Example.org/page?x", ["https://example.org"], []),
    ("a.example\n\n  b.example:8443 \na.example", ["https://a.example", "https://b.example:8443"], []),
    ("*.example.org", ["https://*.example.org"], []),
    ("blåbær.no", ["https://xn--blbr-roah.no"], []),
    ("http://example.org", [], ["http://example.org"]),
    ("*", [], ["*"]),
    ("'unsafe-inline'; script-src *", [], ["'unsafe-inline'; script-src *"]),
    ("example.org; default-src *", [], ["example.org; default-src *"]),
    ("localhost", [], ["localhost"]),
    ("javascript:alert(1)", [], ["javascript:alert(1)"]),
    ("a..example", [], ["a..example"]),
    ("*.co.uk\n*.github.io\n*.org", [], ["*.co.uk", "*.github.io", "*.org"]),
    ("*.example.github.io", ["https://*.example.github.io"], []),
    ("example.org:99999\nexample.org:0", [], ["example.org:99999", "example.org:0"]),
    ("", [], []),
]


@pytest.mark.parametrize(("text", "found", "wrong"), LINES)
def test_only_names_of_sites_become_part_of_the_policy(text, found, wrong):
    assert hosts(text) == (found, wrong)


@pytest.fixture
def page(site):
    return action(site, PetitionFactory(embed_hosts="www.example.org"), published=True)


def ancestors(answer) -> list[str]:
    [part] = [part for part in answer["Content-Security-Policy"].split(";") if "frame-ancestors" in part]
    return part.split()[1:]


def test_the_snippet_can_be_tried_from_ones_own_machine_in_development_only(client, page, settings):
    """Seen to fail: no page of one's own machine could show the form of `make run`."""
    assert "http:" not in client.get(page.get_url() + "embed/")["Content-Security-Policy"]
    assert base.EMBED_FROM_HERE == []
    settings.EMBED_FROM_HERE = ["http://localhost:*", "http://127.0.0.1:*"]
    answer = client.get(page.get_url() + "embed/")
    assert ancestors(answer) == ["'self'", "https://www.example.org", "http://localhost:*", "http://127.0.0.1:*"]


@pytest.mark.parametrize("path", ["embed/", "embed/thanks/"])
def test_only_the_named_sites_may_frame_it(path, client, page):
    answer = client.get(page.get_url() + path)
    assert ancestors(answer) == ["'self'", "https://www.example.org"]
    assert "X-Frame-Options" not in answer
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["", "thanks/", "privacy/"])
def test_nobody_may_frame_the_page_itself(path, client, page):
    answer = client.get(page.get_url() + path)
    assert ancestors(answer) == ["'none'"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_without_names_no_other_site_may_frame_it(client, site):
    page = action(site, PetitionFactory())
    assert ancestors(client.get(page.get_url() + "embed/")) == ["'self'"]


def test_signing_in_the_frame_stays_in_the_frame(client, page):
    answer = client.post(page.get_url() + "embed/", GOOD, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer["Location"]) == (303, page.get_url() + "embed/thanks/")
    assert Signature.objects.counted().count() == 1
    assert client.post(page.get_url() + "embed/", GOOD)["Location"] == answer["Location"]  # again: the same answer
    assert Signature.objects.counted().count() == 1
    thanks = client.get(answer["Location"]).content.decode()
    assert "Kari" not in thanks


def test_what_is_wrong_is_said_in_the_frame(client, page):
    answer = client.post(page.get_url() + "embed/", {"name": "Kari Nordmann"})
    assert answer.status_code == 422
    assert "no-store" in answer["Cache-Control"]
    assert ancestors(answer) == ["'self'", "https://www.example.org"]
    text = answer.content.decode()
    assert 'value="Kari Nordmann"' in text
    assert "site-header" not in text
    assert f'action="{page.get_url()}embed/' in text


@pytest.mark.parametrize("site_of", ["cross-site", "same-site"])
def test_the_framing_site_cannot_send_the_form_itself(site_of, client, page):
    answer = client.post(page.get_url() + "embed/", GOOD, headers={"Sec-Fetch-Site": site_of})
    assert answer.status_code == 403
    assert not Signature.objects.exists()


def test_a_sandboxed_frame_leads_out(client, page):
    """Seen to fail: “fill it in here instead”, where it is refused for ever."""
    sandboxed = {"Origin": "null", "Sec-Fetch-Site": "cross-site"}
    answer = client.post(page.get_url() + "embed/", GOOD, headers=sandboxed)
    assert answer.status_code == 403
    [link] = [one.attrs for one in elements(answer, "a", "notice") if "button" in one.attrs.get("class", "")]
    assert (link["href"], link["target"]) == (page.full_url, "_blank")
    text = answer.content.decode()
    assert f"{page.full_url}</p>" in text, "to be read and copied, where no tab may be opened"
    assert not elements(answer, "form")
    hidden = client.get(page.get_url() + "embed/")
    [notice] = [one for one in elements(hidden, "div") if "data-way-out" in one.attrs]
    assert "hidden" in notice.attrs
    assert elements(client.post(page.get_url(), GOOD, headers=sandboxed), "form"), "on our own page it can be sent"


def test_a_late_form_in_the_frame_is_told_so(client, site):
    page = action(site, PetitionFactory(ended=True, embed_hosts="www.example.org"))
    answer = client.post(page.get_url() + "embed/", GOOD)
    assert answer.status_code == 410
    assert "site-header" not in answer.content.decode()


def test_other_parts_of_the_page_take_no_post(client, page):
    for path in ("embed/thanks/", "thanks/", "privacy/", "picture/"):
        assert client.post(page.get_url() + path, GOOD).status_code == 405


def test_a_source_code_goes_along(client, page):
    """The form goes to the address it stands at; what is wrong is shown with it."""
    assert "<form method=" in client.get(page.get_url() + "embed/?s=street").content.decode()
    assert "embed/?s=street" in client.post(page.get_url() + "embed/?s=street", {}).content.decode()


def test_staff_are_told_what_to_copy_and_what_is_no_site(staff_client, page):
    text = staff_client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert f"{page.full_url}embed/" in text
    assert "clipboard-write; web-share" in text, "else browsers refuse to copy and to share in the frame"
    assert "https://www.example.org" in text


@pytest.mark.parametrize("path", ["embed/", "embed/thanks/"])
@pytest.mark.parametrize("typed", [None, {}])
def test_a_link_within_the_frame_stays_in_it(path, typed, client, page):
    """Seen to fail: “Skip to the content” opened a new tab, since links lead out of the frame."""
    address = page.get_url() + path
    answer = client.get(address) if typed is None or "thanks" in path else client.post(address, typed)
    within = [one.attrs for one in elements(answer, "a") if (one.attrs.get("href") or "").startswith("#")]
    assert within
    assert [link["href"] for link in within if link.get("target") != "_self"] == []
