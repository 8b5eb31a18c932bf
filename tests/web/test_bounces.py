"""What comes back for a mail, and what follows from it: only a mailbox that is not there is written to no more."""

from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from anymail.signals import AnymailTrackingEvent
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from actions.mailing import send
from actions.mailing.models import Mailing, MailingText
from actions.signing import consents, links, outbox
from actions.signing.models import AuditRecord, ConsentRecord, Funnel, OutboxMail, Signature, Signer
from actions.signing.sign import sign
from actions.web.bounces import mail_says, provider_says
from tests.factories import PetitionFactory, action, answered, person, stream
from tests.rules.test_returned import AWAY, MAIL, report, status

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition(site):
    petition = PetitionFactory()
    action(site, petition)
    return petition


@pytest.fixture
def row(petition):
    """The mail that somebody got who has agreed to everything."""
    text = consents.record(language="nb", contact_action="Om saken", contact_other="Om annet")
    sign(petition=petition, person=person(), language="nb", contact_action=True, contact_other=True, consent_text=text)
    answered()
    call_command("send_mail", "--once")
    return OutboxMail.objects.get()


def about(row, raw: bytes) -> bytes:
    return raw.replace(MAIL.hex.encode(), row.pk.hex.encode()).replace(str(MAIL).encode(), str(row.pk).encode())


def provider(row, kind: str, reason: str | None = None) -> None:
    event = AnymailTrackingEvent(event_type=kind, reject_reason=reason, metadata={"mail": str(row.pk)})
    provider_says(sender=None, event=event, esp_name="x")


def gone() -> bool:
    return bool(Signer.objects.get().mailbox_gone_at and OutboxMail.objects.earliest("created_at").bounced_at)


def agrees() -> tuple[bool, bool]:
    signer = Signer.objects.get()
    return signer.contact_action, signer.contact_other


def test_a_mail_that_comes_back_names_its_outbox_row(row, settings):
    settings.BOUNCE_ADDRESS = "bounces@example.org"
    OutboxMail.objects.update(sent_at=None)
    mail.outbox.clear()
    call_command("send_mail", "--once")
    (message,) = mail.outbox
    assert message.from_email == f"bounces+{row.pk.hex}@example.org"
    assert message.extra_headers["From"] == "Actions <actions@testserver>"
    back = report("Final-Recipient: rfc822; x@y.no\nAction: failed\nStatus: 5.1.1\n", to=message.from_email)
    assert mail_says(back)
    assert gone()
    assert not mail_says(back), "known already"
    assert not mail_says(status("5.1.1")), "none of ours"


def test_a_mail_is_known_by_its_message_id_too(row):
    """A provider sends complaints to one address for all, with the mail."""
    message_id = mail.outbox[0].extra_headers["Message-ID"]
    raw = report("Feedback-Type: abuse\n", to="complaints@example.org", kind="feedback-report")
    start, end = raw.index(b"Message-ID: "), raw.index(b"Subject: =?")
    assert mail_says(raw[:start] + b"Message-ID: " + message_id.encode() + b"\n" + raw[end:])
    assert agrees() == (False, False)


def test_an_answer_of_somebody_who_is_away_changes_nothing(row, monkeypatch, capsys):
    """Seen to fail: "Noted.", and the one reminder was never written."""
    Signature.objects.update(state="awaiting")
    OutboxMail.objects.update(kind="confirm", sent_at=timezone.now() - timedelta(days=4))
    raw = about(row, AWAY.encode())
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=BytesIO(raw)))
    call_command("take_bounce")
    assert capsys.readouterr().out.startswith("Nothing to note")
    assert not gone()
    assert not Funnel.objects.filter(step="bounced").exists()
    assert outbox.remind() == 1


@pytest.mark.parametrize("raw", [status("5.2.2"), status("5.7.1"), status("4.4.1"), status("4.4.7", action="delayed")])
def test_what_says_nothing_of_the_mailbox_changes_nothing(row, raw, caplog):
    assert not mail_says(about(row, raw))
    assert not gone()
    assert agrees() == (True, True)
    assert "example.net" not in caplog.text


def test_that_we_are_refused_is_told_to_who_runs_it(row, caplog):
    mail_says(about(row, status("5.7.1")))
    assert f"mail {row.pk} was not delivered: 5.7.1" in caplog.text


@pytest.mark.parametrize(
    ("kind", "reason", "is_gone", "left"),
    [
        ("bounced", "bounced", True, (True, True)),
        ("bounced", "invalid", True, (True, True)),
        ("bounced", None, True, (True, True)),
        ("rejected", "invalid", True, (True, True)),
        ("rejected", "bounced", True, (True, True)),
        ("bounced", "blocked", False, (True, True)),
        ("bounced", "spam", False, (True, True)),
        ("bounced", "timed_out", False, (True, True)),
        ("rejected", "spam", False, (False, False)),
        ("rejected", "unsubscribed", False, (False, False)),
        ("complained", None, False, (False, False)),
        ("unsubscribed", None, False, (False, False)),
        ("autoresponded", None, False, (True, True)),
        ("deferred", None, False, (True, True)),
        ("delivered", None, False, (True, True)),
    ],
)
def test_what_a_provider_tells(kind, reason, is_gone, left, row):
    """Seen to fail: it knew bounces alone, and took each refusal for one."""
    provider(row, kind, reason)
    assert (gone(), agrees()) == (is_gone, left)


