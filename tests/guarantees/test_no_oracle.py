"""R16, the answers: new, repeated, invalidated, withdrawn, erased and held attempts cannot be told apart.

The times are measured by `python -m bench.oracle`; see docs/operations.md.
"""

import pytest
from django.db import connection

from actions.signing import links
from actions.signing.models import Signature, Signer, TotalSlot
from tests.factories import PetitionFactory, action

pytestmark = pytest.mark.django_db

GOOD = {"name": "Kari Nordmann", "email": "kari@example.org"}


def told(answer):
    headers = {k: v for k, v in answer.headers.items() if k != "X-Request-Id"}
    return answer.status_code, answer.content, headers, dict(answer.cookies)


def invalidate():
    Signature.objects.update(state="invalidated")


def erase_person():
    Signer.objects.all().delete()


def withdraw():
    links.withdraw(links.make_link(Signature.objects.get(), with_code=False)[0])


def hold():
    Signature.objects.update(state="held")


BEFORE = {
    "counted": lambda: None,
    "invalidated": invalidate,
    "erased": erase_person,
    "withdrawn": withdraw,
    "held": hold,
}


@pytest.mark.parametrize("policy", ["at_once", "confirmed"])
@pytest.mark.parametrize("case", BEFORE)
def test_an_address_that_is_there_gets_the_answer_of_one_that_is_not(case, policy, client, site):
    """Seen to fail with a header that says whether the signature was new."""
    page = action(site, PetitionFactory(counting=policy))
    client.post(page.get_url(), GOOD)
    BEFORE[case]()
    repeated = client.post(page.get_url(), GOOD)
    new = client.post(page.get_url(), GOOD | {"email": "new@example.org"})
    held = client.post(page.get_url(), GOOD | {"email": "held@example.org", "website": "x"})
    assert told(repeated) == told(new) == told(held)
    thanks = [client.get(answer["Location"]).content for answer in (repeated, new)]
    assert thanks[0] == thanks[1]


def test_a_repeated_attempt_writes_too(client, site, django_assert_num_queries):
    """Without a write there is no wait for the disk, and the answer comes sooner."""
    page = action(site, PetitionFactory())
    client.post(page.get_url(), GOOD | {"email": "first@example.org"})
    queries = []
    for _ in range(2):
        with connection.execute_wrapper(lambda e, s, p, m, c: (queries.append(s), e(s, p, m, c))[1]):
            client.post(page.get_url(), GOOD)
    assert queries[: len(queries) // 2] == queries[len(queries) // 2 :]
    assert sum(TotalSlot.objects.values_list("repeats", flat=True)) == 1
