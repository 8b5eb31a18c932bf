"""What comes back for a mail: told by a provider (django-anymail), or by a mail to the address that names it."""

import logging
from collections.abc import Callable
from uuid import UUID

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

from actions.rules.returned import Fate, read
from actions.signing import outbox

log = logging.getLogger(__name__)

# What a provider says of a mail it could not deliver, or did not try to. That somebody is away (AUTORESPONDED), that it
# tries again (DEFERRED) and that the other side takes nothing from us (BLOCKED, SPAM) says nothing of the mailbox.
NOT_GONE = {RejectReason.BLOCKED, RejectReason.TIMED_OUT, RejectReason.OTHER}
NO_MORE = {RejectReason.SPAM, RejectReason.UNSUBSCRIBED}  # its reader has said so before


def provider_says(sender, event: AnymailTrackingEvent, esp_name: str, **kwargs) -> None:
    """Signal `anymail.signals.tracking`."""
    if known := (event.metadata or {}).get("mail"):
        try:
            mail = UUID(str(known))
        except ValueError:
            return  # metadata of somebody else's mail
        _note({mail}, _fate(event), str(event.reject_reason or ""))


def _fate(event: AnymailTrackingEvent) -> Fate:
    kind, reason = event.event_type, event.reject_reason
    if kind in (EventType.COMPLAINED, EventType.UNSUBSCRIBED):
        return Fate.COMPLAINT
    if kind not in (EventType.BOUNCED, EventType.REJECTED):
        return Fate.UNKNOWN
    if kind == EventType.REJECTED and reason in NO_MORE:
        return Fate.COMPLAINT
    return Fate.REFUSED if reason in NOT_GONE | NO_MORE else Fate.GONE


def mail_says(raw: bytes) -> bool:
    """Take a mail that came back. Returns whether something was noted by it."""
    returned = read(raw)
    return _note(returned.mails, returned.fate, returned.code)


VERBS: dict[Fate, Callable[[UUID], bool]] = {Fate.GONE: outbox.bounced, Fate.COMPLAINT: outbox.no_more}


def _note(mails: set[UUID] | frozenset[UUID], fate: Fate, why: str) -> bool:
    if fate is Fate.REFUSED:
        for mail in mails:
            log.warning("mail %s was not delivered: %s", mail, why or "no reason given")
    noted = [verb(mail) for mail in mails] if (verb := VERBS.get(fate)) else []
    return any(noted)
