"""The desk of a signature form: how many, how fast, from where, and what happened when."""

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from actions.pages.listing import Figures, left
from actions.rules.state import State
from actions.signing import counting, figures, public, replica, sources
from actions.signing.models import Petition, PetitionChange, Signature

from .charts import Event, draw
from .guard import needs
from .reports import waiting_for_delivery
from .screens import show

HOURS = 72
STANDS_STILL = timedelta(minutes=10)


@needs("actions.view_petition")
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures of one form; they stay when its signers are forgotten."""
    petition = get_object_or_404(Petition, pk=pk)
    context = replica.ask(lambda: _figures(petition))
    pages = petition.action_pages.select_related("locale").order_by("pk")
    context["pages"] = [page for page in pages if page.permissions_for_user(request.user).can_edit()]
    return show(request, "desk", context, title=_("Desk"), icon="view", petition=petition, tab="desk")


def _figures(petition: Petition) -> dict[str, Any]:
    now, zone = timezone.now(), timezone.get_default_timezone()
    deliveries = list(petition.deliveries.order_by("delivered_on", "pk"))
    state = petition.state(now, delivered=bool(deliveries))
    total = counting.total(petition)
    exact = public.Numbers(total, counting.paper(petition), counting.removed(petition), exact=True)
    shown = Figures.of(petition, exact)
    days = figures.by_day(petition, now=now, zone=zone)
    long = len(days) > figures.LONGEST_BY_DAY
    happened = list(events(petition, deliveries))
    until = min(now, petition.ends_at or now) if state is not State.SCHEDULED else now
    hours = figures.by_hour(petition, since=until - timedelta(hours=HOURS), until=until, now=now) if days else []
    return {
        "state": state,
        "figures": shown,
        "seen": public.numbers(petition) if state is State.OPEN else None,
        "standing_still": state is State.OPEN and public.longest_standstill() > STANDS_STILL,
        "today": figures.today(petition, now=now, zone=zone) if state is State.OPEN else None,
        "pace": figures.pace(petition, days, total=total, goal=shown.goal, now=now) if state is State.OPEN else None,
        "time_left": left(petition, now) if state is State.OPEN else None,
        "day_chart": draw(figures.by_week(days, now=now) if long else days, events=happened),
        "by_week": long,
        "hour_chart": draw(hours, events=happened, hours=True),
        "languages": _shares(figures.by_language(petition), dict(settings.LANGUAGES)),
        "countries": _shares(figures.by_country(petition), dict(countries))[:15],
        "sources": _shares(sources.by_source(petition), {})[:15],
        "not_counted": _states(petition),
        "funnel": counting.funnel(petition) if petition.counting == Petition.Counting.CONFIRMED else [],
        "deliveries": deliveries,
        "waiting": waiting_for_delivery().filter(pk=petition.pk).values_list("waiting", flat=True).first() or 0,
    }


def events(petition: Petition, deliveries) -> list[Event]:
    """What happened to the action, for the graphs."""
    verbs = {
        PetitionChange.Verb.CLOSE: _("Closed by hand"),
        PetitionChange.Verb.EXTEND: _("End moved"),
        PetitionChange.Verb.REOPEN: _("Opened again"),
        PetitionChange.Verb.PAUSE: _("Paused"),
        PetitionChange.Verb.RESUME: _("Resumed"),
    }
    found = [Event(change.at, verbs[change.verb]) for change in petition.changes.all()]
    found += [Event(sent.sent_at, _("Email to signers")) for sent in petition.mailings.exclude(sent_at=None)]
    zone = timezone.get_default_timezone()
    for delivery in deliveries:
        told = ngettext("%(n)s signature handed over", "%(n)s signatures handed over", delivery.number)
        at = datetime.combine(delivery.delivered_on, time(12), zone)
        found.append(Event(at, told % {"n": delivery.number}))
    end = petition.ends_at and petition.ends_at - timedelta(microseconds=1)  # on its last day
    for at, label in ((petition.opens_at, _("Opened")), (end, _("End"))):
        if at:
            found.append(Event(at, label))
    return found


def _shares(found, names: dict[str, str]) -> list[dict]:
    most = max((share.number for share in found), default=0)
    return [
        {"label": names.get(share[0], share[0]), "number": share.number, "percent": share.number * 100 // most}
        for share in found
    ]


def _states(petition: Petition) -> list[tuple[str, str, int]]:
    found = figures.by_state(petition)
    return [(state.value, state.label, found[state.value]) for state in Signature.State if found.get(state.value)]
