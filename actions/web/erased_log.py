"""A file beside the database that says, by id alone, who must stay erased when an older backup is restored."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from actions.signing.erase import stones_since


def write() -> int:
    """Append what was erased since the last line of the file; returns how many lines were added."""
    if not settings.ERASED_LOG:
        return 0
    path = Path(settings.ERASED_LOG)
    known = {stone for stone, _withdrawn in read(path)} if path.exists() else set()
    new = [stone for stone in stones_since(_last(path)) if stone[0] not in known]
    with path.open("a") as file:
        for signature_id, withdrawn, at in new:
            file.write(
                json.dumps({"signature": str(signature_id), "withdrawn": withdrawn, "at": at.isoformat()}) + "\n"
            )
    return len(new)


def read(path: Path) -> Iterator[tuple[UUID, bool]]:
    """The ids in the file, and whether each was withdrawn."""
    with path.open() as file:
        for line in filter(str.strip, file):
            stone = json.loads(line)
            yield UUID(stone["signature"]), stone["withdrawn"]


def _last(path: Path) -> datetime | None:
    """The instant of the newest line; what was erased in the same moment is looked at again."""
    if not path.exists():
        return None
    last = ""
    with path.open() as file:
        for line in file:
            last = line.strip() or last
    return datetime.fromisoformat(json.loads(last)["at"]) if last else None
