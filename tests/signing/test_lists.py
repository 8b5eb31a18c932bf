"""Block and allow lists: who is held, who is let through, and that nothing can be read or learned of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from actions.rules.errors import BadAddress
from actions.signing import counting, links, lists, outbox, review
from actions.signing.models import AuditRecord, Hold, ListedAddress, OutboxMail, Signature
from actions.signing.own_keys import WrongSecret
from actions.signing.sign import sign
from tests.factories import PetitionFactory, person

pytestmark = pytest.mark.django_db

BLOCK, ALLOW = ListedAddress.List
KARI = "kari@throwaway.example"


def put(which=BLOCK, **given) -> ListedAddress:
    return lists.put(which=which, reason="a crowd", by=None, **given)


def signed(petition, email: str, **more) -> Signature:
    before = set(Signature.objects.values_list("pk", flat=True))
    assert sign(petition=petition, person=person(email=email), language="nb", **more) is None  # whatever became of it
    return Signature.objects.exclude(pk__in=before).get()


def send_all() -> list[str]:
    """Send what is due; the kinds that went out."""
    sent: list[str] = []
    while outbox.send_next(lambda letter: letter, lambda letter: sent.append(letter.mail.kind)):
        pass
    return sent


@pytest.mark.parametrize(
    "entry", [{"email": KARI}, {"email": "KARI+x@Throwaway.example"}, {"host": "throwaway.example"}]
)
def test_who_is_blocked_is_held_without_a_mail(entry):
    """Seen to fail with the mail sent."""
    petition = PetitionFactory()
    put(**entry)
    one = signed(petition, KARI)
    assert (one.state, one.hold.reason) == ("held", "blocked")
    assert counting.total(petition) == 0
    assert send_all() == []
    assert OutboxMail.objects.get().gave_up_why == "not needed"


def test_nobody_is_mailed_a_link_that_would_count_a_blocked_one():
    """Asked for by its owner, alone or beside another. Seen to fail with the link made: its button counts."""
    blocked = PetitionFactory()
    put(email=KARI)
    signed(blocked, KARI)
    links.ask_link(KARI)
    links.find_asked()
    assert "link" not in send_all()
    ListedAddress.objects.all().delete()
    other = signed(PetitionFactory(), KARI)
    links.ask_link(KARI)
    links.find_asked()
    told = []
    while outbox.send_next(lambda letter: letter, lambda letter: told.append(letter)):
        pass
    [mail] = [letter for letter in told if letter.mail.kind == "link"]
    assert mail.mail.signature_id == other.pk
    assert mail.others == []


@pytest.mark.parametrize("kind", ["at_once", "confirmed"])
def test_staff_count_what_a_list_has_held_and_undo_it(kind, staff):
    petition = PetitionFactory(counting=kind)
    put(email=KARI)
    one = signed(petition, KARI)
    rule = review.decide_one(signature=one, verb=review.Verb.COUNT, reason="a mistake", by=staff)
    assert counting.total(petition) == 1
    review.undo(rule.pk, by=staff)
    one.refresh_from_db()
    assert (one.state, one.hold.reason) == ("held", "blocked")
    assert counting.total(petition) == 0


HOSTS = {
    "throwaway.example": "held",
    "mail.throwaway.example": "held",
    "notthrowaway.example": "counted",
    "throwaway.example.org": "counted",
}


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_is_blocked_with_those_below_it(host):
    put(host="Throwaway.example")
    assert signed(PetitionFactory(), f"ola@{host}").state == HOSTS[host]


def test_what_stands_closest_holds():
    """Seen to fail with the order of the two turned around."""
    put(host="throwaway.example")
    put(ALLOW, host="club.throwaway.example")
    put(ALLOW, email=KARI)
    petition = PetitionFactory()
    told = {email: signed(petition, email).state for email in (KARI, "a@club.throwaway.example", "a@throwaway.example")}
    assert list(told.values()) == ["counted", "counted", "held"]
    assert lists.listed(KARI).list == "allow"
    assert lists.listed("a@club.throwaway.example").host == "club.throwaway.example"
    assert lists.listed("a@throwaway.example").list == "block"
    assert lists.listed("a@example.org") is None


@pytest.mark.parametrize(("suspicion", "state"), [("pace", "counted"), ("network", "counted"), ("trap", "held")])
def test_who_is_let_through_is_not_held_for_pace_or_network(suspicion, state):
    """A field that people cannot see stays one. Seen to fail with every suspicion dropped."""
    put(ALLOW, host="school.example")
    assert signed(PetitionFactory(), "a@school.example", suspicion=suspicion, network=b"12345678").state == state
    assert signed(PetitionFactory(), "a@other.example", suspicion=suspicion, network=b"12345678").state == "held"


def test_who_is_let_through_confirms_where_everybody_does():
    put(ALLOW, host="school.example")
    assert signed(PetitionFactory(counting="confirmed"), "a@school.example", suspicion="pace").state == "awaiting"


def test_a_list_holds_until_its_day():
    """Seen to fail without the look at the clock."""
    put(email=KARI, until=timezone.now() + timedelta(hours=1))
    assert signed(PetitionFactory(), KARI).state == "held"
    ListedAddress.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert signed(PetitionFactory(), KARI).state == "counted"
    assert lists.listed(KARI) is None


def test_what_is_put_on_a_list_again_takes_the_place_of_what_was_there():
    first = put(email=KARI)
    assert put(ALLOW, email="kari+again@throwaway.example").pk == first.pk
    assert ListedAddress.objects.get().list == "allow"
    put(host="pm.me")
    assert put(ALLOW, host="protonmail.com").host == "proton.me"
    assert ListedAddress.objects.count() == 2


@pytest.mark.parametrize("host", ["no", "", "a b", "example.org/x", "@"])
def test_what_is_no_host_is_refused(host):
    with pytest.raises(BadAddress):
        put(host=host)


def test_an_address_on_a_list_leads_to_no_signature():
    """Nothing of it is readable, and no petition's digest is made from it. Seen to fail with the value itself kept."""
    petition = PetitionFactory()
    one = signed(petition, KARI)
    kept = bytes(put(email=KARI).digest)
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(l)::text from actions_listedaddress l")
        assert "kari" not in cursor.fetchone()[0].lower()
        cursor.execute("select actions_digest(%s, %s)", [petition.pk, kept])
        assert bytes(cursor.fetchone()[0]) != bytes(one.digest)
        cursor.execute("select sha256(digest_salt || %s) from actions_petition where id = %s", [kept, petition.pk])
        assert bytes(cursor.fetchone()[0]) != bytes(one.digest)


def test_with_another_secret_nothing_is_listed(settings):
    """It would never be found. Seen to fail without the look at the secret."""
    signed(PetitionFactory(), KARI)
    from actions.signing.own_keys import note_digest_secret

    note_digest_secret()
    settings.SIGNER_DIGEST_SECRET = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
    with pytest.raises(WrongSecret):
        put(email=KARI)
    with pytest.raises(WrongSecret):
        lists.listed(KARI)


def test_every_change_of_a_list_stands_in_the_trail_without_an_address():
    entry = put(email=KARI)
    put(host="throwaway.example")
    entry.delete()
    told = list(AuditRecord.objects.filter(verb="listed").order_by("pk").values_list("purpose", flat=True))
    assert len(told) == 3
    assert "host" not in told[0]
    assert "throwaway.example" in told[1]
    assert told[2].endswith("→ –")
    assert "kari" not in " ".join(told)


def test_in_high_risk_mode_a_blocked_attempt_gets_no_code_and_goes():
    from actions.signing.erase import forget_unconfirmed

    petition = PetitionFactory(high_risk=True)
    put(email=KARI)
    signed(petition, KARI)
    assert send_all() == []
    assert forget_unconfirmed() == 1
    assert not Hold.objects.exists()
