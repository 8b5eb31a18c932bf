"""R26: one address submitted again and again, over many actions and over one, gets three mails a day.

The long form, `-m long`, submits 10 000 times over 100 actions.
"""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db.models import F

from actions.signing import links
from actions.signing.models import AddressMail, OutboxMail, Signature
from actions.signing.sign import sign
from tests.factories import PetitionFactory, action, person

pytestmark = pytest.mark.django_db

SPELLINGS = ["kari@example.org", "KARI@example.org", "kari+1@example.org", "Kari+x@Example.ORG"]


@pytest.mark.parametrize(
    ("submissions", "actions"), [(200, 10), (20, 1), (20, 2), pytest.param(10_000, 100, marks=pytest.mark.long)]
)
def test_no_mailbox_is_flooded(submissions, actions, site, settings):
    """Seen to fail with `_claim` counting nothing."""
    petitions = [PetitionFactory(counting=("at_once", "confirmed")[n % 2]) for n in range(actions)]
    for number, petition in enumerate(petitions):
        action(site, petition, title=f"Aksjon {number}", slug=f"aksjon-{number}")
    for number in range(submissions):
        who = person(name="Zanzibar", email=SPELLINGS[number % 4], comment="Zanzibar")
        sign(petition=petitions[number % actions], person=who, language=("nb", "nn", "en")[number % 3])
        if number % 50 == 0:
            links.ask_link("kari@example.org")
        if number % (submissions // 20) == 0:  # signing again calls for a mail once the last one has gone
            call_command("send_mail", "--once")
            OutboxMail.objects.update(sent_at=F("sent_at") - timedelta(minutes=1))
            Signature.objects.update(signed_at=F("signed_at") - timedelta(minutes=1))
    call_command("send_mail", "--once")
    assert len(mail.outbox) == AddressMail.objects.count() <= 3
    assert len(mail.outbox) == 3 or actions == 1
    for message in mail.outbox:
        html = message.alternatives[0][0]
        assert "Zanzibar" not in message.subject + message.body + html
