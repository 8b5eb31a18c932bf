"""F6: where signing itself is dangerous nobody signs in another's name unnoticed, and no mail tells of the action."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from actions.signing import counting, links
from actions.signing.erase import forget_unconfirmed
from actions.signing.models import AuditRecord, Hold, OutboxMail, Petition, Signature, Signer, SignerLink, Tombstone
from actions.signing.outbox import send_next
from actions.signing.sign import sign
from actions.web.mail import compose
from tests.factories import PetitionFactory, action, hold, person

pytestmark = pytest.mark.django_db

CODE = re.compile(r"\b(?:[2-9A-Z]{4} ){2}[2-9A-Z]{4}\b")
# What would tell whoever reads the mailbox: links, the organisation, the site, the action, that something was signed.
TELLS = re.compile(r"http|www|localhost|Rettighet|Fengslet|aksjon|action|sign|under|unsubscribe|<html", re.IGNORECASE)


@pytest.fixture
def petition(site):
    return action(site, PetitionFactory(high_risk=True)).petition


@pytest.fixture
def mails(petition, mailoutbox):
    def send(number: int = 1, **more) -> list:
        sign(petition=petition, person=person(number, email=f"kari{number}@example.org"), **({"language": "nb"} | more))
        while send_next(compose):
            pass
        return mailoutbox

    return send


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_mail_holds_a_code_and_nothing_that_tells(language, mails, settings):
    """Seen to fail with the request to confirm of other actions, and with the title of the action in the subject."""
    settings.MAIL_FROM_NEUTRAL = "codes@neutral.example"
    [mail] = mails(language=language)
    message = mail.message()
    assert not message.is_multipart()
    everything = "\n".join(f"{name}: {value}" for name, value in message.items()) + message.get_payload()
    assert not TELLS.search(everything)
    assert mail.from_email == message["From"] == "codes@neutral.example"
    assert CODE.search(mail.body)


def test_without_a_sender_of_its_own_the_usual_address_stands_without_a_name(mails, settings):
    settings.DEFAULT_FROM_EMAIL = "Amnesty <actions@example.org>"
    [mail] = mails()
    assert mail.message()["From"] == "actions@example.org"
    assert "Amnesty" not in mail.message().as_string()


@pytest.mark.django_db(transaction=True)  # a try is there for good before it is answered
def test_a_signature_counts_once_its_mailbox_has_confirmed(petition, mails):
    """Seen to fail while such signatures counted at once."""
    [mail] = mails()
    assert counting.total(petition) == 0
    wrong = {"petition": petition, "email": "kari1@example.org", "code": "AAAA AAAA"}
    assert links.confirm_with_code(**wrong) == "wrong"
    assert links.confirm_with_code(**wrong | {"code": CODE.search(mail.body).group()}) == "confirmed"
    assert counting.total(petition) == 1
    assert len(mails()) == 1  # who has signed gets no further mail, whoever types the address
    links.ask_link("kari1@example.org")
    assert not send_next(compose)


@pytest.mark.parametrize("suspicion", ["", "trap"])
def test_what_nobody_confirms_is_gone_after_a_day(suspicion, petition, mails):
    """Seen to fail with nothing that erases it: the sealed name and address of a victim stayed until retention."""
    mails(suspicion=suspicion)
    assert forget_unconfirmed() == 0
    OutboxMail.objects.update(sent_at=timezone.now() - timedelta(hours=25))
    before = Signature.objects.get().digest
    assert forget_unconfirmed() == 1
    assert not Signer.objects.exists()
    assert not SignerLink.objects.exists()
    assert not OutboxMail.objects.exists()
    gone = Signature.objects.get()
    assert gone.state == "withdrawn"
    assert bytes(gone.digest) != bytes(before)
    assert Tombstone.objects.get().withdrawn
    assert AuditRecord.objects.filter(verb="erased", actor="worker").count() == 1
    sign(petition=petition, person=person(1, email="kari1@example.org"), language="nb")
    assert Signature.objects.exclude(pk=gone.pk).get().state == "awaiting"


def test_what_was_confirmed_stays_and_so_does_what_staff_hold(petition, mails, staff):
    mails(1), mails(2), mails(3)
    OutboxMail.objects.update(sent_at=timezone.now() - timedelta(days=2))
    first, second, _third = Signature.objects.order_by("signed_at")
    Signature.objects.filter(pk=first.pk).update(state="counted")
    Signature.objects.filter(pk=second.pk).update(state="held")
    Hold.objects.create(signature=second, reason="staff")
    assert forget_unconfirmed() == 1
    assert Signer.objects.count() == 2
    hold(petition, staff, "court")
    Signature.objects.filter(pk=first.pk).update(state="awaiting")
    assert forget_unconfirmed() == 0


def test_the_pages_say_what_comes_and_lead_to_the_code(petition, client):
    page = petition.action_pages.get()
    code = f"/code/{petition.pk}/"
    form = client.get(page.get_url()).content.decode()
    assert "nevner verken aksjonen eller oss" in form
    assert code in form
    assert code in client.get(page.get_url() + "thanks/").content.decode()
    assert "slettes etter ett døgn" in client.get(page.get_url() + "privacy/").content.decode()


GOOD = {"name": "Kari Nordmann", "email": "kari1@example.org"}


@pytest.mark.django_db(transaction=True)  # a try is there for good before it is answered
@pytest.mark.parametrize("place", ["", "embed/"])
def test_who_has_signed_types_the_code_and_not_the_address_again(place, petition, client, mailoutbox):
    """Found with the redirect: the address was asked for once more.

    It stands in no address and in no cookie, and is not shown.
    """
    page = petition.action_pages.get()
    answers = [client.post(page.get_url() + place, GOOD) for _again in range(2)]
    for answer in answers:
        assert answer.status_code == 200
        assert not answer.cookies
        assert "no-store" in answer["Cache-Control"]
    first, second = (answer.content.decode() for answer in answers)
    assert first == second, "the same for new and for repeated"
    assert first.count("kari1@example.org") == 1
    assert '<input type="hidden" name="email" value="kari1@example.org"' in first
    assert "noen ny e-post" in first
    while send_next(compose):
        pass
    assert len(mailoutbox) == 2, "each attempt has its own"
    sent = {"email": GOOD["email"], "code": CODE.search(mailoutbox[0].body).group()}
    assert client.post(f"/nb/my-signature/code/{petition.pk}/", sent | {"code": "AAAAAAAA"}).status_code == 422
    assert client.post(f"/nb/my-signature/code/{petition.pk}/", sent).status_code == 303
    assert counting.total(petition) == 1


def test_the_thank_you_page_leads_to_nothing_that_tells(site, petition, client):
    """Found by somebody: it offered another action, whose mail named us in the mailbox, and the buttons of networks."""
    ordinary = action(site, PetitionFactory(), title="En annen", slug="en-annen", published=True)
    page = petition.action_pages.get()
    pages = [client.get(page.get_url() + place).content.decode() for place in ("thanks/", "embed/thanks/")]
    pages.append(client.post(page.get_url(), GOOD).content.decode())
    for words in pages:
        main = words.partition("<main")[2].partition("</main>")[0]
        assert "data-next" not in main
        assert ordinary.title not in main
        assert "data-share" not in main
        assert "facebook" not in main.lower()
        assert "whatsapp" not in main.lower()
    assert "data-share" in client.get(ordinary.get_url() + "thanks/").content.decode()


OFF = {
    "the form": lambda petition: Petition.objects.filter(pk=petition.pk).update(high_risk=False),
    "SQL": lambda petition: connection.cursor().execute("update actions_petition set high_risk = false"),
    "with the opening moved": lambda petition: Petition.objects.update(high_risk=False, opens_at=None, ends_at=None),
}


@pytest.mark.parametrize("way", OFF)
def test_nothing_switches_it_off_once_it_has_opened(way, petition):
    """Seen to fail: a signer could then be mailed the name of the action."""
    with pytest.raises(IntegrityError), transaction.atomic():
        OFF[way](petition)
    assert Petition.objects.get().high_risk


def test_nothing_switches_it_off_once_somebody_has_signed(petition):
    sign(petition=petition, person=person(), language="nb")
    Petition.objects.update(opens_at=timezone.now() + timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Petition.objects.update(high_risk=False)


def test_it_can_be_switched_off_before_and_on_at_any_time(site):
    later = PetitionFactory(scheduled=True, high_risk=True)
    later.high_risk = False
    later.save()
    PetitionFactory(counting="confirmed")
    Petition.objects.update(high_risk=True)
    Petition.objects.update(ends_at=timezone.now() + timedelta(days=9))


def test_the_notice_says_how_a_consent_is_taken_back(site, petition, client):
    """Seen to fail: "as easily as you gave it", and then "write to us, we send no links here"."""
    risky = client.get(petition.action_pages.get().get_url() + "privacy/").content.decode()
    assert "like lett som du ga det" not in risky
    assert "Skriv til oss, så gjør vi det med en gang" in risky
    ordinary = action(site, PetitionFactory(), title="En annen", slug="en-annen", published=True)
    words = client.get(ordinary.get_url() + "privacy/").content.decode()
    assert "like lett som du ga det" in words
    assert "Skriv til oss, så gjør vi det med en gang" not in words


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_who_asks_for_a_link_is_told_that_dangerous_actions_send_none(language, petition, client, mails):
    """Seen to fail: "a mail is on its way", and for such a signature none ever came. The same for every address."""
    mails()
    answers = [
        client.post(f"/{language}/my-signature/", {"email": who}, follow=True)
        for who in ("kari1@example.org", "x@example.org")
    ]
    assert answers[0].content == answers[1].content
    words = {"nb": "farlig å skrive under på", "nn": "farleg å skrive under på", "en": "dangerous to sign send no link"}
    text = answers[0].content.decode()
    assert words[language] in text
    assert "mailto:" in text.partition(words[language])[2].partition("</p>")[0]


@pytest.mark.django_db(transaction=True)  # a try is there for good before it is answered
def test_a_form_for_the_code_names_where_it_posts(petition, client):
    """Seen to fail: swapped in under the action's address, it posted the code to the form of signing."""
    address = f"/nb/my-signature/code/{petition.pk}/"
    for answer in (client.get(address), client.post(address, {"email": "kari1@example.org", "code": "AAAA"})):
        assert f'<form method="post" action="{address}"' in answer.content.decode()
    for answer in (client.get("/nb/my-signature/"), client.post("/nb/my-signature/", {"email": "kari"})):
        assert '<form method="post" action="/nb/my-signature/"' in answer.content.decode()
