"""What staff wait for at many signatures: lists, desk, exports and packages; time and peak memory.

python -m bench.backoffice --signatures 1000000

Each part runs in a process of its own, whose peak memory is told beside that of a process that only starts.
"""

import argparse
import json
import logging
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

NAME = "Iran: executions"
PARTS = ("nothing", "lists", "csv", "xlsx", "package")
BATCH = 2000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signatures", type=int, default=1_000_000)
    parser.add_argument("--part", help="what one of the processes does")
    parser.add_argument("--parts", nargs="*", default=list(PARTS))
    given = parser.parse_args()
    if given.part:
        _one(given.part, given.signatures)
        return
    from bench.site import ROOT, Site

    site = Site("backoffice")
    try:
        env = site.env("staff", "postgres") | {"DJANGO_SETTINGS_MODULE": "mysite.settings.production"}
        for part in ["fill", *given.parts]:
            command = [sys.executable, "-m", "bench.backoffice", "--part", part, "--signatures", str(given.signatures)]
            subprocess.run(command, cwd=ROOT, env=env, check=True)
            if part == "fill":
                site.query("vacuum analyze")
    finally:
        site.stop()


def _one(part: str, signatures: int) -> None:
    import django

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    django.setup()
    logging.disable(logging.INFO)
    from actions.signing.models import Petition

    petition = Petition.objects.get(name=NAME)
    begun = time.perf_counter()
    told = {"fill": _fill, "nothing": _nothing, "lists": _lists, "csv": _csv, "xlsx": _xlsx, "package": _package}[part](
        petition, signatures
    )
    told |= {
        "part": part,
        "seconds": round(time.perf_counter() - begun, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(told), flush=True)


def _nothing(petition, signatures: int) -> dict:
    return {}


def _fill(petition, signatures: int) -> dict:
    """Signatures with sealed signers, spread over the time since the opening; one in a hundred is held."""
    from datetime import timedelta

    from django.utils import timezone

    from actions.rules import address
    from actions.signing import counting, importing
    from actions.signing.keys import address_digest
    from actions.signing.sealing import Person

    Petition = type(petition)  # noqa: N806
    start = timezone.now() - timedelta(days=60)
    Petition.objects.filter(pk=petition.pk).update(opens_at=start, ask_country=True)
    countries = ["NO"] * 90 + ["SE"] * 8 + ["DK", "IS"]
    for first in range(0, signatures, BATCH):
        rows = []
        for number in range(first, min(first + BATCH, signatures)):
            email = f"signer{number}@example.org"
            rows.append(
                importing.Row(
                    person=Person(name=f"Kari Nordmann {number}", email=email),
                    digest=address_digest(salt=bytes(petition.digest_salt), canonical_address=address.canonical(email)),
                    language="nb" if number % 7 else "nn",
                    country=countries[number % 100],
                    signed_at=start + timedelta(days=59) * (number / signatures),
                    contact_action=number % 3 == 0,
                    contact_other=False,
                )
            )
        importing._add(petition, rows)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "update actions_signature set state = 'held' where petition_id = %s and ('x' || substr(id::text, 30, 4))"
            "::bit(16)::int %% 100 = 0",
            [petition.pk],
        )
    counting.check(petition, repair=True)
    return {"signatures": signatures, "total": counting.total(petition)}


def _median(do: Callable[[], object], times: int = 15) -> float:
    do()
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        do()
        found.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(found), 1)


def _lists(petition, signatures: int) -> dict:
    """Milliseconds of whole pages of the admin, medians of 15."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.test.utils import setup_test_environment

    setup_test_environment()
    settings.SECURE_SSL_REDIRECT = settings.SECOND_FACTOR_REQUIRED = False
    user = get_user_model().objects.create_superuser("bench", "bench@localhost", "bench")
    client = Client()
    client.force_login(user)
    base = f"/admin/signature-forms/{petition.pk}"

    def page(path: str) -> Callable[[], object]:
        def get():
            answer = client.get(base + path)
            assert answer.status_code == 200, answer.status_code
            return answer

        return get

    oldest = page("/signatures/?oldest=1")()
    deepest = oldest.context["leaf"].newer
    return {
        "desk": _median(page("/desk/")),
        "first page": _median(page("/signatures/")),
        "last page": _median(page("/signatures/?oldest=1")),
        "one before the last": _median(page(f"/signatures/?newer={deepest}")),
        "held": _median(page("/signatures/?state=held")),
        "a rare country": _median(page("/signatures/?country=IS")),
        "counted, a rare country, last page": _median(page("/signatures/?country=IS&state=counted&oldest=1")),
        "review desk": _median(page("/review/")),
    }


def _export(petition, kind: str) -> dict:
    from actions.signing import exporting
    from actions.signing.models import Export

    columns = ["signed_at", "language", "country", "name", "email"]
    export = exporting.ask(
        petition=petition, format=kind, columns=columns, criteria={"state": "counted"}, purpose="bench", by=None
    )
    assert exporting.build(export.pk)
    export = Export.objects.select_related("file").get(pk=export.pk)
    begun = time.perf_counter()
    _file, content = exporting.take(export, by=None)
    next(content)
    first = time.perf_counter() - begun
    size = 0
    for chunk in content:
        size += len(chunk)
    return {
        "rows": export.expected,
        "file_mb": round(export.file.size / 1e6, 1),
        "first_byte_s": round(first, 3),
        "download_s": round(time.perf_counter() - begun, 1),
    }


def _csv(petition, signatures: int) -> dict:
    return _export(petition, "csv")


def _xlsx(petition, signatures: int) -> dict:
    return _export(petition, "xlsx")


def _package(petition, signatures: int) -> dict:
    from django.utils import timezone

    from actions.backoffice.package_words import tell
    from actions.delivery import package, verify
    from actions.delivery.deliver import deliver
    from actions.delivery.models import DeliveryPackage
    from actions.pages.words import words_in_force

    begun = time.perf_counter()
    delivery = deliver(
        petition=petition, recipients=[], delivered_on=timezone.localdate(), words=words_in_force(petition)
    )
    froze = time.perf_counter() - begun
    wanted = package.ask(delivery=delivery, language="nb", format="csv", columns=["name", "country"], by=None)
    assert package.build(wanted.pk, tell)
    built = time.perf_counter() - begun - froze
    found = DeliveryPackage.objects.select_related("file", "delivery").get(pk=wanted.pk)
    file = Path(os.environ["MEDIA_ROOT"]) / "package.zip"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        for chunk in package.take(found, by=None)[1]:
            out.write(chunk)
    begun = time.perf_counter()
    with file.open("rb") as opened:
        wrong = [check.what for check in verify.verify(opened) if not check.right]
    assert not wrong, wrong
    file.unlink()
    return {
        "delivered": delivery.signatures,
        "freeze_s": round(froze, 1),
        "build_s": round(built, 1),
        "verify_s": round(time.perf_counter() - begun, 1),
    }


if __name__ == "__main__":
    main()
