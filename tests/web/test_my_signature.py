"""The pages behind mailed links, over HTTP."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from actions.signing import consents, limits, links, outbox
from actions.signing.counting import total
from actions.signing.models import (
    ConsentRecord,
    OutboxMail,
    Petition,
    Signature,
    Signer,
    SignerRequest,
    SigningRules,
)
from actions.signing.on_request import Asked, restrict
from actions.signing.retention import lift_legal_hold
from actions.signing.sign import sign
from tests.factories import PetitionFactory, action, hold, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition():
    return PetitionFactory(counting="confirmed")


@pytest.fixture
def page(site, petition):
    return action(site, petition)


@pytest.fixture
def token(petition, page):
    sign(petition=petition, person=person(), language="nb")
    return links.make_link(Signature.objects.get(), with_code=False)[0]


def where(token, rest="", language="nb"):
    return f"/{language}/my-signature/{token}/{rest}"


def test_a_get_shows_one_button_and_confirms_nothing(client, token, petition):
    """A mail scanner opens every link. Seen to fail with `mine` confirming on GET."""
    for _ in range(3):
        answer = client.get(where(token))
        assert answer.status_code == 200
    assert client.head(where(token)).status_code == 200
    body = answer.content.decode()
    assert body.count('value="confirm"') == 1
    assert "Bekreft signaturen din" in body
    assert total(petition) == 0


def test_the_post_counts_and_a_second_one_is_kind(client, token, petition):
    for done in ("counts", "confirm"):
        answer = client.post(where(token), {"do": "confirm"})
        assert (answer.status_code, answer["Location"]) == (303, where(token, f"?done={done}"))
    assert total(petition) == 1
    assert "registrert og teller" in client.get(where(token)).content.decode()


def test_what_nobody_can_undo_takes_two_clicks(client, token):
    """The buttons lie folded, and are found without a script. Seen to fail: one click erased."""
    client.post(where(token), {"do": "confirm"})
    body = client.get(where(token)).content.decode()
    folded = "".join(re.findall(r'<details class="twice">.*?</details>', body, re.S))
    for verb in ("refuse", "withdraw", "erase"):
        assert body.count(f'value="{verb}"') == folded.count(f'value="{verb}"') == 1
    assert folded.count("Ingen kan gjøre det om") == 3


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_page_speaks_the_language_of_its_address(client, token, language):
    words = {"nb": "Bekreft signaturen din", "nn": "Stadfest signaturen din", "en": "Confirm your signature"}
    body = client.get(where(token, language=language)).content.decode()
    assert words[language] in body
    assert f'href="/nn/my-signature/{token}/"' in body  # the other languages keep the place


def test_nothing_of_it_may_be_kept_or_told(client, token):
    for answer in (client.get(where(token)), client.post(where(token), {"do": "copy"}), client.get(where("x" * 43))):
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert not answer.cookies


# What a browser sends with a form of ours: with Sec-Fetch-Site since 2020 (Safari: 2023), without it where there is no
# TLS or a proxy takes it away. At a page that tells no referrer the origin is null.
OWN, OLD = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}, {"Origin": "null"}
FOREIGN = [
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", [OWN, OLD, {}])
@pytest.mark.parametrize("verb", ["confirm", "copy", "stop", "withdraw", "erase"])
def test_every_button_behind_a_link_works_in_every_browser(verb, headers, client, token):
    """Seen to fail with `Origin: null` alone: 403."""
    assert client.post(where(token), {"do": verb}, headers=headers).status_code == 303


@pytest.mark.parametrize("headers", [OWN, OLD, {}])
def test_ending_contact_works_in_every_browser(headers, client, token):
    assert client.post(where(token, "stop/"), headers=headers).status_code == 200


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_presses_no_button_and_the_visitor_is_told(headers, client, token):
    """Seen to fail: it said that the page is only for those who have been given access."""
    answer = client.post(where(token), {"do": "confirm"}, headers=headers)
    assert answer.status_code == 403
    assert "sendt fra et annet nettsted" in answer.content.decode()
    assert f'href="{where(token)}"' in answer.content.decode()
    assert answer["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["", "code/{petition}/"])
def test_where_no_secret_is_in_the_address_the_browser_says_where_a_form_comes_from(path, client, token, petition):
    """These pages tell the referrer to ourselves, so that the origin is told; a form of nowhere is refused.

    Seen to fail with `no-referrer` on all pages of signatures: their own forms were of nowhere.
    """
    path = "/nb/my-signature/" + path.format(petition=petition.pk)
    assert client.get(path)["Referrer-Policy"] == "same-origin"
    assert 'name="referrer"' not in client.get(path).content.decode()
    data = {"email": "", "code": ""}
    assert client.post(path, data, headers={"Origin": "http://testserver"}).status_code == 422
    for headers in (OLD, *FOREIGN):
        assert client.post(path, data, headers=headers).status_code == 403


CLOSED = [
    ({"ends_at": timezone.now() - timedelta(days=1)}, "Aksjonen er avsluttet", False),
    ({"paused": True}, "Ta vare på koden", True),
]


@pytest.mark.parametrize(("change", "words", "form"), CLOSED)
def test_the_page_for_the_code_says_when_a_code_counts_nothing(change, words, form, client, token, petition):
    """Seen to fail: an ended action went on asking for it."""
    Petition.objects.update(**change)
    body = client.get(f"/nb/my-signature/code/{petition.pk}/").content.decode()
    assert words in body
    assert ("<form" in body) == form
    assert "<title>Bekreft" in body
    sent = client.post(f"/nb/my-signature/code/{petition.pk}/", {"email": "", "code": ""})
    assert sent.status_code == (422 if form else 410)
    assert ("<form" in sent.content.decode()) == form


def test_no_page_behind_a_link_names_the_signer(client, token):
    assert "Nordmann" not in client.get(where(token)).content.decode()
    assert "signer1" not in client.get(where(token)).content.decode()


def test_after_the_end_the_button_is_gone_and_the_post_is_refused(client, token, petition):
    Petition.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert 'value="confirm"' not in client.get(where(token)).content.decode()
    answer = client.post(where(token), {"do": "confirm"})
    assert answer.status_code == 410
    assert "før denne signaturen ble bekreftet" in answer.content.decode()
    assert total(petition) == 0


def test_in_a_pause_it_says_so(client, token):
    Petition.objects.update(paused=True)
    answer = client.post(where(token), {"do": "confirm"})
    assert answer.status_code == 409
    assert "Vi tar en pause akkurat nå" in answer.content.decode()


@pytest.mark.parametrize("bad", ["x", "A" * 43, "%00", "..%2f..", "é" * 20, "A" * 3000])
def test_a_link_that_is_none_is_a_readable_404(client, site, bad):
    for answer in (
        client.get(where(bad)),
        client.post(where(bad), {"do": "erase"}),
        client.get(where(bad, "copy.json")),
    ):
        assert answer.status_code == 404
        assert 'lang="nb"' in answer.content.decode()


def test_another_site_cannot_press_the_button(client, token, petition):
    answer = client.post(where(token), {"do": "confirm"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert total(petition) == 0


def test_an_unknown_verb_does_nothing(client, token):
    assert client.post(where(token), {"do": "explode"}).status_code == 400
    assert Signer.objects.exists()


@pytest.mark.parametrize(
    ("verb", "before", "number", "words"),
    [
        ("withdraw", "confirm", 0, "trukket, og alt om deg er slettet"),
        ("erase", "confirm", 1, "teller, og alt om deg er slettet"),
        ("erase", "", 0, "telte ikke, og alt om deg er slettet"),
    ],
)
def test_withdrawing_erasing_and_what_the_page_says_then(client, token, petition, verb, before, number, words):
    """Seen to fail: the link went on showing when she had signed."""
    if before:
        client.post(where(token), {"do": before})
    answer = client.post(where(token), {"do": verb})
    assert answer.status_code == 303
    assert token not in answer["Location"]
    assert words in client.get(answer["Location"]).content.decode()
    assert total(petition) == number
    assert client.get(where(token)).status_code == 404
    assert client.post(where(token), {"do": verb}).status_code == 404
    assert client.get("/nb/my-signature/left/nothing/").status_code == 404


WAITS = {
    "nb": ("Vi kan ikke slette noe akkurat nå: Det trengs i en rettssak", "Datatilsynet"),
    "nn": ("Vi kan ikkje slette noko akkurat no: Det trengst i ei rettssak", "Datatilsynet"),
    "en": ("it is needed for a legal claim", "data-protection authority"),
}


@pytest.mark.parametrize("language", WAITS)
def test_under_a_legal_hold_the_page_says_why_it_waits(client, token, petition, staff, language):
    """Seen to fail: she was erased, and what was needed in court with her, and nobody was told of a hold."""
    client.post(where(token), {"do": "confirm"})
    hold(petition, staff)
    body = client.get(where(token, language=language)).content.decode()
    for untrue in ("slettes med en gang", "borte med en gang", "blir sletta med ein gong", "at once"):
        assert untrue not in body  # seen to fail: it said both
    assert WAITS[language][0] in client.get(where(token, language=language)).content.decode()
    answer = client.post(where(token, language=language), {"do": "erase"})
    assert answer["Location"] == where(token, "?done=waits", language=language)
    body = client.get(answer["Location"]).content.decode()
    for words in WAITS[language]:
        assert words in body
    for verb in ("erase", "withdraw", "correct", "stop"):
        assert f'value="{verb}"' not in body
    assert 'value="copy"' in body
    lift_legal_hold(petition=petition, by=staff, reason="over")
    assert client.get(where(token)).status_code == 404
    assert total(petition) == 1


@pytest.mark.parametrize(("language", "words"), [("nb", "begrenset"), ("nn", "avgrensa"), ("en", "restricted")])
def test_a_restricted_person_reads_that_it_is_so(client, token, staff, language, words):
    """Seen to fail: the page said nothing of it."""
    assert words not in client.get(where(token, language=language)).content.decode()
    restrict(Asked([Signature.objects.get().pk], staff, "case 7"))
    assert words in client.get(where(token, language=language)).content.decode()


def test_a_copy_is_shown_and_saved(client, token):
    client.post(where(token), {"do": "copy"})
    assert "Det tar noen sekunder" in client.get(where(token)).content.decode()
    assert client.get(where(token, "copy.json")).status_code == 404
    call_command("send_mail", "--once")
    assert "Kari Nordmann" in client.get(where(token)).content.decode()
    answer = client.get(where(token, "copy.json"))
    assert answer.json()["person"]["name"] == "Kari Nordmann"
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("name", ["", "12345", "<b>x</b>", "a" * 500, "Ka\x00ri"])
def test_a_wrong_name_gets_a_sentence(client, token, name):
    answer = client.post(where(token), {"do": "correct", "name": name})
    assert answer.status_code == 422
    assert "<title>Feil:" in answer.content.decode()


def test_one_click_in_the_mail_program_ends_contact(client, token):
    Signer.objects.update(contact_action=True)
    answer = client.post(where(token, "stop/"), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200, "a redirect is no answer to one click (RFC 8058)"
    assert not Signer.objects.get().contact_action
    assert ConsentRecord.objects.latest("pk").way == "one_click"


@pytest.mark.parametrize("place", ["stop/", "stop/contact_action/", "stop/contact_other/"])
def test_the_address_that_ends_mails_shows_one_button_that_does_it(client, token, place):
    """Seen to fail: it was a 405, and then led to a page with up to six other buttons above it."""
    Signer.objects.update(contact_action=True, contact_other=True)
    answer = client.get(where(token, place))
    assert answer.status_code == client.head(where(token, place)).status_code == 200
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    assert main.count("<button") == 1
    assert f'<form method="post" action="{where(token, place)}">' in main
    assert (Signer.objects.get().contact_action, Signer.objects.get().contact_other) == (True, True)
    answer = client.post(where(token, place))
    assert answer.status_code == 200
    assert "Du er meldt av" in answer.content.decode()
    left = (Signer.objects.get().contact_action, Signer.objects.get().contact_other)
    assert left == ("contact_other" in place, "contact_action" in place)
    assert ConsentRecord.objects.latest("pk").way == "link"


def test_the_address_that_ends_mails_of_nobody_says_so(client, site):
    assert client.get(where("A" * 43, "stop/")).status_code == 404
    assert client.post(where("A" * 43, "stop/")).status_code == 404


def test_who_wants_no_mail_is_not_reminded(client, token):
    """Seen to fail: the reminder came three days later."""
    call_command("send_mail", "--once")
    OutboxMail.objects.update(sent_at=timezone.now() - timedelta(days=4))
    client.post(where(token, "stop/"), {"List-Unsubscribe": "One-Click"})
    assert outbox.remind() == 0
    call_command("send_mail", "--once")
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("sent", [{"do": "none"}, {"do": "stop", "consent": "contact_other"}])
def test_who_takes_something_else_away_is_still_reminded(sent, client, token):
    Signer.objects.update(contact_action=True, contact_other=True)
    call_command("send_mail", "--once")
    OutboxMail.objects.update(sent_at=timezone.now() - timedelta(days=4))
    client.post(where(token), sent)
    assert outbox.remind() == 1


def test_one_click_ends_what_the_mail_was_sent_for(client, token):
    """Seen to fail: both were ended."""
    Signer.objects.update(contact_action=True, contact_other=True)
    assert client.post(where(token, "stop/contact_other/"), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert (Signer.objects.get().contact_action, Signer.objects.get().contact_other) == (True, False)
    assert client.post(where(token, "stop/show_name/")).status_code == 404


@pytest.mark.parametrize(
    ("consent", "left"), [("contact_action", (False, True)), ("contact_other", (True, False)), ("", (False, False))]
)
def test_each_contact_is_ended_by_itself(client, token, consent, left):
    client.post(where(token), {"do": "confirm"})
    Signer.objects.update(contact_action=True, contact_other=True)
    assert client.get(where(token)).content.decode().count('value="stop"') == 3
    client.post(where(token), {"do": "stop", "consent": consent})
    assert (Signer.objects.get().contact_action, Signer.objects.get().contact_other) == left
    assert client.post(where(token), {"do": "stop", "consent": "show_name"}).status_code == 400


class TestSigningAgainWithABoxTicked:
    @pytest.fixture
    def petition(self):
        return PetitionFactory()

    @pytest.fixture
    def text(self, token, petition):
        call_command("send_mail", "--once")
        mail.outbox.clear()
        Signature.objects.update(signed_at=timezone.now() - timedelta(minutes=1))
        text = consents.record(language="nn", contact_action="", contact_other="Send meg <nytt>")
        sign(petition=petition, person=person(), language="nb", contact_other=True, consent_text=text)
        return text

    def test_the_mail_leads_to_the_words_and_a_yes(self, client, token, text):
        """Seen to fail: "thanked and lost"."""
        call_command("send_mail", "--once")
        (sent,) = mail.outbox
        assert "#wish" in sent.body
        assert "Send meg" not in sent.body, "nothing a visitor chose stands in a mail"
        body = client.get(where(token)).content.decode()
        assert 'id="wish"' in body
        assert '<p lang="nn">Send meg &lt;nytt&gt;</p>' in body
        assert not Signer.objects.get().contact_other
        others = {"do": "wish", "consent": "contact_other", "words": "7" * 20}
        assert client.post(where(token), others).status_code == 409
        client.post(where(token), {"do": "wish", "consent": "contact_other", "words": text.pk})
        assert Signer.objects.get().contact_other
        assert 'id="wish"' not in client.get(where(token)).content.decode()

    def test_a_no_ends_the_question(self, client, token, text):
        client.post(where(token), {"do": "wish"})
        assert 'id="wish"' not in client.get(where(token)).content.decode()
        assert not Signer.objects.get().contact_other


class TestAskingForALink:
    def test_everybody_gets_the_same_answer(self, client, token):
        OutboxMail.objects.all().delete()
        known = client.post("/nb/my-signature/", {"email": "signer1@example.org"})
        unknown = client.post("/nb/my-signature/", {"email": "nobody@example.org"})
        assert known.status_code == unknown.status_code == 303
        assert known["Location"] == unknown["Location"]
        assert known.content == unknown.content
        assert client.get(known["Location"]).status_code == 200
        links.find_asked()
        assert OutboxMail.objects.get().kind == "link"

    def test_the_mail_lists_every_action_of_the_address(self, client, site, token):
        other = PetitionFactory()
        action(site, other, title="En annen", slug="en-annen")
        sign(petition=other, person=person(), language="nb")
        OutboxMail.objects.all().delete()
        client.post("/nb/my-signature/", {"email": "signer1@example.org"})
        call_command("send_mail", "--once")
        (message,) = mail.outbox
        assert message.body.count("/nb/my-signature/") == 3  # one of each action, and the foot
        assert "Fengslet uten dom" in message.body

    def test_a_bad_address_gets_a_sentence(self, client, site):
        answer = client.post("/nb/my-signature/", {"email": "nobody"})
        assert answer.status_code == 422
        assert "navn@example.org" in answer.content.decode()

    def test_too_many_from_one_network_are_told_to_wait(self, client, site):
        """Twenty times as many as may sign uncounted: a school has no other limit here."""
        limits.change(SigningRules(per_ten_minutes=2), by=None, reason="x")
        answers = [client.post("/nb/my-signature/", {"email": "a@example.org"}).status_code for _ in range(42)]
        assert answers.count(303) == 40
        assert answers[-1] == 429


@pytest.mark.django_db(transaction=True)  # a try is there for good before it is answered
class TestCode:
    def test_it_can_be_typed_instead_of_the_link(self, client, page, petition):
        sign(petition=petition, person=person(), language="nb")
        call_command("send_mail", "--once")
        (message,) = mail.outbox
        code = re.search(r"(?:[2-9A-Z]{4} ){2}[2-9A-Z]{4}", message.body).group()
        address = f"/nb/my-signature/code/{petition.pk}/"
        assert address in message.body
        assert client.get(address).status_code == 200
        wrong = client.post(address, {"email": "signer1@example.org", "code": "AAAA 2222"})
        unknown = client.post(address, {"email": "signer9@example.org", "code": code})
        assert wrong.status_code == unknown.status_code == 422
        assert "passer ikke" in unknown.content.decode()
        assert total(petition) == 0
        answer = client.post(address, {"email": "signer1@example.org", "code": code.lower()})
        assert (answer.status_code, answer["Location"]) == (303, address + "done/")
        assert "Signaturen din teller" in client.get(answer["Location"]).content.decode()
        assert total(petition) == 1

    def test_a_petition_that_is_not_there(self, client, site):
        assert client.get("/nb/my-signature/code/999999/").status_code == 404


def test_the_confirmation_mail_says_all_and_nothing_of_the_visitor(page, petition):
    sign(petition=petition, person=person(name="Zanzibar", comment="Zanzibar"), language="nb")
    call_command("send_mail", "--once")
    (message,) = mail.outbox
    html = message.alternatives[0][0]
    assert message.subject == f"Bekreft signaturen din: {page.title}"
    for text in (message.body, html):
        assert "/nb/my-signature/" in text
        assert "Zanzibar" not in text
        assert "da slutter aksjonen" in text
    assert message.extra_headers["List-Unsubscribe"].startswith("<http://testserver/nb/my-signature/")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("kind", ["receipt", "confirm", "reminder", "again", "link"])
def test_every_mail_is_whole_in_every_language(kind, language, site, petition, page):
    sign(petition=petition, person=person(), language=language)
    OutboxMail.objects.update(kind=kind)
    call_command("send_mail", "--once")
    (message,) = mail.outbox
    html = message.alternatives[0][0]
    assert message.subject
    assert "\n" not in message.subject
    assert f'lang="{language}"' in html
    for text in (message.body, html):
        assert "{{" not in text
        assert "{%" not in text
        assert f"http://testserver/{language}/my-signature/" in text


def test_in_the_moment_it_counts_there_is_something_to_do(client, token, petition, site):
    """By the link and by the code. Seen to fail: a word of thanks, and only ways to take it back."""
    other = action(site, PetitionFactory(), slug="en-annen")
    for body in (
        client.post(where(token), {"do": "confirm"}, follow=True).content.decode(),
        client.get(f"/nb/my-signature/code/{petition.pk}/done/").content.decode(),
    ):
        assert "Be tre venner" in body
        assert f'href="{other.get_url()}"' in body
    assert "Be tre venner" not in client.get(where(token)).content.decode()
    Petition.objects.filter(pk=petition.pk).update(high_risk=True)
    assert "Be tre venner" not in client.get(f"/nb/my-signature/code/{petition.pk}/done/").content.decode()


SAID = {
    "confirm": ({"do": "confirm"}, "Nå teller signaturen din"),
    "correct": ({"do": "correct", "name": "Kåre"}, "Vi oppdaterer navnet ditt"),
    "none": ({"do": "none"}, "ingenting av det begynner"),
    "stop": ({"do": "stop"}, "Vi skriver ikke til deg om det mer"),
    "copy": ({"do": "copy"}, "Vi åpner opplysningene dine"),
    "hide": ({"do": "hide"}, "Navnet ditt er borte fra siden"),
}


@pytest.mark.parametrize("verb", SAID)
def test_what_a_button_did_stands_first_has_the_focus_and_is_in_the_title(verb, client, token):
    """Seen to fail: it stood far below, under the same title."""
    sent, words = SAID[verb]
    body = client.post(where(token), sent, follow=True).content.decode()
    main = body.partition("<main")[2]
    assert words in body.partition("<title>")[2].partition("</title>")[0]
    said = re.search(r'<div class="notice" role="group" tabindex="-1" autofocus data-said.*?</div>', main, re.S)
    assert words in said[0]
    assert said.start() < main.index('class="panel"')
    assert "autofocus" not in main[said.end() :]


WRONG = {
    "no name": ({"do": "correct", "name": ""}, 422, "Feil:"),
    "unknown": ({"do": "explode"}, 400, "Feil: Ingenting ble gjort"),
    "not shown there": ({"do": "show", "shown_name": "Kari"}, 409, "Feil: Ingenting ble gjort"),
    "other words": ({"do": "wish", "consent": "contact_other", "words": "7"}, 409, "Feil: Ordlyden er endret"),
    "nothing is handed over": ({"do": "hand_over"}, 409, "Feil:"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_went_wrong_stands_first_too(case, client, token):
    """Seen to fail: most said nothing at all."""
    sent, status, title = WRONG[case]
    client.post(where(token), {"do": "confirm"})
    answer = client.post(where(token), sent)
    body = answer.content.decode()
    assert answer.status_code == status
    assert title in body.partition("<title>")[2].partition("</title>")[0]
    main = body.partition("<main")[2]
    assert main.index('role="group" tabindex="-1" autofocus') < main.index('class="panel"')
    assert 'role="alert"' not in main, "focused and an alert, it would be read out twice"


def test_each_form_names_where_it_posts_without_a_place_on_the_page(client, token):
    """Seen to fail: without an address it posts to the one it stands at, #ticks and all: the answer is off screen."""
    for _ in range(2):
        body = client.get(where(token)).content.decode().partition("<main")[2].partition("</main>")[0]
        assert body.count("<form ") == body.count(f'<form method="post" action="{where(token)}"') > 0
        client.post(where(token), {"do": "confirm"})


