"""Email to signers: only to those who asked, once each, at the pace that was set, stopped and gone on with (E4)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from actions.mailing import send
from actions.mailing.models import Mailing, MailingText
from actions.pages.update_mail import plain
from actions.rules.errors import ChangeRefused
from actions.signing import outbox
from actions.signing.models import OutboxMail, Signature, Signer
from actions.signing.sign import sign
from actions.web.mail import compose
from tests.factories import PetitionFactory, action, answered, person, stream

pytestmark = pytest.mark.django_db


def text(language: str = "nb") -> MailingText:
    html = "<p>Vi <b>overleverte</b>.</p><ul><li>én</li><li>to</li></ul>"
    body = [
        (
            "paragraph",
            {"heading": "Overlevert", "text": html},
        ),
        ("button", {"label": "Les mer", "page": None, "url": "https://example.org/les"}),
    ]
    return MailingText(language=language, subject=f"Overlevert ({language})", body=stream(MailingText, "body", body))


@pytest.fixture
def petition(site):
    petition = PetitionFactory()
    action(site, petition)
    for number in range(6):
        sign(
            petition=petition,
            person=person(number),
            language="en" if number == 5 else "nb",
            contact_action=number >= 2,
            contact_other=number == 3,
        )
    answered()
    OutboxMail.objects.all().delete()
    return petition


@pytest.fixture
def mailing(petition) -> Mailing:
    mailing = Mailing(name="Overlevert", petition=petition, a_minute=60)
    mailing.texts = [text()]
    mailing.save()
    return mailing


def send_all(at=None) -> None:
    OutboxMail.objects.filter(sent_at=None).update(due_at=timezone.now())
    while outbox.send_next(compose):
        pass


def test_it_goes_to_those_who_asked_and_whose_language_has_a_text(mailing, staff):
    """Seen to fail without the consent in the statement."""
    assert send.audience(mailing) == {"nb": 3, "en": 1}
    assert send.start(mailing=mailing, by=staff) == 3
    send_all()
    assert sorted(m.to[0] for m in mail.outbox) == [f"signer{n}@example.org" for n in (2, 3, 4)]
    message = mail.outbox[0]
    assert message.subject == "Overlevert (nb)"
    assert "List-Unsubscribe" in message.extra_headers
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "– én\n– to" in message.body
    assert "Les mer:\nhttps://example.org/les" in message.body
    html = message.alternatives[0][0]
    assert "<b>overleverte</b>" in html
    assert "Kari" not in html + message.body


def test_another_audience_is_another_consent(mailing, staff):
    mailing.audience = Mailing.Audience.OTHER
    mailing.save()
    assert send.start(mailing=mailing, by=staff) == 1


def test_mails_become_due_one_after_the_other(mailing, staff):
    send.start(mailing=mailing, by=staff)
    due = list(OutboxMail.objects.order_by("due_at").values_list("due_at", flat=True))
    assert [later - due[0] for later in due] == [timedelta(seconds=n) for n in range(3)]


def test_nobody_gets_it_twice_however_often_it_is_stopped_and_gone_on_with(mailing, staff):
    send.start(mailing=mailing, by=staff)
    outbox.send_next(compose)
    assert len(mail.outbox) == 1
    assert send.stop(mailing) == 2
    send_all()
    assert len(mail.outbox) == 1
    assert send.start(mailing=mailing, by=staff) == 2
    send_all()
    assert len({m.to[0] for m in mail.outbox}) == len(mail.outbox) == 3


def test_who_ends_contact_meanwhile_gets_nothing(mailing, staff):
    """Seen to fail without the second look at the consent."""
    send.start(mailing=mailing, by=staff)
    gone = OutboxMail.objects.order_by("due_at").first()
    Signer.objects.filter(pk=gone.signature_id).update(contact_action=False, contact_other=False)
    Signature.objects.filter(pk=OutboxMail.objects.order_by("due_at").last().signature_id).update(state="invalidated")
    send_all()
    assert len(mail.outbox) == 1
    assert send.report(mailing)["nb"] == {"sent": 1, "waiting": 0, "bounced": 0, "gave_up": 2}


def test_one_click_ends_contact(mailing, staff, client):
    send.start(mailing=mailing, by=staff)
    outbox.send_next(compose)
    address = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    answer = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code in (200, 303)
    assert send.audience(mailing)["nb"] == 2


def test_the_report_outlives_the_mails(mailing, staff):
    send.start(mailing=mailing, by=staff)
    send_all()
    send.look()
    mailing.refresh_from_db()
    assert mailing.progress == Mailing.Progress.DONE
    OutboxMail.objects.all().delete()
    assert send.report(mailing)["nb"]["sent"] == 3
    send.look()
    mailing.refresh_from_db()
    assert mailing.report["nb"]["sent"] == 3


def test_what_must_not_be_sent_is_refused(mailing, staff):
    send.start(mailing=mailing, by=staff)
    with pytest.raises(ChangeRefused):
        send.start(mailing=mailing, by=staff)
    high = PetitionFactory(high_risk=True)
    other = Mailing(name="x", petition=high)
    other.texts = [text()]
    other.save()
    with pytest.raises(ChangeRefused):
        send.start(mailing=other, by=staff)
    empty = Mailing.objects.create(name="y", petition=mailing.petition)
    with pytest.raises(ChangeRefused):
        send.start(mailing=empty, by=staff)
    with pytest.raises(ChangeRefused):
        send.stop(empty)


def test_it_is_sent_in_the_signers_language_only(petition, staff):
    mailing = Mailing(name="both", petition=petition)
    mailing.texts = [text("nb"), text("en")]
    mailing.save()
    send.start(mailing=mailing, by=staff)
    send_all()
    by_address = {m.to[0]: m.subject for m in mail.outbox}
    assert by_address["signer5@example.org"] == "Overlevert (en)"


def test_links_to_our_own_pages_are_whole_in_plain_text(petition):
    page = petition.action_pages.get()
    body = [("paragraph", {"heading": "", "text": f'<p>Les <a linktype="page" id="{page.pk}">siden</a>.</p>'})]
    found = plain(MailingText(language="nb", subject="x", body=stream(MailingText, "body", body)))
    assert found == f"Les siden ({page.full_url})."


class TestInTheAdmin:
    def address(self, mailing, name="send", *more):
        return reverse(f"mailing:{name}", args=[mailing.pk, *more])

    def test_it_is_looked_at_tried_sent_and_stopped(self, mailing, staff_client, staff):
        body = staff_client.get(self.address(mailing)).content.decode()
        assert "3 underskrivere har bedt om den" in body
        assert "1 underskriver på engelsk" in body.lower() or "engelsk" in body
        staff_client.post(self.address(mailing, "trial", "nb"))
        assert mail.outbox[-1].to == [staff.email]
        assert mail.outbox[-1].subject.startswith("Prøve:")
        assert not OutboxMail.objects.exists()
        staff_client.post(self.address(mailing))
        assert OutboxMail.objects.filter(kind="update").count() == 3
        assert "Stopp" in staff_client.get(self.address(mailing)).content.decode()
        staff_client.post(self.address(mailing, "stop"))
        assert not OutboxMail.objects.exists()
        assert "Send videre" in staff_client.get(self.address(mailing)).content.decode()

    def test_what_was_sent_is_not_changed_or_deleted(self, mailing, staff_client, staff):
        send.start(mailing=mailing, by=staff)
        for name in ("edit", "delete"):
            assert staff_client.get(self.address(mailing, name)).url == self.address(mailing)
            staff_client.post(self.address(mailing, name))
        assert Mailing.objects.filter(pk=mailing.pk, name="Overlevert").exists()

    def test_a_mailing_is_composed_with_blocks(self, petition, staff_client):
        given = {
            "name": "Ny",
            "petition": petition.pk,
            "audience": "action",
            "a_minute": 10,
            "texts-TOTAL_FORMS": 1,
            "texts-INITIAL_FORMS": 0,
            "texts-MIN_NUM_FORMS": 1,
            "texts-MAX_NUM_FORMS": 3,
            "texts-0-language": "nb",
            "texts-0-subject": "Hei",
            "texts-0-ORDER": 1,
            "texts-0-body-count": 1,
            "texts-0-body-0-deleted": "",
            "texts-0-body-0-order": 0,
            "texts-0-body-0-type": "button",
            "texts-0-body-0-value-label": "Les",
            "texts-0-body-0-value-page": "",
            "texts-0-body-0-value-url": "https://example.org/",
        }
        answer = staff_client.post(reverse("mailing:add"), given)
        assert answer.status_code == 302
        made = Mailing.objects.get()
        assert answer.url == self.address(made)
        assert made.texts.get().body[0].value["label"] == "Les"
        wrong = given | {"name": "To", "texts-0-body-0-value-url": ""}
        assert "Velg en side" in staff_client.post(reverse("mailing:add"), wrong).content.decode()
        twice = {key.replace("texts-0", "texts-1"): value for key, value in given.items() if "texts-0" in key}
        answer = staff_client.post(reverse("mailing:add"), given | twice | {"texts-TOTAL_FORMS": 2})
        assert "som må være unike" in answer.content.decode()
        assert Mailing.objects.count() == 1

    def test_a_trial_needs_an_address_and_a_server(self, mailing, staff_client, staff, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        answer = staff_client.post(self.address(mailing, "trial", "nb"), follow=True)
        assert "E-posttjeneren tok den ikke imot" in answer.content.decode()
        staff.email = ""
        staff.save()
        answer = staff_client.post(self.address(mailing, "trial", "nb"), follow=True)
        assert "har ingen e-postadresse" in answer.content.decode()
        assert staff_client.post(self.address(mailing, "trial", "xx"), follow=True).status_code == 404


def test_the_worker_sends_mailings_too(mailing, staff):
    send.start(mailing=mailing, by=staff)
    OutboxMail.objects.update(due_at=timezone.now())
    call_command("send_mail", "--once")
    assert len(mail.outbox) == 3
