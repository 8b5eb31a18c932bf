"""An action as visitors see it in each state, with the same sample numbers everywhere (C4). Changes nothing stored."""

import copy
from datetime import datetime, timedelta
from typing import Any

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from actions.delivery.selectors import HandedOver
from actions.rules.days import end_of
from actions.signing.models import Petition
from home.organisation import Organisation

# What the samples show. 17 554 is what the first action of this kind brought together.
TOTAL, PAPER, REMOVED, GOAL, LATELY = 17_554, 540, 12, 20_000, 213
DELIVERED = 17_000

MODES = [
    ("draft", _("Draft: no day is set")),
    ("scheduled", _("Opens soon")),
    ("open", _("Open")),
    ("last_day", _("Last day to sign")),
    ("paused", _("Signing is paused")),
    ("error", _("Something is missing in the form")),
    ("thanks", _("Thanks after signing")),
    ("already", _("Has signed already: the email")),
    ("ended", _("Ended")),
    ("delivered", _("Ended and handed over")),
    ("won", _("Won")),
]
NAMES = dict(MODES)
OVER = ("ended", "delivered", "won")


def instant(mode: str) -> datetime:
    """The moment a mode is shown for: now, but noon on the last day, whose evening is told in hours."""
    now = timezone.now()
    if mode != "last_day":
        return now
    return timezone.localtime(now).replace(hour=12, minute=0, second=0, microsecond=0)


def sample_petition(petition: Petition | None, mode: str, now: datetime) -> Petition:
    """A copy of the form, as it would be in a mode. It is never saved."""
    sample = copy.copy(petition) if petition else Petition(pk=0, name="")
    sample.opens_at, sample.ends_at = now - timedelta(days=21), now + timedelta(days=9)
    sample.paused, sample.won_on, sample.goal = mode == "paused", None, GOAL
    sample.hide_total_below = 0
    if mode == "draft":
        sample.opens_at = sample.ends_at = None
    elif mode == "scheduled":
        sample.opens_at = now + timedelta(days=3)
    elif mode == "last_day":
        sample.ends_at = end_of(timezone.localtime(now).date(), timezone.get_default_timezone())
    elif mode in OVER:
        sample.ends_at = now - timedelta(days=40)
        sample.won_on = timezone.localtime(now).date() if mode == "won" else None
    return sample


def sample_numbers(mode: str) -> dict[str, Any]:
    """What the page would have read from the database."""
    begun, over = mode not in ("draft", "scheduled"), mode in OVER
    return {
        "signatures": TOTAL if begun else 0,
        "paper_signatures": PAPER if begun else 0,
        "removed_signatures": REMOVED if over else 0,
        "signatures_exact": over,
        "signatures_lately": LATELY if begun and not over else 0,
        "all_paused": False,
        "restricted": False,
    }


def sample_delivery(recipients: list, now: datetime) -> HandedOver:
    """A hand-over a month ago, to whom the form goes to."""
    day = timezone.localtime(now - timedelta(days=30)).date()
    return HandedOver(pk=0, number=DELIVERED, new=DELIVERED, delivered_on=day, recorded_at=now, recipients=recipients)


class Previewed:
    """An action page that staff look at in every state before anybody else does."""

    @property
    def preview_modes(self):
        """As it is at this moment, and every state with sample numbers."""
        return [("", _("As it is now")), *MODES]

    def serve_preview(self, request, mode_name):
        if mode_name not in NAMES:
            return super().serve_preview(request, mode_name)
        now = instant(mode_name)
        self.petition = sample_petition(self.petition, mode_name, now)
        vars(self).update(sample_numbers(mode_name), previewed=mode_name, asked_at=now)
        if mode_name == "thanks":
            return self.thanks(request)
        if mode_name == "already":
            return TemplateResponse(request, "actions/mail/again.html", self.mail_sample(request))
        if mode_name == "error":
            organisation = Organisation.for_site(Site.find_for_request(request), self.locale.language_code)
            form = self.signature_form(organisation, {"name": "Kari Nordmann", "email": "kari.nordmann"})
            return self.render(request, context_overrides={"form": form})
        return self.render(request)

    def mail_sample(self, request) -> dict:
        """What a mail about this page is made of, with links that lead to nobody's signature."""
        nowhere = reverse("actions:ask_link")
        return self.get_context(request) | {"url": self.full_url, "mine_url": nowhere, "stop_url": nowhere}