def test_before_it_counts_nothing_is_said_of_its_counting(client, token, petition):
    """Seen to fail: "goes on counting", "no longer counts"."""
    before = client.get(where(token)).content.decode()
    for words in ("telles fortsatt med", "teller ikke lenger", "ikke telles to ganger"):
        assert words not in before
    assert "teller ikke ennå og kommer ikke til å gjøre det" in before
    client.post(where(token), {"do": "confirm"})
    after = client.get(where(token)).content.decode()
    assert "telles fortsatt med" in after
    assert "teller ikke ennå" not in after


def test_after_the_end_an_unconfirmed_one_never_counted(client, token, petition):
    Petition.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    body = client.get(where(token)).content.decode()
    assert "Slett: signaturen teller ikke" in body
    assert "antallet er igjen" not in body


def test_who_confirmed_nothing_is_not_told_so(client, site):
    """Seen to fail in English: "Your signature is confirmed and counts"."""
    petition = PetitionFactory()
    action(site, petition)
    sign(petition=petition, person=person(), language="en")
    token = links.make_link(Signature.objects.get(), with_code=False)[0]
    body = client.get(where(token, language="en")).content.decode()
    assert "Your signature is recorded and counts" in body
    assert "is confirmed" not in body


def test_the_place_a_receipt_leads_to_is_there_when_nothing_waits_any_more(client, site):
    """Seen to fail: the receipt linked #ticks, and when the address had signed once more nothing stood there."""
    petition = PetitionFactory(show_names=True)
    action(site, petition)
    sign(petition=petition, person=person(), language="nb", show_name=True)
    token = links.make_link(Signature.objects.get(), with_code=False)[0]
    assert client.get(where(token)).content.decode().count('id="ticks"') == 1
    sign(petition=petition, person=person(), language="nb", show_name=True)
    body = client.get(where(token)).content.decode()
    assert body.count('id="ticks"') == 1
    assert "skrev adressen under en gang til" in body


