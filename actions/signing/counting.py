"""Totals. Exact at once, and read from the tallies: the cost does not grow with the signatures."""

from collections.abc import Iterable

from django.db.models import Sum

from .models import Petition, Tally


def total(petition: Petition) -> int:
    """Counted signatures of the petition, over all languages."""
    return Tally.objects.filter(petition=petition).aggregate(n=Sum("counted"))["n"] or 0


def totals(petitions: Iterable[int]) -> dict[int, int]:
    """Counted signatures by petition id, in one query; a petition nobody signed has 0."""
    ids = list(petitions)
    rows = Tally.objects.filter(petition__in=ids).values_list("petition").annotate(Sum("counted")).order_by()
    return dict.fromkeys(ids, 0) | dict(rows)


def grand_total() -> int:
    """Counted signatures over all petitions."""
    return Tally.objects.aggregate(n=Sum("counted"))["n"] or 0
