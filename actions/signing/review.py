"""What staff decide about signatures: count them, hold them, take them out; one, many, or by a rule; undone as a whole.

A decision is a record first and is then carried out in batches, each a transaction of its own that says how far it has
come: whatever stops it, running it again goes on where it was.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any
from uuid import UUID

import re2
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

from actions.rules.address import domain_of
from actions.rules.errors import ChangeRefused

from . import audit, opened, reading
from .erase import move
from .models import Hold, Petition, ReviewRule, ReviewRuleItem, Signature
from .sealing import Person

Verb = ReviewRule.Verb
Progress = ReviewRule.Progress
State = Signature.State

BATCH = 500

TARGET = {
    Verb.RELEASE: State.COUNTED,
    Verb.HOLD: State.HELD,
    Verb.INVALIDATE: State.INVALIDATED,
    Verb.COUNT: State.COUNTED,
}
SOURCES = {
    Verb.RELEASE: [State.HELD],
    Verb.HOLD: [State.COUNTED, State.AWAITING],
    Verb.INVALIDATE: [State.COUNTED, State.AWAITING, State.HELD],
    Verb.COUNT: [State.AWAITING, State.HELD, State.INVALIDATED],
}
AUDITED = {
    Verb.RELEASE: audit.Verb.RELEASED,
    Verb.HOLD: audit.Verb.HELD,
    Verb.INVALIDATE: audit.Verb.INVALIDATED,
    Verb.COUNT: audit.Verb.RELEASED,
}


class NothingChosen(Exception):
    """A rule without a single criterion would mean everybody."""


class BadPattern(ValueError):
    """No regular expression, or one that cannot be looked for in linear time."""


@lru_cache(maxsize=32)
def pattern(text: str) -> Any:
    """A regular expression that takes no longer than the name is, whatever it and the name are (RE2).

    Raises BadPattern.
    """
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False  # it may be a name
    try:
        return re2.compile(text, options)
    except re2.error:
        raise BadPattern from None


def _has(text: str, name: str) -> bool:
    try:
        return pattern(text).search(name) is not None
    except BadPattern:
        return False  # a decision made by an earlier version, which took more


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """Which signatures a decision is about; all that are given must hold."""

    ids: tuple[str, ...] = ()
    signed_from: str = ""  # ISO 8601
    signed_before: str = ""
    country: str = ""
    language: str = ""
    reason: str = ""  # a Hold.Reason
    network: str = ""  # hexadecimal, of held signatures
    domain: str = ""
    name_pattern: str = ""  # a regular expression, looked for in the name whatever the case

    @property
    def opens_seals(self) -> bool:
        return bool(self.domain or self.name_pattern)

    def fits(self, person: Person) -> bool:
        host = domain_of(person.email)
        domain = self.domain.lower().lstrip("@")
        if domain and host != domain and not host.endswith("." + domain):
            return False
        return not self.name_pattern or _has(self.name_pattern, person.name)


def candidates(petition: Petition, verb: Verb, criteria: Criteria) -> QuerySet[Signature]:
    """The signatures that fit what can be asked of the database. What was handed over is left alone."""
    rows = Signature.objects.filter(petition=petition, state__in=SOURCES[verb]).order_by("id")
    if verb in (Verb.HOLD, Verb.INVALIDATE):
        rows = rows.filter(delivered=None)
    if verb is Verb.COUNT:  # in high-risk mode nobody but the owner of a mailbox makes a signature count
        rows = rows.exclude(state=State.AWAITING, petition__high_risk=True)
    if criteria.ids:
        rows = rows.filter(pk__in=criteria.ids)
    if criteria.signed_from:
        rows = rows.filter(signed_at__gte=_instant(criteria.signed_from))
    if criteria.signed_before:
        rows = rows.filter(signed_at__lt=_instant(criteria.signed_before))
    if criteria.country:
        rows = rows.filter(country=criteria.country)
    if criteria.language:
        rows = rows.filter(language=criteria.language)
    if criteria.reason:
        rows = rows.filter(hold__reason=criteria.reason)
    if criteria.network:
        rows = rows.filter(hold__network=bytes.fromhex(criteria.network))
    return rows


def count(*, petition: Petition, verb: Verb, criteria: Criteria, by: Any) -> int:
    """How many signatures a decision would change; changes nothing.

    Raises NothingChosen and KeyLost, and TooManyOpened where the signers are opened to look.
    """
    _something_chosen(criteria)
    rows = candidates(petition, verb, criteria)
    if not criteria.opens_seals:
        return rows.count()
    opened.record(audit.Verb.MATCHED, by=by, petition=petition.pk, number=rows.count(), purpose=opened.DRY_COUNT)
    found, after = 0, None
    while batch := _batch(rows, after):
        found += len(_fitting(petition, criteria, batch))
        after = batch[-1].pk
    return found


def decide(
    *, petition: Petition, verb: Verb, criteria: Criteria, reason: str, by: Any, expected: int = 0
) -> ReviewRule:
    """Record a decision; `carry_out` then does it. `expected` is what a dry count said. Raises NothingChosen."""
    _something_chosen(criteria)
    given = {key: value for key, value in asdict(criteria).items() if value}
    return ReviewRule.objects.create(
        petition=petition, verb=verb, criteria=given, reason=reason, by=by, expected=expected
    )


def decide_one(*, signature: Signature, verb: Verb, reason: str, by: Any) -> ReviewRule:
    """Decide about one signature and do it at once. Raises ChangeRefused where its state does not allow it."""
    criteria = Criteria(ids=(str(signature.pk),))
    if not candidates(signature.petition, verb, criteria).exists():
        raise ChangeRefused
    rule = decide(petition=signature.petition, verb=verb, criteria=criteria, reason=reason, by=by, expected=1)
    return carry_out(rule.pk)


def carry_out(rule_id: int) -> ReviewRule:
    """Do what was decided, from where it stands; a decision that is done stays done. Raises KeyLost."""
    while _next_batch(rule_id):
        pass
    return ReviewRule.objects.get(pk=rule_id)


def _next_batch(rule_id: int) -> bool:
    with transaction.atomic():
        rule = ReviewRule.objects.select_for_update(of=("self",)).select_related("petition", "by").get(pk=rule_id)
        if rule.progress not in (Progress.WAITING, Progress.RUNNING):
            return False
        verb = Verb(rule.verb)
        criteria = Criteria(**rule.criteria)
        batch = _batch(candidates(rule.petition, verb, criteria), rule.after)
        chosen = _chosen(rule, criteria, batch) if criteria.opens_seals else batch
        rule.matched += len(chosen)
        rule.changed += _apply(rule, verb, chosen)
        rule.progress = Progress.RUNNING if batch else Progress.DONE
        rule.after = batch[-1].pk if batch else rule.after
        rule.save(update_fields=["matched", "changed", "progress", "after"])
    return bool(batch)


def _apply(rule: ReviewRule, verb: Verb, chosen: list[Signature]) -> int:
    """Change these signatures, remember what they were, and leave one record each."""
    if not chosen:
        return 0
    ids = [signature.pk for signature in chosen]
    locked = Signature.objects.select_for_update().filter(pk__in=ids, state__in=SOURCES[verb]).order_by("id")
    before = dict(locked.values_list("pk", "state"))
    holds = dict(Hold.objects.filter(pk__in=before).values_list("pk", "reason"))
    ReviewRuleItem.objects.bulk_create(
        ReviewRuleItem(rule=rule, signature_id=pk, before=state, hold_reason=holds.get(pk, ""))
        for pk, state in before.items()
    )
    changed = move(before, SOURCES[verb], TARGET[verb])
    if verb is Verb.HOLD:
        _hold(before, rule.petition)
    _record(AUDITED[verb], before, rule, rule.by, rule.reason)
    return changed


def _hold(ids: Iterable[UUID], petition: Petition, reasons: dict[UUID, str] | None = None) -> None:
    """Say why these are held, and ask their signers to confirm, unless no mail may be sent."""
    reasons = reasons or {}
    Hold.objects.bulk_create(
        (Hold(signature_id=pk, reason=reasons.get(pk) or Hold.Reason.STAFF) for pk in ids), ignore_conflicts=True
    )
    if petition.high_risk:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into actions_outboxmail (id, signature_id, kind)
            select gen_random_uuid(), signature_id, 'confirm' from actions_signer where signature_id = any(%s::uuid[])
            on conflict (signature_id, kind) where not (kind in ('link', 'update')) do nothing
            """,
            [list(ids)],
        )


