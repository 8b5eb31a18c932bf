"""What staff do for a person who asks (art. 7, 16, 18, 21): each verb is about given signatures, and is recorded.

Erasing and giving a copy are in `erase`. Whoever calls this has made sure who asks (`cases`).
"""

from collections.abc import Iterable
from dataclasses import asdict, fields
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet

from actions.rules import address
from actions.rules.errors import ChangeRefused
from actions.rules.shown_name import kept_shown

from . import audit, consents, erase, files, reading, requests
from .addresses import digests_in
from .clock import database_now
from .consents import CONTACT, Way
from .models import (
    Consent,
    OutboxMail,
    Petition,
    PublicName,
    Restriction,
    Signature,
    Signer,
    SignerLink,
    Withdrawal,
)
from .own_keys import require_digest_secret
from .sealing import Person, SealBroken, is_sound, seal

FIELDS = (*(field.name for field in fields(Person)), "country")


class Taken(Exception):
    """The new address counts already on this form, or its owner has said that nobody may sign with it."""


class Asked(NamedTuple):
    """For whom, by whom and why something is done; `purpose` is in the audit trail and names nobody."""

    signatures: list[UUID]
    by: Any
    purpose: str


def _locked(asked: Asked) -> QuerySet[Signature]:
    """The signatures, locked behind their petitions, as whoever freezes a set or makes a file locks them."""
    rows = Signature.objects.filter(pk__in=asked.signatures)
    petitions = Petition.objects.select_for_update(no_key=True).filter(pk__in=rows.values("petition"))
    list(petitions.order_by("pk"))
    return rows.select_for_update(of=("self",)).order_by("petition_id", "pk")


def _signers(asked: Asked) -> Iterable[Signature]:
    """Those whose person is there, and does not wait to be erased: nothing is done with the data of such a one."""
    there = _locked(asked).filter(signer__isnull=False, waiting_erasure=None)
    return there.select_related("signer", "petition__secret")


def _record(verb: audit.Verb, asked: Asked, signature: Signature, what: str = "") -> None:
    purpose = f"{asked.purpose}: {what}" if what else asked.purpose
    audit.record(verb, by=asked.by, petition=signature.petition_id, signature=signature.pk, purpose=purpose)


def correct(asked: Asked, *, changed: dict[str, str]) -> int:
    """Put corrected fields in place; returns in how many signatures. All or nothing.

    A new address is where mail goes from now on: links that went to the old one open nothing, the new one gets a link,
    and what was ticked waits until it has answered. A corrected name or place is shown on the page instead of the old
    one, some hours later. Raises Taken, BadAddress, KeyLost, SealBroken.
    """
    with transaction.atomic():
        return sum(_correct(asked, signature, changed) for signature in _signers(asked))


def _correct(asked: Asked, signature: Signature, changed: dict[str, str]) -> int:
    petition = signature.petition
    what = ", ".join(sorted(changed))
    changed = dict(changed)
    if (country := changed.pop("country", None)) is not None:  # no part of what is sealed: figures are made of it
        Signature.objects.filter(pk=signature.pk).update(country=country)
    if not changed:
        _record(audit.Verb.CORRECTED, asked, signature, what)
        _drop_files([signature], why="corrected")
        return 1
    person = reading.read(
        signer=signature.signer,
        petition=petition,
        verb=audit.Verb.CORRECTED,
        by=asked.by,
        purpose=f"{asked.purpose}: {what}",
    )
    if not all(is_sound(name, value) for name, value in changed.items()):
        raise SealBroken
    if "name" in changed and "shown_name" not in changed and person.shown_name:
        changed["shown_name"] = kept_shown(person.shown_name, before=person.name, after=changed["name"])
    corrected = Person(**asdict(person) | changed)
    if person.shown_name and not corrected.shown_name:  # its owner can say by the link what is to be shown
        Signer.objects.filter(pk=signature.pk).update(show_name=False)
    sealed = seal(person=corrected, signature_id=signature.pk, petition=petition)
    is_old = signature.signer.name_is_old and "name" not in changed
    Signer.objects.filter(pk=signature.pk).update(sealed=sealed, name_is_old=is_old)
    if "email" in changed:
        _move_address(signature, corrected.email)
        _record(audit.Verb.MOVED, asked, signature)
    requests.forget_old_name(signature)
    return 1


