"""Proving that a package is the one that was counted: its files, its manifest, and the frozen set itself."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from .deliver import fingerprint
from .models import Delivery, DeliveryPackage


class BadPackage(Exception):
    """The file is no package of ours; its text says why."""


class Check(NamedTuple):
    """One thing that was looked at, and whether it is as it should be."""

    what: str
    right: bool


def verify(file: BinaryIO) -> Iterator[Check]:
    """Look at a package, one thing after the other. Raises BadPackage where it is none."""
    try:
        archive = zipfile.ZipFile(file)
        raw = archive.read("manifest.json")
        manifest = json.loads(raw)
        files = manifest["files"]
        number = manifest["delivery"]
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError):
        raise BadPackage("no manifest in it") from None
    yield Check("no file is missing or added", set(archive.namelist()) == {*files, "manifest.json"})
    for name, told in files.items():
        yield Check(f"{name} is what the manifest says", _sha256(archive, name) == told["sha256"])
    if "signatures.csv" in files:
        yield Check("as many lines as names listed", _lines(archive) == manifest["listed_by_name"])
    built = DeliveryPackage.objects.filter(delivery=number, manifest_sha256=hashlib.sha256(raw).hexdigest())
    yield Check("the manifest is one that was built here", built.exists())
    delivery = Delivery.objects.filter(pk=number).first()
    if delivery is None:
        yield Check("the delivery is known here", False)
        return
    yield from _against(delivery, manifest)


def _against(delivery: Delivery, manifest: dict[str, Any]) -> Iterator[Check]:
    yield Check("the fingerprint is the delivery's", manifest["fingerprint"] == delivery.fingerprint)
    yield Check("the fingerprint is that of the frozen set", fingerprint(delivery) == delivery.fingerprint)
    numbers = {"online": delivery.signatures, "paper": delivery.paper, "total": delivery.number}
    yield Check("the numbers are the delivery's", manifest["signatures"] == numbers)


def _sha256(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(name) as entry:
            while data := entry.read(65_536):
                digest.update(data)
    except (KeyError, zipfile.BadZipFile):
        return ""
    return digest.hexdigest()


def _lines(archive: zipfile.ZipFile) -> int:
    with archive.open("signatures.csv") as entry:
        return sum(1 for _row in csv.reader(io.TextIOWrapper(entry, "utf-8-sig"))) - 1
