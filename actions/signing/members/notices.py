"""What has happened since the last look, written down as notices: who consents, who changed, who ended and why.

Consents as they stand are compared with those that were told of (`MemberLink`), so that nothing can be forgotten by
the many places where a consent ends. The time of a notice is when it happened, as its own place has written down.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from actions.rules.errors import BadAddress

from .. import audit, consents, reading
from ..models import Consent, ConsentRecord, MemberContact, MemberLink, MemberNotice, MemberSystem, Petition, Signer
from .peer import contact_key, is_told, system

Kind, Reason = MemberNotice.Kind, MemberNotice.Reason
BATCH = 500


class Gone(NamedTuple):
    """A consent that was told of and no longer stands."""

    at: datetime
    signature: UUID
    petition: int
    contact: UUID | None
    reason: MemberNotice.Reason
    stood: bool
    way: ConsentRecord.Way


class Begun(NamedTuple):
    """A consent that stands and was not told of; `again` where it was before the signature stopped to count."""

    at: datetime
    signature: UUID
    petition: int
    given_at: datetime
    words: int | None
    seal: bytes
    again: bool


class Changed(NamedTuple):
    """A signer who is not as was told, and may be another address: it has answered."""

    at: datetime
    signature: UUID
    petition: int
    seal: bytes


# What stands for a signer is made as by `content.digest`.
#
# A consent that ends has left its time behind: in the ledger, the tombstone, the signature's last change of state.
# Somebody whose erasure a legal hold puts off is gone for everybody else.
GONE = """
select coalesce(
        case when r.signature_id is null then coalesce(t.at, p.forgotten_at)
            when w.signature_id is not null then w.asked_at
            when not r.contact_other then c.at
            when s.state <> 'counted' then s.moved_at
            else x.since end, now()),
    l.signature_id, l.petition_id, l.contact_id,
    case when coalesce(w.withdrawn, r.signature_id is null and t.withdrawn) then 'signature_withdrawn'
        when w.signature_id is not null or (r.signature_id is null and t.signature_id is not null) then 'erased'
        when r.signature_id is null then 'retention'
        when not r.contact_other then 'consent_withdrawn'
        when s.state <> 'counted' then 'invalidated'
        else 'restricted' end,
    l.stands, coalesce(c.way, 'command')
from actions_memberlink l join actions_petition p on p.id = l.petition_id
    left join actions_signature s on s.id = l.signature_id
    left join actions_signer r on r.signature_id = l.signature_id
    left join actions_tombstone t on t.signature_id = l.signature_id
    left join actions_waitingerasure w on w.signature_id = l.signature_id
    left join actions_restriction x on x.signature_id = l.signature_id
    left join lateral (
        select at, way from actions_consentrecord
        where signature_id = l.signature_id and consent = 'contact_other' order by id desc limit 1
    ) c on true
where r.signature_id is null or not r.contact_other
    or (l.stands and (s.state <> 'counted' or x.signature_id is not null))
order by 1 limit %s
"""
BEGUN = """
select greatest(coalesce(c.at, s.signed_at), s.moved_at, case when l.signature_id is not null then (
        select max(a.at) from actions_auditrecord a where a.signature_id = s.id and a.verb = 'lifted') end),
    s.id, s.petition_id, coalesce(c.at, s.signed_at),
    coalesce(c.consent_text_id, r.consent_text_id),
    sha256(case when r.name_is_old then r.sealed || 'old'::bytea else r.sealed end), l.signature_id is not null
from actions_signer r join actions_signature s on s.id = r.signature_id
    join actions_petition p on p.id = s.petition_id and not p.high_risk
    left join actions_memberlink l on l.signature_id = s.id
    left join lateral (
        select at, consent_text_id from actions_consentrecord
        where signature_id = s.id and consent = 'contact_other' and given order by id desc limit 1
    ) c on true
where r.contact_other and r.proved_at is not null and s.state = 'counted' and (l.signature_id is null or not l.stands)
    and not exists (select from actions_restriction x where x.signature_id = s.id)
    and (s.signed_at > now() - %(since)s::interval or l.signature_id is not null
        or r.imported_in_id in (select id from actions_signatureimport where touched_at > now() - %(since)s::interval))
order by 1 limit %(batch)s
"""
CHANGED = """
select coalesce((select max(a.at) from actions_auditrecord a
        where a.signature_id = l.signature_id and a.verb in ('corrected', 'restored')), now()),
    l.signature_id, l.petition_id,
    sha256(case when r.name_is_old then r.sealed || 'old'::bytea else r.sealed end)
from actions_memberlink l join actions_signer r on r.signature_id = l.signature_id
where l.stands and l.contact_id is not null and r.proved_at is not null
    and l.seal <> sha256(case when r.name_is_old then r.sealed || 'old'::bytea else r.sealed end)
