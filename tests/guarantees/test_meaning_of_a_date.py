"""Quick form of R5: printed date, stored instant and refusal agree, in every language."""

from datetime import UTC, date, datetime, time

import pytest
from django.utils import translation

from actions.backoffice.petitions import PetitionViewSet
from actions.signing.models import Petition
from actions.signing.sign import sign
from tests.factories import person

pytestmark = pytest.mark.django_db


def form(**data):
    form_class = PetitionViewSet().get_form_class()
    empty = {f"addressees-{part}": 0 for part in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    return form_class(
        {
            "name": "form",
            "hide_total_below": 0,
            "counting": "at_once",
            "retention_days": 30,
            "handed_over": "number",
            "opening_day": "2026-01-01",
            **empty,
            **data,
        }
    )


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize(
    ("last_day", "end"),
    [("2026-03-28", datetime(2026, 3, 28, 23, tzinfo=UTC)), ("2026-03-29", datetime(2026, 3, 29, 22, tzinfo=UTC)),
     ("2026-10-25", datetime(2026, 10, 25, 23, tzinfo=UTC)), ("2027-03-28", datetime(2027, 3, 28, 22, tzinfo=UTC)),
     ("2027-10-31", datetime(2027, 10, 31, 23, tzinfo=UTC)), ("2028-02-29", datetime(2028, 2, 29, 23, tzinfo=UTC))],
)  # fmt: skip
def test_a_last_day_is_stored_as_the_next_local_midnight_and_shown_as_that_day(last_day, end, language):
    with translation.override(language):
        filled = form(last_day=last_day)
        assert filled.is_valid(), filled.errors
        petition = filled.save()
        petition.refresh_from_db()
        assert petition.ends_at == end
        again = PetitionViewSet().get_form_class(for_update=True)(instance=petition)
        assert again["last_day"].value() == date.fromisoformat(last_day)
        assert again["end_time"].value() is None


@pytest.mark.parametrize(("day", "at", "word"), [("2026-03-29", "02:30", "fram"), ("2026-10-25", "02:30", "to ganger")])
def test_a_time_that_is_missing_or_comes_twice_is_asked_about(day, at, word):
    with translation.override("nb"):
        filled = form(last_day=day, end_time=at)
        assert not filled.is_valid()
        assert word in str(filled.errors["end_time"])


def test_a_time_of_day_is_kept():
    petition = form(last_day="2026-10-24", end_time="14:30").save()
    assert petition.ends_at == datetime(2026, 10, 24, 12, 30, tzinfo=UTC)
    shown = PetitionViewSet().get_form_class(for_update=True)(instance=petition)
    assert shown["end_time"].value() == time(14, 30)


BAD = {
    "end before start": ({"opening_day": "2026-02-01", "last_day": "2026-01-31"}, "last_day", "slutter før det åpner"),
    "end without start": ({"opening_day": "", "last_day": "2026-01-31"}, "opening_day", "første dagen"),
    "time without day": ({"end_time": "12:00"}, "last_day", "Velg også dagen"),
    "negative goal": ({"goal": "-5"}, "goal", "minst én signatur"),
    "no goal at all": ({"goal": "0"}, "goal", "minst én signatur"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_makes_no_sense_gets_a_sentence_at_the_field(case):
    data, field, sentence = BAD[case]
    with translation.override("nb"):
        filled = form(**data)
        assert not filled.is_valid()
        assert sentence in str(filled.errors[field])
    assert not Petition.objects.exists()


def test_a_form_made_in_the_admin_can_be_signed_and_its_dates_are_then_fixed():
    petition = form().save()
    sign(petition=petition, person=person(), language="nb")
    assert petition.signatures.count() == 1
    update = PetitionViewSet().get_form_class(for_update=True)
    empty = {f"addressees-{part}": 0 for part in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    data = {
        "name": "renamed",
        "hide_total_below": 0,
        "counting": "at_once",
        "retention_days": 30,
        "handed_over": "number",
        "opening_day": "2030-01-01",
        "last_day": "2020-01-01",
        **empty,
    }
    filled = update(data, instance=Petition.objects.get())
    Petition.objects.update(paused=True)  # somebody else, meanwhile
    assert filled.is_valid(), filled.errors
    filled.save()
    petition.refresh_from_db()
    assert (petition.name, petition.ends_at, petition.paused) == ("renamed", None, True)
