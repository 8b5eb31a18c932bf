"""Where signers came from, counted by a code in the address and never tied to a person."""

from typing import NamedTuple

from django.db import connection
from django.db.models import Sum

from .models import Petition, SourceTally


class Source(NamedTuple):
    code: str
    number: int


def count_source(petition: Petition, source: str, *, new: bool) -> None:
    """One more by this code; a repeated signature does the same work and counts for nothing."""
    with connection.cursor() as cursor:
        cursor.execute("select actions_count_source(%s, %s, %s)", [petition.pk, source, int(new)])


def by_source(petition: Petition) -> list[Source]:
    """New signatures by code, most first."""
    rows = SourceTally.objects.filter(petition=petition).values_list("source").annotate(n=Sum("number")).order_by()
    return sorted((Source(code, n) for code, n in rows if n), key=lambda source: (-source.number, source.code))
