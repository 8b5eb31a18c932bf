"""Quick forms of R3 and R4: many visitors at once, on real connections. The long forms are in bench/."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from time import monotonic

import pytest
from django.db import connection, connections
from django.utils import timezone

from actions.rules.errors import NotOpen
from actions.signing import life
from actions.signing.counting import total
from actions.signing.models import OutboxMail, Signature, Signer
from actions.signing.sign import sign
from tests.factories import PetitionFactory, person

pytestmark = pytest.mark.django_db(transaction=True)

LOCAL = ["kari", "KARI", "k.ari", "ka.ri", "kari+1"]
SPELLINGS = [f"{local}@{host}" for local in LOCAL for host in ("gmail.com", "Googlemail.com")]
LANGUAGES = ["nb", "nn", "en"]


def try_to_sign(petition, **changes):
    """ "taken", for new and for repeated, or "closed"; from a thread with a connection of its own."""
    try:
        sign(petition=petition, language=changes.pop("language", "nb"), person=person(**changes))
        return "taken"
    except NotOpen:
        return "closed"
    finally:
        connections.close_all()


def rows_equal_tally(petition) -> int:
    rows = Signature.objects.filter(petition=petition).count()
    assert rows == total(petition) == Signer.objects.count() == OutboxMail.objects.count()
    return rows


def test_one_address_in_ten_spellings_at_once_is_one_signature():
    """R3. Seen to fail with `on conflict` left out of the statement."""
    petition = PetitionFactory()
    with ThreadPoolExecutor(20) as pool:
        attempts = [
            pool.submit(try_to_sign, petition, email=SPELLINGS[n % 10], language=LANGUAGES[n % 3]) for n in range(40)
        ]
        answers = [attempt.result() for attempt in attempts]
    assert answers == ["taken"] * 40
    assert rows_equal_tally(petition) == 1


@pytest.mark.parametrize("how", ["by itself", "by hand"])
def test_nothing_is_counted_after_the_end_and_nothing_acknowledged_is_lost(how):
    """R4. Seen to fail with the test of `ends_at` taken out of the statement, and with closing that locks nothing."""
    petition = PetitionFactory(ends_at=timezone.now() + timedelta(seconds=1.5 if how == "by itself" else 600))
    deadline = monotonic() + 8

    def keep_signing(worker):
        acknowledged, n = 0, 0
        while monotonic() < deadline:
            n += 1
            answer = try_to_sign(petition, email=f"w{worker}n{n}@example.org")
            acknowledged += answer == "taken"
            if answer == "closed":
                break
        return acknowledged

    with ThreadPoolExecutor(9) as pool:
        workers = [pool.submit(keep_signing, n) for n in range(8)]
        frozen = pool.submit(_close_and_count, petition, how).result()
        acknowledged = sum(worker.result(timeout=20) for worker in workers)
    petition.refresh_from_db()
    assert not Signature.objects.filter(signed_at__gte=petition.ends_at).exists()
    assert rows_equal_tally(petition) == acknowledged > 0
    assert frozen in (None, acknowledged)


def _close_and_count(petition, how):
    try:
        if how == "by itself":
            return None
        Event().wait(1)
        life.close_now(petition=petition, by=None, reason="test")
        return total(petition)
    finally:
        connections.close_all()


def test_closing_waits_for_a_signature_in_flight_and_the_next_one_sees_the_end():
    petition = PetitionFactory()
    with ThreadPoolExecutor(2) as pool:
        with connection.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute("select 1 from actions_petition where id = %s for key share", [petition.pk])
            closing = pool.submit(_close_and_count, petition, "by hand")
            Event().wait(1.5)
            assert not closing.done()
            cursor.execute("commit")
        assert closing.result(timeout=60) == 0
    assert try_to_sign(petition, email="late@example.org") == "closed"
