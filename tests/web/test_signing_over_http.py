"""POST to an action page: what is accepted, what is answered, and that nothing is stored half."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from actions.rules.days import end_of
from actions.signing.forms import SignatureForm
from actions.signing.models import AddressMail, OutboxMail, Signature, Signer
from actions.signing.sealing import open_person
from tests.factories import PetitionFactory, RecipientFactory, action, addressed

pytestmark = pytest.mark.django_db

GOOD = {"name": "Kari Nordmann", "email": "kari@example.org"}


@pytest.fixture
def petition():
    return PetitionFactory(ask_country=True, ask_postcode=True, ask_phone=True, ask_comment=True)


@pytest.fixture
def page(site, petition):
    return action(site, petition)


@pytest.fixture
def post(client, page):
    return lambda data=GOOD, **more: client.post(page.get_url(), data, **more)


def signer():
    found = Signer.objects.select_related("signature__petition").get()
    return open_person(sealed=found.sealed, signature_id=found.pk, petition=found.signature.petition)


def test_a_signature_leads_to_the_thanks(post, client, page):
    answer = post()
    assert (answer.status_code, answer["Location"]) == (303, page.get_url() + "thanks/")
    thanks = client.get(answer["Location"])
    assert thanks.status_code == 200
    assert "Kari" not in thanks.content.decode()
    assert signer().name == "Kari Nordmann"


def test_new_and_repeated_get_the_same_answer(post):
    first, second = post(), post(GOOD | {"email": "KARI@example.org"})
    assert Signature.objects.count() == 1
    assert first.status_code == second.status_code == 303
    assert first.content == second.content
    told = [{k: v for k, v in answer.headers.items() if k != "X-Request-Id"} for answer in (first, second)]
    assert told[0] == told[1]


@pytest.mark.parametrize("spelled", ["ｋａｒｉ@example.org", "kari+someone@example.org", "KARI＠EXAMPLE.ORG"])
def test_whoever_signs_with_a_spelling_of_an_address_its_owner_gets_the_mails(spelled, post, petition, client, page):
    """Mail went to the spelling once, which is no mailbox; the owner could neither sign nor take it back."""
    petition.counting = petition.Counting.CONFIRMED
    petition.save()
    post(GOOD | {"email": spelled})
    post(GOOD)
    assert Signature.objects.count() == 1
    client.post("/nb/my-signature/", {"email": "kari@example.org"})
    call_command("send_mail", "--once")
    assert [letter.to[0].lower() for letter in mail.outbox] == ["kari@example.org"] * 2
    assert client.get(re.search(r"/nb/my-signature/[\w-]{43}/", mail.outbox[0].body)[0]).status_code == 200


@pytest.mark.parametrize(("seconds", "mails"), [(5, 1), (60, 2)])
def test_who_has_lost_the_request_to_confirm_gets_it_again_at_once(seconds, mails, post, petition, client):
    """A form sent twice calls for one. Seen to fail: another one went out a day later at the earliest."""
    petition.counting = petition.Counting.CONFIRMED
    petition.save()
    post()
    call_command("send_mail", "--once")
    OutboxMail.objects.update(sent_at=timezone.now() - timedelta(seconds=seconds))
    AddressMail.objects.all().delete()
    post()
    call_command("send_mail", "--once")
    assert len(mail.outbox) == mails
    link = re.search(r"/nb/my-signature/[\w-]{43}/", mail.outbox[-1].body)[0]
    client.post(link, {"do": "confirm"})
    assert Signature.objects.get().state == Signature.State.COUNTED
    post()
    call_command("send_mail", "--once")
    assert len(mail.outbox) == mails


def test_optional_fields_and_consents_are_kept(post, page, site):
    shown = page.signature_form(site.organisation)["consent_shown"].value()
    post(GOOD | {"country": "NO", "postcode": "0150", "phone": "22 00 00 00", "comment": "Hei\nhei",
                 "contact_action": "on", "consent_shown": shown})  # fmt: skip
    person = signer()
    assert (person.postcode, person.phone, person.comment) == ("0150", "22 00 00 00", "Hei\nhei")
    found = Signer.objects.get()
    assert (found.contact_action, found.contact_other) == (True, False)
    assert found.consent_text.contact_action == site.organisation.consent_action
    assert found.signature.country == "NO"


def test_without_consent_no_text_is_stored(post):
    post()
    assert Signer.objects.get().consent_text is None


def test_what_one_form_says_is_not_said_by_the_next(site):
    """Seen to fail with the fields of a refused form not copied before they are labelled."""

    def said():
        fields = SignatureForm.base_fields.items()
        return {name: (str(field.label), field.initial, dict(field.widget.attrs)) for name, field in fields}

    before = said()
    page = action(site, PetitionFactory(minimum_age=15))
    refused = page.signature_form(site.organisation, {"name": "Kari Nordmann"})
    assert not refused.is_valid()
    assert "bekrefter du at du er 15 år" in str(refused["old_enough"].label)
    assert refused.fields["name"].widget.attrs["aria-required"] == "true"
    assert said() == before


def test_consent_to_words_that_have_changed_is_asked_for_again(post):
    answer = post(GOOD | {"contact_action": "on", "consent_shown": "0" * 64})
    assert answer.status_code == 422
    assert "endret siden du åpnet siden" in answer.content.decode()
    assert not Signature.objects.exists()


def test_fields_that_are_not_asked_for_are_ignored(client, site):
    page = action(site, PetitionFactory())
    client.post(page.get_url(), GOOD | {"phone": "22 00 00 00", "country": "XX", "state": "held"})
    assert signer().phone == ""
    assert Signature.objects.get().country == ""


BAD = {
    "no name": ({"name": ""}, "Skriv navnet ditt."),
    "no letters": ({"name": "12345"}, "Navnet ditt: skriv det med bokstaver."),
    "long name": ({"name": "a" * 10_000}, "Navnet ditt: dette er for langt. Det er plass til 100 tegn."),
    "null byte": ({"name": "Ka\x00ri"}, "et kontrolltegn (U+0000)"),
    "bidi": ({"name": "Ka\u202eri"}, "et tegn som snur skriveretningen (U+202E)"),
    "markup": ({"name": "<script>alert(1)</script>"}, "Navnet ditt: mindre-enn-tegnet &lt; kan ikke stå her"),
    "link": ({"name": "Kari http://spam.example"}, "Navnet ditt: dette ser ut som en nettadresse"),
    "no address": ({"email": ""}, "Skriv e-postadressen din."),
    "bad address": ({"email": "kari"}, "navn@example.org"),
    "long address": ({"email": "a" * 10_000 + "@example.org"}, "navn@example.org"),
    "two addresses": ({"email": "a@example.org, b@example.org"}, "navn@example.org"),
    "header": ({"email": "a@example.org\nBcc: b@example.org"}, "navn@example.org"),
    "null in address": ({"email": "a\x00@example.org"}, "navn@example.org"),
    "country": ({"country": "XX"}, "Velg et land fra listen"),
    "long comment": ({"comment": "a" * 10_000}, "Kommentar: dette er for langt. Det er plass til 1000 tegn."),
    "hidden in comment": ({"comment": "a\u202eb"}, "Kommentar: det er et usynlig tegn i teksten"),
    "long consent": ({"consent_shown": "a" * 10_000}, ""),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_a_clear_error_and_stores_nothing(case, post):
    wrong, sentence = BAD[case]
    answer = post(GOOD | wrong)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in body
    assert "<title>Feil:" in body
    assert "no-store" in answer["Cache-Control"]
    assert "<script>alert" not in body
    assert not Signature.objects.exists()
    assert not OutboxMail.objects.exists()


def test_what_was_typed_is_still_there_after_an_error(post):
    body = post({"name": "Kari & <Co", "email": "kari@example.org", "comment": "Min kommentar"}).content.decode()
    assert 'value="kari@example.org"' in body
    assert "Min kommentar" in body
    assert "Kari &amp; &lt;Co" in body


GOOD_NAMES = ["Kari", "O'Brien", "李小龍", "محمد", "Ánde Čuoika", "Anne-Lise d’Arc Ø."]


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_any_persons_name_is_accepted(name, post):
    assert post(GOOD | {"name": name}).status_code == 303
    assert signer().name == name


@pytest.mark.parametrize("email", ["kari+aksjon@example.org", "KARI@EXAMPLE.ORG", "kari@blåbær.no"])
def test_any_persons_address_is_accepted(email, post):
    assert post(GOOD | {"email": email}).status_code == 303


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"name": "Kari"}', "application/json"),
        (b"", "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00", "application/octet-stream"),
        (b"name=%ff%fe&email=%00", "application/x-www-form-urlencoded"),
        (b"--x\r\nContent-Disposition: form-data; name", "multipart/form-data; boundary=x"),
        (b"garbage", "multipart/form-data; boundary=x"),
        (b"garbage", "multipart/form-data"),
        (b"name=a&name=b&email=kari&email=b", "application/x-www-form-urlencoded"),
        (b"&".join(b"f%d=1" % i for i in range(12_000)), "application/x-www-form-urlencoded"),
        (b"name=" + b"a" * 6_000_000, "application/x-www-form-urlencoded"),
        (b"name=Kari&email=kari", "application/x-www-form-urlencoded; charset=utf-7"),
        (b"name=Kari&email=kari", "application/x-www-form-urlencoded; charset=no-such"),
    ],
)
def test_wrong_bodies_are_answered_readably(body, content_type, client, page):
    client.raise_request_exception = False
    answer = client.generic("POST", page.get_url(), body, content_type)
    assert answer.status_code in (400, 422), answer.status_code
    assert 'lang="nb"' in answer.content.decode()
    assert not Signature.objects.exists()


ORIGINS = {
    "browser, own page": ({"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}, True),
    "typed by hand": ({"Sec-Fetch-Site": "none"}, True),
    "older browser": ({"Origin": "http://testserver"}, True),
    "neither": ({}, True),
    "other site": ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, False),
    "sibling": ({"Sec-Fetch-Site": "same-site", "Origin": "https://sub.testserver"}, False),
    "older browser, other site": ({"Origin": "https://evil.example"}, False),
    "sandboxed": ({"Origin": "null"}, False),
    "lying origin": ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
    "other port": ({"Origin": "http://testserver:8080"}, False),
    "nonsense": ({"Origin": "http://[::bad"}, False),
    "without TLS, or with": ({"Origin": "https://testserver"}, False),
    "another scheme": ({"Origin": "ftp://testserver"}, False),
    "with a path": ({"Origin": "http://testserver/"}, False),
    "with a user": ({"Origin": "http://x@testserver"}, False),
}


@pytest.mark.parametrize("case", ORIGINS)
def test_only_our_own_pages_can_send_the_form(case, post):
    """R28, quick form."""
    headers, accepted = ORIGINS[case]
    answer = post(headers=headers)
    assert answer.status_code == (303 if accepted else 403)
    assert Signature.objects.count() == accepted
    if not accepted:
        assert "fra et annet nettsted" in answer.content.decode()


LONG_AGO = {"opens_at": datetime(2022, 4, 1, tzinfo=UTC)}
MIDNIGHT = end_of(date(2022, 5, 3), timezone.get_default_timezone())
CLOSED = {
    "ended": ({"ended": True}, 410, "Du kom akkurat for sent"),
    "scheduled": ({"scheduled": True, "ends_at": None}, 409, "ikke åpnet ennå"),
    "paused": ({"paused": True}, 409, "Vi tar en pause"),
    "ended long ago": (LONG_AGO | {"ends_at": MIDNIGHT}, 410, "var 3. mai 2022"),
    "closed long ago": (LONG_AGO | {"ends_at": datetime(2022, 5, 3, 10, tzinfo=UTC)}, 410, "avsluttet 3. mai 2022"),
}


@pytest.mark.parametrize("case", CLOSED)
def test_a_closed_form_answers_readably_and_stores_nothing(case, client, site):
    more, status, sentence = CLOSED[case]
    page = action(site, PetitionFactory(**more))
    shown = client.get(page.get_url())
    assert shown.status_code == 200
    assert "data-sign-form" not in shown.content.decode()
    answer = client.post(page.get_url(), GOOD)
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert ("akkurat for sent" in answer.content.decode()) == (case == "ended")
    assert "kari@example.org" not in answer.content.decode()
    assert not Signature.objects.exists()


REFUSED = [*CLOSED, "origin"]


@pytest.mark.parametrize("part", ["", "embed/"])
@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_says_so_in_its_title_and_is_what_has_the_focus(case, part, client, site):
    """Without a script the browser scrolls to it. Seen to fail: its title was any page's, and it lay further down."""
    page = action(site, PetitionFactory(**(CLOSED[case][0] if case in CLOSED else {})))
    headers = {"Sec-Fetch-Site": "cross-site"} if case == "origin" else {}
    body = client.post(page.get_url() + part, GOOD, headers=headers).content.decode()
    assert "<title>Ikke registrert: Fengslet uten dom" in body
    [notice] = re.findall(r'<div class="notice notice--alert"[^>]*data-said[^>]*>.*?</div>', body, re.S)
    assert 'tabindex="-1"' in notice
    assert "autofocus" in notice
    assert "ikke registrert" in notice
    assert "<title>Ikke registrert" not in client.get(page.get_url() + part).content.decode()