@pytest.mark.parametrize("metadata", [{"mail": "nonsense"}, {"mail": str(MAIL)}, {}, None])
def test_what_is_about_no_mail_of_ours_is_left_alone(metadata, row):
    provider_says(sender=None, event=AnymailTrackingEvent(event_type="bounced", metadata=metadata), esp_name="x")
    assert not gone()


class TestAComplaint:
    def test_it_ends_contact_with_the_address_in_every_action_and_says_by_what_way(self, row, site):
        """Seen to fail: who pressed "spam" went on getting mails."""
        other = PetitionFactory()
        action(site, other, title="En annen", slug="en-annen")
        sign(petition=other, person=person(), language="nb", contact_action=True)
        sign(petition=other, person=person(2), language="nb", contact_action=True)
        answered()
        provider(row, "complained")
        agreed = Signer.objects.filter(contact_action=True).values_list("signature__petition", flat=True)
        assert list(agreed) == [other.pk], "the other person's"
        assert set(ConsentRecord.objects.filter(given=False).values_list("way", flat=True)) == {"provider"}
        records = AuditRecord.objects.filter(verb="consent")
        assert set(records.values_list("purpose", flat=True)) == {"contact_action, contact_other: provider"}

    def test_no_reminder_goes_out(self, petition):
        sign(petition=PetitionFactory(counting="confirmed"), person=person(), language="nb")
        row = OutboxMail.objects.get()
        OutboxMail.objects.update(sent_at=timezone.now() - timedelta(days=4))
        provider(row, "complained")
        assert outbox.remind() == 0

    def test_nobody_can_have_mails_sent_by_signing_in_the_name_of_who_complained(self, row, petition):
        Signature.objects.update(signed_at=timezone.now() - timedelta(days=3))
        provider(row, "complained")
        sign(petition=petition, person=person(), language="nb")
        assert not outbox.due().exists()

    def test_a_link_that_is_asked_for_is_sent_all_the_same(self, row):
        provider(row, "complained")
        links.ask_link("signer1@example.org")
        links.find_asked()
        assert outbox.due().get().kind == "link"


class TestAMailboxThatIsNotThere:
    @pytest.fixture
    def mailing(self, row, petition):
        for number in (2, 3):
            sign(petition=petition, person=person(number), language="nb", contact_action=True)
        answered()
        body = stream(MailingText, "body", [("paragraph", {"heading": "", "text": "<p>Hei</p>"})])
        mailing = Mailing(name="x", petition=petition)
        mailing.texts = [MailingText(language="nb", subject="Hei", body=body)]
        mailing.save()
        return mailing

    def test_mailings_leave_it_out_and_say_so(self, mailing, row, staff, staff_client):
        """Seen to fail: audience 3, rows 3."""
        provider(row, "bounced")
        assert (send.audience(mailing), send.unreachable(mailing)) == ({"nb": 2}, {"nb": 1})
        page = staff_client.get(f"/admin/mail-to-signers/{mailing.pk}/send/").content.decode()
        assert "men e-post til postkassen kommer tilbake" in page
        assert send.start(mailing=mailing, by=staff) == 2

    def test_one_that_comes_back_while_it_is_sent_gets_none_after_it(self, mailing, row, staff):
        send.start(mailing=mailing, by=staff)
        provider(row, "bounced")
        waiting = OutboxMail.objects.filter(mailing=mailing, sent_at=None, gave_up_at=None)
        assert waiting.count() == 2

    def test_it_is_known_in_every_action_of_the_address(self, row, site):
        other = PetitionFactory()
        action(site, other, title="En annen", slug="en-annen")
        sign(petition=other, person=person(email="SIGNER1+x@example.org"), language="nb", contact_action=True)
        answered()
        provider(row, "bounced")
        assert Signer.objects.filter(mailbox_gone_at=None).count() == 0

    def test_without_the_keys_it_is_known_of_its_own_signature(self, row, settings):
        settings.SIGNER_MASTER_KEYS = []
        provider(row, "bounced")
        assert gone()

    @pytest.mark.parametrize("how", ["confirm", "wish"])
    def test_who_answers_from_it_has_one(self, how, row, client):
        """Servers of large providers have said of all their mailboxes for an hour that there were none."""
        provider(row, "bounced")
        token = links.make_link(Signature.objects.get(), with_code=False)[0]
        if how == "confirm":
            client.post(f"/nb/my-signature/{token}/", {"do": "confirm"})
        else:
            consents.change(
                signatures=[row.signature_id], consents=consents.CONTACT, given=False, way=consents.Way.STAFF
            )
            consents.change(signatures=[row.signature_id], consents=consents.CONTACT, given=True, way=consents.Way.LINK)
        assert Signer.objects.get().mailbox_gone_at is None

    def test_the_copy_tells_of_it(self, row, staff):
        from actions.signing.erase import subject_access

        provider(row, "bounced")
        (told,) = subject_access(email="signer1@example.org", by=staff, purpose="x")
        assert told["mail_comes_back_since"]
