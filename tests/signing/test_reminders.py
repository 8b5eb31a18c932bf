"""“Remind me when it opens”: one question to a mailbox, one mail to who said yes, and then nothing is left."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from actions.rules.errors import BadAddress, NotOpen
from actions.signing import cases, erase, links, reminders
from actions.signing.limits import forget_kept
from actions.signing.models import AuditRecord, OpeningReminder, Petition, RightsCase, SigningRules
from actions.signing.outbox import Outcome
from actions.signing.sign import sign
from actions.web.reminder_mail import compose
from tests.factories import PetitionFactory, action, person

pytestmark = pytest.mark.django_db

KARI = "kari@example.org"
LINK = re.compile(r"/my-signature/remind/([\w-]{43})/")


@pytest.fixture
def petition(site):
    made = PetitionFactory(scheduled=True)
    action(site, made)
    return made


def ask(petition, email=KARI) -> None:
    reminders.ask(petition=petition, email=email, language="nb")


def token() -> str:
    return LINK.search(mail.outbox[-1].body)[1]


def wanted(petition, email=KARI) -> str:
    """One who has said yes; the token of the link."""
    ask(petition, email)
    assert reminders.send_next(compose) is Outcome.SENT
    reminders.answer(token(), yes=True)
    return token()


def opens(petition) -> None:
    Petition.objects.filter(pk=petition.pk).update(opens_at=timezone.now() - timedelta(minutes=1))


def test_from_the_question_to_the_opening_and_nothing_is_left(petition, site):
    ask(petition)
    call_command("send_mail", "--once")
    [question] = mail.outbox
    assert (question.to, question.subject) == ([KARI], "Skal vi minne deg på det? Fengslet uten dom")
    reminders.answer(token(), yes=True)
    call_command("send_mail", "--once")
    assert len(mail.outbox) == 1, "it has not opened yet"
    opens(petition)
    call_command("send_mail", "--once")
    [_question, told] = mail.outbox
    assert told.subject == "Nå kan du skrive under: Fengslet uten dom"
    assert "?s=reminder" in told.body
    assert not OpeningReminder.objects.exists()
    call_command("send_mail", "--once")
    assert len(mail.outbox) == 2


def test_who_does_not_say_yes_hears_nothing_more(petition):
    """Anybody can type anybody's address. Seen to fail without the question."""
    ask(petition)
    reminders.send_next(compose)
    opens(petition)
    assert reminders.send_next(compose) is Outcome.NOTHING
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("spelling", [KARI, "Kari@Example.org", "kari+1@example.org"])
def test_a_mailbox_is_asked_once_however_often_it_is_typed(spelling, petition):
    """Seen to fail without the look at who was asked."""
    for _time in range(3):
        ask(petition)
        ask(petition, spelling)
        while reminders.send_next(compose):
            pass
    assert len(mail.outbox) == 1
    assert OpeningReminder.objects.count() == 1


def test_after_a_no_the_address_is_gone_and_nobody_can_have_it_asked_again(petition):
    ask(petition)
    reminders.send_next(compose)
    known = token()
    reminders.answer(known, yes=False)
    assert bytes(OpeningReminder.objects.get().sealed) == b""
    with pytest.raises(links.BadLink):
        reminders.answer(known, yes=True)
    ask(petition)
    while reminders.send_next(compose):
        pass
    opens(petition)
    assert reminders.send_next(compose) is Outcome.NOTHING
    assert len(mail.outbox) == 1
    reminders.forget_old()
    assert not OpeningReminder.objects.exists()


def test_whose_owner_said_that_it_was_somebody_else_is_not_asked(petition):
    """From before the form was opened again."""
    Petition.objects.filter(pk=petition.pk).update(opens_at=timezone.now() - timedelta(days=1))
    sign(petition=petition, person=person(email=KARI), language="nb")
    links.refuse(links.make_link(erase.signatures_of(KARI)[0], with_code=False)[0])
    Petition.objects.filter(pk=petition.pk).update(opens_at=timezone.now() + timedelta(days=1))
    ask(petition)
    assert reminders.send_next(compose) is Outcome.GIVEN_UP
    assert mail.outbox == []


@pytest.mark.parametrize(
    "state", [{}, {"ended": True}, {"draft": True}, {"scheduled": True, "high_risk": True}], ids=str
)
def test_there_is_nothing_to_wait_for(state, site):
    """In high-risk mode no mail may name the action."""
    with pytest.raises(NotOpen):
        ask(PetitionFactory(**state))
    assert not OpeningReminder.objects.exists()


