"""Telling that pictures cannot be made: pages are shown without them, and nobody of staff sees that by himself."""

import logging
from datetime import datetime

from actions.signing.models import Alarm
from home.images import WantedRendition

log = logging.getLogger(__name__)


def look(now: datetime) -> list[Alarm]:
    """Raise an alarm, once a day, where sizes of pictures could not be made several times."""
    if not (stuck := WantedRendition.objects.stuck().count()):
        return []
    log.error("%s sizes of pictures cannot be made", stuck)
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Alarm.objects.raise_once(Alarm.Kind.PICTURES, number=stuck, hour=day)
