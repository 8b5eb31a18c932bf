"""A signature form's desk: how many, how fast, from where and what happened, over HTTP."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actions.backoffice import charts
from actions.backoffice.desk import events
from actions.delivery.deliver import deliver
from actions.mailing.models import Mailing
from actions.signing import counting, life
from actions.signing.figures import Bar
from actions.signing.models import Petition
from actions.signing.retention import forget
from tests.backoffice.petition.screens import at, text
from tests.factories import PetitionFactory

pytestmark = pytest.mark.django_db


def test_it_tells_how_many_how_fast_and_from_where(staff_client, petition):
    counting.add_paper(petition, 40)
    body = text(staff_client.get(at(petition, "desk")))
    for words in (
        "43",
        "3 på nett og 40 på papir",
        "Norge",
        "holdt tilbake",
        "Signaturer per dag",
        "<svg",
        "Åpnet",
    ):
        assert words in body, words
    assert "Nordmann" not in body


@pytest.mark.parametrize(("asks", "words"), [(True, "Ingen har oppgitt land ennå"), (False, "spør ikke om land")])
def test_it_says_of_countries_what_the_form_asks(staff_client, locales, asks, words):
    """Seen to fail: a form that asks for the country was said not to, as long as nobody had answered."""
    body = text(staff_client.get(at(PetitionFactory(ask_country=asks), "desk")))
    assert words in body


def test_it_costs_the_same_however_many_signed(staff_client, petition, django_assert_max_num_queries):
    staff_client.get(at(petition, "desk"))
    with django_assert_max_num_queries(40):
        staff_client.get(at(petition, "desk"))


@pytest.mark.parametrize("trait", ["draft", "scheduled", "ended"])
def test_every_state_has_a_desk(staff_client, locales, trait):
    petition = PetitionFactory(**{trait: True})
    assert staff_client.get(at(petition, "desk")).status_code == 200


def test_figures_stay_when_the_signers_are_forgotten(staff_client, petition):
    Petition.objects.filter(pk=petition.pk).update(ends_at=timezone.now())
    before = text(staff_client.get(at(petition, "desk")))
    forget(petition=petition)
    after = text(staff_client.get(at(petition, "desk")))
    assert before.count("<rect") == after.count("<rect")
    assert "Norge" in after
    assert "Underskriverne ble glemt" in after


def test_what_happened_is_marked(petition):
    now = timezone.now()
    Mailing.objects.create(name="x", petition=petition, sent_at=now)
    Mailing.objects.create(name="draft", petition=petition)
    life.pause(petition=petition, by=None, reason="x")
    delivery = deliver(petition=petition, recipients=[], delivered_on=now.date())
    labels = [str(event.label) for event in events(petition, [delivery])]
    assert sorted(labels) == [
        "3 signaturer overlevert",
        "E-post til underskrivere",
        "Satt på pause",
        "Slutt",
        "Åpnet",
    ]


def test_a_chart_has_a_bar_for_every_day_and_a_mark_for_every_event():
    now = timezone.now()
    bars = [Bar(now + timedelta(days=n), n, n == 9) for n in range(10)]
    chart = charts.draw(bars, events=[charts.Event(now + timedelta(days=2), "x")])
    assert len(chart.bars) == 10
    assert [bar.unfinished for bar in chart.bars].count(True) == 1
    assert chart.bars[9].height > chart.bars[1].height > chart.bars[0].height == 0
    assert [mark.text for mark in chart.marks] == ["1"]
    close = charts.draw(bars, events=[charts.Event(now + timedelta(days=2, hours=n), "x") for n in range(3)])
    assert [mark.text for mark in close.marks] == ["1–3", "", ""]
    assert charts.draw([]) is None


def test_the_tabs_lead_everywhere_and_each_says_where_one_is(staff_client, petition):
    for name in ("desk", "signatures", "review", "paper", "deliveries", "exports", "imports", "life", "hold"):
        body = text(staff_client.get(at(petition, name)))
        assert body.count('aria-current="page"') >= 1, name
        assert at(petition, "desk") in body, name