def test_what_is_no_address_is_refused(petition):
    with pytest.raises(BadAddress):
        ask(petition, "kari")


def test_the_address_stands_nowhere_in_the_clear(petition, django_db_blocker):
    ask(petition)
    row = OpeningReminder.objects.get()
    written = b"".join(bytes(value) for value in (row.sealed, row.digest))
    assert b"kari" not in written
    assert str(row) == str(row.pk)


def test_strangers_are_asked_slowly(petition):
    """Seen to fail without the limit."""
    SigningRules.objects.update_or_create(pk=1, defaults={"held_mails_per_hour": 1})
    forget_kept()
    for number in range(reminders.TIMES_HELD + 3):
        ask(petition, f"stranger{number}@example.org")
    while reminders.send_next(compose):
        pass
    assert len(mail.outbox) == reminders.TIMES_HELD
    assert OpeningReminder.objects.filter(asked_at=None, due_at__gt=timezone.now()).count() == 3


def test_it_counts_towards_the_mails_of_the_day(site):
    for number in range(5):
        made = PetitionFactory(scheduled=True)
        action(site, made, slug=f"sak-{number}")
        ask(made)
    while reminders.send_next(compose):
        pass
    assert len(mail.outbox) == 2


def test_a_mail_that_fails_is_tried_again_and_the_first_link_stays_none(petition):
    ask(petition)

    def fail(_message):
        raise OSError("kari@example.org refused")

    assert reminders.send_next(compose, fail) is Outcome.PUT_OFF
    row = OpeningReminder.objects.get()
    assert (row.attempts, row.asked_at, row.link_hash) == (1, None, None)
    assert row.due_at > timezone.now()


def test_a_paused_form_waits_and_an_ended_one_is_forgotten(petition):
    wanted(petition)
    opens(petition)
    Petition.objects.filter(pk=petition.pk).update(paused=True)
    assert reminders.send_next(compose) is Outcome.NOTHING
    Petition.objects.filter(pk=petition.pk).update(paused=False, ends_at=timezone.now())
    assert reminders.send_next(compose) is Outcome.GIVEN_UP
    assert not OpeningReminder.objects.exists()
    assert len(mail.outbox) == 1


def test_an_opening_that_is_moved_is_waited_for(petition):
    wanted(petition)
    later = timezone.now() + timedelta(days=40)
    Petition.objects.filter(pk=petition.pk).update(opens_at=later, ends_at=later + timedelta(days=7))
    assert reminders.send_next(compose) is Outcome.NOTHING
    assert reminders.forget_old() == 0


def test_no_address_is_kept_that_nobody_answered_for(petition):
    ask(petition)
    reminders.send_next(compose)
    OpeningReminder.objects.update(asked_at=timezone.now() - timedelta(days=8))
    assert reminders.forget_old() == 1
    assert bytes(OpeningReminder.objects.get().sealed) == b""


@pytest.mark.parametrize("field", ["opens_at", "created_at"])
def test_nothing_is_kept_beyond_its_time(field, petition):
    wanted(petition)
    if field == "opens_at":
        Petition.objects.filter(pk=petition.pk).update(opens_at=timezone.now() - timedelta(days=4))
    else:
        OpeningReminder.objects.update(created_at=timezone.now() - timedelta(days=400))
    reminders.forget_old()
    assert not OpeningReminder.objects.exists()


def test_it_is_erased_shown_and_asked_for_with_all_else(petition, staff):
    wanted(petition)
    [told] = erase.subject_access(email=KARI, by=staff, purpose="case")
    assert (told["email"], told["title"]) == (KARI, "Fengslet uten dom")
    case = cases.begin(
        email=KARI, kind="erase", reference="1", received_on=timezone.localdate(), identity="link", by=staff
    )
    assert [one["email"] for one in cases.everything_of(case, by=staff)] == [KARI]
    erase.erase_signatures(case.signatures, by=staff, purpose="case")
    assert not OpeningReminder.objects.exists()
    assert RightsCase.objects.get().signatures == []
    wanted(petition)
    erase.erase_address(email=KARI, by=staff, purpose="case")
    assert not OpeningReminder.objects.exists()


def test_each_opening_of_the_seal_is_recorded(petition):
    wanted(petition)
    opens(petition)
    reminders.send_next(compose)
    purposes = AuditRecord.objects.filter(verb="mailed").order_by("pk").values_list("purpose", flat=True)
    assert list(purposes) == ["opening, ask", "opening, open"]