def undo(rule_id: int, *, by: Any) -> ReviewRule:
    """Put every signature of a decision back to what it was, where nothing has changed it since. Raises nothing."""
    with transaction.atomic():
        rule = ReviewRule.objects.select_for_update().get(pk=rule_id)
        if rule.progress in (Progress.WAITING, Progress.RUNNING, Progress.DONE):
            rule.progress = Progress.UNDOING
            rule.save(update_fields=["progress"])
    while _undo_batch(rule_id, by):
        pass
    return ReviewRule.objects.get(pk=rule_id)


def _undo_batch(rule_id: int, by: Any) -> bool:
    with transaction.atomic():
        rule = ReviewRule.objects.select_for_update(of=("self",)).select_related("petition").get(pk=rule_id)
        if rule.progress != Progress.UNDOING:
            return False
        items = list(rule.items.select_for_update().order_by("before", "signature_id")[:BATCH])
        for before, group in groupby(items, key=lambda item: item.before):
            some = list(group)
            ids = [item.signature_id for item in some]
            back = set(Signature.objects.filter(pk__in=ids, state=TARGET[Verb(rule.verb)]).values_list("pk", flat=True))
            move(back, [TARGET[Verb(rule.verb)]], before)
            if before == State.HELD:
                _hold(back, rule.petition, {item.signature_id: item.hold_reason for item in some})
            _record(audit.Verb.UNDONE, back, rule, by, rule.reason)
        ReviewRuleItem.objects.filter(pk__in=[item.pk for item in items]).delete()
        if not items:
            rule.progress = Progress.UNDONE
            rule.save(update_fields=["progress"])
    return bool(items)


