"""A signer's copy (art. 15): what is held, from where, for what, who got it, for how long; as values and to read.

The values are portable JSON (art. 20). Whatever is told here is asked of what is stored, through the petition and the
signature alone.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from actions.rules.days import start_of
from actions.rules.retention import CODE_WAITS, CODE_WAITS_UNSENT, forget_at

from .models import (
    AuditRecord,
    Consent,
    ConsentRecord,
    Export,
    MemberNotice,
    OutboxMail,
    Petition,
    Signature,
    TouchedSigner,
)

Verb = AuditRecord.Verb
BREACH = "breach"
SEEN = [Verb.OPENED, Verb.DISCLOSED, Verb.EXPORTED, Verb.PACKED, Verb.SHARED, Verb.CORRECTED]
RIGHTS = [
    _("to see and get this copy (articles 15 and 20)"),
    _("to have it corrected (article 16)"),
    _("to have it erased (article 17)"),
    _("to have its use restricted (article 18)"),
    _("to object (article 21)"),
    _("to withdraw each consent at any time (article 7)"),
    _("to complain to the data-protection authority (article 77)"),
]


def title_of(petition: Petition, language: str) -> str:
    """What the action is called on its page, in a language or in another; the form's own name where no page is left."""
    pages = petition.action_pages.select_related("locale")
    page = min(pages, key=lambda page: (not page.live, page.locale.language_code != language), default=None)
    return page.title if page else petition.name


def beside(signature: Signature, language: str = "") -> dict[str, Any]:
    """What is known beside the sealed person: title, recipients, hand-overs, mails, who opened it, how long, rights;
    in a language, or in that of the signature."""
    language = language or signature.language
    with translation.override(language if language in dict(settings.LANGUAGES) else None):
        petition = signature.petition
        return {
            "title": title_of(petition, language),
            "purpose": gettext("to count your signature for this action and hand it to those it is addressed to"),
            "recipients": [recipient_of(row.recipient) for row in petition.addressees.select_related("recipient")],
            "counted_in": _counted_in(signature),
            "membership_system": _membership(signature.pk),
            "mails": _mails(signature.pk),
            "opened": _opened(signature.pk),
            "public_name": _public_name(signature),
            "restricted_since": signature.restriction.since.isoformat() if hasattr(signature, "restriction") else None,
            "erased_on": _erased_on(signature),
            "legal_hold": _hold(petition),
            "waits_to_be_erased_since": _waits(signature),
            "rights": [str(right) for right in RIGHTS],
        }


def recipient_of(recipient: Any) -> dict[str, str]:
    """Who got something, in the language at hand where the recipient is translated, and in which country."""
    language = get_language() or ""
    known = [recipient, *recipient.get_translations().select_related("locale")]
    best = next((one for one in known if one.locale.language_code == language), recipient)
    return {"recipient": str(best), "country": str(recipient.country)}


def _counted_in(signature: Signature) -> list[dict[str, Any]]:
    """The hand-over whose number holds the signature, with the name on its list or not."""
    delivered = getattr(signature, "delivered", None)
    if delivered is None:
        return []
    delivery = delivered.delivery
    to = [recipient_of(recipient) for recipient in delivery.recipients.all()]
    return [{"on": delivery.delivered_on.isoformat(), "to": to}]


def _membership(pk: UUID) -> list[dict[str, str]]:
    rows = MemberNotice.objects.filter(signature_id=pk).order_by("pk")
    return [{"what": row.kind, "at": row.created_at.isoformat()} for row in rows]


def _mails(pk: UUID) -> list[dict[str, str]]:
    rows = OutboxMail.objects.filter(signature=pk, sent_at__isnull=False).order_by("sent_at")
    return [
        {"kind": BREACH if row.incident_id else row.kind, "at": row.sent_at.isoformat()} for row in rows if row.sent_at
    ]


def _opened(pk: UUID) -> list[dict[str, str]]:
    """Each time staff or a program outside saw it: when, how, and in which role. Mails are told of apart."""
    among = TouchedSigner.objects.filter(signature=pk).values("record")
    rows = AuditRecord.objects.filter(Q(signature_id=pk) | Q(pk__in=among), verb__in=SEEN).order_by("pk")
    return [{"at": row.at.isoformat(), "what": row.verb, "by": row.actor} | _use(row) for row in rows]


def _use(row: AuditRecord) -> dict[str, str]:
    """What an export was for, of those that are known (`exporting` writes it first)."""
    use = row.purpose.partition(": ")[0] if row.verb == Verb.EXPORTED else ""
    return {"for": use} if use in Export.Use.values else {}


def _public_name(signature: Signature) -> dict[str, Any] | None:
    name = getattr(signature, "public_name", None)
    return {"first_name": name.first_name, "place": name.place} if name else None


def _hold(petition: Petition) -> str | bool:
    """The ground of a legal hold in words; a hold from before there were grounds has none."""
    return str(Petition.HoldGround(petition.hold_ground).label) if petition.hold_ground else petition.legal_hold


def _waits(signature: Signature) -> str | None:
    waits = getattr(signature, "waiting_erasure", None)
    return waits.asked_at.isoformat() if waits else None


def _erased_on(signature: Signature) -> str | None:
    """When it is erased at the latest; nobody knows that of restricted data, which are kept until that is over."""
    if hasattr(signature, "restriction"):
        return None
    petition = signature.petition
    last = petition.deliveries.aggregate(day=Max("delivered_on"))["day"]
    delivered = start_of(last, timezone.get_default_timezone()) if last else None
    at = forget_at(ends_at=petition.ends_at, last_delivered_at=delivered, days=petition.retention_days)
    code = _code_waits_until(signature) if petition.high_risk else None
    at = min(filter(None, (at, code)), default=None)
    return at.isoformat() if at else None