def test_every_page_and_the_privacy_notice_lead_here(client, page, site):
    """Seen to fail: both knew only an address to write to."""
    assert 'href="/nb/my-signature/"' in client.get(page.get_url()).content.decode().partition("<footer")[2]


def body_of(client, address: str) -> str:
    return client.get(address).content.decode().partition("<main")[2].partition("</main>")[0]


class TestWhatAMachineWithKeysDoes:
    """Correcting and copying take some seconds: the page says how far it is, and comes by itself by a script."""

    def test_a_corrected_name_is_shown_at_once(self, client, token):
        """Seen to fail: the page said for ever that it was on its way, and showed the old one or none."""
        client.post(where(token), {"do": "copy"})
        call_command("send_mail", "--once")
        assert "Kari Nordmann" in body_of(client, where(token))
        answer = client.post(where(token), {"do": "correct", "name": "Kåre Ødegård"})
        waiting = body_of(client, answer["Location"])
        assert "Vi oppdaterer navnet ditt" in waiting
        assert "data-waits" in waiting
        assert f'href="{where(token, "?done=correct")}"' in waiting, "without a script, one looks again"
        assert "Kari Nordmann" not in waiting
        call_command("send_mail", "--once")
        after = body_of(client, answer["Location"])
        assert "Navnet ditt er rettet" in after
        assert "<dd>Kåre Ødegård</dd>" in after
        assert "data-waits" not in after
        assert 'value="Kåre Ødegård"' in after, "the field is filled in for the next time"

    def test_it_is_shown_to_who_had_not_looked_before_too(self, client, token):
        answer = client.post(where(token), {"do": "correct", "name": "Kåre Ødegård"})
        call_command("send_mail", "--once")
        assert "<dd>Kåre Ødegård</dd>" in body_of(client, answer["Location"])

    @pytest.mark.parametrize(
        ("verb", "words"),
        [("correct", "Navnet ditt kunne ikke rettes"), ("copy", "Opplysningene dine kunne ikke åpnes")],
    )
    def test_what_failed_is_said_and_not_that_it_is_done(self, verb, words, client, token):
        """Seen to fail: “it is in place in some seconds”, for ever."""
        answer = client.post(where(token), {"do": verb, "name": "Kåre"})
        SignerRequest.objects.filter(kind=verb).update(failed="KeyLost", done_at=timezone.now())
        page = client.get(answer["Location"]).content.decode()
        assert f"<title>Feil: {words}" in page
        client.post(where(token), {"do": verb, "name": "Kåre"})
        assert words not in client.get(answer["Location"]).content.decode()

    def test_data_that_are_thrown_away_are_not_waited_for(self, client, token):
        """Seen to fail: the address in the browser went on saying that they were being opened."""
        answer = client.post(where(token), {"do": "copy"})
        SignerRequest.objects.all().delete()
        page = body_of(client, answer["Location"])
        assert "Be om dem på nytt" in page
        assert 'value="copy"' in page
        assert "data-waits" not in page

    def test_data_that_another_link_asked_for_are_not_waited_for(self, client, token):
        """Seen to fail: “we are opening your data”, for ever, and no button."""
        client.post(where(links.make_link(Signature.objects.get(), with_code=False)[0]), {"do": "copy"})
        call_command("send_mail", "--once")
        page = body_of(client, where(token))
        assert 'value="copy"' in page
        assert "data-waits" not in page


