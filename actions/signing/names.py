"""Names and places of those who asked us to show them: some hours later, and in no order.

What is shown is what was written for that (`Person.shown_name`). Who agreed before there was such a field agreed to the
first name: it is shown where it is sure which word that is, and nothing is where it is not.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from actions.rules.errors import BadText
from actions.rules.shown_name import proposed
from actions.rules.typed import clean

from . import audit, reading
from .models import Petition, PublicName, Signature, Signer, SignerRequest
from .sealing import Person

EARLIEST, LATEST = timedelta(hours=1), timedelta(hours=12)


def prepare(now: datetime, *, batch: int = 500) -> int:
    """Open the signers who ticked it, and said so from their mailbox, and keep what may be shown, from a random moment
    on; returns how many."""
    wanted = Signer.objects.filter(
        show_name=True,
        proved_at__isnull=False,
        signature__state=Signature.State.COUNTED,
        signature__public_name=None,
        signature__restriction=None,
        signature__petition__show_names=True,
        signature__petition__forgotten_at=None,
        name_is_old=False,
    ).exclude(signature__requests__in=SignerRequest.objects.filter(kind=SignerRequest.Kind.CORRECT, done_at=None))
    done = 0
    for petition in Petition.objects.filter(show_names=True, forgotten_at=None).select_related("secret"):
        done += _prepare(petition, wanted, now, batch)
    return done


def _prepare(petition: Petition, wanted: QuerySet[Signer], now: datetime, batch: int) -> int:
    with transaction.atomic():
        # Locked: nobody is erased or gets another name between the look at a name and the showing of it.
        rows = (
            wanted.filter(signature__petition=petition).order_by("pk").select_for_update(of=("self",), skip_locked=True)
        )
        signers = list(rows[:batch])
        people = reading.read_many(
            signers=signers, petition=petition, verb=audit.Verb.NAMES, by=audit.WORKER, purpose="names to show"
        )
        shown = {pk: shown_of(person) for pk, person in people.items()}
        PublicName.objects.bulk_create(
            (
                PublicName(
                    signature_id=pk,
                    petition=petition,
                    first_name=shown[pk],
                    place=person.place,
                    shown_from=now + EARLIEST + (LATEST - EARLIEST) * (secrets.randbelow(1000) / 1000),
                    shuffle=secrets.randbelow(2**31),
                    waits=petition.look_at_names,
                )
                for pk, person in people.items()
                if shown[pk]
            ),
            ignore_conflicts=True,
        )
        # Those that do not open, or of which nothing can be shown, would be looked at for ever, before the others.
        # Their owner can say by the link what is to be shown.
        without = [signer.pk for signer in signers if not shown.get(signer.pk)]
        Signer.objects.filter(pk__in=without).update(show_name=False)
    return len(signers)


def shown_of(person: Person) -> str:
    """What of a name may be shown; nothing of what our form would not have taken."""
    try:
        return clean("shown_name", person.shown_name or proposed(person.name))
    except BadText:
        return ""


def hide(petition: Petition, ids: Iterable[str], *, by: Any) -> int:
    """Take names off the page that do not belong there; their signatures go on counting. Returns how many."""
    chosen = list(Signer.objects.filter(signature__petition=petition, pk__in=list(ids), show_name=True))
    Signer.objects.filter(pk__in=[signer.pk for signer in chosen]).update(show_name=False)
    PublicName.objects.filter(pk__in=[signer.pk for signer in chosen]).delete()
    for signer in chosen:
        audit.record(audit.Verb.NAMES, by=by, petition=petition.pk, signature=signer.pk, purpose="taken off the page")
    return len(chosen)


def show(petition: Petition, ids: Iterable[str], *, by: Any) -> int:
    """Let names appear that waited for somebody to look at them. Returns how many."""
    chosen = list(PublicName.objects.filter(petition=petition, pk__in=list(ids), waits=True))
    PublicName.objects.filter(pk__in=[name.pk for name in chosen]).update(waits=False)
    for name in chosen:
        audit.record(audit.Verb.NAMES, by=by, petition=petition.pk, signature=name.pk, purpose="shown on the page")
    return len(chosen)


def shown(petition: Petition, *, limit: int = 40) -> list[dict[str, str]]:
    """Some of the names that may be shown now (`first_name`, `place`), in an order that says nothing."""
    rows = PublicName.objects.filter(petition=petition, waits=False, shown_from__lte=timezone.now())
    return [
        {"first_name": name, "place": place}
        for name, place in rows.order_by("shuffle").values_list("first_name", "place")[:limit]
    ]
