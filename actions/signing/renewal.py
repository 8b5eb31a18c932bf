"""Digests under the newest version of the canonical address, and who turns out to have signed twice
(docs/decisions/0042).

The public process knows an address in its newest form alone. What is stored from before is made anew here, by a worker
with keys; and whoever signs with an address that is marked under an older form is found before the first mail goes out.
"""

from django.db import transaction
from django.db.models import Q

from actions.rules import address
from actions.rules.errors import BadAddress

from . import audit, erase, reading
from .addresses import digests_in
from .clock import database_now
from .models import Petition, Signature, Withdrawal

BATCH = 500
State = Signature.State
LIVING = [State.COUNTED, State.AWAITING, State.HELD]


def renew(*, batch: int = BATCH) -> int:
    """Make digests from before anew; returns how many rows were looked at. Raises KeyLost.

    Of two signatures of an open form that turn out to be one mailbox's, one is taken out: the one that counts stays, of
    two alike the earlier. Its digest stays as it is, so that it is found by its spelling. Forms that have ended keep
    their number.
    """
    done = 0
    for petition in Petition.objects.exclude(digest_salt=b"").exclude(forgotten_at__isnull=False):
        while (part := _renew(petition, batch)) == batch:
            done += part
        done += part
    return done


def _renew(petition: Petition, batch: int) -> int:
    with transaction.atomic():
        rows = Signature.objects.filter(
            petition=petition,
            canonical_version__lt=address.VERSION,
            signer__isnull=False,
            waiting_erasure=None,
            restriction=None,
            state__in=[*LIVING, State.INVALIDATED],
        )
        if not rows.exists():
            return 0
        # As whoever freezes a set or changes the life of the form locks it: nothing ends meanwhile.
        locked = Petition.objects.select_for_update(no_key=True, of=("self",)).select_related("secret")
        petition = locked.get(pk=petition.pk)
        chosen = list(rows.order_by("signed_at", "pk").select_for_update(of=("self",))[:batch].select_related("signer"))
        people = reading.read_many(
            signers=[row.signer for row in chosen],
            petition=petition,
            verb=audit.Verb.MATCHED,
            by=audit.WORKER,
            purpose=f"addresses, version {address.VERSION}",
        )
        is_over = petition.state(database_now()).is_over
        for row in chosen:
            person = people.get(row.pk)
            if person is not None:
                _renew_one(row, petition, person.email, is_over=is_over)
        Signature.objects.filter(pk__in=[row.pk for row in chosen]).update(canonical_version=address.VERSION)
    return len(chosen)


def _renew_one(row: Signature, petition: Petition, email: str, *, is_over: bool) -> None:
    try:
        digest = digests_in(petition, email)[0]
    except BadAddress:  # sealed by somebody else than our form
        return
    if row.claim is not None:
        Signature.objects.filter(pk=row.pk).update(claim=digest)
        return
    if bytes(row.digest) == digest:
        return
    other = Signature.objects.filter(petition=petition, digest=digest).first()
    marked = Withdrawal.objects.filter(Q(never=True) | Q(taken=True), pk=digest).exists()
    if other is None and not marked:
        Signature.objects.filter(pk=row.pk).update(digest=digest)
        return
    if not is_over:
        _take_out(row if other is None else _second(row, other), petition)


def _second(one: Signature, other: Signature) -> Signature:
    """Of two of one mailbox the one that goes: what counts stays, of two alike the earlier."""
    return max(one, other, key=lambda row: (row.state != State.COUNTED, row.signed_at, row.pk))


def _take_out(signature: Signature, petition: Petition) -> None:
    if erase.move([signature.pk], LIVING, State.INVALIDATED):
        audit.record(
            audit.Verb.INVALIDATED,
            by=audit.WORKER,
            petition=petition.pk,
            signature=signature.pk,
            purpose="the same mailbox as another signature",
        )


def is_repeated(signature: Signature, email: str) -> bool:
    """Whether the mailbox has signed before, or may not sign, by what is stored of it under an older form."""
    if signature.state not in LIVING:
        return False
    _newest, *before = digests_in(signature.petition, email)
    if not before:
        return False
    others = Signature.objects.filter(petition=signature.petition_id, digest__in=before).exclude(pk=signature.pk)
    marks = Withdrawal.objects.filter(Q(never=True) | Q(taken=True), pk__in=before)
    return others.exists() or marks.exists()


def take_back(signature: Signature) -> None:
    """Undo a signature that repeats one from before: nothing of it stays, as of any repeated one."""
    theirs = bytes(signature.claim or signature.digest)
    with transaction.atomic():
        if not erase.withdraw_signature(signature):
            return
        # Nobody has withdrawn: what the mailbox signed before stands.
        Withdrawal.objects.filter(pk=theirs, never=False, taken=False).delete()
        audit.record(
            audit.Verb.ERASED,
            by=audit.WORKER,
            petition=signature.petition_id,
            signature=signature.pk,
            purpose="the mailbox has signed before",
        )
