"""Mail hosts of signers: which have most held signatures, and the signatures of one host. Both open signers to look."""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet

from actions.rules.address import domain_of

from . import audit, opened, reading
from .models import Petition, Signature

LOOKED_AT = 5_000  # the newest signatures that are opened to see their hosts
SHOWN = 30  # hosts
ON_A_PAGE = 100  # signatures of a host


class Host(NamedTuple):
    name: str
    number: int


class Found(NamedTuple):
    """What was found, among how many that were looked at, and whether there are more that were not."""

    found: list[Any]
    looked_at: int
    more: bool


def held(petition: Petition | None = None) -> QuerySet[Signature]:
    """Held signatures, newest first, of one form or of all."""
    rows = Signature.objects.filter(state=Signature.State.HELD, hold__isnull=False)
    return (rows.filter(petition=petition) if petition else rows).order_by("-signed_at", "-pk")


def most_held(*, by: Any, petition: Petition | None = None) -> Found:
    """The hosts with most held signatures, as `Host`. Raises KeyLost and TooManyOpened.

    It tells of nobody alone, so it costs as much of the hour's limit as counting by a rule does.
    """
    rows, more = _newest(held(petition))
    opened.record(
        audit.Verb.MATCHED, by=by, petition=petition and petition.pk, number=len(rows), purpose=opened.DRY_COUNT
    )
    hosts = Counter(host for _signature, host in _with_host(rows))
    most = sorted((Host(*one) for one in hosts.items()), key=lambda host: (-host.number, host.name))
    return Found(most[:SHOWN], len(rows), more)


def signatures_at(host: str, *, by: Any, purpose: str, petition: Petition | None = None) -> Found:
    """The newest signatures of a host and the hosts below it: those that are held, or of one form those of every state.

    Each that is shown counts as one that was opened. Raises KeyLost and TooManyOpened.
    """
    of_form = Signature.objects.filter(petition=petition).order_by("-signed_at", "-pk")
    rows, more = _newest(of_form if petition else held())
    opened.record(
        audit.Verb.MATCHED, by=by, petition=petition and petition.pk, number=len(rows), purpose=opened.DRY_COUNT
    )
    name = host.lower().strip().lstrip("@")
    at = {signature.pk for signature, theirs in _with_host(rows) if theirs == name or theirs.endswith(f".{name}")}
    found = [signature for signature in rows if signature.pk in at]
    shown = found[:ON_A_PAGE]
    if shown:
        ids = [signature.pk for signature in shown]
        opened.record(
            audit.Verb.OPENED, by=by, petition=petition and petition.pk, number=len(ids), purpose=purpose, many=ids
        )
    return Found(shown, len(rows), more or len(found) > len(shown))


def _newest(rows: QuerySet[Signature]) -> tuple[list[Signature], bool]:
    """Those whose signer is there and may be used, and whether there are more than are looked at."""
    there = rows.filter(signer__isnull=False, restriction=None, waiting_erasure=None)
    found = list(there.select_related("signer", "hold", "petition__secret")[: LOOKED_AT + 1])
    return found[:LOOKED_AT], len(found) > LOOKED_AT


def _with_host(rows: Iterable[Signature]) -> Iterable[tuple[Signature, str]]:
    for _petition, group in groupby(sorted(rows, key=attrgetter("petition_id")), key=attrgetter("petition_id")):
        some = list(group)
        people = reading.open_recorded(some, petition=some[0].petition)
        yield from ((one, domain_of(people[one.pk].email)) for one in some if one.pk in people)