def test_a_page_without_a_petition_takes_no_signature(client, site):
    assert client.post(action(site).get_url(), GOOD).status_code == 409


def test_the_form_that_closes_between_check_and_insert_is_answered_as_ended(client, page, petition, monkeypatch):
    monkeypatch.setattr("actions.signing.models.Petition.can_be_signed", lambda *args: True)
    type(petition).objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    answer = client.post(page.get_url(), GOOD)
    assert answer.status_code == 410
    assert not Signature.objects.exists()


def test_a_database_that_cannot_write_is_a_readable_503(post, client, monkeypatch):
    client.raise_request_exception = False

    def fails(**kwargs):
        raise OperationalError("kari@example.org")

    monkeypatch.setattr("actions.web.views.sign", fails)
    answer = post()
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "Vi fikk ikke registrert det du sendte" in answer.content.decode()


@pytest.mark.parametrize("path", ["hjem", "privacy", "china", "index"])
def test_other_pages_take_no_post(path, client, site):
    page = {"hjem": site.home, "privacy": site.privacy, "china": site.china, "index": site.index}[path]
    assert client.post(page.get_url(), GOOD).status_code == 405
    assert client.get(page.get_url()).status_code == 200


def test_public_pages_set_no_cookie_and_may_be_cached_until_the_next_change(client, site):
    page = action(site, PetitionFactory(ends_at=timezone.now() + timedelta(seconds=20)))
    answer = client.get(page.get_url())
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    age = int(answer["Cache-Control"].split("max-age=")[1].split(",")[0])
    assert 15 <= age <= 20
    assert "csrfmiddlewaretoken" not in answer.content.decode()
    posted = client.post(page.get_url(), GOOD)
    assert not posted.cookies


