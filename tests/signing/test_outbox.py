from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from actions.signing.models import OutboxMail, Signer
from actions.signing.outbox import MAX_AGE, send_next
from actions.signing.sign import sign
from tests.factories import PetitionFactory, person

pytestmark = pytest.mark.django_db


def compose(mail, address):
    return EmailMessage("Receipt", "Thank you", to=[address], headers={"Message-ID": f"<{mail.pk}@test>"})


def broken(mail, address):
    raise ConnectionRefusedError(address)


@pytest.fixture
def mail():
    sign(petition=PetitionFactory(), person=person(), language="nb")
    return OutboxMail.objects.get()


def test_a_due_mail_is_sent_once(mail, mailoutbox):
    assert send_next(compose)
    assert not send_next(compose)
    assert [m.to for m in mailoutbox] == [["signer1@example.org"]]
    mail.refresh_from_db()
    assert mail.sent_at
    assert mail.attempts == 1


def test_a_mail_that_fails_waits_longer_each_time_and_names_nobody(mail, caplog):
    waits = []
    for _ in range(3):
        OutboxMail.objects.update(due_at=timezone.now())
        assert send_next(broken)
        mail.refresh_from_db()
        waits.append(round((mail.due_at - timezone.now()).total_seconds() / 60))
    assert waits == [1, 2, 4]
    assert not mail.sent_at
    assert not send_next(compose)
    assert "ConnectionRefusedError" in caplog.text
    assert "signer1" not in caplog.text


def test_a_mail_is_given_up_after_three_days(mail):
    old = timezone.now() - MAX_AGE - timedelta(hours=1)
    OutboxMail.objects.update(created_at=old, due_at=old)
    assert send_next(broken)
    mail.refresh_from_db()
    assert mail.gave_up_at
    assert not send_next(compose)


def test_the_mail_of_an_erased_signer_is_given_up(mail, mailoutbox):
    Signer.objects.all().delete()
    assert send_next(compose)
    mail.refresh_from_db()
    assert mail.gave_up_at
    assert not mailoutbox


def test_a_lost_key_keeps_the_mail_waiting(mail, settings):
    settings.SIGNER_MASTER_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
    assert send_next(compose)
    mail.refresh_from_db()
    assert not mail.gave_up_at
