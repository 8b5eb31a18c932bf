"""Looking for jumps: an hour, a country or a mail domain that stands out. Each is told once; staff decide."""

import logging
from collections import Counter
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Sum

from actions.rules.address import domain_of
from actions.rules.alarm import GROUP_LEAST, domain_jumps, group_jumps, hour_jumps

from . import audit, own_keys, reading, roles
from .keys import KeyLost
from .models import Alarm, Hold, LookedUp, Petition, Signature, Signer, Tally

log = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
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


PER_LOOK, PER_DAY = 40, 100  # look-ups that may leave nothing: a crash of the database skips up to 32 of the sequence


def look_at_lookups(now: datetime) -> list[Alarm]:
    """Raise an alarm where addresses were looked up in transactions that were taken back.

    Whoever has broken into the public process can call the verbs of signing and take them back. A sequence counts every
    call, rows only those that were kept; where more are missing than faults explain, somebody tries addresses, or the
    database is in such trouble that hardly anybody can sign.
    """
    with connection.cursor() as cursor:
        # In this order: what is called in between is then missing from neither, but for those that are under way.
        cursor.execute("select coalesce(sum(looked_up), 0) from actions_totalslot")
        kept = int(cursor.fetchone()[0])
        cursor.execute("select case when is_called then last_value else 0 end from actions_looked_up")
        called = cursor.fetchone()[0]
    before = LookedUp.objects.order_by("-at").first()
    day = LookedUp.objects.filter(at__gte=now - DAY).order_by("at").first()
    LookedUp.objects.create(at=now, called=called, kept=kept)
    LookedUp.objects.filter(at__lt=now - 2 * DAY).delete()
    missing = called - kept
    hour = now.replace(minute=0, second=0, microsecond=0)
    for earlier, allowed in ((before, PER_LOOK), (day, PER_DAY)):
        if earlier and (more := missing - (earlier.called - earlier.kept)) > allowed:
            log.error("%s look-ups of addresses were taken back", more)
            return Alarm.objects.raise_once(Alarm.Kind.PROBES, number=more, hour=hour)
    return []


def look_at_secret(now: datetime) -> list[Alarm]:
    """Note the digest secret where it is first used; raise an alarm, once a day, where it is not this database's."""
    if own_keys.note_digest_secret():
        return []
    log.error("SIGNER_DIGEST_SECRET is not this database's")
    return Alarm.objects.raise_once(Alarm.Kind.SECRET, number=1, hour=_day(now))


def _day(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def look_at_roles(now: datetime) -> list[Alarm]:
    """Raise an alarm where a role of the database has other settings than `database_roles` gives it: each role can
    change its own, and they stay when whoever did it is out again."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    changed = roles.changed()
    for role in changed:
        log.error("the role %s of the database has other settings than it was given", role)
    return [
        alarm
        for role in changed
        for alarm in Alarm.objects.raise_once(Alarm.Kind.ROLE, subject=role, number=1, hour=hour)
    ]


def end_long_transactions(now: datetime) -> list[Alarm]:
    """End transactions of the public process that last longer than they can by themselves, and raise an alarm: whoever
    has broken into it may hold what staff wait for."""
    if not (ended := roles.end_long_transactions()):
        return []
    log.error("ended %s sessions of the public process: their transactions were longer than its settings allow", ended)
    hour = now.replace(minute=0, second=0, microsecond=0)
    return Alarm.objects.raise_once(Alarm.Kind.ROLE, subject=roles.PUBLIC, number=ended, hour=hour)


def _hour(petition: Petition, hour: datetime) -> list[Alarm]:
    rows = Tally.objects.filter(petition=petition, hour__gt=hour - WEEK, hour__lte=hour)
    sums = dict(rows.values_list("hour").annotate(Sum("counted")).order_by())
    now = sums.pop(hour, 0)
    if not hour_jumps(now=now, before=list(sums.values())):
        return []
    return Alarm.objects.raise_once(Alarm.Kind.HOUR, petition=petition, number=now, hour=hour)


def _countries(petition: Petition, hour: datetime) -> list[Alarm]:
    week = Signature.objects.filter(petition=petition, signed_at__gte=hour - WEEK).exclude(country="")
    before = dict(week.filter(signed_at__lt=hour).values_list("country").annotate(Count("pk")).order_by())
    now = week.filter(signed_at__gte=hour).values_list("country").annotate(Count("pk")).order_by()
    hours = WEEK / HOUR
    new: list[Alarm] = []
    for country, number in now:
        if group_jumps(now=number, usual=before.get(country, 0) / hours) and (before or country != "NO"):
            new += Alarm.objects.raise_once(
                Alarm.Kind.COUNTRY, petition=petition, subject=country, number=number, hour=hour
            )
    return new


def _held(petition: Petition, hour: datetime) -> list[Alarm]:
    number = Hold.objects.filter(signature__petition=petition, held_at__gte=hour).exclude(reason="staff").count()
    if number < GROUP_LEAST:
        return []
    return Alarm.objects.raise_once(Alarm.Kind.HELD, petition=petition, number=number, hour=hour)


def _domains(petition: Petition, hour: datetime) -> list[Alarm]:
    signers = Signer.objects.filter(signature__petition=petition, signature__signed_at__gte=hour)[:LOOKED_AT]
    try:
        people = reading.read_many(
            signers=signers, petition=petition, verb=audit.Verb.OPENED, by=audit.WORKER, purpose="domains"
        )
    except KeyLost:
        return []
    domains = Counter(domain_of(person.email) for person in people.values())
    new: list[Alarm] = []
    for domain, number in domains.items():
        if domain_jumps(domain=domain, now=number, of=len(people)):
            new += Alarm.objects.raise_once(
                Alarm.Kind.DOMAIN, petition=petition, subject=domain, number=number, hour=hour
            )
    return new
