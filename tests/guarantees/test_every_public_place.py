"""R42, the places: every address a visitor can ask for tells the same number while the form is open, and no other.

Asked with the rights of the public process. What is compared is the whole answer: body, length, marks and dates.
"""

import csv
import re
from datetime import timedelta
from io import StringIO
from random import Random
from statistics import fmean

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from actions.delivery.deliver import deliver
from actions.pages.action import ActionPage
from actions.rules.steps import ORDINARY
from actions.signing import counting, public
from actions.signing.models import Petition, PublicHour, SigningRules
from home.standing import forget_here
from tests.factories import (
    PetitionFactory,
    RecipientFactory,
    action,
    addressed,
    seen_by_visitors,
    several,
    small_site,
    translate,
)
from tests.worlds import for_the_file

from . import watching
from .test_number_tells_on_nobody import look
from .test_roles_and_surfaces import PUBLIC, ROLES, as_public  # noqa: F401

SEEN, TRUE = 4_321, 4_344
# What two answers about the same thing differ in: the number of the request, and the instant of the figures.
OF_THE_MOMENT = re.compile(rb'"at": ?"[^"]*"|lastBuildDate>[^<]*<|Z_[0-9]+')

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker):
    """The key of a page in all languages, whose form nobody has used."""

    def make() -> int:
        call_command("database_roles", **ROLES, verbosity=0, stdout=StringIO())
        site = small_site()
        petition = addressed(PetitionFactory(goal=4_330), RecipientFactory())
        made = action(site, petition, hero_image=None)
        for one in (site.home, site.index, site.countries, site.china, made):
            with TestCase.captureOnCommitCallbacks(execute=True):
                for language in ("nn", "en"):
                    translate(one, language)
        return made.pk

    yield from for_the_file(django_db_blocker, make)


@pytest.fixture
def roles(pages):
    """They stand beside the pages: made in each test's own part of a long transaction, they and autovacuum would wait
    for each other."""


KINDS = {
    "ordinary": {},
    "high-risk": {"high_risk": True, "counting": "confirmed"},
    "hidden": {"hide_total_below": 5_000},
}


@pytest.fixture(params=KINDS)
def page(request, pages):
    cache.clear()
    made = ActionPage.objects.get(pk=pages)
    Petition.objects.filter(pk=made.petition_id).update(**KINDS[request.param])
    petition = made.petition
    several(petition, 3)
    exactly(petition, TRUE)
    seen_by_visitors(petition, SEEN)
    PublicHour.objects.create(petition=petition, hour=timezone.now(), number=SEEN)
    return made


