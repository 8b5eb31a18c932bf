"""Finding one signature, deciding about it, lists and mail hosts: over HTTP, as each role, in its own words."""

import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from actions.signing import lists
from actions.signing.counting import total
from actions.signing.models import AuditRecord, ListedAddress, OutboxMail, RightsCase, Signature, Signer, SigningRules
from actions.signing.sign import sign
from tests.factories import PetitionFactory, action, person

pytestmark = pytest.mark.django_db

FIND = {"email": "signer1@example.org", "purpose": "letter 7"}


@pytest.fixture
def petition(site):
    petition = PetitionFactory(name="Xinjiang", counting="confirmed")
    action(site, petition)
    sign(petition=petition, person=person(1), language="nb", contact_action=True)
    sign(petition=petition, person=person(2, email="x@spam.example"), language="nb", suspicion="network")
    return petition


@pytest.fixture
def log_in(client, django_user_model):
    def of(role: str, language: str = "nb"):
        from wagtail.users.models import UserProfile

        user = django_user_model.objects.create_user(role.lower().replace(" ", "-"), password="a long password here")
        user.groups.add(Group.objects.get(name=role))
        UserProfile.objects.create(user=user, preferred_language=language)
        client.force_login(user)
        return client

    return of


def words(answer) -> str:
    """What stands on a screen, with what was said about the last one."""
    return re.sub(r"\s+", " ", answer.content.decode())


def the_one() -> Signature:
    return Signature.objects.exclude(hold__isnull=False).get()


def screen(one) -> str:
    return reverse("petition:signature", args=[one.petition_id, one.pk])


def test_an_officer_finds_counts_and_undoes(log_in, petition):
    officer = log_in("Signature officer")
    answer = officer.post(reverse("find_signature:index"), FIND)
    assert "no-store" in answer["Cache-Control"]
    assert screen(the_one()) in words(answer)
    assert "Nordmann" not in words(answer)
    address = screen(the_one())
    body = words(officer.get(address))
    assert "venter på bekreftelse" in body
    assert "Start en sak" not in body  # who erases is somebody else
    body = words(officer.post(address, {"verb": "count", "reason": "she wrote to us"}, follow=True))
    assert total(petition) == 1
    assert "she wrote to us" in body
    [rule] = petition.review_rules.all()
    officer.post(address, {"undo": rule.pk})
    assert total(petition) == 0
    assert the_one().state == "awaiting"


def test_an_officer_sends_the_request_to_confirm_again(log_in, petition):
    OutboxMail.objects.update(sent_at=timezone.now())
    officer = log_in("Signature officer", "en")
    body = words(officer.post(screen(the_one()), {"verb": "send", "reason": "lost"}, follow=True))
    assert "The request to confirm is sent again" in body
    assert "It waits to be sent already" in words(
        officer.post(screen(the_one()), {"verb": "send", "reason": "lost"}, follow=True)
    )
    assert OutboxMail.objects.get(signature=the_one()).sent_at is None


