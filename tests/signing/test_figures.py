"""The figures of the desk: days, hours, pace, shares and sources."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from actions.signing import figures, sources
from actions.signing.counting import add_paper, paper, total
from actions.signing.models import Petition, Signature, SourceTally, Tally
from actions.signing.public import grand_total, numbers
from actions.signing.sign import sign
from tests.factories import PetitionFactory, person

pytestmark = pytest.mark.django_db
OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 5, 10, 12, 30, tzinfo=UTC)


def petition_with(*tallies: tuple[datetime, int], **values) -> Petition:
    petition = PetitionFactory(
        **({"opens_at": datetime(2026, 5, 4, 6, tzinfo=UTC), "ends_at": datetime(2026, 5, 20, 22, tzinfo=UTC)} | values)
    )
    for at, number in tallies:
        Tally.objects.create(petition=petition, hour=at, language="nb", slot=0, counted=number)
    return petition


def test_empty_days_are_shown_and_today_is_unfinished():
    petition = petition_with((datetime(2026, 5, 5, 10, tzinfo=UTC), 5), (datetime(2026, 5, 10, 9, tzinfo=UTC), 2))
    days = figures.by_day(petition, now=NOW, zone=OSLO)
    assert [bar.number for bar in days] == [0, 5, 0, 0, 0, 0, 2]
    assert [bar.unfinished for bar in days] == [False] * 6 + [True]


def test_a_day_is_the_organisations_day():
    """22:30 UTC in May is after midnight in Oslo. Seen to fail with UTC."""
    petition = petition_with((datetime(2026, 5, 5, 22, tzinfo=UTC), 3))
    days = figures.by_day(petition, now=NOW, zone=OSLO)
    assert [(bar.start.day, bar.number) for bar in days if bar.number] == [(6, 3)]


def test_days_stop_at_the_end():
    petition = petition_with((datetime(2026, 5, 5, 10, tzinfo=UTC), 5), ends_at=datetime(2026, 5, 7, 22, tzinfo=UTC))
    days = figures.by_day(petition, now=NOW + timedelta(days=200), zone=OSLO)
    assert days[-1].start.day == 7
    assert not days[-1].unfinished


def test_nothing_signed_and_not_open_has_no_days():
    assert figures.by_day(PetitionFactory(draft=True), now=NOW, zone=OSLO) == []


def test_long_times_are_drawn_by_weeks():
    petition = petition_with((datetime(2026, 5, 5, 10, tzinfo=UTC), 5), (datetime(2026, 5, 10, 9, tzinfo=UTC), 2))
    weeks = figures.by_week(figures.by_day(petition, now=NOW, zone=OSLO), now=NOW)
    assert [(bar.number, bar.unfinished) for bar in weeks] == [(7, True)]


def test_hours_are_one_after_the_other():
    petition = petition_with((datetime(2026, 5, 10, 10, tzinfo=UTC), 4))
    bars = figures.by_hour(petition, since=NOW - timedelta(hours=3), until=NOW, now=NOW)
    assert [bar.number for bar in bars] == [0, 4, 0, 0]
    assert [bar.unfinished for bar in bars] == [False, False, False, True]


def test_pace_looks_at_full_days_and_tells_when_the_goal_is_reached():
    petition = petition_with((datetime(2026, 5, 8, 10, tzinfo=UTC), 60), (datetime(2026, 5, 10, 9, tzinfo=UTC), 999))
    days = figures.by_day(petition, now=NOW, zone=OSLO)
    pace = figures.pace(petition, days, total=60, goal=100, now=NOW)
    assert (pace.a_day, pace.days) == (10.0, 6)
    assert pace.reached_on == (NOW + timedelta(days=4)).date()
    assert pace.needed_a_day == pytest.approx(3.84, abs=0.05)
    assert figures.pace(petition, days[-1:], total=60, goal=100, now=NOW) is None
    assert figures.pace(petition, days, total=100, goal=100, now=NOW).reached_on is None


def test_shares_are_sorted_and_countries_come_from_the_signatures():
    petition = PetitionFactory(ask_country=True)
    for number, (language, country) in enumerate([("nb", "NO"), ("nb", "SE"), ("en", "SE"), ("nb", "")]):
        sign(petition=petition, person=person(number), language=language, country=country)
    assert figures.by_language(petition) == [("nb", 3), ("en", 1)]
    assert figures.by_country(petition, fresh_for=0) == [("SE", 2), ("NO", 1)]
    Signature.objects.filter(language="en").update(state="held")
    assert figures.by_state(petition) == {"held": 1}


def test_paper_is_part_of_every_total():
    petition = PetitionFactory()
    sign(petition=petition, person=person(), language="nb")
    add_paper(petition, 40)
    add_paper(petition, -1)
    assert (total(petition), paper(petition)) == (40, 39)
    assert (numbers(petition)[:2], grand_total()) == ((39, 39), 39)  # visitors see those online later
    assert Petition.objects.with_total().get().total == 40


class TestSources:
    def test_new_ones_are_counted_and_repeated_ones_are_not(self):
        petition = PetitionFactory()
        for number in (1, 2, 1):
            sign(petition=petition, person=person(number), language="nb", source="street")
        sign(petition=petition, person=person(1), language="nb", source="mail")
        assert sources.by_source(petition) == [("street", 2)]

    def test_made_up_codes_end_in_one_sum(self):
        petition = PetitionFactory()
        for number in range(205):
            sign(petition=petition, person=person(number), language="nb", source=f"code-{number}")
        found = dict(sources.by_source(petition))
        assert found["other"] == 5
        assert SourceTally.objects.values("source").distinct().count() == 201

    def test_the_address_of_the_form_carries_the_code(self, client, site):
        from tests.factories import action

        page = action(site, PetitionFactory())
        address = page.get_url() + "?s=Street"
        assert "<form method=" in client.get(address).content.decode()  # without an action: where it stands
        wrong = client.post(address, {}).content.decode()
        assert f'action="{page.get_url()}?s=street"' in wrong
        data = {"name": "Kari Nordmann", "email": "kari@example.org"}
        for _ in range(2):
            assert client.post(page.get_url() + "?s=street", data).status_code == 303
        assert sources.by_source(page.petition) == [("street", 1)]
        refused = client.post(page.get_url() + "?s=<script>", {}).content.decode()
        assert f'action="{page.get_url()}"' in refused
