"""The words of our mails, in the signer's language. Nothing a visitor typed stands in any of them."""

from email.utils import parseaddr
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from wagtail.models import Locale, Site

from actions.delivery.models import Recipient
from actions.delivery.selectors import addressees
from actions.mailing.models import MailingText
from actions.mailing.send import consent_of
from actions.pages.action import ActionPage
from actions.pages.hand_over import receipts
from actions.pages.update_mail import for_a_mail, plain
from actions.rules.returned import message_id
from actions.signing import links
from actions.signing.models import Incident, OutboxMail, Petition, Signature
from actions.signing.outbox import Letter
from home.mail import Mail
from home.organisation import Organisation
from home.standing import here
from home.visible import is_restricted


class PageMissing(Exception):
    """No page tells of this petition any more; the mail waits."""


class Frame(NamedTuple):
    """What all mails of a petition in one language have in common; no page where it is not for everybody."""

    page: ActionPage | None
    url: str
    recipients: list[Recipient]
    organisation: Organisation


def compose(letter: Letter) -> Mail:
    """The mail for a row of the outbox: sent twice with the same Message-ID, asked for anew with another.

    Raises PageMissing.
    """
    mail, signature = letter.mail, letter.mail.signature
    if mail.kind == OutboxMail.Kind.CODE:
        return _code_alone(letter)
    if mail.incident_id and signature.petition.high_risk:
        return _neutral_notice(letter)
    with translation.override(signature.language):
        frame = _frame(signature.petition, signature.language)
        # One's own data wait for no page.
        if frame.page is None and mail.kind != OutboxMail.Kind.LINK and not mail.incident_id:
            raise PageMissing
        context = _context(frame, signature, letter)
        name = f"actions/mail/{mail.kind}"
        if mail.incident_id:
            name, context["text"] = "actions/mail/incident", _words_of(mail.incident, signature.language)
        elif mail.kind == OutboxMail.Kind.UPDATE:
            text = MailingText.objects.get(mailing=mail.mailing_id, language=signature.language)
            context |= {"text": text, "plain": plain(text)}
        if mail.kind == OutboxMail.Kind.HANDED:
            listed = [{"delivery": row.delivery_id, "columns": row.columns} for row in signature.listed.all()]
            context["sentences"] = receipts(listed, signature.language)
        message = Mail(
            subject=" ".join(render_to_string(f"{name}_subject.txt", context).split()),
            body=render_to_string(f"{name}.txt", context),
            from_email=envelope_sender(mail),
            to=[letter.address],
            headers={
                "From": settings.DEFAULT_FROM_EMAIL,
                "Message-ID": message_id(mail.pk, mail.created_at, _host()),
                "Auto-Submitted": "auto-generated",
                "List-Unsubscribe": f"<{context['stop_url']}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
        message.attach_alternative(for_a_mail(render_to_string(f"{name}.html", context)), "text/html")
    message.metadata = {"mail": str(mail.pk)}  # comes back with a provider's events (django-anymail)
    message.track_opens = message.track_clicks = False
    return message


def _words_of(incident: Incident, language: str) -> dict[str, str]:
    return incident.words.get(language) or incident.words[settings.LANGUAGE_CODE]


def _neutral_notice(letter: Letter) -> Mail:
    """That there is something to tell, and no word of what was signed, or where: whoever reads the mailbox learns
    nothing. It can be answered."""
    return _plain_and_neutral(letter, "incident_neutral", {})


def _code_alone(letter: Letter) -> Mail:
    """A code and nothing else, for actions in which signing itself is dangerous (docs/decisions/0027).

    Whoever reads the mailbox learns neither what was signed nor where, and finds no link.
    """
    return _plain_and_neutral(letter, "code", {"code": _in_groups(letter.code)})


def _plain_and_neutral(letter: Letter, name: str, context: dict[str, str]) -> Mail:
    sender = settings.MAIL_FROM_NEUTRAL or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    with translation.override(letter.mail.signature.language):
        message = Mail(
            subject=" ".join(render_to_string(f"actions/mail/{name}_subject.txt", context).split()),
            body=render_to_string(f"actions/mail/{name}.txt", context),
            from_email=sender,
            to=[letter.address],
            headers={
                "Message-ID": message_id(letter.mail.pk, letter.mail.created_at, sender.rpartition("@")[2]),
                "Auto-Submitted": "auto-generated",
            },
        )
    message.track_opens = message.track_clicks = False
    return message


def _in_groups(code: str) -> str:
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def envelope_sender(mail: OutboxMail) -> str:
    """Where a mail that cannot be delivered comes back to: an address that says which mail it was (VERP)."""
    if not settings.BOUNCE_ADDRESS:
        return settings.DEFAULT_FROM_EMAIL
    local, _, host = settings.BOUNCE_ADDRESS.partition("@")
    return f"{local}+{mail.pk.hex}@{host}"


def page_in(petition: int, language: str) -> ActionPage | None:
    """The action's page in a language, or in another where that one is gone; None where it is not for everybody."""
    pages = ActionPage.objects.filter(petition=petition).exclude(is_restricted()).select_related("locale")
    return min(pages, key=lambda page: (not page.live, page.locale.language_code != language), default=None)


def _frame(petition: Petition, language: str) -> Frame:
    """As it was found lately: thousands of mails in a row have the same."""
    return here(f"mail:{petition.pk}:{language}", lambda: _find_frame(petition, language))


def _find_frame(petition: Petition, language: str) -> Frame:
    page = page_in(petition.pk, language)
    locale = Locale.objects.filter(language_code=language).first() or Locale.get_default()
    return Frame(
        page=page,
        url=(page and page.full_url) or settings.SITE_URL,
        recipients=addressees(petition, locale) if page else [],
        organisation=Organisation.for_site(page.get_site() if page else _default_site(), language),
    )


def _default_site() -> Site | None:
    return Site.objects.filter(is_default_site=True).first()


def _context(frame: Frame, signature: Signature, letter: Letter) -> dict:
    mine = settings.SITE_URL + reverse("actions:mine", args=[letter.token])
    mailing = letter.mail.mailing
    # Of a mailing, the address ends what it was sent for; of any other mail, all.
    stop = (
        reverse("actions:stop_one", args=[letter.token, consent_of(mailing)])
        if mailing
        else reverse("actions:stop", args=[letter.token])
    )
    is_receipt = letter.mail.kind == OutboxMail.Kind.RECEIPT
    return {
        **frame._asdict(),
        "petition": signature.petition,
        "mine_url": mine,
        "stop_url": settings.SITE_URL + stop,
        "wishes": letter.mail.kind == OutboxMail.Kind.AGAIN and links.is_wished(signature),
        "code": _in_groups(letter.code),
        "ticks": [consent.label for consent in links.ticked(signature.signer)] if is_receipt else [],
        "others": [_other(*other) for other in letter.others],
        **(_thanks(frame, signature, letter) if is_receipt else {}),
        "code_url": settings.SITE_URL + reverse("actions:code", args=[signature.petition_id]),
    }


class ToSign(NamedTuple):
    """Another action that can be signed."""

    petition: int
    title: str
    url: str


class Support(NamedTuple):
    """A way to give, in the words of an action or of the organisation."""

    heading: str
    label: str
    url: str
    source: ActionPage | Organisation


def _thanks(frame: Frame, signature: Signature, letter: Letter) -> dict:
    """What a receipt offers to do next: tell others, sign one more, give."""
    page = frame.page
    others = here(f"mail-next:{page.pk}", lambda: _to_sign(page)) if page else []
    return {
        "can_be_signed": signature.petition.can_be_signed(timezone.now()),
        # With codes, so that one sees what receipts bring (`rules.source`).
        "shared_url": f"{frame.url}?s=mail",
        "next_action": next((other for other in others if other.petition not in letter.signed), None),
        "support": _support(page, frame.organisation) if page else None,
    }


def _to_sign(page: ActionPage) -> list[ToSign]:
    """No action in which signing itself is dangerous: a mail would name it in somebody's mailbox."""
    pages = [card.page for card in page.other_actions(timezone.now())]
    return [
        ToSign(other.petition_id, other.title, f"{other.full_url}?s=receipt")
        for other in pages
        if not other.petition.high_risk
    ]


def _support(page: ActionPage, organisation: Organisation) -> Support | None:
    general = gettext("Support the work")
    for block in page.support:
        if url := block.value["url"] or organisation.donate_url:
            return Support(block.value["heading"], block.value["label"], url, page)
    if not organisation.donate_url:
        return None
    return Support(general, organisation.donate_label or general, organisation.donate_url, organisation)


def _other(signature: Signature, token: str) -> dict[str, str]:
    page = page_in(signature.petition_id, signature.language)
    url = settings.SITE_URL + reverse("actions:mine", args=[token])
    return {"title": page.title if page else gettext("Your signature"), "url": url}


def _host() -> str:
    return settings.SITE_URL.split("//")[-1].split("/")[0].split(":")[0] or "localhost"
