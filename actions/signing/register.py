"""The register: signatures of one petition as staff go through them. Nobody's name is in it until it is opened.

Pages are found by the time of signing and the id (keyset paging): the last page costs what the first one does.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections
from django.db.models import F, QuerySet

from . import audit, opened, replica
from .addresses import digests_in
from .models import Petition, Signature
from .own_keys import require_digest_secret

ON_A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which signatures; everything that is given must hold. Instants are ISO 8601, `signed_before` is exclusive."""

    state: str = ""
    language: str = ""
    country: str = ""
    signed_from: datetime | None = None
    signed_before: datetime | None = None

    def of(self, petition: Petition) -> QuerySet[Signature]:
        rows = Signature.objects.filter(petition=petition)
        for field in ("state", "language", "country"):
            if value := getattr(self, field):
                rows = rows.filter(**{field: value})
        if self.signed_from:
            rows = rows.filter(signed_at__gte=self.signed_from)
        if self.signed_before:
            rows = rows.filter(signed_at__lt=self.signed_before)
        return rows


class Leaf(NamedTuple):
    """One page of the register, latest first; the cursors lead to the pages beside it, or are empty."""

    rows: list[Signature]
    newer: str
    older: str


def leaf(
    petition: Petition, chosen: Filter, *, older_than: str = "", newer_than: str = "", oldest: bool = False
) -> Leaf:
    """The latest signatures, or those before or after a cursor, or the oldest. A broken cursor shows the latest."""
    rows = chosen.of(petition).select_related("signer", "hold", "restriction")
    upwards = bool(oldest or newer_than)
    if newer_than and (place := _place(newer_than)):
        rows = rows.extra(where=["(signed_at, actions_signature.id) > (%s, %s)"], params=[*place])
    elif older_than and (place := _place(older_than)):
        rows = rows.extra(where=["(signed_at, actions_signature.id) < (%s, %s)"], params=[*place])
    else:
        newer_than = older_than = ""
    order = ("signed_at", "id") if upwards else ("-signed_at", "-id")
    found = list(rows.order_by(*order)[: ON_A_PAGE + 1])
    more = len(found) > ON_A_PAGE
    found = found[:ON_A_PAGE]
    if upwards:
        found.reverse()
    has_newer = more if newer_than else bool(older_than) or (oldest and more)
    has_older = more if not upwards else bool(newer_than)
    return Leaf(
        found,
        _cursor(found[0]) if found and has_newer else "",
        _cursor(found[-1]) if found and has_older else "",
    )


def find(*, petition: Petition, email: str, by: Any, purpose: str) -> Signature | None:
    """The signature of exactly this address, by its digest; looking is recorded. Raises BadAddress, TooManyOpened,
    WrongSecret."""
    require_digest_secret()
    digests = digests_in(petition, email)
    found = None
    for digest in digests if petition.digest_salt else []:
        rows = Signature.objects.of_address(petition.pk, digest)
        found = found or rows.select_related("signer", "hold").order_by(F("claim").asc(nulls_first=True)).first()
    opened.record(audit.Verb.SEARCHED, by=by, petition=petition.pk, number=int(found is not None), purpose=purpose)
    return found


def batches(chosen: QuerySet[Signature], *, size: int = 1000) -> Iterator[list[Signature]]:
    """The signatures with their signers, oldest first, read in batches of one query each."""
    rows = chosen.select_related("signer__consent_text").order_by("signed_at", "id")
    after: tuple[datetime, UUID] | None = None
    while True:
        part = rows
        if after:
            part = rows.extra(where=["(signed_at, actions_signature.id) > (%s, %s)"], params=[*after])
        batch = replica.ask(lambda part=part: list(part[:size]))  # type: ignore[misc]
        if not batch:
            return
        after = batch[-1].signed_at, batch[-1].pk
        yield batch


def about_how_many(rows: QuerySet[Signature], *, exact_below: int = 100_000) -> tuple[int, bool]:
    """How many rows there are, and whether that is exact: above a bound the database's own estimate is shown."""
    exact = rows.order_by()[:exact_below].count()
    if exact < exact_below:
        return exact, True
    query, params = rows.order_by().values("pk").query.sql_with_params()
    with connections[rows.db].cursor() as cursor:
        cursor.execute(f"explain (format json) {query}", params)
        return max(exact, int(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])), False


def _cursor(signature: Signature) -> str:
    text = f"{signature.signed_at.isoformat()} {signature.pk}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[datetime, UUID] | None:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, pk = text.split(" ")
        return datetime.fromisoformat(at), UUID(pk)
    except (binascii.Error, ValueError):
        return None
