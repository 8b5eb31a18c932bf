"""The package of a delivery: letter, demands and sums as PDF, the list of names, and a manifest, zipped and sealed.

Built from the frozen set, so that it is the same whenever it is built, but for the names of those who were erased or
answered from their mailbox meanwhile. Only what a recipient may see goes in: no address, no telephone number, no
comment.
"""

import hashlib
import json
import random
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from actions.rules.hand_over import columns, up_to
from actions.rules.pdf import NoTypeface, typeset
from actions.signing import audit, exporting, files, hand_over, reading, work
from actions.signing.exporting import COLUMNS
from actions.signing.models import Petition, SealedFile, Signature

from .deliver import delivered_ids, waiting
from .models import Delivery, DeliveryPackage, ListedName, Recipient
from .selectors import named

TEMPLATE = Path(__file__).with_name("package.typ")
FORMAT = 1
KEPT = timedelta(days=14)
BATCH = 1000
# Whoever knows an address can type it: a name is handed over once the mailbox has answered (docs/decisions/0040).
PROVED = Q(signer__proved_at__isnull=False)


def ask(*, delivery: Delivery, language: str, format: str, level: str, by: Any) -> DeliveryPackage:
    """Write down what package is wanted; `build` then makes it.

    `level` is what the list holds (`rules.hand_over`); of each signer it holds no more than was told.
    """
    wanted = list(columns(level))
    with transaction.atomic():
        Delivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)  # nobody changes the recipients meanwhile
        return DeliveryPackage.objects.create(
            delivery=delivery, language=language, format=format, columns=wanted, by=by, expected=delivery.signatures
        )


def build(package_id: int, tell: Any) -> bool:
    """Make a package; returns whether it is there. May be called again after a worker was killed.

    `tell(delivery, language, sums)` gives the words of the PDF as plain values, in the package's language.
    """
    return work.run(DeliveryPackage, package_id, lambda package: _build(package, tell))


def _build(package: DeliveryPackage, tell: Any) -> None:
    if package.file_id:  # what a killed worker left
        SealedFile.objects.filter(pk=package.file_id).delete()
    delivery = Delivery.objects.select_related("petition").get(pk=package.delivery_id)
    sums = sums_of(delivery)
    name = f"delivery-{delivery.pk}-{delivery.delivered_on:%Y-%m-%d}.zip"
    with files.Writer(name=name, content_type="application/zip", kept=KEPT) as out:
        package.file = out.file
        package.save(update_fields=["file"])
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
            hashes = {"letter.pdf": _add(archive, "letter.pdf", pdf(tell(delivery, package.language, sums)))}
            listed = 0
            if package.columns:
                table = f"signatures.{DeliveryPackage.Format(package.format).suffix}"
                hashes[table], listed = _add_list(archive, table, package, delivery)
            manifest = _manifest(delivery, sums, listed, hashes)
            package.manifest_sha256 = _add(archive, "manifest.json", manifest)
    # Who was erased, or took the name back, after the look at the list, before this was written down.
    taken_back = Q(signature__signer__hand_over_name=False) | Q(signature__restriction__isnull=False)
    to_come = Q(delivery__delivered_on__gt=timezone.localdate())
    ListedName.objects.filter(Q(signature__signer=None) | taken_back & to_come, delivery=delivery).delete()
    package.manifest = json.loads(manifest)
    package.save(update_fields=["manifest", "manifest_sha256"])


def pdf(told: dict[str, Any]) -> bytes:
    """Cover letter, demands, letter, sums and fingerprint on A4 (PDF/UA-1).

    A letter in a script that no typeface at hand can show is left out rather than printed as boxes.
    """
    try:
        return typeset(TEMPLATE, told=told)
    except NoTypeface:
        if told["letter"] is None:
            raise
        return pdf(told | {"letter": None})


