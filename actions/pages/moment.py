"""What of an action page changes from one moment to the next: its state and its numbers.

A page made anew has them from the query that finds it (`for_visitors`); one that was kept asks for them in a query of
its own (`public.live`); any other asks one by one.
"""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet

from actions.signing.models import PublicHour, SigningRules
from actions.signing.public import Numbers, live, numbers
from home.visible import is_restricted


def _lately() -> Coalesce:
    """By how many the number shown has risen in the last 24 hours: the hours that lie in them whole, and this one."""
    since = Func(function="statement_timestamp", output_field=models.DateTimeField()) - timedelta(hours=24)
    hours = PublicHour.objects.filter(petition=OuterRef("petition"), hour__gt=since).order_by().values("petition")
    moved = Subquery(hours.values(n=Sum(F("number") - F("earlier"))))
    return Coalesce(moved, 0, output_field=models.BigIntegerField())


class ActionPageQuerySet(PageQuerySet):
    def for_visitors(self):
        """With all that the page of one action needs of its own row: petition, total, and whether it is restricted."""
        return self.select_related("petition", "hero_image", "locale").annotate(
            # One instant for state and numbers: a page that tells of the end tells the exact total.
            asked_at=Func(function="statement_timestamp", output_field=models.DateTimeField()),
            signatures=F("petition__public_total__online") + F("petition__public_total__paper"),
            paper_signatures=F("petition__public_total__paper"),
            removed_signatures=F("petition__public_total__removed"),
            signatures_exact=F("petition__public_total__exact"),
            signatures_lately=_lately(),
            all_paused=Exists(SigningRules.objects.filter(paused=True)),
            restricted=is_restricted(),
        )


class OfThisMoment:
    """An action page with the state and the numbers of one instant, by the database's clock."""

    def kept(self) -> Self:
        """Itself without what is a secret of the petition, to be kept between requests."""
        if self.petition:
            self.petition.digest_salt = self.petition.public_key = b""
        return self

    def brought_up_to_date(self) -> Self:
        """A page that was kept, with the state and the numbers of this instant."""
        if self.petition_id is None:
            self.asked_at = None
            return self
        if now := live(self.petition_id):
            petition = self.petition
            petition.opens_at, petition.ends_at, petition.paused = now.opens_at, now.ends_at, now.paused
            petition.won_on, petition.goal = now.won_on, now.goal
            self.asked_at, self.all_paused = now.at, now.all_paused
            self.signatures, self.paper_signatures, self.removed_signatures, self.signatures_exact = now.numbers[:4]
            self.signatures_lately = now.numbers.lately
        return self

    def of_now(self) -> Self:
        """A copy of its own of a page that others may be reading, with the state and the numbers of this instant."""
        return deepcopy(self).brought_up_to_date()

    def get_view_restrictions(self):
        """Asks only where `for_visitors` has not found out already that there are none."""
        if getattr(self, "restricted", True):
            return super().get_view_restrictions()
        return PageViewRestriction.objects.none()

    def now(self) -> datetime:
        """The instant to show the page for, by the database's clock: the one that decides about signatures."""
        return getattr(self, "asked_at", None) or timezone.now()

    def numbers(self) -> Numbers:
        """What visitors see of the total, over all languages, online and on paper."""
        if getattr(self, "signatures", None) is None:
            return numbers(self.petition)
        seen = self.signatures, self.paper_signatures, self.removed_signatures, self.signatures_exact
        return Numbers(*seen, self.signatures_lately)

    def signing_is_paused(self) -> bool:
        """Whether staff have paused all signing of the site."""
        found = getattr(self, "all_paused", None)
        return SigningRules.objects.filter(paused=True).exists() if found is None else found
