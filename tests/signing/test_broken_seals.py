"""A seal that does not open stops nothing: whoever has broken into the public process can store one."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone
from nacl.bindings import sodium_pad
from nacl.public import PublicKey, SealedBox

from actions.backoffice.package_words import tell
from actions.delivery import package
from actions.delivery.deliver import deliver
from actions.delivery.selectors import may_receive
from actions.signing import alarms, erase, exporting, files, links, members, names, outbox, requests, review
from actions.signing.models import AuditRecord, OutboxMail, PublicName, Signature, Signer, SignerRequest
from actions.signing.sealing import Person, SealBroken, open_person, seal_content
from tests.factories import PetitionFactory, RecipientFactory, action, several, told

pytestmark = pytest.mark.django_db

SURPRISES = {
    "noise": lambda petition, pk: b"\x00",
    "other blocks": lambda petition, pk: _box(petition, b"{}"),
    "no JSON": lambda petition, pk: _box(petition, sodium_pad(b"\xff{", 256)),
    "a list": lambda petition, pk: _box(petition, sodium_pad(b"[]", 256)),
    "no ids": lambda petition, pk: _box(petition, sodium_pad(b"{}", 256)),
    "deep": lambda petition, pk: _box(petition, sodium_pad(b"[" * 12_000, 256)),
    "a number for a name": lambda petition, pk: seal_content(
        {"name": 5, "email": "x@example.org"}, signature_id=pk, petition=petition
    ),
    "more than we ask": lambda petition, pk: seal_content(
        {"name": "x", "email": "x@example.org", "more": "x"}, signature_id=pk, petition=petition
    ),
}


def _box(petition, content: bytes) -> bytes:
    return SealedBox(PublicKey(bytes(petition.public_key))).encrypt(content)


@pytest.fixture
def petition(site):
    made = PetitionFactory(show_names=True)
    action(site, made)
    notice = told(made, "name", RecipientFactory())
    several(made, 3, contact_action=True, contact_other=True, show_name=True, hand_over_notice=notice)
    return made


@pytest.fixture
def broken(petition):
    """The middle one of three."""
    signature = Signature.objects.order_by("signed_at")[1]
    Signer.objects.filter(pk=signature.pk).update(sealed=b"\x00")
    return signature


def named() -> list:
    return list(AuditRecord.objects.filter(verb="broken").values_list("signature_id", flat=True))


@pytest.mark.parametrize("what", SURPRISES)
def test_whatever_is_sealed_is_a_person_or_broken(what, petition):
    """Seen to fail: a number for a name came through, and a list ended in another error."""
    signature = Signature.objects.first()
    with pytest.raises(SealBroken):
        open_person(sealed=SURPRISES[what](petition, signature.pk), signature_id=signature.pk, petition=petition)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_goes_on_and_the_audit_trail_says_which_row(kind, petition, broken, staff):
    """Seen to fail: \"failed: SealBroken\", and no file."""
    export = exporting.ask(
        petition=petition, format=kind, columns=["number", "name"], criteria={}, purpose="x", by=staff
    )
    assert exporting.build(export.pk)
    export.refresh_from_db()
    assert (export.progress, export.done) == ("done", 3)
    if kind == "csv":
        data = b"".join(exporting.take(export, by=staff)[1]).decode("utf-8-sig")
        rows = dict(list(csv.reader(io.StringIO(data)))[1:])
        assert len(rows) == 3
        assert [number for number, name in rows.items() if not name] == [str(broken.pk)]
    assert named() == [broken.pk]
    exporting.build(
        exporting.ask(petition=petition, format=kind, columns=["name"], criteria={}, purpose="x", by=staff).pk
    )
    assert named() == [broken.pk]


def test_a_hand_over_goes_on(petition, broken, staff):
    petition.ends_at = timezone.now()
    petition.save()
    given = {"petition": petition, "recipients": list(may_receive(petition)), "delivered_on": timezone.localdate()}
    delivery = deliver(**given, by=staff)
    assert delivery.signatures == 3
    made = package.ask(delivery=delivery, language="nb", format="csv", level="name", by=staff)
    assert package.build(made.pk, tell)
    made.refresh_from_db()
    with zipfile.ZipFile(io.BytesIO(b"".join(files.read(made.file)))) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert len(archive.read("signatures.csv").splitlines()) == 3
    assert (manifest["signatures"]["online"], manifest["listed_by_name"]) == (3, 2)
    assert named() == [broken.pk]


def test_first_names_go_on_and_it_is_not_looked_at_again(petition, broken):
    """Seen to fail: no name was shown any more."""
    assert names.prepare(timezone.now()) == 3
    assert PublicName.objects.count() == 2
    assert names.prepare(timezone.now()) == 0


def test_mails_go_on(petition, broken):
    while outbox.send_next(lambda letter: None, lambda message: None):
        pass
    assert dict(OutboxMail.objects.values_list("signature", "gave_up_why")) == {
        pk: ("SealBroken" if pk == broken.pk else "") for pk in Signature.objects.values_list("pk", flat=True)
    }


def test_the_membership_system_gets_the_others(petition, broken, settings):
    settings.MEMBERS_TOKENS = ["x"]
    assert members.notice() == 2
    assert [event["type"] for event in members.page(None).events] == ["contact.consented", "contact.consented"]
    assert members.notice() == 0


def test_one_person_is_searched_for_and_erased(petition, broken, staff):
    """Seen to fail: nobody with such a row could get his data or be erased by address."""
    (found,) = erase.subject_access(email="signer1@example.org", by=staff, purpose="x")
    assert (found["damaged"], found["person"]) == (True, {})
    assert erase.erase_address(email="signer1@example.org", by=staff, purpose="x").signatures == 1


def test_reviewing_by_what_is_sealed_and_looking_for_jumps_go_on(petition, broken, staff):
    rule = review.decide(
        petition=petition,
        verb=review.Verb.HOLD,
        criteria=review.Criteria(domain="example.org"),
        reason="x",
        by=staff,
    )
    review.carry_out(rule.pk)
    assert Signature.objects.filter(state="held").count() == 2
    assert alarms._domains(petition, timezone.now() - timedelta(hours=1)) == []


def test_staff_see_the_others(petition, broken, staff_client):
    answer = staff_client.post(
        f"/admin/signature-forms/{petition.pk}/signatures/", {"open": "", "names-purpose": "check"}
    )
    shown = answer.content.decode()
    assert "signer0@example.org" in shown
    assert "signer2@example.org" in shown
    assert shown.count("kunne ikke åpnes") == 1


def test_a_copy_of_it_says_that_it_is_damaged(petition, broken):
    token, _code = links.make_link(broken, with_code=False)
    links.ask_copy(token)
    assert requests.answer_next()
    assert links.open_copy(token, links.facts(token))["damaged"]


def test_a_correction_can_correct_the_name_only(petition):
    """Seen to fail: whoever holds a link, and seals it himself, changed the address as well."""
    signature = Signature.objects.first()
    sealed = seal_content({"name": "x", "email": "evil@example.org"}, signature_id=signature.pk, petition=petition)
    SignerRequest.objects.create(signature=signature, kind="correct", sealed=sealed)
    assert requests.answer_next()
    assert SignerRequest.objects.get().failed == "SealBroken"
    signer = Signer.objects.get(pk=signature.pk)
    person: Person = open_person(sealed=signer.sealed, signature_id=signer.pk, petition=petition)
    assert person.email != "evil@example.org"
