"""Mails that come back: told by a provider (django-anymail), or by a mail to the address that says which one it was."""

import re
from uuid import UUID

from anymail.signals import AnymailTrackingEvent, EventType

from actions.signing.outbox import bounced

VERP = re.compile(rb"\+([0-9a-f]{32})@")
FOR_GOOD = {EventType.BOUNCED, EventType.REJECTED}


def provider_says(sender, event: AnymailTrackingEvent, esp_name: str, **kwargs) -> None:
    """Signal `anymail.signals.tracking`."""
    if event.event_type in FOR_GOOD and (known := (event.metadata or {}).get("mail")):
        try:
            bounced(UUID(str(known)))
        except ValueError:
            return  # metadata of somebody else's mail


def mail_says(headers: bytes) -> bool:
    """Take a returned mail; only its headers are looked at. Returns whether it was about one of ours."""
    return any(bounced(UUID(found.decode())) for found in set(VERP.findall(headers)))
