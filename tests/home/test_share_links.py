"""Links that share a page: each service is asked in its own way, and gets back the very words and the very address."""

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest

from actions.rules.mail_link import LONGEST
from actions.rules.source import clean_source
from tests.factories import PetitionFactory, action, translate
from tests.home.reading import elements

pytestmark = pytest.mark.django_db

TITLES = [
    "Fengslet uten dom",
    "Rett & galt? #nå + 100 % = alt; eller?",
    """Hun sa: "nei", han sa 'ja' <b>""",
    "Æresdrap på Blåfjell – «nå»",
    "أطلقوا سراح السجناء 🕊️ 自由",
    "Hei&bcc=x@example.org&body=noe annet",
    "To\nlinjer",
    "%0A%26s={url}",
]


class Service(NamedTuple):
    name: str
    address: str
    asked: dict[str, str]  # {words}: the title, {url}: the address of the page with the code
    code: str


SERVICES = [
    Service("WhatsApp", "https://wa.me/", {"text": "{words} {url}"}, "whatsapp"),
    Service("Facebook", "https://www.facebook.com/sharer/sharer.php", {"u": "{url}"}, "facebook"),
    Service("Bluesky", "https://bsky.app/intent/compose", {"text": "{words} {url}"}, "bluesky"),
    Service("Telegram", "https://t.me/share/url", {"url": "{url}", "text": "{words}"}, "telegram"),
    Service("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/", {"url": "{url}"}, "linkedin"),
    Service("Tekstmelding", "sms:", {"body": "{words} {url}"}, "sms"),
    Service("E-post", "mailto:", {"subject": "{words}", "body": "Et ord til.\n\n{url}"}, "mail"),
]


@pytest.fixture
def shared(client, site):
    """The address of an action with some words for sharing, and the links its page offers, by name."""

    def made(**words) -> tuple[str, dict[str, str]]:
        page = action(site, PetitionFactory(), **words)
        links = elements(client.get(page.get_url()), "a", "share")
        return page.get_full_url(), {link.text: link.attrs["href"] for link in links}

    return made


@pytest.mark.parametrize("title", TITLES)
def test_every_service_gets_the_words_and_the_address_as_they_are(title, shared):
    """Seen to fail with values put in without encoding, and with spaces as “+”."""
    url, links = shared(share_title=title, share_text="Et ord til.")
    assert list(links) == [service.name for service in SERVICES]
    for service in SERVICES:
        address, _, query = links[service.name].partition("?")
        assert address == service.address
        assert re.fullmatch(r"[\w.~%&=-]+", query, re.ASCII), "all else is encoded, a space as %20"
        asked = {name: words.replace("\r\n", "\n") for name, (words,) in parse_qs(query, strict_parsing=True).items()}
        words = {"{words}": title, "{url}": f"{url}?s={service.code}"}
        assert asked == {name: _put(words, pattern) for name, pattern in service.asked.items()}, service.name


def _put(words: dict[str, str], pattern: str) -> str:
    return re.sub(r"\{\w+\}", lambda found: words[found[0]], pattern)


def test_each_service_has_a_code_of_its_own_that_can_be_counted(shared):
    """Seen to fail with one code given to two."""
    _url, links = shared()
    codes = re.findall(r"%3Fs%3D([\w-]+)", " ".join(links.values()))
    assert len(set(codes)) == len(SERVICES)
    assert [clean_source(code) for code in codes] == codes


def test_the_address_is_the_one_of_the_page_whatever_was_asked_for(client, site):
    """Seen to fail with the address of the request."""
    page = action(site, PetitionFactory(), slug="frihet-nå")
    for asked in (f"{page.get_url()}?s=street&utm_source=x", f"{page.get_url()}thanks/"):
        answer = client.get(asked, headers={"Host": "testserver"})
        [copied] = [one.attrs["value"] for one in elements(answer, "input", "share")]
        assert copied == page.get_full_url() + ("?s=copy" if "thanks" in asked else "")
        [facebook] = [one.attrs["href"] for one in elements(answer, "a", "share") if one.text == "Facebook"]
        assert parse_qs(urlsplit(facebook).query)["u"] == [f"{page.get_full_url()}?s=facebook"]


def test_the_device_is_given_the_same_words(client, site):
    title = """Hun sa: "nei" & 'ja' <b>\n🕊️"""
    page = action(site, PetitionFactory(), share_title=title, share_text="Et ord & to.")
    [button] = [one for one in elements(client.get(page.get_url()), "li", "share") if "data-share" in one.attrs]
    assert button.attrs["data-share-title"] == title
    assert button.attrs["data-share-text"] == "Et ord & to."
    assert button.attrs["data-share-url"] == f"{page.get_full_url()}?s=share"