order by 1 limit %s
"""
# One person has one key, and it goes with the last consent that stands or may stand again.
UNKNOWN = """
update actions_membercontact c set key = null
where key is not null and not exists (select from actions_memberlink l where l.contact_id = c.id)
"""
ACTION = """
select w.translation_key from actions_actionpage a join wagtailcore_page w on w.id = a.page_ptr_id
where a.petition_id = %s order by w.alias_of_id is not null, w.id limit 1
"""


def notice(*, recent: timedelta | None = timedelta(days=35)) -> int:
    """Write down what is to be told; returns how many notices are new. Regular work, when anybody is to be told.

    Often for those who signed lately (a confirmation may take a month), now and then for everybody (`recent` None).
    Raises KeyLost.
    """
    if not is_told():
        return 0
    since, new = f"{recent.days} days" if recent else "1000 years", 0
    while (look := _look(since)).seen:
        new += look.new
    return new


def untold(petition: Petition) -> int:
    """How many consents of a petition wait to be told and were never taken; forgotten now, nobody would know of them.

    Not those whose seal is broken, which nobody can tell.
    """
    if not is_told() or petition.high_risk:
        return 0
    known = MemberLink.objects.filter(petition=petition).filter(Q(contact=None) | Q(contact__taken_at__isnull=False))
    consents_that_stand = Signer.objects.filter(
        signature__petition=petition,
        signature__state="counted",
        signature__restriction=None,
        contact_other=True,
        proved_at__isnull=False,
    )
    return consents_that_stand.exclude(pk__in=known.values("signature_id")).count()


def test() -> MemberNotice:
    """A notice about nobody, to see whether the webhook is taken. Raises KeyLost."""
    return MemberNotice.objects.create(kind=Kind.TEST, epoch=system().epoch, happened_at=timezone.now())


class _Look(NamedTuple):
    seen: int
    new: int


def _look(since: str) -> _Look:
    """One batch, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        # One at a time, so that numbers become visible in their order: a cursor must never pass one that comes later.
        # A lock that only who may write the table can hold; those who send notices do not wait for it.
        cursor.execute("lock table actions_membernotice in share update exclusive mode")
        told = _Telling(system())
        cursor.execute(GONE, [BATCH])
        gone = [
            Gone(row[0], row[1], row[2], row[3], Reason(row[4]), row[5], ConsentRecord.Way(row[6]))
            for row in cursor.fetchall()
        ]
        cursor.execute(BEGUN, {"since": since, "batch": BATCH})
        begun = [Begun(row[0], row[1], row[2], row[3], row[4], bytes(row[5]), row[6]) for row in cursor.fetchall()]
        keys = dict(_keys(told.system, begun))
        happened: list[Gone | Begun] = sorted([*gone, *begun], key=attrgetter("at"))
        for one in happened:
            if isinstance(one, Gone):
                told.end(one)
            else:
                told.begin(one, keys.get(one.signature))
        cursor.execute(CHANGED, [BATCH])
        changed = [Changed(row[0], row[1], row[2], bytes(row[3])) for row in cursor.fetchall()]
        keys = dict(_keys(told.system, changed))
        for corrected in changed:
            told.change(corrected, keys.get(corrected.signature))
        restored = list(MemberLink.objects.filter(stands=True).exclude(epoch=told.system.epoch)[:BATCH])
        for link in restored:
            told.tell_again(link)
        cursor.execute(UNKNOWN)
        return _Look(len(happened) + len(changed) + len(restored), told.number)


def _keys(of: MemberSystem, those: Iterable[Begun | Changed]) -> Iterator[tuple[UUID, bytes]]:
    """The key of the contact behind each signature; not of one whose seal does not open."""
    by_petition = sorted(those, key=attrgetter("petition"))
    for pk, group in groupby(by_petition, key=attrgetter("petition")):
        petition = Petition.objects.select_related("secret").get(pk=pk)
        signers = Signer.objects.filter(pk__in=[one.signature for one in group])
        to_whom: dict[str, Any] = {"verb": audit.Verb.OPENED, "by": audit.WORKER, "purpose": "membership system"}
        people = reading.read_many(signers=signers, petition=petition, **to_whom)
        for signature, person in people.items():
            try:
                yield signature, contact_key(of, person.email)
            except BadAddress:
                continue