BAD = {
    "no reason": ({"verb": "count"}, "må fylles ut|påkrev"),
    "an address for a reason": ({"verb": "count", "reason": "kari@example.org"}, "ingen adresse her"),
    "nothing to do": ({"reason": "x"}, "Velg hva som skal gjøres"),
    "something else": ({"verb": "erase", "reason": "x"}, "Velg hva som skal gjøres"),
    "for many": ({"verb": "release", "reason": "x"}, "Velg hva som skal gjøres"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_done_gets_a_sentence(case, log_in, petition):
    data, sentence = BAD[case]
    answer = log_in("Signature officer").post(screen(the_one()), data)
    assert answer.status_code == 200
    assert re.search(sentence, words(answer))
    assert total(petition) == 0


def test_a_decision_about_several_is_undone_where_it_was_made(log_in, petition, staff):
    from actions.signing import review

    ids = tuple(map(str, Signature.objects.values_list("pk", flat=True)))
    rule = review.decide(
        petition=petition, verb=review.Verb.INVALIDATE, criteria=review.Criteria(ids=ids), reason="x", by=staff
    )
    review.carry_out(rule.pk)
    officer, one = log_in("Signature officer"), Signature.objects.first()
    assert f'name="undo" value="{rule.pk}"' not in words(officer.get(screen(one)))
    assert officer.post(screen(one), {"undo": rule.pk}).status_code == 404
    assert officer.post(screen(one), {"undo": "9" * 30}).status_code == 404
    assert set(Signature.objects.values_list("state", flat=True)) == {"invalidated"}


def test_the_officer_for_data_protection_begins_a_case_about_one_of_several(log_in, petition, site):
    """Contact is ended and the person erased there alone."""
    other = PetitionFactory(name="Iran")
    sign(petition=other, person=person(1), language="nb", contact_action=True)
    officer, one = log_in("Data-protection officer"), other.signatures.get()
    body = words(officer.post(reverse("find_signature:index"), FIND))
    assert "Xinjiang" in body
    assert "Iran" in body
    body = words(officer.get(screen(one)))
    assert 'value="count"' not in body  # what counts is decided by somebody else
    assert officer.post(screen(one), {"verb": "count", "reason": "x"})["Location"] == "/admin/"
    assert other.signatures.get().state == "counted"
    begin = re.search(r'href="(/admin/cases/\?signature=[^"#]+)', body)[1]
    assert "Iran" in words(officer.get(begin))
    letter = {"kind": "erase", "reference": "2026/14", "received_on": "2026-11-02", "identity": "mailbox"}
    answer = officer.post(begin, letter)
    case = RightsCase.objects.get()
    assert answer["Location"] == reverse("cases:case", args=[case.pk])
    assert case.signatures == [one.pk]
    for verb in ("stop_action", "erase"):
        officer.post(answer["Location"], {"which": [str(one.pk)], "verb": verb, "do": ""})
    assert not Signer.objects.filter(signature__petition=other).exists()
    assert Signer.objects.get(pk=petition.signatures.exclude(hold__isnull=False).get().pk).contact_action


@pytest.mark.parametrize("number", ["x", "00000000-0000-7000-8000-000000000000"])
def test_a_case_about_what_is_not_there_is_not_begun(number, log_in, petition):
    assert log_in("Data-protection officer").get(reverse("cases:index"), {"signature": number}).status_code == 404


@pytest.mark.parametrize("role", ["Editor", "Publisher", "Translator"])
def test_others_find_nobody(role, log_in, petition):
    client = log_in(role)
    for address in (
        reverse("find_signature:index"),
        screen(the_one()),
        reverse("mail_hosts:index"),
        reverse("lists:index"),
    ):
        answer = client.get(address)
        assert answer.status_code in (302, 403)
        assert urlsplit(answer.get("Location", "/admin/")).path == "/admin/"


def test_nothing_found_and_nothing_allowed_get_sentences(log_in, petition):
    officer = log_in("Signature officer")
    body = words(officer.post(reverse("find_signature:index"), FIND | {"email": "nobody@example.org"}))
    assert "Denne adressen har ikke skrevet under noe" in body
    assert "bør være" not in words(officer.post(reverse("find_signature:index"), FIND | {"email": "x"}))
    SigningRules.objects.update_or_create(pk=1, defaults={"names_per_hour": 1})
    assert "Du har åpnet" in words(officer.post(reverse("find_signature:index"), FIND))


def test_an_address_is_put_on_a_list_found_there_and_taken_off(log_in, petition):
    officer = log_in("Signature officer")
    data = {"list": "block", "email": "Signer1@example.org", "host": "", "reason": "asked us to", "until": ""}
    body = words(officer.post(reverse("lists:index"), data, follow=True))
    entry = ListedAddress.objects.get()
    assert "står på listen nå" in body
    assert f"adresse {entry.pk}" in body
    assert "signer1@example.org" not in body.lower()
    body = words(officer.post(reverse("find_signature:index"), FIND))
    assert f"adresse {entry.pk}" in body
    assert "asked us to" in body
    answer = officer.post(reverse("lists:off", args=[entry.pk]), follow=True)
    assert "av listen" in words(answer)
    assert not ListedAddress.objects.exists()
    assert officer.get(reverse("lists:off", args=[entry.pk])).status_code == 405
    assert officer.post(reverse("lists:off", args=[entry.pk])).status_code == 404
    trail = AuditRecord.objects.filter(verb="listed")
    assert [record.actor for record in trail] == ["staff", "staff"]


WRONG = {
    "neither": ({"email": "", "host": ""}, "en av delene"),
    "both": ({"email": "a@example.org", "host": "example.org"}, "en av delene"),
    "no host": ({"host": "not a host"}, "ikke noe e-postdomene"),
    "everybody's host": ({"host": "gmail.com"}, "Så mange har e-post der"),
    "everybody's host by another name": ({"host": "googlemail.com"}, "Så mange har e-post der"),
    "a time that has passed": ({"host": "example.org", "until": "2020-01-01T12:00"}, "Dette tidspunktet har vært"),
    "an address for a reason": ({"host": "example.org", "reason": "a@example.org"}, "ingen adresse her"),
    "no reason": ({"host": "example.org", "reason": ""}, "må fylles ut|påkrev"),
    "no list": ({"host": "example.org", "list": "x"}, "gyldig"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_stand_on_a_list_gets_a_sentence(case, log_in, petition):
    data, sentence = WRONG[case]
    answer = log_in("Signature officer").post(reverse("lists:index"), {"list": "block", "reason": "x"} | data)
    assert answer.status_code == 200
    assert re.search(sentence, words(answer))
    assert not ListedAddress.objects.exists()


def test_hosts_are_counted_and_lead_to_their_rows_and_to_the_lists(log_in, petition):
    officer = log_in("Signature officer")
    address = reverse("mail_hosts:index")
    body = words(officer.post(address, {"count": "", "count-petition": ""}))
    assert "spam.example" in body
    assert f"{reverse('lists:index')}?host=spam.example" in body
    held = Signature.objects.get(hold__isnull=False)
    assert 'value="spam.example"' in words(officer.get(address, {"host": "spam.example"}))
    data = {"search": "", "host-host": "spam.example", "host-petition": "", "host-purpose": "a crowd"}
    body = words(officer.post(address, data))
    assert screen(held) in body
    assert "x@" not in body
    assert "ikke noe e-postdomene" in words(officer.post(address, data | {"host-host": "?"}))
    assert "Ingen signatur" in words(officer.post(address, data | {"host-host": "other.example"}))


def test_without_the_key_hosts_cannot_be_looked_at(log_in, petition, settings):
    settings.SIGNER_MASTER_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
    answer = log_in("Signature officer").post(reverse("mail_hosts:index"), {"count": "", "count-petition": ""})
    assert "En nøkkel mangler" in words(answer)


def test_what_a_list_has_held_is_told_as_that(log_in, site):
    petition = PetitionFactory()
    lists.put(which=ListedAddress.List.BLOCK, host="spam.example", reason="x", by=None)
    sign(petition=petition, person=person(email="a@spam.example"), language="nb")
    body = words(log_in("Signature officer").get(screen(Signature.objects.get())))
    assert "står på blokkeringslisten" in body
    assert 'value="send"' not in body
