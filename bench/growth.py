"""What grows with the signatures, and what does not: total, page, desk, lists, exports, hand-over, erasing, retention.

python -m bench.growth --signatures 10000 1000000 10000000 --picture docs/pictures/growth.svg
python -m bench.growth --signatures 1000000 --parts lists            only one of the parts

One form has all of them, with sealed signers. Each part runs in a process of its own, whose peak memory is told beside
that of a process that only starts. Times are in ms or s, as they say.
"""

import argparse
import json
import logging
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import pictures

NAME = "Iran: executions"
# In this order: what deletes comes last.
PARTS = ("nothing", "visitor", "lists", "csv", "xlsx", "package", "erase", "retention")
FILLERS = 2
COLUMNS = (
    "actions_signature (id, petition_id, digest, canonical_version, state, language, country, signed_at)",
    "actions_signer (signature_id, sealed, contact_action, contact_other, show_name, hand_over_name, "
    "hand_over_notice_id, proved_at)",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signatures", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--parts", nargs="*", default=list(PARTS))
    parser.add_argument("--picture", default="")
    parser.add_argument("--results", default="var/growth.json", help="kept, so that sizes can be measured one by one")
    parser.add_argument("--draw", action="store_true", help="only draw what is kept")
    parser.add_argument("--part", help="what one of the processes does")
    parser.add_argument("--share", type=int, default=0)
    given = parser.parse_args()
    if given.part:
        _one(given.part, given.signatures[0], given.share)
        return
    results = Path(given.results)
    found = json.loads(results.read_text()) if results.exists() else {}
    if not given.draw:
        for number in given.signatures:
            for part, told in _size(number, given.parts):
                found.setdefault(str(number), {})[part] = told
                results.write_text(json.dumps(found, indent=1))
    if given.picture:
        pictures.growth(found, Path(given.picture))