@pytest.mark.parametrize(("words", "subject"), [({}, "Fengslet uten dom"), ({"share_title": "Kort"}, "Kort")])
def test_the_title_for_sharing_comes_first(words, subject, shared):
    _url, links = shared(**words)
    assert parse_qs(urlsplit(links["E-post"]).query)["subject"] == [subject]


def test_a_network_learns_nothing_before_somebody_clicks(client, site):
    answer = client.get(action(site, PetitionFactory()).get_url())
    asked = [one.attrs.get("src") or "" for tag in ("script", "img", "iframe") for one in elements(answer, tag)]
    asked += [one.attrs["href"] for one in elements(answer, "link") if one.attrs["rel"] in ("stylesheet", "preload")]
    assert asked
    assert not [address for address in asked if "//" in address]
    for link in elements(answer, "a", "share"):
        assert link.attrs.get("rel") == "noopener noreferrer" or link.attrs["href"].startswith(("sms:", "mailto:"))


def test_line_breaks_of_a_mail_are_written_as_the_rule_says(shared):
    """RFC 6068, section 5. Seen to fail with %0A alone, of which some programs make one line."""
    _url, links = shared(share_text="Et ord til.")
    assert "%0A" in links["E-post"]
    assert not re.search("(?<!%0D)%0A", links["E-post"])


def test_without_a_text_for_sharing_the_lead_is_taken(shared):
    """As editors are told. Seen to fail: mails and the device's own way of sharing got no text at all."""
    url, links = shared(lead="Krev at leirene stenges.")
    [body] = parse_qs(urlsplit(links["E-post"]).query)["body"]
    assert body.split() == ["Krev", "at", "leirene", "stenges.", f"{url}?s=mail"]


@pytest.mark.parametrize("title", ["Krev frihet", "أطلقوا سراح السجناء " * 5])
def test_a_mail_fits_into_its_link_and_is_never_empty(title, shared):
    """A lead may be long, and each sign beyond ASCII takes six of a link. Seen to fail with one body for all."""
    url, links = shared(share_title=title.strip(), lead="Vær så snill å løslate henne nå. " * 50)
    assert len(links["E-post"]) <= LONGEST
    [body] = parse_qs(urlsplit(links["E-post"]).query)["body"]
    assert body.endswith(f"{url}?s=mail")


OWN_VOICE = {
    "nb": "Jeg har nettopp skrevet under på «Fengslet uten dom». Gjør det du også?",
    "nn": "Eg har nettopp skrive under på «Fengslet uten dom». Gjer det du òg?",
    "en": "I have just signed “Fengslet uten dom”. Will you sign too?",
}


@pytest.mark.parametrize("language", OWN_VOICE)
def test_who_has_signed_shares_in_a_voice_of_their_own(language, client, site, django_capture_on_commit_callbacks):
    """Seen to fail: the same bare title and address as before signing, and a mail with the address alone."""
    page, title = action(site, PetitionFactory(), share_title="Fengslet uten dom", lead="Krev."), "Fengslet uten dom"
    if language != "nb":
        with django_capture_on_commit_callbacks(execute=True):
            page = translate(page, language, {title: title})
    answer, said = client.get(f"{page.get_url()}thanks/"), OWN_VOICE[language]
    asked = {
        link.text: {name: words for name, (words,) in parse_qs(urlsplit(link.attrs["href"]).query).items()}
        for link in elements(answer, "a", "share")
    }
    url = page.get_full_url()
    assert asked["WhatsApp"] == {"text": f"{said} {url}?s=whatsapp"}
    assert asked["Telegram"] == {"text": said, "url": f"{url}?s=telegram"}
    assert asked["Bluesky"] == {"text": f"{said} {url}?s=bluesky"}
    sms = [words for words in asked.values() if words.get("body", "").endswith("?s=sms")]
    assert sms == [{"body": f"{said} {url}?s=sms"}] * 2  # as the one big way on a telephone, and in the list
    [mail] = [words for words in asked.values() if "subject" in words]
    assert mail["subject"] == title
    assert mail["body"].split("\r\n\r\n") == [said, page.lead, f"{url}?s=mail"]
    [device] = [one.attrs["data-share-text"] for one in elements(answer, "p", "share") if "data-share" in one.attrs]
    assert device == said
    assert "I have just" not in str(client.get(page.get_url()).content)
