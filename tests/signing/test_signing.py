"""The service: one call, one statement."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from actions.rules.errors import BadAddress, ChangeRefused, NotOpen, PetitionHasSignatures
from actions.signing import life
from actions.signing.counting import total
from actions.signing.keys import KeyLost, new_keys
from actions.signing.models import ConsentText, OutboxMail, Petition, PetitionChange, Signature, Signer, Tally
from actions.signing.sealing import SealBroken, open_person
from actions.signing.sign import sign
from tests.factories import PetitionFactory, person

pytestmark = pytest.mark.django_db


def opened(signer, petition):
    return open_person(sealed=signer.sealed, signature_id=signer.pk, petition=petition)


def everything_written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Signature, Signer, Tally, OutboxMail))


def test_a_signature_is_recorded_sealed_counted_and_gets_a_receipt():
    petition = PetitionFactory()
    sign(petition=petition, person=person(phone="22 00 00 00"), language="nn", country="NO", contact_other=True)
    signature = Signature.objects.get()
    assert (signature.state, signature.language, signature.country) == ("counted", "nn", "NO")
    assert abs(signature.signed_at - timezone.now()) < timedelta(minutes=1)
    assert not signature.signer.contact_action
    assert signature.signer.contact_other
    assert opened(signature.signer, petition) == person(phone="22 00 00 00")
    assert total(petition) == 1
    assert OutboxMail.objects.get().signature == signature


def test_signing_is_one_statement(django_assert_num_queries):
    petition = PetitionFactory()
    with django_assert_num_queries(1):
        sign(petition=petition, person=person(), language="nb")


@pytest.mark.parametrize(
    ("first", "second"),
    [("kari@example.org", "KARI@example.ORG"), ("ka.ri@gmail.com", "kari+2@googlemail.com"),
     ("kari@blåbær.no", "kari@xn--blbr-roah.no")],
)  # fmt: skip
def test_second_signature_with_the_same_mailbox_changes_nothing(first, second):
    petition = PetitionFactory()
    sign(petition=petition, person=person(email=first), language="nb")
    before = everything_written()
    sign(petition=petition, person=person(email=second, name="Other"), language="en")
    assert everything_written() == before
    assert total(petition) == 1


def test_the_same_address_signs_another_petition():
    one, two = PetitionFactory(), PetitionFactory()
    sign(petition=one, person=person(), language="nb")
    sign(petition=two, person=person(), language="nb")
    assert len(set(Signature.objects.values_list("digest", flat=True))) == 2
    assert (total(one), total(two)) == (1, 1)


def test_uniqueness_is_held_by_the_database():
    petition = PetitionFactory()
    sign(petition=petition, person=person(), language="nb")
    twin = Signature.objects.get()
    twin.pk = new_id = Signature._meta.pk.get_default()
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature(**{f.attname: getattr(twin, f.attname) for f in Signature._meta.fields} | {"id": new_id}).save(
            force_insert=True
        )


@pytest.mark.parametrize(
    "closed",
    [{"ended": True}, {"scheduled": True, "ends_at": None}, {"draft": True}, {"paused": True},
     {"ends_at": "now"}],
)  # fmt: skip
def test_what_is_not_open_stores_nothing(closed):
    if closed.get("ends_at") == "now":
        closed = {"ends_at": timezone.now()}
    petition = PetitionFactory(**closed)
    with pytest.raises(NotOpen):
        sign(petition=petition, person=person(), language="nb")
    assert everything_written() == (0, 0, 0, 0)


def test_the_database_decides_and_not_what_the_caller_believes():
    petition = PetitionFactory(ended=True)
    petition.ends_at = timezone.now() + timedelta(days=1)  # never saved
    with pytest.raises(NotOpen):
        sign(petition=petition, person=person(), language="nb")


def test_a_bad_address_stores_nothing():
    with pytest.raises(BadAddress):
        sign(petition=PetitionFactory(), person=person(email="nobody"), language="nb")
    assert everything_written() == (0, 0, 0, 0)


def test_a_sealed_value_moved_to_another_row_does_not_open():
    petition = PetitionFactory()
    for number in (1, 2):
        sign(petition=petition, person=person(number), language="nb")
    one, two = Signer.objects.all()
    one.sealed = two.sealed
    with pytest.raises(SealBroken):
        opened(one, petition)


def test_another_petitions_key_opens_nothing():
    petition, other = PetitionFactory(), PetitionFactory()
    sign(petition=petition, person=person(), language="nb")
    with pytest.raises(SealBroken):
        opened(Signer.objects.get(), other)


def test_without_the_master_key_nobody_reads(settings):
    petition = PetitionFactory()
    sign(petition=petition, person=person(), language="nb")
    settings.SIGNER_MASTER_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
    with pytest.raises(KeyLost):
        opened(Signer.objects.get(), petition)


def test_keys_are_new_for_every_petition():
    assert not set(new_keys()) & set(new_keys())


def test_no_personal_data_outside_the_seal():
    marker = "Zanzibarmarkør"
    petition = PetitionFactory()
    sign(petition=petition, person=person(name=marker, email="zanzibar@example.org"), language="nb")
    for model in (Signature, Signer, Tally, OutboxMail, Petition):
        with connection.cursor() as cursor:
            cursor.execute(f"select t::text from {model._meta.db_table} t")
            text = str(cursor.fetchall())
        assert marker not in text
        assert "zanzibar" not in text
        assert marker.encode().hex() not in text
    assert "Zanzibar" not in repr(person(name=marker))
    assert str(Signature.objects.get()) == str(Signature.objects.get().pk)


def test_a_signed_petition_cannot_be_deleted():
    petition = PetitionFactory()
    sign(petition=petition, person=person(), language="nb")
    with pytest.raises(PetitionHasSignatures):
        petition.delete()
    with pytest.raises(PetitionHasSignatures):
        Petition.objects.all().delete()


@pytest.mark.parametrize(("opens", "ends"), [(0, -1), (0, 0)])
def test_an_end_before_the_opening_is_refused_by_the_database(opens, ends):
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        PetitionFactory(opens_at=now + timedelta(days=opens), ends_at=now + timedelta(days=ends))


class TestLife:
    def test_closing_now_ends_at_the_databases_instant_and_is_recorded(self, staff):
        petition = PetitionFactory()
        closed = life.close_now(petition=petition, by=staff, reason="Demands met")
        assert closed.ends_at <= timezone.now()
        with pytest.raises(NotOpen):
            sign(petition=petition, person=person(), language="nb")
        change = PetitionChange.objects.get()
        assert (change.verb, change.by, change.reason) == ("close", staff, "Demands met")
        assert change.before["ends_at"] == petition.ends_at.isoformat()
        assert change.after["ends_at"] == closed.ends_at.isoformat()

    def test_extending_reopening_pausing_and_resuming(self, staff):
        later = timezone.now() + timedelta(days=30)
        petition = PetitionFactory(ended=True)
        given = {"petition": petition, "by": staff, "reason": "because"}
        assert life.reopen(ends_at=later, **given).ends_at == later
        assert life.extend(ends_at=None, **given).ends_at is None
        assert life.pause(**given).paused
        with pytest.raises(NotOpen):
            sign(petition=petition, person=person(), language="nb")
        assert not life.resume(**given).paused
        sign(petition=petition, person=person(), language="nb")
        assert total(petition) == 1
        verbs = list(PetitionChange.objects.order_by("id").values_list("verb", flat=True))
        assert verbs == ["reopen", "extend", "pause", "resume"]

    @pytest.mark.parametrize("verb", [life.close_now, life.extend, life.pause])
    def test_what_makes_no_sense_is_refused_and_leaves_no_record(self, verb):
        more = {"ends_at": None} if verb is life.extend else {}
        with pytest.raises(ChangeRefused):
            verb(petition=PetitionFactory(ended=True), by=None, reason="x", **more)
        assert not PetitionChange.objects.exists()

    def test_an_end_in_the_past_is_refused(self):
        with pytest.raises(ChangeRefused):
            life.extend(petition=PetitionFactory(), ends_at=timezone.now(), by=None, reason="x")


def test_a_consent_text_is_kept_once_per_version():
    from actions.signing.consents import known, record

    first = record(language="nb", contact_action="a", contact_other="b")
    assert record(language="nb", contact_action="a", contact_other="b") == first
    second = record(language="nb", contact_action="a, changed", contact_other="b")
    assert (first.version, second.version) == (1, 2)
    assert record(language="nn", contact_action="a", contact_other="b").version == 1
    assert known(first.fingerprint) == first
    assert ConsentText.objects.count() == 3
