"""Where signers came from, counted by a code in the address (in `actions_sign`) and never tied to a person."""

from typing import NamedTuple

from django.db.models import Sum

from .models import Petition, SourceTally


class Source(NamedTuple):
    code: str
    number: int


def by_source(petition: Petition) -> list[Source]:
    """New signatures by code, most first."""
    rows = SourceTally.objects.filter(petition=petition).values_list("source").annotate(n=Sum("number")).order_by()
    return sorted((Source(code, n) for code, n in rows if n), key=lambda source: (-source.number, source.code))