def _size(number: int, parts: list[str]) -> Iterator[tuple[str, dict]]:
    """Each part at one size, on a site of its own."""
    from bench.processes import ROOT
    from bench.site import Site

    site = Site("growth", TRUSTED_PROXIES="1")
    site.database.configure(max_wal_size="4GB", shared_buffers="512MB", maintenance_work_mem="256MB")
    try:
        site.database.stop()
        site.database.start()
        env = site.env("staff", "postgres")

        def process(part: str, share: int = 0) -> subprocess.Popen:
            command = [sys.executable, "-m", "bench.growth", "--part", part, "--signatures", str(number)]
            return subprocess.Popen(
                [*command, "--share", str(share)], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
            )

        def told(running: subprocess.Popen) -> dict:
            out, _ = running.communicate()
            assert running.returncode == 0, part
            print(number, out.strip(), flush=True)
            return json.loads(out.splitlines()[-1])

        part = "fill"
        for filler in [process("fill", share) for share in range(FILLERS)]:
            told(filler)
        site.query("vacuum analyze")
        part = "count"
        counted = told(process(part))
        [(size,)] = site.query("select pg_database_size(current_database())")
        yield part, counted | {"database_mb": size // 1_000_000}
        site.query("checkpoint")
        for part in parts:
            yield part, told(process(part))
    finally:
        site.stop()


def _one(part: str, signatures: int, share: int) -> None:
    import django

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    django.setup()
    logging.disable(logging.INFO)
    from actions.signing.models import Petition

    petition = Petition.objects.select_related("secret").get(name=NAME)
    begun = time.perf_counter()
    told = _fill(petition, signatures, share) if part == "fill" else globals()[f"_{part}"](petition)
    told |= {
        "part": part,
        "seconds": round(time.perf_counter() - begun, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(told), flush=True)


def _nothing(petition) -> dict:
    return {}


def _told(petition) -> int:
    """What the form says of its list: everybody in here has ticked that the name goes along."""
    from django.db import transaction
    from wagtail.models import Locale

    from actions.delivery.models import PetitionRecipient, Recipient
    from actions.pages.hand_over import notice_of
    from actions.signing import hand_over

    locale = Locale.get_default()
    with transaction.atomic():
        type(petition).objects.select_for_update().get(pk=petition.pk)  # fillers come at once
        to, _made = Recipient.objects.get_or_create(locale=locale, office="who receives it", country="NO")
        PetitionRecipient.objects.get_or_create(petition=petition, recipient=to)
        petition.handed_over, petition.ask_country = "country", True
        petition.save(update_fields=["handed_over", "ask_country"])
    notice = notice_of(petition, locale)
    assert notice is not None
    return hand_over.record(petition=petition, shown=notice.fingerprint, notice=notice)


def _fill(petition, signatures: int, share: int) -> dict:
    """One filler's share of signatures with sealed signers over 60 days; one in a hundred is held. In time's order, as
    they would have come."""
    from django.db import connection

    per, notice = signatures // FILLERS, _told(petition)
    with connection.cursor() as cursor:
        for first in range(0, per, 20_000):
            rows = list(_rows(petition, signatures, range(first, min(first + 20_000, per)), share, notice))
            for place, columns in enumerate(COLUMNS):
                with cursor.copy(f"copy {columns} from stdin") as copy:
                    for row in rows:
                        copy.write_row(row[place])
    return {"filled": per}


def _rows(petition, signatures: int, numbers: range, share: int, notice: int) -> Iterator[tuple[tuple, tuple]]:
    import uuid

    from actions.rules import address
    from actions.signing.keys import address_digest
    from actions.signing.sealing import Person, seal

    start = datetime.now(UTC) - timedelta(days=60)
    countries = ["NO"] * 90 + ["SE"] * 8 + ["DK", "IS"]
    salt = bytes(petition.digest_salt)
    for place in numbers:
        number = place * FILLERS + share
        at = start + timedelta(days=59) * (number / signatures)
        # Version 7, of the instant: in time's order, as the site makes them.
        pk = uuid.UUID(int=(int(at.timestamp() * 1000) << 80) | 0x7 << 76 | 0x2 << 62 | random.getrandbits(62))
        email = f"signer{number}@example.org"
        digest = address_digest(salt=salt, canonical_address=address.canonical(email))
        person = Person(name=f"Kari Nordmann {number}", email=email)
        state = "held" if number % 100 == 37 else "counted"
        language, country = "nb" if number % 7 else "nn", countries[number * 7 % 100]
        sealed = seal(person=person, signature_id=pk, petition=petition)
        yield (
            (pk, petition.pk, digest, address.VERSION, state, language, country, at),
            (pk, sealed, number % 3 == 0, False, False, True, notice, at),
        )


def _count(petition) -> dict:
    """The total and the tallies are made from the rows, as `check_counts --repair` does it."""
    from actions.signing import counting

    petition.opens_at, petition.ask_country = datetime.now(UTC) - timedelta(days=61), True
    petition.save(update_fields=["opens_at", "ask_country"])
    begun = time.perf_counter()
    counting.check(petition, repair=True)
    repaired = time.perf_counter() - begun
    begun = time.perf_counter()
    assert counting.check(petition).agree
    return {
        "total": counting.total(petition),
        "repair_s": round(repaired, 1),
        "check_s": round(time.perf_counter() - begun, 1),
    }


def _visitor(petition) -> dict:
    """Milliseconds to read the total, and for the page, made anew each time, with its number of queries."""
    from django.conf import settings
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from actions.signing import counting
    from actions.web import page_cache
    from bench.load import PAGE

    settings.SECURE_SSL_REDIRECT = False
    page_cache._name = lambda request: None  # nothing is kept
    client = Client(headers={"host": "localhost"})

    def page():
        answer = client.get(PAGE)
        assert answer.status_code == 200, answer.status_code

    page()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page()
    number = len(queries)
    kept = _median(page)

    def anew():
        cache.clear()
        page()

    return {
        "total_ms": _median(lambda: counting.total(petition), 200),
        "page_ms": kept,
        "page_queries": number,
        "page_on_empty_cache_ms": _median(anew),
    }


def _median(do: Callable[[], object], times: int = 15) -> float:
    do()
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        do()
        found.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(found), 1)


def _lists(petition) -> dict:
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
        petition=petition,
        format=kind,
        columns=columns,
        criteria={"state": "counted"},
        purpose="bench",
        by=None,
        use="claim",
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


def _csv(petition) -> dict:
    return _export(petition, "csv")


def _xlsx(petition) -> dict:
    return _export(petition, "xlsx")


def _package(petition) -> dict:
    from django.utils import timezone

    from actions.backoffice.package_words import tell
    from actions.delivery import package, verify
    from actions.delivery.deliver import deliver
    from actions.delivery.models import DeliveryPackage
    from actions.delivery.selectors import may_receive
    from actions.pages.words import words_in_force

    begun = time.perf_counter()
    delivery = deliver(
        petition=petition,
        recipients=list(may_receive(petition)),
        delivered_on=timezone.localdate(),
        words=words_in_force(petition),
    )
    froze = time.perf_counter() - begun
    wanted = package.ask(delivery=delivery, language="nb", format="csv", level="country", by=None)
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


def _erase(petition) -> dict:
    """One person over all actions, found by the address: median of 20; and what is held about one."""
    from actions.signing import erase

    people = iter(range(50, 100_000, 77))

    def one():
        receipt = erase.erase_address(email=f"signer{next(people)}@example.org", by=None, purpose="bench")
        assert receipt.signatures == 1

    return {
        "erase_ms": _median(one, 20),
        "access_ms": _median(
            lambda: erase.subject_access(email=f"signer{next(people)}@example.org", by=None, purpose="bench"), 20
        ),
    }


def _retention(petition) -> dict:
    from actions.signing import counting, retention

    before = counting.total(petition)
    petition.ends_at = datetime.now(UTC) - timedelta(days=1)
    petition.save(update_fields=["ends_at"])
    begun = time.perf_counter()
    forgotten = retention.forget(petition=petition)
    took = time.perf_counter() - begun
    assert counting.total(petition) == before
    return {"forgotten": forgotten, "a_second": round(forgotten / took)}


if __name__ == "__main__":
    main()
