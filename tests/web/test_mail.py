"""Mails to signers, as they are read and as they are answered."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from urllib.parse import unquote

import pytest
from django.core import mail
from django.core.mail import BadHeaderError
from django.core.management import call_command
from django.utils import timezone
from lxml import html as lxml_html

from actions.mailing import send
from actions.mailing.models import Mailing, MailingText
from actions.pages.staff_mail import send as send_to_staff
from actions.signing import consents, links
from actions.signing.models import OutboxMail, Petition, Signature, Signer
from actions.signing.outbox import Letter
from actions.signing.sign import sign
from actions.web.mail import compose
from home import standing
from tests.factories import PetitionFactory, RecipientFactory, action, addressed, answered, person, stream

pytestmark = pytest.mark.django_db

LANGUAGES = ["nb", "nn", "en"]
ORDINARY = ["receipt", "confirm", "reminder", "again", "link", "handed"]
OURS = ("http://testserver/", "http://localhost/")  # what stands in SITE_URL, and the site of the pages
ADDRESS = re.compile(r"https?://[^\s<>\"]+")


TITLES = [
    "Krev at de løslates nå, og at de ansvarlige stilles for en dommer i dag",
    "Løslat",
    "Stop the executions",
    "Stop the executions in all the countries of the world now",
]


@pytest.fixture
def petition(site):
    """Counts after confirmation; its page is there in one language."""
    petition = addressed(PetitionFactory(counting="confirmed"), RecipientFactory())
    action(site, petition)
    return petition


def sent(petition, kind: str, *, language: str = "nb", **more):
    """A mail of a kind, as it goes out."""
    sign(petition=petition, person=person(), language=language, **more)
    OutboxMail.objects.update(kind=kind)
    if kind == "handed":
        Signature.objects.update(state="counted")
        Signer.objects.update(contact_action=True)
        answered()
    call_command("send_mail", "--once")
    (message,) = mail.outbox
    return message


def parts(message) -> tuple[str, str]:
    return message.body, message.alternatives[0][0]


@pytest.mark.parametrize(("language", "words"), [("nb", "Du har skrevet under"), ("nn", "Du har skrive under"),
                                                 ("en", "You have signed")])  # fmt: skip
def test_the_receipt_is_in_the_signers_language_and_says_what_and_to_whom(language, words, site):
    petition = addressed(PetitionFactory(), RecipientFactory())
    page = action(site, petition)
    sign(petition=petition, person=person(name="Zanzibar"), language=language)
    call_command("send_mail", "--once")
    (message,) = mail.outbox
    assert message.subject == f"{words}: {page.title}"
    for text in parts(message):
        assert "Chen Quanguo, partisekretær i Xinjiang" in text
        assert page.get_full_url() in text
        assert "personvern@example.org" in text
        assert "Zanzibar" not in text
    assert message.to == ["signer1@example.org"]
    assert message.extra_headers["Message-ID"].endswith("@testserver>")


def test_a_thousand_mails_in_a_row_look_up_their_page_once(site, settings, django_assert_num_queries):
    """Seen to fail with page, recipients and organisation asked for at each mail."""
    settings.PAGE_CACHE = True
    standing.forget_here()
    petition = addressed(PetitionFactory(), RecipientFactory())
    action(site, petition)
    for number in range(2):
        sign(petition=petition, person=person(number), language="nb")
    first, second = OutboxMail.objects.select_related("signature__petition", "signature__signer")
    assert compose(Letter(first, "one@example.org", "x", "", []))
    with django_assert_num_queries(0):
        assert compose(Letter(second, "two@example.org", "y", "", [])).to == ["two@example.org"]
    standing.forget_here()


class TestAddresses:
    """Every address of every mail answers who opens it, and who only asks whether it is there, with something to do."""

    def follow(self, client, message) -> list[str]:
        """Open all addresses of ours; returns the kinds of them."""
        text, html = parts(message)
        found = {*ADDRESS.findall(text), *lxml_html.fromstring(html).xpath("//a/@href")}
        found.add(message.extra_headers["List-Unsubscribe"].strip("<>"))
        ours = sorted(one.rstrip(".),") for one in found if one.startswith(OURS))
        kinds = []
        for address in ours:
            path, _hash, place = re.sub("^https?://[^/]+", "", address).partition("#")
            answer = client.get(path)
            body = answer.content.decode()
            assert (answer.status_code, client.head(path).status_code) == (200, 200), kind_of(path)
            assert not place or f'id="{place}"' in body, kind_of(path) + place
            if "/my-signature/" in path:
                assert '<form method="post"' in body, kind_of(path)
            kinds.append(kind_of(path))
        return kinds

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("kind", ORDINARY)
    def test_of_ordinary_mails(self, kind, language, petition, client):
        """Seen to fail: the address that ends mails was an empty 405, and then a redirect."""
        message = sent(petition, kind, language=language)
        kinds = self.follow(client, message)
        assert f"/{language}/my-signature/*/stop/" in kinds
        assert f"/{language}/my-signature/*/" in kinds

    def test_of_mails_about_what_was_ticked(self, site, client):
        petition = PetitionFactory()
        page = action(site, petition)
        words = {"contact_action": "Om saken", "contact_other": "Om annet"}
        text = consents.record(language="nb", **words)
        sign(petition=petition, person=person(), language="nb", contact_action=True, consent_text=text)
        call_command("send_mail", "--once")
        self.follow(client, mail.outbox[0])
        for text_or_html in parts(mail.outbox[0]):  # and nothing that was not; seen to fail: names were told of, too
            assert "kontakt om denne aksjonen" in text_or_html
            assert "navnet" not in text_or_html.partition("Dette ble også krysset av")[2].partition("at det var deg")[0]
        links.confirm(links.make_link(Signature.objects.get(), with_code=False)[0])
        Signature.objects.update(signed_at=timezone.now() - timedelta(minutes=1))
        sign(petition=petition, person=person(), language="nb", contact_other=True, consent_text=text)
        call_command("send_mail", "--once")
        assert "#wish" in mail.outbox[1].body
        self.follow(client, mail.outbox[1])
        assert page.get_full_url() in mail.outbox[0].body
        assert page.get_url() + "?s=mail" in self.follow(client, mail.outbox[0])

    @pytest.mark.parametrize("audience", ["action", "other"])
    def test_of_a_mail_to_signers(self, audience, petition, client, staff):
        sign(petition=petition, person=person(), language="nb", contact_action=True, contact_other=True)
        Signature.objects.update(state="counted")
        answered()
        OutboxMail.objects.all().delete()
        body = stream(MailingText, "body", [("paragraph", {"heading": "", "text": "<p>Hei</p>"})])
        mailing = Mailing(name="x", petition=petition, audience=audience)
        mailing.texts = [MailingText(language="nb", subject="Hei", body=body)]
        mailing.save()
        send.start(mailing=mailing, by=staff)
        call_command("send_mail", "--once")
        (message,) = mail.outbox
        kinds = self.follow(client, message)
        assert f"/nb/my-signature/*/stop/contact_{audience}/" in kinds
        address = re.search(r"/nb/my-signature/\S+/stop/contact_\w+/", message.body).group()
        button = lxml_html.fromstring(client.get(address).content).xpath("//main//form//button")
        what = {"action": "Ikke mer om denne aksjonen", "other": "Ikke mer om annet arbeid"}[audience]
        assert [one.text_content() for one in button] == [what], "and not that it ends all"
        assert all("Meld deg av" in text for text in parts(message))

    def test_one_press_on_what_the_mail_offers_ends_them(self, petition, client):
        message = sent(petition, "handed", contact_action=True)
        address = re.search(r"/nb/my-signature/\S+/stop/", message.body).group()
        form = lxml_html.fromstring(client.get(address).content).xpath("//main//form")
        assert [one.get("action") for one in form] == [address]
        assert client.post(address).status_code == 200
        assert not Signature.objects.get().signer.contact_action


def kind_of(path: str) -> str:
    """An address without what only one person has."""
    return re.sub(r"[\w-]{43}", "*", path)


class TestForm:
    """What every mail has, whatever it says."""

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("kind", ORDINARY)
    def test_it_is_whole(self, kind, language, petition):
        """Seen to fail: nothing beside the subject in lists, no dark colours, buttons without room in Outlook."""
        message = sent(petition, kind, language=language)
        page = lxml_html.fromstring(message.alternatives[0][0])
        assert page.get("lang") == language
        assert page.xpath('string(//meta[@name="color-scheme"]/@content)') == "light dark"
        assert "prefers-color-scheme: dark" in page.xpath("string(//style)")
        first = page.xpath("//body/*[1]")[0]
        assert "display:none" in first.get("style")
        assert len(first.text_content().strip()) > 20
        for link in page.xpath("//a[contains(@style, 'padding')]"):
            cell = link.getparent()
            assert cell.tag == "td"
            assert "mso-padding-alt" in cell.get("style")
            assert cell.get("bgcolor")
        assert page.xpath("string(//title)")
        for text in parts(message):
            assert "{{" not in text
            assert "{%" not in text

    @pytest.mark.parametrize("kind", ORDINARY)
    def test_no_two_links_have_the_same_words(self, kind, petition):
        """Seen to fail: three called "My signature"."""
        page = lxml_html.fromstring(sent(petition, kind).alternatives[0][0])
        words = [link.text_content().strip() for link in page.xpath("//a")]
        assert len(words) == len(set(words))

    @pytest.mark.parametrize("kind", ORDINARY)
    def test_the_sender_is_named_once_at_the_foot(self, kind, petition, site):
        """Seen to fail: twice, where the organisation answers for the data itself."""
        site.organisation.name = site.organisation.controller_name = "Rettighetsforeningen"
        site.organisation.save()
        for text in parts(sent(petition, kind)):
            assert text.count("Rettighetsforeningen") == 1

    def test_another_who_answers_for_the_data_is_named_too(self, petition, site):
        site.organisation.name, site.organisation.controller_name = "Foreningen", "Stiftelsen"
        site.organisation.save()
        for text in parts(sent(petition, "receipt")):
            assert "Foreningen" in text
            assert "Stiftelsen" in text

    @pytest.mark.parametrize("title", TITLES)
    def test_the_subject_begins_on_its_own_line(self, title, petition):
        """Seen to fail: a first line with nothing on it, which filters dislike."""
        page = petition.action_pages.get()
        page.title = title
        page.save()
        sent(petition, "receipt")
        send_to_staff(f"Noe har hendt på {title}", "x", to=["staff@example.org"])
        for message, subject in zip(
            mail.outbox, (f"Du har skrevet under: {title}", f"Noe har hendt på {title}"), strict=True
        ):
            raw = message.message().as_bytes()
            subject_lines = re.search(rb"^Subject:.*(?:\n[ \t].*)*", raw, re.MULTILINE).group().split(b"\n")
            assert subject_lines[0].removeprefix(b"Subject:").strip()
            assert max(map(len, subject_lines)) <= 78
            assert message_from_bytes(raw, policy=policy.default)["Subject"] == subject

    def test_no_line_of_a_subject_can_be_added(self, petition):
        with pytest.raises(BadHeaderError):
            send_to_staff("x\nBcc: y@example.org", "x", to=["staff@example.org"])


class TestConfirm:
    @pytest.mark.parametrize(
        ("language", "day"), [("nb", "2. januar 2027"), ("nn", "2. januar 2027"), ("en", "2 January 2027")]
    )
    @pytest.mark.parametrize("kind", ["confirm", "reminder"])
    def test_a_last_day_is_a_day(self, kind, language, day, petition):
        Petition.objects.update(ends_at=datetime(2027, 1, 2, 23, tzinfo=UTC))
        for text in parts(sent(petition, kind, language=language)):
            assert day in text
            assert "00" not in text.partition(day)[2][:20]

    def test_the_code_is_told_as_the_way_out_it_is(self, petition):
        message = sent(petition, "confirm")
        assert "Virker ikke knappen? Skriv inn koden" in message.alternatives[0][0]
        assert re.search(r"koden (?:[2-9A-Z]{4} ){2}[2-9A-Z]{4}", message.body)

    def test_one_that_is_asked_for_anew_is_another_mail_to_the_mailbox(self, petition):
        """Under the same Message-ID mailboxes keep only the first. Seen to fail."""
        first = sent(petition, "confirm")
        OutboxMail.objects.update(sent_at=timezone.now() - timedelta(minutes=1))
        sign(petition=petition, person=person(), language="nb")
        call_command("send_mail", "--once")
        assert len(mail.outbox) == 2
        assert first.extra_headers["Message-ID"] != mail.outbox[1].extra_headers["Message-ID"]


class TestAgain:
    def test_it_says_what_was_left_as_it_was_and_how_to_change_it(self, petition):
        """Seen to fail: a corrected name and a new yes were lost without a word."""
        message = sent(petition, "again")
        assert message.subject.startswith("Du har allerede skrevet under")
        for text in parts(message):
            assert "har ikke endret noe" in text
            assert "Rett navnet" in text


class TestReceipt:
    @pytest.fixture
    def petition(self, site):
        petition = addressed(PetitionFactory(), RecipientFactory())
        action(site, petition)
        return petition

    @pytest.mark.parametrize(
        ("language", "words"),
        [("nb", "Jeg har nettopp skrevet under"), ("nn", "Eg har nettopp skrive under"), ("en", "I have just signed")],
    )
    def test_it_has_a_paragraph_to_send_on_with_a_code_in_its_address(self, language, words, petition):
        """Seen to fail: one link to the top of the page, and a request not to forward the mail."""
        message = sent(petition, "receipt", language=language)
        url = petition.action_pages.get().full_url
        for text in parts(message):
            assert words in text
            assert f"{url}?s=mail" in text
            after = text.partition(words)[2]
            assert "/my-signature/" not in after[: after.index("?s=mail")], "nothing of it is of one person"

    def test_it_can_be_shared_by_other_ways_each_with_its_code(self, petition):
        page = lxml_html.fromstring(sent(petition, "receipt").alternatives[0][0])
        shared = [unquote(unquote(link)) for link in page.xpath("//a/@href") if "?s=" in unquote(unquote(link))]
        assert {re.search(r"\?s=(\w+)", link).group(1) for link in shared} >= {"mail", "sms", "whatsapp", "facebook"}

    def test_after_the_end_there_is_nothing_to_send_on(self, petition):
        sign(petition=petition, person=person(), language="nb")
        Petition.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
        call_command("send_mail", "--once")
        for text in parts(mail.outbox[0]):
            assert "nettopp" not in text
            assert petition.action_pages.get().full_url in text

    def test_it_leads_to_the_next_action_that_the_address_has_not_signed(self, petition, site):
        """Seen to fail: it led nowhere."""
        next_one, signed, dangerous = PetitionFactory(), PetitionFactory(), PetitionFactory(high_risk=True)
        for order, other in enumerate((dangerous, signed, next_one)):
            other.ends_at = timezone.now() + timedelta(days=1 + order)  # what ends first is offered first
            other.save()
            action(site, other, title=f"Aksjon {other.pk}", slug=f"aksjon-{other.pk}")
        sign(petition=signed, person=person(), language="nb")
        OutboxMail.objects.all().delete()
        for text in parts(sent(petition, "receipt")):
            assert f"Aksjon {next_one.pk}" in text
            assert f"/aksjon-{next_one.pk}/?s=receipt" in text
            assert f"Aksjon {signed.pk}" not in text
            assert f"Aksjon {dangerous.pk}" not in text

    def test_without_another_action_or_a_way_to_give_nothing_is_said_of_them(self, petition, site):
        site.organisation.donate_url = ""
        site.organisation.save()
        for text in parts(sent(petition, "receipt")):
            assert "?s=receipt" not in text
            assert "Skriv under på en til" not in text
            assert "Støtt arbeidet" not in text

    def test_it_offers_a_way_to_give_where_there_is_one(self, petition, site):
        """Seen to fail: it did not."""
        site.organisation.donate_url = "https://example.org/gi"
        site.organisation.save()
        for text in parts(sent(petition, "receipt")):
            assert "https://example.org/gi" in text

    def test_the_action_s_own_way_to_give_comes_first(self, petition, site):
        page = petition.action_pages.get()
        call = {"heading": "Hjelp familiene", "text": "", "label": "Gi nå", "url": "https://example.org/familiene"}
        page.support = stream(type(page), "support", [("donate", call)])
        page.save()
        for text in parts(sent(petition, "receipt")):
            assert "Hjelp familiene" in text
            assert "https://example.org/familiene" in text
