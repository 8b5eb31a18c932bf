"""Looking for jumps: an hour, a country or a mail domain that stands out. Each is told once; staff decide."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Count, Sum

from actions.rules.address import domain_of
from actions.rules.alarm import GROUP_LEAST, domain_jumps, group_jumps, hour_jumps

from . import audit, reading
from .keys import KeyLost
from .models import Alarm, Hold, Petition, Signature, Signer, Tally

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
LOOKED_AT = 2_000  # signers of an hour that are opened to see their domains


def look(now: datetime) -> list[Alarm]:
    """Raise the alarms of the current hour that were not raised before; returns the new ones."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    numbers: Counter[int] = Counter()
    for counted in (
        Tally.objects.filter(hour=hour).values_list("petition").annotate(Sum("counted")).order_by(),
        Hold.objects.filter(held_at__gte=hour).values_list("signature__petition").annotate(Count("pk")).order_by(),
    ):
        numbers.update(dict(counted))
    busy = [pk for pk, number in numbers.items() if number >= GROUP_LEAST]
    new: list[Alarm] = []
    for petition in Petition.objects.filter(pk__in=busy).select_related("secret"):
        new += _hour(petition, hour)
        new += _countries(petition, hour)
        new += _held(petition, hour)
        new += _domains(petition, hour)
    return new


def _hour(petition: Petition, hour: datetime) -> list[Alarm]:
    rows = Tally.objects.filter(petition=petition, hour__gt=hour - WEEK, hour__lte=hour)
    sums = dict(rows.values_list("hour").annotate(Sum("counted")).order_by())
    now = sums.pop(hour, 0)
    return _raise(Alarm.Kind.HOUR, petition, "", now, hour) if hour_jumps(now=now, before=list(sums.values())) else []


def _countries(petition: Petition, hour: datetime) -> list[Alarm]:
    week = Signature.objects.filter(petition=petition, signed_at__gte=hour - WEEK).exclude(country="")
    before = dict(week.filter(signed_at__lt=hour).values_list("country").annotate(Count("pk")).order_by())
    now = week.filter(signed_at__gte=hour).values_list("country").annotate(Count("pk")).order_by()
    hours = WEEK / HOUR
    new: list[Alarm] = []
    for country, number in now:
        if group_jumps(now=number, usual=before.get(country, 0) / hours) and (before or country != "NO"):
            new += _raise(Alarm.Kind.COUNTRY, petition, country, number, hour)
    return new


def _held(petition: Petition, hour: datetime) -> list[Alarm]:
    number = Hold.objects.filter(signature__petition=petition, held_at__gte=hour).exclude(reason="staff").count()
    return _raise(Alarm.Kind.HELD, petition, "", number, hour) if number >= GROUP_LEAST else []


def _domains(petition: Petition, hour: datetime) -> list[Alarm]:
    signers = Signer.objects.filter(signature__petition=petition, signature__signed_at__gte=hour)[:LOOKED_AT]
    try:
        people = reading.read_many(
            signers=signers, petition=petition, verb=audit.Verb.OPENED, by=audit.WORKER, purpose="domains"
        )
    except KeyLost:
        return []
    domains = Counter(domain_of(person.email) for person in people)
    new: list[Alarm] = []
    for domain, number in domains.items():
        if domain_jumps(domain=domain, now=number, of=len(people)):
            new += _raise(Alarm.Kind.DOMAIN, petition, domain[:120], number, hour)
    return new


def _raise(kind: Alarm.Kind, petition: Petition, subject: str, number: int, hour: datetime) -> list[Alarm]:
    alarm, is_new = Alarm.objects.get_or_create(
        kind=kind, petition=petition, subject=subject, hour=hour, defaults={"number": number}
    )
    return [alarm] if is_new else []
