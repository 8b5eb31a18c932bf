"""The register: pages by cursor, filters, and one address by its digest."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.rules.errors import BadAddress
from actions.signing import register
from actions.signing.models import AuditRecord, Signature
from actions.signing.register import Filter
from actions.signing.sign import sign
from tests.factories import PetitionFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition():
    petition = PetitionFactory()
    for number in range(7):
        sign(petition=petition, person=person(number), language="nn" if number == 3 else "nb")
    return petition


@pytest.fixture(autouse=True)
def three_on_a_page(monkeypatch):
    monkeypatch.setattr(register, "ON_A_PAGE", 3)


def ids(rows) -> list:
    return [row.pk for row in rows]


def everything(petition) -> list:
    return ids(Signature.objects.filter(petition=petition).order_by("-signed_at", "-id"))


def test_pages_follow_each_other_and_nothing_is_lost_or_twice(petition):
    """Seen to fail with `<=` instead of `<` in the cursor."""
    seen, leaf = [], register.leaf(petition, Filter())
    assert not leaf.newer
    while True:
        seen += ids(leaf.rows)
        if not leaf.older:
            break
        leaf = register.leaf(petition, Filter(), older_than=leaf.older)
        assert leaf.newer
    assert seen == everything(petition)


def test_the_way_back_shows_the_same(petition):
    first = register.leaf(petition, Filter())
    second = register.leaf(petition, Filter(), older_than=first.older)
    back = register.leaf(petition, Filter(), newer_than=second.newer)
    assert ids(back.rows) == ids(first.rows)
    assert not back.newer


def test_the_oldest_page_is_reached_at_once(petition):
    leaf = register.leaf(petition, Filter(), oldest=True)
    assert ids(leaf.rows) == everything(petition)[-3:]
    assert leaf.newer
    assert not leaf.older


@pytest.mark.parametrize("broken", ["x", "%%%", "MTIz", "2026-01-01", "é"])
def test_a_broken_cursor_shows_the_newest(petition, broken):
    assert ids(register.leaf(petition, Filter(), older_than=broken).rows) == everything(petition)[:3]


def test_same_instants_are_told_apart(petition):
    Signature.objects.filter(petition=petition).update(signed_at=timezone.now())
    first = register.leaf(petition, Filter())
    second = register.leaf(petition, Filter(), older_than=first.older)
    assert not set(ids(first.rows)) & set(ids(second.rows))


def test_filters_hold_together(petition):
    now = timezone.now()
    assert len(register.leaf(petition, Filter(language="nn")).rows) == 1
    assert not register.leaf(petition, Filter(language="nn", state="held")).rows
    assert not register.leaf(petition, Filter(signed_before=now - timedelta(days=1))).rows
    assert register.leaf(petition, Filter(signed_from=now - timedelta(days=1), state="counted")).rows


def test_a_page_costs_one_query(petition, django_assert_num_queries):
    with django_assert_num_queries(1):
        for row in register.leaf(petition, Filter()).rows:
            assert row.signer.contact_action is False


def test_the_cursor_uses_the_index_of_times(petition):
    """The condition is in the index, not a filter over all rows. Seen to fail with an offset."""
    leaf = register.leaf(petition, Filter())
    with CaptureQueriesContext(
        connection,
    ) as caught:
        register.leaf(petition, Filter(), older_than=leaf.older)
    assert "OFFSET" not in caught[0]["sql"]
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off; set local enable_sort = off")
        cursor.execute("explain " + caught[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "signatures_by_time" in plan
    assert "signed_at <=" in plan or "signed_at, id) <" in plan or "ROW(signed_at" in plan


def test_one_address_is_found_by_its_digest_and_looking_is_recorded(petition, staff):
    found = register.find(petition=petition, email="SIGNER3+x@example.org", by=staff, purpose="case 1")
    assert found.language == "nn"
    assert register.find(petition=petition, email="nobody@example.org", by=staff, purpose="case 2") is None
    assert list(AuditRecord.objects.about_signers().order_by("id").values_list("verb", "number", "purpose")) == [
        ("searched", 1, "case 1"),
        ("searched", 0, "case 2"),
    ]
    with pytest.raises(BadAddress):
        register.find(petition=petition, email="no address", by=staff, purpose="x")


def test_large_numbers_are_told_as_an_estimate(petition):
    assert register.about_how_many(Filter().of(petition)) == (7, True)
    number, exact = register.about_how_many(Filter().of(petition), exact_below=5)
    assert number >= 5
    assert not exact