class _Telling:
    """Writes notices of one look."""

    def __init__(self, now: MemberSystem) -> None:
        self.system, self.number = now, 0
        self.actions: dict[int, UUID | None] = {}

    def begin(self, one: Begun, key: bytes | None) -> None:
        contact = None
        if key is not None:
            contact, _new = MemberContact.objects.get_or_create(key=key)
        values = {
            "petition_id": one.petition,
            "contact": contact,
            "stands": True,
            "given_at": one.given_at,
            "words_id": one.words,
            "seal": one.seal,
            "epoch": self.system.epoch,
        }
        link, _new = MemberLink.objects.update_or_create(signature_id=one.signature, defaults=values)
        if contact is not None:
            self._tell(Kind.CONSENTED, link, at=one.at, reason=Reason.COUNTED_AGAIN if one.again else "")

    def end(self, one: Gone) -> None:
        """What ends, ends for this signature; a consent that was taken back ends for the person, in every action."""
        ended, stood = [one.signature], one.stood
        if one.reason is Reason.CONSENT_WITHDRAWN and one.contact:
            others = self._take_back(one)
            ended += [link.pk for link in others]
            stood = stood or any(link.stands for link in others)
        MemberNotice.objects.filter(signature_id__in=ended, sent_at=None).update(overtaken_at=timezone.now())
        if one.reason in (Reason.INVALIDATED, Reason.RESTRICTED):  # it may count, or be used, again
            MemberLink.objects.filter(pk=one.signature).update(stands=False)
        else:
            MemberNotice.objects.filter(signature_id__in=ended).update(signature_id=None)
            MemberLink.objects.filter(pk__in=ended).delete()
        if one.contact is not None and stood:
            self._leave(one.contact, one.petition, at=one.at, reason=one.reason)

    def _leave(self, contact: UUID, petition: int, *, at: datetime, reason: MemberNotice.Reason) -> None:
        """Tell that one consent of a contact is over: what is left of it, or that nothing is.

        Nothing where the contact was never told of: an end from when that may have reached somebody, a release only
        where it was taken. Locked, or it is told of for the first time in this very moment.
        """
        known = MemberContact.objects.select_for_update().get(pk=contact)
        if known.tried_at is None or (reason is Reason.RETENTION and known.taken_at is None):
            return
        left = MemberLink.objects.filter(contact=contact, stands=True).order_by("-given_at").first()
        if left is None:
            kind = Kind.RELEASED if reason is Reason.RETENTION else Kind.ENDED
            self._write(kind, petition, contact, at=at, reason=reason)
        elif reason is not Reason.RETENTION:
            self._tell(Kind.UPDATED, left, at=at, reason=reason, ended_action=self._action(petition))

    def _take_back(self, one: Gone) -> list[MemberLink]:
        """End the same consent of the same person in other actions, where it was given before."""
        others = list(MemberLink.objects.filter(contact=one.contact, given_at__lte=one.at).exclude(pk=one.signature))
        ids = [link.pk for link in others]
        consents.change(signatures=ids, consents=[Consent.CONTACT_OTHER], given=False, way=one.way, at=one.at)
        for link in others:
            audit.record(
                audit.Verb.CONSENT,
                by=audit.WORKER,
                petition=link.petition_id,
                signature=link.pk,
                purpose="taken back in another action",
            )
        return others

    def change(self, one: Changed, key: bytes | None) -> None:
        """A correction. Another address is another contact: who has the old one may be somebody else."""
        link = MemberLink.objects.select_related("contact").get(pk=one.signature)
        before, kind, reason = link.contact, Kind.UPDATED, Reason.CORRECTED
        if link.epoch != self.system.epoch:  # found after a restore: that tells of it once
            link.epoch, reason = self.system.epoch, Reason.RESTORED
        link.seal = one.seal
        if key is not None and before is not None and bytes(before.key or b"") != key:
            link.contact, kind = MemberContact.objects.get_or_create(key=key)[0], Kind.CONSENTED
        link.save(update_fields=["seal", "contact", "epoch"])
        MemberNotice.objects.filter(signature_id=one.signature, sent_at=None).update(overtaken_at=timezone.now())
        if before is not None and link.contact != before:
            self._leave(before.pk, link.petition_id, at=one.at, reason=Reason.CORRECTED)
        self._tell(kind, link, at=one.at, reason=reason)

    def tell_again(self, link: MemberLink) -> None:
        """After a restore: what is told again is true now, whatever was told since the backup."""
        link.epoch = self.system.epoch
        link.save(update_fields=["epoch"])
        MemberNotice.objects.filter(signature_id=link.pk, sent_at=None).update(overtaken_at=timezone.now())
        if link.contact_id:
            self._tell(Kind.UPDATED, link, at=self.system.begun_at, reason=Reason.RESTORED)

    def _tell(
        self, kind: MemberNotice.Kind, link: MemberLink, *, at: datetime, reason: str, ended_action: UUID | None = None
    ) -> None:
        person: dict[str, Any] = {
            "ended_action": ended_action,
            "signature_id": link.pk,
            "given_at": link.given_at,
            "words_id": link.words_id,
            "seal": link.seal,
        }
        self._write(kind, link.petition_id, link.contact_id, at=at, reason=reason, **person)

    def _write(
        self, kind: MemberNotice.Kind, petition: int, contact: UUID | None, *, at: datetime, reason: str, **person: Any
    ) -> None:
        MemberNotice.objects.create(
            epoch=self.system.epoch,
            kind=kind,
            reason=reason,
            petition_id=petition,
            action=self._action(petition),
            contact=contact,
            happened_at=at,
            **person,
        )
        self.number += 1

    def _action(self, petition: int) -> UUID | None:
        if petition not in self.actions:
            with connection.cursor() as cursor:
                cursor.execute(ACTION, [petition])
                row = cursor.fetchone()
            self.actions[petition] = row[0] if row else None
        return self.actions[petition]