def _record(verb: audit.Verb, ids: Iterable[UUID], rule: ReviewRule, by: Any, purpose: str) -> None:
    for pk in ids:
        audit.record(verb, by=by, petition=rule.petition_id, signature=pk, purpose=purpose)


def _batch(rows: QuerySet[Signature], after: UUID | None) -> list[Signature]:
    return list((rows.filter(pk__gt=after) if after else rows).only("pk", "state")[:BATCH])


def _chosen(rule: ReviewRule, criteria: Criteria, batch: list[Signature]) -> list[Signature]:
    """Those of a batch that a decision is about, with one record that says how many were opened for it. No limit stops
    it: it tells nobody a name, and was counted when it was made."""
    if batch:
        audit.record(audit.Verb.MATCHED, by=rule.by, petition=rule.petition_id, number=len(batch), purpose=rule.reason)
    return _fitting(rule.petition, criteria, batch)


def _fitting(petition: Petition, criteria: Criteria, batch: list[Signature]) -> list[Signature]:
    """Those of a batch whose sealed person fits; a record of opening them is there already."""
    sealed = Signature.objects.filter(pk__in=[signature.pk for signature in batch]).select_related("signer")
    people = reading.open_recorded(sealed, petition=petition)
    fitting = {pk for pk, person in people.items() if criteria.fits(person)}
    return [signature for signature in batch if signature.pk in fitting]


def _something_chosen(criteria: Criteria) -> None:
    if not any(asdict(criteria).values()):
        raise NothingChosen


def _instant(text: str) -> datetime:
    value = parse_datetime(text)
    if value is None:
        raise ValueError("no instant")
    return value


def waiting() -> Iterator[int]:
    """Decisions that are not carried out to the end, oldest first."""
    yield from (
        ReviewRule.objects.filter(progress__in=[Progress.WAITING, Progress.RUNNING])
        .order_by("pk")
        .values_list("pk", flat=True)
    )