def _move_address(signature: Signature, email: str) -> None:
    require_digest_secret()
    digest, *before = digests_in(signature.petition, email)
    if Withdrawal.objects.filter(Q(never=True) | Q(taken=True), pk__in=[digest, *before]).exists():
        raise Taken
    if Signature.objects.filter(petition=signature.petition, digest__in=before).exclude(pk=signature.pk).exists():
        raise Taken
    # An attempt in high-risk mode has no place of its own yet: it claims the one of its address.
    where = "digest" if signature.claim is None else "claim"
    try:
        with transaction.atomic():
            Signature.objects.filter(pk=signature.pk).update(**{where: digest, "canonical_version": address.VERSION})
    except IntegrityError:
        raise Taken from None
    SignerLink.objects.filter(signature=signature).delete()
    # Nobody of this mailbox has said anything yet (docs/decisions/0040).
    Signer.objects.filter(pk=signature.pk).update(proved_at=None, mailbox_gone_at=None)
    if not signature.petition.high_risk:  # there a link is never mailed
        OutboxMail.objects.create(signature=signature, kind=OutboxMail.Kind.LINK)


def withdraw(asked: Asked) -> int:
    """Take signatures back before the end of their forms: the count goes down and the person is forgotten, or waits to
    be, under a legal hold.

    Returns how many. Raises ChangeRefused, with nothing done, where one of the forms has ended.
    """
    done = 0
    with transaction.atomic():
        for signature in _locked(asked).select_related("petition"):
            petition = signature.petition
            if petition.ends_at and petition.ends_at <= database_now():
                raise ChangeRefused
            if erase.withdraw_signature(signature):
                _record(audit.Verb.WITHDRAWN, asked, signature)
                done += 1
    return done


def end(asked: Asked, which: Iterable[Consent]) -> int:
    """End consents; returns in how many signatures that changed something."""
    ended = list(which)
    done = 0
    with transaction.atomic():
        for signature in _signers(asked):
            if consents.change(signatures=[signature.pk], consents=ended, given=False, way=Way.STAFF):
                _record(audit.Verb.CONSENT, asked, signature, "ended " + ", ".join(ended))
                done += 1
    return done


def take_objection(asked: Asked) -> int:
    """An objection (art. 21): no more contact, no name on a list or the page; what waits to be mailed goes nowhere."""
    with transaction.atomic():
        end(asked, [*CONTACT, Consent.SHOW_NAME, Consent.HAND_OVER_NAME])
        found = list(_signers(asked))
        for signature in found:
            _record(audit.Verb.OBJECTED, asked, signature)
        OutboxMail.objects.filter(
            signature__in=asked.signatures, kind=OutboxMail.Kind.UPDATE, incident=None, sent_at=None
        ).delete()
        _drop_files(found)
    return len(found)


def restrict(asked: Asked) -> int:
    """Store the data and do nothing else with them (art. 18); files that hold them are deleted. Returns how many."""
    with transaction.atomic():
        new = [row for row in _signers(asked) if Restriction.objects.get_or_create(signature=row)[1]]
        PublicName.objects.filter(pk__in=[signature.pk for signature in new]).delete()
        for signature in new:
            _record(audit.Verb.RESTRICTED, asked, signature)
            with connection.cursor() as cursor:  # off the lists whose day is still to come
                cursor.execute("select actions_unlist(%s)", [signature.pk])
        _drop_files(new)
    return len(new)


def lift(asked: Asked) -> int:
    """The restriction is over: what was agreed to holds again. The person is told before (art. 18 no. 3)."""
    done = 0
    with transaction.atomic():
        for signature in _signers(asked):
            if Restriction.objects.filter(pk=signature.pk).delete()[0]:
                _record(audit.Verb.LIFTED, asked, signature)
                done += 1
    return done


def _drop_files(signatures: Iterable[Signature], why: str = "restricted") -> None:
    """Delete files that may hold these; they can be made again, without them."""
    for petition, group in groupby(signatures, key=attrgetter("petition_id")):
        files.drop(petition, signatures=[signature.pk for signature in group], why=why)
