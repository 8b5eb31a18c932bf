"""Take in the files of earlier versions: strip them, give them names that tell nothing, put them where nobody reads.

What is still to be done is what still stands in Wagtail's own tables, so it can be stopped and begun again at any time.
"""

import secrets
from collections.abc import Iterator
from typing import NamedTuple

from django.core.files import File
from django.core.files.storage import Storage, default_storage
from django.db import transaction
from wagtail.documents.models import Document
from wagtail.images.models import Image

from .documents import CustomDocument
from .images import CustomImage
from .metadata.refused import Refused
from .storages import public_storage


class Told(NamedTuple):
    """What became of one file: `refused` says why it could not be taken in, and it is not shown any more."""

    kind: str
    number: int
    refused: str = ""


def take_over() -> Iterator[Told]:
    for number in Image.objects.order_by("pk").values_list("pk", flat=True):
        yield _one("picture", Image, CustomImage, number)
    for number in Document.objects.order_by("pk").values_list("pk", flat=True):
        yield _one("document", Document, CustomDocument, number)


def _one(kind: str, before: type, now: type, number: int) -> Told:
    row, old = now.objects.filter(pk=number).first(), before.objects.get(pk=number)  # type: ignore[attr-defined]
    refused = "" if row is None or row.file.name != old.file.name else _taken_in(row)
    sizes = [size.file.name for size in old.renditions.all()] if kind == "picture" else []
    with transaction.atomic():
        old.delete()
        # Where earlier versions kept them, nginx gave them to anybody.
        names = [old.file.name, *sizes]
        transaction.on_commit(lambda: [_delete(name) for name in names])
    return Told(kind, number, refused)


def _taken_in(row) -> str:
    """Strip the file of a row and save the row; a reason where that cannot be."""
    storage = _where(row.file.name)
    if storage is None:
        return "the file is not there"
    name = row.file.name
    try:
        with storage.open(name) as original:
            row.file.save(name, File(original, name=name), save=False)
    except Refused as refused:
        with storage.open(name) as original:
            default_storage.save(f"refused/{secrets.token_urlsafe(12)}-{row.pk}", original)
        return str(refused)
    if hasattr(row, "renditions"):
        for size in row.renditions.all():  # an admin may have looked at it
            size.delete()
    row.file_size, row.file_hash = None, ""
    row.save()
    return ""


def _where(name: str) -> Storage | None:
    return next((storage for storage in (default_storage, public_storage()) if storage.exists(name)), None)


def _delete(name: str) -> None:
    for storage in (default_storage, public_storage()):
        storage.delete(name)
