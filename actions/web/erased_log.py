"""A file beside the database that says, by id and verb alone, what must not come back with an older backup.

A line for each who was erased, withdrew, or waits for that until a legal hold ends, each who said that it was somebody
else, each consent that ended (a first name that is no longer shown among them) and each name that was corrected.
Nothing of it names anybody.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from actions.signing.restoring import Gone, Verb, gone_since

OVERLAP = timedelta(hours=1)  # what was under way when the file was written last has an earlier time


def write() -> int:
    """Append what happened since the last lines of the file; returns how many lines were added."""
    if not settings.ERASED_LOG:
        return 0
    path = Path(settings.ERASED_LOG)
    known, last = set(), None
    if path.exists():
        for line in read(path):
            known.add(line)
            last = max(last or line.at, line.at)
    new = [line for line in gone_since(last - OVERLAP if last else None) if line not in known]
    with path.open("a") as file:
        for line in new:
            file.write(json.dumps(_told(line)) + "\n")
    return len(new)


def _told(line: Gone) -> dict[str, str | bool]:
    told: dict[str, str | bool] = {"signature": str(line.signature)}
    if line.verb in (Verb.ERASED, Verb.WITHDRAWN):  # as versions before this one wrote and read them
        told |= {"withdrawn": line.verb == Verb.WITHDRAWN}
    else:
        told |= {"verb": line.verb.value} | ({"consent": line.consent} if line.consent else {})
    return told | {"at": line.at.isoformat()}


def read(path: Path) -> Iterator[Gone]:
    """The lines of the file."""
    with path.open() as file:
        for text in filter(str.strip, file):
            told = json.loads(text)
            verb = told.get("verb") or (Verb.WITHDRAWN if told["withdrawn"] else Verb.ERASED)
            at = datetime.fromisoformat(told["at"])
            yield Gone(UUID(told["signature"]), Verb(verb), told.get("consent", ""), at)
