"""The line of numbers at the form: how far, how fast, until when; and who stands behind it."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format

from actions.delivery.models import Delivery
from actions.pages.action import handed_over_so_far
from actions.rules.days import end_of
from actions.signing import public
from actions.signing.models import Petition, PublicHour, PublicNumber, Signature, Tally
from actions.signing.sign import sign
from tests.factories import PetitionFactory, action, person, seen_by_visitors, several, translate

pytestmark = pytest.mark.django_db

LATELY = re.compile(r"([\d\xa0]+) flere siste døgn")


@pytest.fixture
def page(site):
    return action(site, PetitionFactory())


def moved(petition: Petition, *steps: tuple[float, int]) -> None:
    """Let the number have moved: so many hours ago, by so many."""
    for hours, number in steps:
        hour = (timezone.now() - timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)
        row, _made = PublicHour.objects.get_or_create(petition=petition, hour=hour, defaults={"number": 0})
        row.number += number
        row.save()


def told(client, page) -> str | None:
    found = LATELY.search(client.get(page.get_url()).content.decode().replace("&nbsp;", "\xa0"))
    return found and found[1]


class TestLately:
    def test_it_is_the_sum_of_steps_that_everybody_has_seen(self, page, client):
        """R42: no more than the hours of the interface for programs say."""
        seen_by_visitors(page.petition, 1_000)
        moved(page.petition, (0, 20), (5, 100), (22, 93), (26, 500))
        assert told(client, page) == "213"
        hours = client.get(f"/api/v1/actions/{page.translation_key}/history").json()
        day_ago = timezone.now() - timedelta(hours=24)
        assert sum(row["signatures"] for row in hours if parse_datetime(row["hour"]) > day_ago) == 213

    def test_signatures_alone_move_nothing(self, page, client):
        seen_by_visitors(page.petition, 1_000)
        moved(page.petition, (2, 213))
        before = client.get(page.get_url()).content
        several(page.petition, 60)
        assert told(client, page) == "213"
        assert client.get(page.get_url()).content == before

    def test_a_file_of_earlier_signatures_is_no_rush(self, page, client):
        """Seen to fail with every step taken for one of that day."""
        seen_by_visitors(page.petition, 0)
        several(page.petition, 300)
        Signature.objects.update(signed_at=timezone.now() - timedelta(days=300))
        Tally.objects.update(hour=timezone.now() - timedelta(days=300))
        PublicNumber.objects.update(step=0, look_at=timezone.now() - timedelta(seconds=1))
        public.move()
        assert public.numbers(page.petition).total > 250
        moved(page.petition, (3, 60))
        assert told(client, page) == "60"
        for number in range(1_000, 1_100):
            sign(petition=page.petition, person=person(number), language="nb")
        PublicNumber.objects.update(rises_at=0, look_at=timezone.now() - timedelta(seconds=1))
        public.move()
        assert 140 <= int(told(client, page)) < 180

    @pytest.mark.parametrize("number", [0, 12, 49, -60])
    def test_a_few_steps_say_nothing_of_a_day(self, number, page, client):
        seen_by_visitors(page.petition, 1_000)
        moved(page.petition, (2, number))
        assert told(client, page) is None

    def test_a_number_that_is_all_of_that_day_is_told_once(self, page, client):
        seen_by_visitors(page.petition, 213)
        moved(page.petition, (2, 213))
        assert told(client, page) is None

    def test_it_is_hidden_with_the_number(self, page, client):
        seen_by_visitors(page.petition, 1_000)
        moved(page.petition, (2, 213))
        Petition.objects.update(hide_total_below=2_000)
        assert told(client, page) is None

    def test_it_is_not_told_where_signing_is_dangerous(self, page, client):
        """Nor does the interface for programs tell the hours of such an action."""
        seen_by_visitors(page.petition, 1_000)
        moved(page.petition, (2, 213))
        Petition.objects.update(high_risk=True, counting="confirmed")
        assert told(client, page) is None

    def test_it_is_not_told_of_an_action_that_is_over(self, page, client):
        seen_by_visitors(page.petition, 1_000)
        moved(page.petition, (2, 213))
        Petition.objects.update(ends_at=timezone.now())
        assert told(client, page) is None

    def test_it_is_that_of_this_moment_on_a_page_that_is_kept(self, page, client, pages_are_kept):
        seen_by_visitors(page.petition, 1_000)
        assert told(client, page) is None
        moved(page.petition, (2, 213))
        answer = client.post(page.get_url(), {"name": "", "email": ""})
        assert LATELY.search(answer.content.decode())[1] == "213"


def line(client, page) -> str:
    body = client.get(page.get_url()).content.decode().replace("&nbsp;", "\xa0")
    found = re.search(r'(?s)<p class="figures__line">(.*?)</p>', body)[1]
    return " ".join(re.sub(r"<[^>]+>", "", found).split(" ")).strip()


def plain(text: str) -> str:
    return re.sub(r"\s*\n\s*", " | ", text.replace("\xa0", " ")).strip()


def test_nobody_reads_a_nought(page, client):
    several(page.petition, 3)
    body = client.get(page.get_url()).content.decode()
    assert plain(line(client, page)).startswith("Bli blant de første som skriver under")
    assert "Tallet vises når nok signaturer" in body


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "siste dag for å skrive under"),
        (1, "slutter om 1 dag, {day}"),
        (7, "slutter om 7 dager, {day}"),
        (8, "slutter {day}"),
        (400, "slutter {day} {year}"),
    ],
)
def test_the_end_is_a_day(days, words, page, client, monkeypatch):
    zone = timezone.get_default_timezone()
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    monkeypatch.setattr(type(page), "now", lambda self: noon)
    last = noon.date() + timedelta(days=days)
    Petition.objects.update(ends_at=end_of(last, zone))
    with translation.override("nb"):
        day = date_format(last, "j. F")
    assert plain(line(client, page)).endswith(words.format(day=day, year=last.year))


def test_english_writes_the_day_first(page, client, django_capture_on_commit_callbacks):
    Petition.objects.update(ends_at=timezone.now() + timedelta(days=40))
    with django_capture_on_commit_callbacks(execute=True):
        target = translate(page, "en")
    last = timezone.localdate(timezone.now() + timedelta(days=40))
    assert f"ends {last.day} {last:%B}" in line(client, target)


class TestSoFar:
    def delivery(self, petition: Petition, day: date) -> None:
        Delivery.objects.create(petition=petition, delivered_on=day, signatures=3)

    def test_actions_are_counted_once_and_from_the_first(self, site):
        today = timezone.localdate()
        for number, days in enumerate(((date(2018, 5, 3), date(2020, 1, 1)), (date(2022, 4, 29),))):
            page = action(site, PetitionFactory(), slug=f"a{number}")
            for day in days:
                self.delivery(page.petition, day)
        planned = action(site, PetitionFactory(), slug="planned")
        self.delivery(planned.petition, today + timedelta(days=1))
        assert handed_over_so_far() == (2, 2018)

    def test_what_nobody_can_read_about_is_not_told(self, site):
        """R49."""
        draft = action(site, PetitionFactory(), slug="draft")
        self.delivery(draft.petition, date(2018, 5, 3))
        draft.live = False
        draft.save()
        assert handed_over_so_far() == (0, None)

    def test_it_stands_at_the_form_with_the_number_of_the_organisation(self, site, page, client):
        site.organisation.registration_number = "974 000 000"
        site.organisation.save()
        self.delivery(page.petition, date(2018, 5, 3))
        body = client.get(page.get_url()).content.decode()
        assert f"{site.organisation.controller_name} (organisasjonsnummer 974 000 000) står bak aksjonen." in body
        assert "Siden 2018 har vi overlevert signaturene fra 1 aksjon." in body