def sums_of(delivery: Delivery) -> dict[str, dict[str, int]]:
    """The set by language and by country, the most first; countries that were not asked for are left out."""
    deliveries = [delivery.pk, *delivery.repeats.values_list("pk", flat=True)]
    sums = {}
    for name, column in (("by_language", "language"), ("by_country", "country")):
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                select s.{column}, count(*) from actions_deliveredsignature d join actions_signature s
                on s.id = d.signature_id where d.delivery_id = any(%s) and s.{column} <> ''
                group by 1 order by 2 desc, 1
                """,  # noqa: S608 (one of two columns named above)
                [deliveries],
            )
            sums[name] = dict(cursor.fetchall())
    return sums


def _manifest(delivery: Delivery, sums: dict[str, dict[str, int]], listed: int, hashes: dict[str, str]) -> bytes:
    content = {
        "format": FORMAT,
        "delivery": delivery.pk,
        "action": delivery.petition.name,
        "delivered_on": delivery.delivered_on.isoformat(),
        "signed_before": delivery.signed_before.isoformat() if delivery.signed_before else None,
        "recipients": [str(recipient) for recipient in delivery.recipients.order_by("pk")],
        "signatures": {"online": delivery.signatures, "paper": delivery.paper, "total": delivery.number},
        "listed_by_name": listed,
        "fingerprint": delivery.fingerprint,
        "fingerprint_is": "SHA-256 over the ids of the signatures online, 16 bytes each, in ascending order",
        **sums,
        "files": {name: {"sha256": digest} for name, digest in hashes.items()},
        "built_at": timezone.now().isoformat(timespec="seconds"),
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> str:
    archive.writestr(name, data)
    return hashlib.sha256(data).hexdigest()


class _Hashing:
    """Hands on what is written, and hashes it."""

    def __init__(self, out: Any) -> None:
        self.out = out
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self.out.write(data)

    def flush(self) -> None:
        """Nothing to do."""


def _add_list(archive: zipfile.ZipFile, name: str, package: DeliveryPackage, delivery: Delivery) -> tuple[str, int]:
    listed = 0

    def rows() -> Iterator[list[str]]:
        nonlocal listed
        for row in _rows(package, delivery):
            listed += 1
            yield row

    header = [str(COLUMNS[column].label) for column in package.columns]
    with archive.open(name, "w", force_zip64=True) as entry:
        out = _Hashing(entry)
        exporting.write(out, kind=DeliveryPackage.Format(package.format), header=header, rows=rows())  # type: ignore[arg-type]
    return out.digest.hexdigest(), listed


def _covering(petition: Petition, recipients: Iterable[Recipient]) -> dict[int, tuple[str, ...]]:
    """What may be listed: by notice that told of all who receive it, the columns it told of."""
    return hand_over.covering(petition, [named(recipient) for recipient in recipients])


def levels_for(petition: Petition, recipients: Iterable[Recipient]) -> list[str]:
    """What a list for just these may hold at most, by what anybody was told; the number always."""
    return _up_to(_covering(petition, recipients).values())


def levels(delivery: Delivery) -> list[str]:
    """The same of a delivery that was frozen."""
    return levels_for(delivery.petition, delivery.recipients.all())


def levels_told(petition: Petition) -> list[str]:
    """What a form has said of lists to anybody, whoever they go to."""
    return _up_to(columns(level) for level in petition.hand_over_notices.values_list("level", flat=True))


def _up_to(told: Iterable[tuple[str, ...]]) -> list[str]:
    return up_to({column for of_one in told for column in of_one})


def would_list(
    petition: Petition,
    recipients: Iterable[Recipient],
    *,
    signed_before: datetime | None = None,
    repeats: Iterable[Delivery] = (),
) -> int:
    """How many names would stand on a list for just these, if it were frozen at this moment."""
    return _ticked(petition, recipients, signed_before, repeats, PROVED)


def waiting_names(
    petition: Petition,
    recipients: Iterable[Recipient],
    *,
    signed_before: datetime | None = None,
    repeats: Iterable[Delivery] = (),
) -> int:
    """How many more ticked so, and have not said from their mailbox that it was they. They go as a number."""
    return _ticked(petition, recipients, signed_before, repeats, ~PROVED)


def _ticked(
    petition: Petition,
    recipients: Iterable[Recipient],
    signed_before: datetime | None,
    repeats: Iterable[Delivery],
    which: Q,
) -> int:
    ticked = which & _ticked_for(_covering(petition, recipients))
    again = Signature.objects.filter(delivered__delivery__in=list(repeats))
    return waiting(petition, signed_before).filter(ticked).count() + again.filter(ticked).count()


def _ticked_for(told: Iterable[int]) -> Q:
    """Those who ticked that their name goes along, and were told so by one of these notices; nobody restricted."""
    return Q(signer__hand_over_name=True, signer__hand_over_notice__in=list(told), restriction=None)


def _rows(package: DeliveryPackage, delivery: Delivery) -> Iterator[list[str]]:
    """Those of the set who hand over their names to just these, as they were told, and have said from their mailbox
    that it was they; each cell they were not told of is empty. Shuffled within batches, so that the order tells no
    time. What is listed of whom is remembered."""
    petition = Petition.objects.get(pk=delivery.petition_id)
    purpose = f"delivery {delivery.pk}"
    package.record = audit.record(
        audit.Verb.PACKED, by=package.by, petition=petition.pk, number=delivery.signatures, purpose=purpose
    ).pk
    package.save(update_fields=["record"])
    told = _covering(petition, delivery.recipients.all())
    agreed = PROVED & _ticked_for(told)
    shuffled = random.Random(delivery.fingerprint)  # noqa: S311 (an order, no secret)
    done = 0
    for ids in _batches(delivered_ids(delivery)):
        batch = list(Signature.objects.filter(agreed, pk__in=ids, signer__name_is_old=False).select_related("signer"))
        batch.sort(key=lambda signature: signature.pk)
        shuffled.shuffle(batch)
        people = reading.open_recorded(batch, petition=petition)
        audit.touched(package.record, people)
        listed = []
        for signature in batch:
            if signature.pk not in people:  # it does not open, and is counted only
                continue
            notice = signature.signer.hand_over_notice_id
            of_this_one = [name for name in package.columns if notice and name in told[notice]]
            listed.append(ListedName(signature=signature, delivery=delivery, columns=of_this_one))
            person = people[signature.pk]
            yield [
                str(COLUMNS[name].value(signature, person)) if name in of_this_one else "" for name in package.columns
            ]
        _remember(listed)
        done += len(ids)
        work.advance(package, done)


def _remember(listed: list[ListedName]) -> None:
    """That these stand on a list; of who stands on another one of the same delivery, the more that was listed."""
    before = (
        {
            one.signature_id: one
            for one in ListedName.objects.filter(
                delivery=listed[0].delivery, signature__in=[one.signature_id for one in listed]
            )
        }
        if listed
        else {}
    )
    for one in listed:
        if (known := before.get(one.signature_id)) and len(known.columns) > len(one.columns):
            one.columns = known.columns
    ListedName.objects.bulk_create(
        listed, update_conflicts=True, unique_fields=["delivery", "signature"], update_fields=["columns"]
    )


def _batches(ids: Iterator[UUID]) -> Iterator[list[UUID]]:
    while batch := list(islice(ids, BATCH)):
        yield batch


def take(package: DeliveryPackage, *, by: Any) -> tuple[SealedFile, Iterator[bytes]]:
    """Give out a package, until it expires; each time is recorded. Raises files.FileGone."""
    if package.file is None or package.progress != DeliveryPackage.Progress.DONE:
        raise files.FileGone
    content = files.read(package.file)
    audit.record(
        audit.Verb.DOWNLOADED,
        by=by,
        petition=package.delivery.petition_id,
        number=package.delivery.signatures,
        purpose=f"delivery {package.delivery_id}",
    )
    package.downloads += 1
    package.save(update_fields=["downloads"])
    return package.file, content