def test_one_panel_says_how_it_stands_and_the_rest_is_quiet(client, token):
    """Seen to fail: four panels in the colour of the signal."""
    Signer.objects.update(contact_action=True)
    client.post(where(token), {"do": "confirm"})
    body = body_of(client, where(token))
    assert body.count('class="panel"') == 1
    assert body.count('<section class="choice"') == 4


HELP = {
    "nb": "Skrev du feil e-postadresse?",
    "nn": "Skreiv du feil e-postadresse?",
    "en": "Did you type a wrong address?",
}


@pytest.mark.parametrize("language", HELP)
def test_who_typed_a_wrong_address_finds_help(language, client, page):
    """Seen to fail: there was none."""
    address = f"/{language}/my-signature/wrong-address/"
    shown = client.get(address)
    assert shown.status_code == 200
    assert f"<h1>{HELP[language]}</h1>" in shown.content.decode()
    assert f'href="/{language}/my-signature/"' in shown.content.decode().partition("<main")[2]
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405
    for told in ("my-signature/", "my-signature/sent/", f"my-signature/code/{page.petition_id}/"):
        assert f'href="{address}"' in body_of(client, f"/{language}/{told}"), told
    if language == "nb":
        assert f'href="{address}"' in body_of(client, page.get_url() + "thanks/")
