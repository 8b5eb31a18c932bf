"""What follows a signature: true for everybody, one way to share, the next one, and a gift with a reason."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from actions.rules.source import clean_source
from home.organisation import Organisation
from tests.factories import PetitionFactory, action, stream
from tests.home.reading import elements

pytestmark = pytest.mark.django_db


def thanks(client, site, **state):
    page = action(site, PetitionFactory(**state))
    return client.get(page.get_url() + "thanks/")


def test_it_is_said_that_the_signature_came_in(client, site):
    """Seen to fail on the code of before: it never said so."""
    text = thanks(client, site).content.decode()
    assert "Vi har tatt imot signaturen din." in text
    assert "Vi sender deg en e-post" in text


@pytest.mark.parametrize("state", ["ended", "scheduled", "draft", "paused"])
def test_where_nobody_can_sign_no_mail_is_promised(state, client, site):
    """Seen to fail on the code of before: thanks, and a mail that never came."""
    answer = thanks(client, site, **{state: True})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "e-post om «" not in text
    assert "Vi har tatt imot signaturen din." not in text
    assert ("Takk" in [one.text for one in elements(answer, "h1")]) is (state in ("ended", "paused"))


def test_one_way_to_share_is_big_and_the_rest_is_behind_one_line(client, site):
    """In the signer's own voice, each way with its code. Seen to fail on the code of before: eight equal buttons."""
    answer = thanks(client, site)
    title = "Jeg har nettopp skrevet under på «Fengslet uten dom». Gjør det du også?"
    [native] = [one for one in elements(answer, "p", "share") if "data-share" in one.attrs]
    assert native.attrs["data-share-text"] == title
    big = elements(answer, "a", "share__else")
    assert [urlsplit(one.attrs["href"]).scheme for one in big] == ["sms", "https"]
    for one in big:
        query = parse_qs(one.attrs["href"].partition("?")[2])
        [words] = query.get("body") or query["text"]
        assert words.startswith(title)
        assert clean_source(words.rpartition("?s=")[2])
    behind = [one.text for one in elements(answer, "a", "share", "details")]
    assert behind == ["Tekstmelding", "WhatsApp", "Facebook", "E-post", "Bluesky", "Telegram", "LinkedIn"]
    assert [one for one in elements(answer, "a", "share") if one.text not in behind] == big
    [copied] = [one.attrs["value"] for one in elements(answer, "input", "share")]
    assert copied.endswith("?s=copy"), "copies are counted too"


def test_the_next_action_stands_above_sharing_and_knows_its_age(client, site):
    """Seen to fail on the code of before: no form where there is an age rule."""
    for age in (None, 15, 18):
        action(site, PetitionFactory(minimum_age=age), title=f"Fra {age}", slug=f"fra-{age}")
    answer = thanks(client, site, minimum_age=15)
    assert [one.attrs["data-met-age"] for one in elements(answer, "div") if "data-met-age" in one.attrs] == ["15"]
    forms = [one.attrs for one in elements(answer, "form", "card") if "data-next" in one.attrs]
    assert sorted(one.get("data-age", "") for one in forms) == ["", "15", "18"]
    ticks = [one.attrs for one in elements(answer, "input", "card") if one.attrs["name"] == "old_enough"]
    assert [(one["type"], "checked" in one) for one in ticks] == [("checkbox", False)] * 2
    text = answer.content.decode()
    assert text.index("data-next") < text.index("data-share")


def test_a_dangerous_one_is_never_signed_in_passing(client, site):
    action(site, PetitionFactory(high_risk=True), title="Farlig", slug="farlig")
    assert elements(thanks(client, site), "form", "card") == []


def test_a_gift_has_a_reason_and_up_to_three_amounts(client, site):
    """Links of the organisation's own, and nothing is asked from elsewhere. Seen to fail on the code of before."""
    plain = thanks(client, site)
    reason = [one.text for one in elements(plain, "p", "donate")]
    assert reason[0].startswith("Noen må finne ut hva som skjer")
    amounts = [("amount", {"label": f"{n} kr", "url": f"https://example.org/?amount={n}"}) for n in (100, 250, 500)]
    Organisation.objects.update(
        donate_text="Det koster å spørre.", donate_amounts=stream(Organisation, "donate_amounts", amounts)
    )
    answer = client.get("/nb/aksjoner/fengslet-uten-dom/thanks/")
    assert "Det koster å spørre." in answer.content.decode()
    links = [one.attrs["href"] for one in elements(answer, "a", "donate")]
    assert links == [*[f"https://example.org/?amount={n}" for n in (100, 250, 500)], "https://example.org/"]
    for tag in ("img", "script", "iframe", "link"):
        for one in elements(answer, tag):
            assert "example.org" not in (one.attrs.get("src") or one.attrs.get("href") or "")


def test_more_than_three_amounts_are_refused():
    block = Organisation._meta.get_field("donate_amounts").stream_block
    assert block.meta.max_num == 3


def test_no_network_is_named_where_signing_is_dangerous(client, site):
    text = thanks(client, site, high_risk=True).content.decode()
    assert not re.search("wa.me|facebook|sms:", text)