class TestAge:
    """The age is said by signing, in a sentence right above the button; the form knows which age was read."""

    @pytest.fixture
    def page(self, site):
        return action(site, PetitionFactory(minimum_age=15))

    @pytest.fixture
    def risky(self, site):
        return action(site, PetitionFactory(minimum_age=18, high_risk=True, counting="confirmed"))

    def test_who_signs_says_it(self, page, client):
        body = client.get(page.get_url()).content.decode()
        told = body.index("bekrefter du at du er 15 år eller eldre.")
        assert '<input type="hidden" name="old_enough" value="15">' in body
        assert 'type="checkbox" name="old_enough"' not in body
        assert 0 < body.index('type="submit"', told) - told < 300, "right above the button"
        assert client.post(page.get_url(), GOOD | {"old_enough": "15"}).status_code == 303
        assert Signature.objects.count() == 1

    @pytest.mark.parametrize("said", ["", "14", "-15", "15.0", "x", "\u0661\u0665", "9" * 99, "15\x00"])
    def test_who_has_not_read_it_is_asked_to(self, said, page, client):
        """As on a page that was left open, while the age was made higher. What was typed stays."""
        answer = client.post(page.get_url(), GOOD | {"old_enough": said})
        body = answer.content.decode()
        assert answer.status_code == 422
        assert body.count("Les setningen om alderen din, og trykk på knappen en gang til.") == 2 or said[:1] in "91"
        assert '<input type="hidden" name="old_enough" value="15">' in body
        assert 'value="kari@example.org"' in body
        assert 'id="sign-old_enough"' in body
        assert not Signature.objects.exists()

    def test_a_page_of_the_version_before_is_taken(self, page, client):
        assert client.post(page.get_url(), GOOD | {"old_enough": "on"}).status_code == 303

    def test_where_signing_is_dangerous_it_is_ticked(self, risky, client):
        body = client.get(risky.get_url()).content.decode()
        box = body.index('<input type="checkbox" name="old_enough" value="18"')
        assert 0 < body.index('type="submit"', box) - box < 400, "right above the button"
        refused = client.post(risky.get_url(), GOOD)
        assert refused.status_code == 422
        assert "Kryss av for at du er gammel nok" in refused.content.decode()
        assert client.post(risky.get_url(), GOOD | {"old_enough": "18"}).status_code == 200
        assert Signature.objects.count() == 1

    def test_a_tick_stays_when_something_else_is_wrong(self, risky, client):
        answer = client.post(risky.get_url(), {"name": "Kari", "email": "kari", "old_enough": "18"})
        assert re.search(r'name="old_enough" value="18"[^>]* checked', answer.content.decode())