def _code_waits_until(signature: Signature) -> datetime | None:
    """When a signature in high-risk mode is erased that nobody confirms."""
    if signature.state not in (Signature.State.AWAITING, Signature.State.HELD):
        return None
    mail = OutboxMail.objects.filter(signature=signature, kind=OutboxMail.Kind.CODE).first()
    if mail is None:
        return None
    return mail.sent_at + CODE_WAITS if mail.sent_at else mail.created_at + CODE_WAITS_UNSENT


class Readable(NamedTuple):
    """A copy as people read it: a title, and lines of what and how; a line may have several parts."""

    title: str
    lines: list[tuple[str, list[str]]]


MOMENTS = {
    *("at", "on", "signed_at", "brought_in_at", "erased_on", "restricted_since", "waits_to_be_erased_since"),
    *("mail_comes_back_since", "reminder_asked_for", "reminder_wanted_since"),
}
LABELS = {
    "signature": _("Number of the signature"),
    "state": _("State"),
    "language": _("Language"),
    "country": _("Country"),
    "signed_at": _("Signed"),
    "damaged": _("could not be opened"),
    "name_is_old": _("From before a correction, which a restored backup does not have"),
    "name": _("Name"),
    "email": _("Email address"),
    "postcode": _("Postcode"),
    "shown_name": _("Name that is shown"),
    "phone": _("Telephone number"),
    "place": _("Place"),
    "comment": _("Comment"),
    "purpose": _("What for"),
    "contact_about_this_action": _("Contact about this action"),
    "contact_about_other_work": _("Contact about other work"),
    "show_first_name": _("Name shown on the page"),
    "hand_over_name": _("Name handed over"),
    "consent_text": _("Version of the consent text"),
    "consents": _("Consents, one by one"),
    "source": _("Where the data come from"),
    "recipients": _("Addressed to"),
    "counted_in": _("Counted in a hand-over"),
    "handed_over": _("Lists that hold the name"),
    "mailbox_has_answered": _("The mailbox has answered"),
    "mail_comes_back_since": _("Email comes back, as nobody is there, since"),
    "vouched_for_by_the_import": _("Vouched for by whoever brought it in; the mailbox was not asked"),
    "membership_system": _("Told to the membership system"),
    "mails": _("Emails to you"),
    "opened": _("Opened"),
    "public_name": _("Shown on the page"),
    "restricted_since": _("Use restricted since"),
    "erased_on": _("Erased at the latest"),
    "legal_hold": _("Legal hold"),
    "waits_to_be_erased_since": _("Erasure asked for, and waits for the end of the legal hold, since"),
    "rights": _("Your rights"),
    "name_waits_for_the_mailbox": _("Name handed over once its owner says so from the mailbox"),
    "told_of_the_hand_over": _("What was said of the hand-over"),
    "action": _("Signature form"),
    "reminder_asked_for": _("A reminder of the opening was asked for"),
    "reminder_wanted_since": _("The mailbox has said yes to the reminder"),
}
KINDS = {
    **dict(OutboxMail.Kind.choices),
    BREACH: _("email about a breach of personal data"),
    **dict(AuditRecord.Verb.choices),
    **dict(AuditRecord.Actor.choices),
    **dict(Signature.State.choices),
    **dict(MemberNotice.Kind.choices),
}


def readable(content: dict[str, Any]) -> Readable:
    """The copy in words of the language at hand, with dates as people write them; nothing that is empty."""
    flat = {key: value for key, value in content.items() if key not in ("title", "person", "action")}
    first = ["signature", "state", "signed_at", "language", "country"]
    order = {key: flat[key] for key in first if key in flat} | content.get("person", {}) | flat
    lines = [(str(LABELS.get(key, key)), parts) for key, value in order.items() if (parts := _parts(key, value))]
    return Readable(content.get("title") or content["action"], lines)


def _parts(key: str, value: Any) -> list[str]:
    if isinstance(value, list):
        return [_text(key, one) for one in value]
    text = _text(key, value)
    return [text] if text else []


def _text(key: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return "; ".join(_text(key, one) for one in value)
    if isinstance(value, dict):
        return (
            _consent(value) if "consent" in value else ", ".join(filter(None, (_text(k, v) for k, v in value.items())))
        )
    if key in MOMENTS:
        return _moment(value)
    if key == "country":
        return str(countries.name(value) or value)
    if key == "language":
        return gettext(dict(settings.LANGUAGES).get(value, value))
    if key == "for":
        return str(Export.Use(value).label)
    if key in ("kind", "what", "by", "state"):  # of a list, the columns on it
        return str(KINDS.get(value) or LABELS.get(value, value))
    return str(value)


def _consent(row: dict[str, Any]) -> str:
    given = gettext("given") if row["given"] else gettext("ended")
    told = f"{_moment(row['at'])}: {Consent(row['consent']).label}, {given}, {ConsentRecord.Way(row['way']).label}"
    return gettext("%(told)s: “%(words)s”") % {"told": told, "words": row["words"]} if row.get("words") else told


def _moment(written: str) -> str:
    if len(written) == 10:
        return date_format(datetime.fromisoformat(written).date())
    return date_format(timezone.localtime(datetime.fromisoformat(written)), "DATETIME_FORMAT")
