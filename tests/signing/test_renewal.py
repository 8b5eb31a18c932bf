"""Addresses digested under a version from before: nobody counts twice, nobody is locked out, nobody is told."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from actions.rules import address
from actions.signing import addresses, counting, importing, links, outbox, register, renewal
from actions.signing.models import AuditRecord, OutboxMail, Signature, SignatureImport, Signer, Withdrawal
from actions.signing.sign import sign
from actions.signing.uploads import keep
from tests.factories import PetitionFactory, hold, person

pytestmark = pytest.mark.django_db
DOTTED, PLAIN, UNDERSCORED = "john.doe@proton.me", "johndoe@proton.me", "john_doe@protonmail.com"
State = Signature.State


@pytest.fixture
def petition():
    return PetitionFactory()


def signed_before(petition, email: str = DOTTED, **more) -> Signature:
    """A signature as version 2 has stored it."""
    known = set(Signature.objects.values_list("pk", flat=True))
    sign(petition=petition, person=person(email=email), language="nb", **more)
    signature = Signature.objects.exclude(pk__in=known).get()
    digest = addresses.digests_in(petition, email)[-1]
    which = "claim" if petition.high_risk else "digest"
    Signature.objects.filter(pk=signature.pk).update(canonical_version=2, **{which: digest})
    signature.refresh_from_db()
    return signature


def signs(petition, email: str) -> None:
    sign(petition=petition, person=person(email=email), language="nb")


def send() -> list[str]:
    """Send what is due; returns to whom."""
    sent: list[str] = []
    while outbox.send_next(lambda letter: sent.append(letter.address), lambda made: None):
        pass
    return sent


def test_one_mailbox_signs_once_however_it_is_spelled(petition):
    """Seen to fail: four counted."""
    for email in (DOTTED, PLAIN, UNDERSCORED, "johndoe@pm.me", "John-Doe+x@protonmail.ch"):
        signs(petition, email)
    assert counting.total(petition) == 1


@pytest.mark.parametrize("email", [DOTTED, PLAIN, UNDERSCORED])
def test_who_signed_before_is_known_once_the_worker_has_looked(petition, email):
    before = signed_before(petition)
    assert renewal.renew() == 1
    before.refresh_from_db()
    assert before.canonical_version == address.VERSION
    signs(petition, email)
    assert (Signature.objects.count(), counting.total(petition)) == (1, 1)
    assert renewal.renew() == 0
    assert AuditRecord.objects.get(verb="matched").number == 1


def test_who_signs_again_before_the_worker_has_looked_counts_once_and_gets_no_mail(petition):
    """Seen to fail without the look before the first mail: counted twice."""
    signed_before(petition)
    OutboxMail.objects.all().delete()
    signs(petition, DOTTED)
    assert counting.total(petition) == 2
    assert send() == []
    assert counting.total(petition) == 1
    assert counting.counts(petition).agree
    assert Signer.objects.count() == 1
    assert not Withdrawal.objects.exists(), "nobody has withdrawn"
    signs(petition, DOTTED)  # and so for ever
    send()
    renewal.renew()
    signs(petition, PLAIN)
    assert counting.total(petition) == 1
    assert Signature.objects.filter(state=State.COUNTED).count() == 1


@pytest.mark.parametrize("mark", [{"never": True}, {"taken": True}], ids=["it was not me", "erased"])
@pytest.mark.parametrize(
    "how", [{}, {"counting": "confirmed"}, {"high_risk": True}], ids=["at once", "confirmed", "code"]
)
def test_what_was_marked_under_a_version_before_holds(mark, how):
    """A mark has no address to be made anew from: the worker looks for it before it sends the first mail."""
    petition = PetitionFactory(**how)
    digest = addresses.digests_in(petition, DOTTED)[-1]
    Withdrawal.objects.create(digest=digest, petition=petition, **mark)
    signs(petition, DOTTED)
    assert send() == []
    assert counting.total(petition) == 0
    assert not Signer.objects.exists()
    assert Withdrawal.objects.filter(pk=digest, **mark).exists()
    assert Withdrawal.objects.count() == 1


def test_who_withdrew_may_sign_again(petition):
    Withdrawal.objects.create(digest=addresses.digests_in(petition, DOTTED)[-1], petition=petition)
    signs(petition, DOTTED)
    assert send() == [DOTTED]
    assert counting.total(petition) == 1


def test_under_a_legal_hold_a_repeated_one_is_kept_and_does_not_count(petition, staff):
    signed_before(petition)
    signs(petition, DOTTED)
    hold(petition, staff)
    send()
    assert counting.total(petition) == 1


def test_of_two_that_turn_out_to_be_one_mailbox_the_earlier_stays(petition):
    first, second = signed_before(petition), signed_before(petition, UNDERSCORED)
    assert renewal.renew() == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.COUNTED, State.INVALIDATED)
    assert counting.total(petition) == 1
    assert counting.counts(petition).agree
    assert AuditRecord.objects.get(verb="invalidated").signature_id == second.pk
    assert [row.pk for row in addresses.signatures_of(UNDERSCORED)] == [first.pk, second.pk], "both are found"


def test_what_counts_stays_and_what_waits_goes():
    petition = PetitionFactory(counting="confirmed")
    waits, counts = signed_before(petition), signed_before(petition, UNDERSCORED)
    links.confirm(links.make_link(counts, with_code=False)[0])
    renewal.renew()
    waits.refresh_from_db()
    counts.refresh_from_db()
    assert (waits.state, counts.state) == (State.INVALIDATED, State.COUNTED)


def test_a_form_that_has_ended_keeps_its_number_and_finds_everybody(petition):
    signed_before(petition), signed_before(petition, UNDERSCORED)
    petition.ends_at = timezone.now()
    petition.save()
    assert renewal.renew() == 2
    assert counting.total(petition) == 2


def test_whoever_signed_before_gets_the_link_before_and_after(petition):
    """Seen to fail: the address was looked for in its new form alone."""
    signed_before(petition)
    OutboxMail.objects.all().delete()
    links.ask_link(DOTTED)
    assert links.find_asked() == 2  # one mailbox, two forms of it
    assert OutboxMail.objects.get().kind == "link"
    OutboxMail.objects.all().delete()
    renewal.renew()
    links.ask_link(UNDERSCORED)
    links.find_asked()
    assert OutboxMail.objects.get().kind == "link"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("renewed", [False, True])
def test_a_code_from_before_counts(renewed):
    petition = PetitionFactory(high_risk=True)
    signature = signed_before(petition)
    _token, code = links.make_link(signature, with_code=True)
    if renewed:
        renewal.renew()
    assert links.confirm_with_code(petition=petition, email=DOTTED, code=code) == "confirmed"
    assert counting.total(petition) == 1


def test_staff_find_who_signed_before(petition, staff):
    before = signed_before(petition)
    assert register.find(petition=petition, email=DOTTED, by=staff, purpose="x").pk == before.pk
    assert [row.pk for row in addresses.signatures_of(DOTTED)] == [before.pk]


@pytest.mark.parametrize("dry", [True, False], ids=["trial", "import"])
def test_a_file_brings_nobody_in_who_signed_before(dry, staff):
    """Seen to fail without the look at the digests from before: counted twice."""
    petition = PetitionFactory(opens_at=datetime(2019, 1, 1, tzinfo=UTC))
    signed_before(petition)
    file, upload = keep([f"name,email\nJohn,{DOTTED}\nJo,kari@example.org\n".encode()], name="old.csv")
    task = SignatureImport.objects.create(
        petition=petition, file=file, header=upload.header, mapping={"name": "name", "email": "email"}, dry=dry,
        language="nb", purpose="x", expected=file.size, by=staff, signed_on=date(2020, 2, 29),
    )  # fmt: skip
    importing.carry_out(task.pk)
    task.refresh_from_db()
    assert (task.added, task.known, task.refused) == (1, 1, 0)


def test_nobody_is_opened_whose_data_are_used_no_more(petition, staff):
    before = signed_before(petition)
    hold(petition, staff)
    links.erase(links.make_link(before, with_code=False)[0])
    assert renewal.renew() == 0


def test_an_address_of_another_provider_costs_no_question(petition, django_assert_num_queries):
    signature = Signature(petition=petition, state=State.COUNTED)
    with django_assert_num_queries(0):
        assert not renewal.is_repeated(signature, "kari@example.org")


def test_the_outbox_says_that_such_a_mail_was_not_needed(petition):
    signed_before(petition)
    OutboxMail.objects.all().delete()
    signs(petition, DOTTED)
    assert outbox.send_next(lambda letter: pytest.fail("composed")) == outbox.Outcome.GIVEN_UP