KINDS = {
    "number": {},
    "names": {"handed_over": "name"},
    "dangerous": {"handed_over": "name", "high_risk": True, "counting": "confirmed", "minimum_age": 18},
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_handed_over_is_read_before_the_button(kind, site, client):
    """R53: it is never folded, nor below the button."""
    petition = addressed(PetitionFactory(**KINDS[kind]), RecipientFactory())
    body = client.get(action(site, petition).get_url()).content.decode()
    told, folded = body.index('class="hand-over"'), body.find("</details>")  # where risk is high nothing is
    assert folded < told < body.index('type="submit"', told)
    if kind != "number":
        assert folded < body.index('name="hand_over_name"') < told


def test_what_need_not_be_filled_in_is_folded(site, client):
    page = action(site, PetitionFactory(ask_country=True, ask_phone=True, ask_comment=True, show_names=True))
    body = client.get(page.get_url()).content.decode()
    inside = body[body.index("<details") : body.index("</details>")]
    named = {"country", "phone", "comment", "place", "show_name", "shown_name", "contact_action",
             "contact_other"}  # fmt: skip
    assert set(re.findall(r'name="(\w+)"', inside)) == named
    assert not re.match(r"<details[^>]* open", inside)


@pytest.mark.parametrize(
    ("data", "is_open"),
    [
        ({"name": ""}, False),
        ({"name": "", "contact_action": "on"}, True),
        ({"name": "", "comment": "Hello"}, True),
        ({"country": "XX"}, True),
        ({"phone": "<1>"}, True),
        ({"name": "", "website": "x", "seconds": "3"}, False),
    ],
)
def test_it_is_open_where_something_in_it_was_typed_or_is_wrong(data, is_open, post):
    body = post(GOOD | data).content.decode()
    assert bool(re.search(r"<details[^>]* open", body)) is is_open


def test_a_form_that_asks_for_nothing_more_folds_nothing(site, client):
    page = action(site, PetitionFactory(high_risk=True, counting="confirmed"))
    assert "<details" not in client.get(page.get_url()).content.decode()