def exactly(petition, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from actions_totalslot where petition_id = %s", [petition.pk])
        cursor.execute(
            "insert into actions_totalslot (petition_id, slot, counted, removed, repeats) values (%s, 0, %s, %s, %s)",
            [petition.pk, number, number % 7, number % 5],
        )


def places(page) -> list[str]:
    found = ["/sitemap.xml", "/robots.txt", "/api/v1/actions", "/api/v1/actions?language=en", "/api/v1/actions.csv"]
    key = page.translation_key
    found += [f"/api/v1/actions/{key}{path}" for path in ("", "/total", "/total?s=x", "/history", "/deliveries")]
    found += [f"/api/v1/actions/{key}/total?s={n}" for n in range(3)]
    for translated in page.get_translations(inclusive=True):
        one, language = translated.specific, translated.locale.language_code
        found += [one.get_url() + path for path in ("", "thanks/", "embed/", "embed/thanks/", "privacy/", "picture/")]
        found += [
            f"/{language}/",
            f"/{language}/feed/",
            one.get_parent().get_url(),
            one.get_parent().get_url() + "?q=uten",
        ]
        found += [one.localized_country().get_url(), f"/{language}/my-signature/code/{page.petition_id}/"]
    return found


def asked(client, addresses) -> dict[str, tuple]:
    cache.clear()
    forget_here()
    answers = {}
    for address in addresses:
        answer = client.get(address)
        headers = {k: v for k, v in answer.headers.items() if k not in ("X-Request-Id", "Date", "ETag", "Expires")}
        answers[address] = answer.status_code, OF_THE_MOMENT.sub(b"", answer.content), headers
    return answers


def digits(content: bytes) -> str:
    """Text in which a number stands as it is, whatever parts its thousands; without times, whose millionths of a second
    may be any number."""
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+", "", content.decode(errors="replace"))
    return re.sub(r"(?<=\d)(?:\s|&nbsp;|,|\xa0|\u202f)(?=\d)", "", text)


def test_no_answer_of_the_public_surface_follows_the_true_number(page, client, as_public):  # noqa: F811
    """Seen to fail with the exact number in the view."""
    addresses = places(page)
    before = asked(client, addresses)
    assert {status for status, *_ in before.values()} <= {200, 404}
    assert sum(status == 200 for status, *_ in before.values()) > 30
    as_owner(lambda: exactly(page.petition, TRUE + 1))
    after = asked(client, addresses)
    assert {address for address in addresses if before[address] != after[address]} == set()
    for _status, body, _headers in after.values():
        assert str(TRUE) not in digits(body)
        assert str(TRUE + 1) not in digits(body)


def as_owner(do):
    with connection.cursor() as cursor:
        cursor.execute("reset role")
        do()
        cursor.execute(f"set role {PUBLIC}")


def telling(answers: dict[str, tuple], number: int) -> set[str]:
    return {address for address, (_status, body, _headers) in answers.items() if str(number) in digits(body)}


def test_the_same_number_stands_everywhere_and_the_exact_one_from_the_end_on(page, client, as_public):  # noqa: F811
    addresses = places(page)
    hidden = page.petition.hide_total_below > 0
    open_ = asked(client, addresses)
    shown = telling(open_, SEEN)
    assert shown == ({"/nb/", "/nn/", "/en/"} if hidden else shown)  # of the sum of all no part can be left out
    for language in page.get_translations(inclusive=True):
        for path in ("", "embed/", "thanks/", "embed/thanks/"):
            assert (language.get_url() + path in shown) is not hidden
    told = "/api/v1/actions", f"/api/v1/actions/{page.translation_key}/total"
    assert all((address in shown) is not hidden for address in told)
    assert "/nb/" in shown
    assert telling(open_, TRUE) == set()
    as_owner(lambda: Petition.objects.update(ends_at=timezone.now() - timedelta(seconds=1)))
    ended = asked(client, addresses)
    assert telling(ended, SEEN) <= {f"/api/v1/actions/{page.translation_key}/history"}  # until the last look
    for address in ("/nb/", page.get_url()):
        assert address in telling(ended, TRUE)


def test_words_say_that_the_number_follows(page, client):
    for path in ("", "thanks/", "embed/"):
        body = client.get(page.get_url() + path).content.decode()
        hidden = page.petition.hide_total_below > 0
        assert ("Tallet kommer etter en stund" in body) is not hidden
        assert ("Tallet vises når nok signaturer" in body) is hidden


def test_before_the_first_step_no_number_stands_anywhere(site, client):
    page = action(site, PetitionFactory())
    several(page.petition, 3)
    body = client.get(page.get_url()).content.decode()
    assert "Tallet vises når nok signaturer" in body
    assert "har skrevet under" not in body
    assert client.get(f"/api/v1/actions/{page.translation_key}/total").json()["total"] is None


def test_staff_see_the_exact_number_and_what_visitors_see(page, staff_client):
    for address in (
        reverse("petition:index"),
        reverse("petition:desk", args=[page.petition_id]),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
    ):
        told = digits(staff_client.get(address).content)
        assert str(TRUE) in told
        assert str(SEEN) in told


def test_a_hand_over_tells_the_exact_number_and_the_page_no_less(page, client, staff):
    Petition.objects.update(hide_total_below=0)
    with connection.cursor() as cursor:
        cursor.execute("update actions_signature set state = 'counted'")
    seen_by_visitors(page.petition, 1)
    deliver(petition=page.petition, recipients=[], delivered_on=timezone.localdate(), by=staff)
    assert public.numbers(page.petition).total == 3
    assert public.numbers(page.petition).exact is False


@pytest.mark.long
def test_a_watcher_of_every_place(site, client, settings):
    """R42 by HTTP: two hundred addresses sent to the form, half of them signers, every place read after each look."""
    SigningRules.objects.create(pk=1, per_ten_minutes=10_000, per_hour=10_000)
    found = []
    for seed in (1, 2, 3):
        chance, page = Random(seed), action(site, PetitionFactory(), title=f"Slipp dem fri {seed}", slug=f"a{seed}")
        new = watching.addresses(chance)
        tried = [{"name": "Kari Nordmann", "email": f"who{who}@example.org"} for who in range(len(new))]
        for is_new, person in zip(new, tried, strict=True):
            if not is_new:
                assert client.post(page.get_url(), person).status_code == 303
        look(chance, page.petition)
        true, number, looks = counting.total(page.petition), only_number(client, page), []
        assert true == 100
        for batch in watching.batches(chance, new, 2, 6):
            for _ in batch:
                client.post(page.get_url(), tried.pop(0))
            look(chance, page.petition)
            looks.append(watching.Look(len(batch), 0, only_number(client, page)))
        guessed = watching.guesses(ORDINARY, number=number, true=true, looks=looks)
        found.append(watching.right(new, guessed))
        Petition.objects.filter(pk=page.petition_id).update(ends_at=timezone.now() - timedelta(seconds=1))
        assert only_number(client, page) == 200
    assert fmean(found) <= 0.60


def only_number(client, page) -> int:
    """What every place of the action says."""
    cache.clear()
    forget_here()
    key = page.translation_key
    told = {client.get(f"/api/v1/actions/{key}/total?s={timezone.now().timestamp()}").json()["total"]}
    told.add(client.get(f"/api/v1/actions/{key}").json()["total"])
    told.update(one["total"] for one in client.get("/api/v1/actions").json()["items"] if one["id"] == str(key))
    table = csv.DictReader(StringIO(client.get("/api/v1/actions.csv").content.decode("utf-8-sig")))
    told.update(int(one["total"]) for one in table if one["id"] == str(key))
    written = re.compile(r"<strong>(\d+)</strong> (?:har skrevet|personer skrev)")
    for path in ("", "embed/"):
        told.update(map(int, written.findall(digits(client.get(page.get_url() + path).content))))
    assert len(told) == 1
    return told.pop()
