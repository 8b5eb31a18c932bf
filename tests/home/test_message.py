"""The message of the day: in its language, for its time, on pages alone, written by those who may."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Site

from home.message import SiteMessage
from tests.factories import PetitionFactory, action, translate

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
WORDS = "Lystenning 10. desember"


def told(site, *, begins=-HOUR, ends=HOUR, words=WORDS) -> SiteMessage:
    now = timezone.now().replace(microsecond=0)
    return SiteMessage.objects.create(
        site=site.site,
        locale=Locale.objects.get(language_code="nb"),
        text=f"<p>{words}</p>",
        shown_from=now + begins,
        shown_until=now + ends,
    )


def body(client, page) -> str:
    return client.get(page.get_url(), headers={"host": "localhost"}).content.decode()


def test_it_stands_on_home_and_on_every_page_but_not_in_a_frame(client, site):
    page = action(site, PetitionFactory(embed_hosts="partner.example"))
    told(site)
    for one in (site.home, site.index, site.privacy, page):
        assert body(client, one).count(WORDS) == 1
    assert WORDS not in client.get(f"{page.get_url()}embed/", headers={"host": "localhost"}).content.decode()


@pytest.mark.parametrize("when", [{"begins": timedelta(minutes=1)}, {"begins": -2 * HOUR, "ends": -HOUR}])
def test_before_and_after_its_time_nothing_is_told(when, client, site):
    told(site, **when)
    assert "site-message" not in body(client, site.home)


def test_the_one_that_began_last_is_told(client, site):
    told(site, words="Den første", begins=-2 * HOUR)
    told(site, words="Den andre")
    assert "Den andre" in body(client, site.home)
    assert "Den første" not in body(client, site.home)


def test_each_language_has_its_own_words_and_one_that_was_not_sent_there_none(
    client, site, locales, django_capture_on_commit_callbacks
):
    """Seen to fail with the words of another language in the place of none."""
    message = told(site)
    with django_capture_on_commit_callbacks(execute=True):  # publishing comes after the transaction
        translate(site.home, "en")
    Site.clear_site_root_paths_cache()
    home = site.home.get_translation(locales["en"])
    assert home.title in body(client, home)
    assert "site-message" not in body(client, home)
    translate(message, "en", {WORDS: "Candles on 10 December"})
    assert "Candles on 10 December" in body(client, home)
    assert WORDS in body(client, site.home)


def test_a_translation_has_the_time_of_its_source(site, locales):
    message = told(site)
    translate(message, "en")
    copy = message.get_translation(locales["en"])
    assert (copy.shown_from, copy.shown_until) == (message.shown_from, message.shown_until)


def lifetime(answer) -> dict[str, int]:
    parts = dict(part.strip().split("=") for part in answer["Cache-Control"].split(",") if "=" in part)
    return {name: int(value) for name, value in parts.items()}


@pytest.mark.usefixtures("pages_are_kept")
def test_no_page_is_kept_past_the_end_of_a_message(client, site):
    """Seen to fail with the page's own change alone: kept for a day while the site is down."""
    told(site, ends=timedelta(seconds=8))
    told_for = lifetime(client.get(site.home.get_url(), headers={"host": "localhost"}))
    assert told_for["max-age"] <= 8
    assert told_for["max-age"] + told_for.get("stale-if-error", 0) <= 8
    assert told_for["stale-while-revalidate"] <= 8


@pytest.mark.usefixtures("pages_are_kept")
def test_a_message_is_told_and_ends_while_pages_are_kept(client, site, django_capture_on_commit_callbacks):
    assert "site-message" not in body(client, site.home)
    with django_capture_on_commit_callbacks(execute=True):
        message = told(site)
    assert WORDS in body(client, site.home)
    with django_capture_on_commit_callbacks(execute=True):
        message.delete()
    assert "site-message" not in body(client, site.home)


# Staff

NEW = {
    "text": '{"blocks": [{"key": "a", "text": "Streik", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], '
    '"entityRanges": []}], "entityMap": {}}',
    "shown_from": "2026-01-01T10:00",
    "shown_until": "2099-01-01T10:00",
}


def log_in(client, django_user_model, role):
    user = django_user_model.objects.create_user(role, password="a long password here")
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", ["Publisher", "Administrator"])
def test_who_publishes_writes_it(role, client, django_user_model, site):
    log_in(client, django_user_model, role)
    answer = client.post(reverse("wagtailsnippets_home_sitemessage:add"), NEW | {"site": site.site.pk})
    assert answer.status_code == 302, answer.content.decode()
    assert "Streik" in body(client, site.home)


@pytest.mark.parametrize("role", ["Editor", "Signature officer", "Data-protection officer", "Translator"])
def test_others_do_not(role, client, django_user_model, site):
    log_in(client, django_user_model, role)
    answer = client.post(reverse("wagtailsnippets_home_sitemessage:add"), NEW | {"site": site.site.pk})
    assert answer.status_code in (302, 403)
    assert not SiteMessage.objects.exists()


def test_one_that_ends_before_it_begins_gets_a_sentence(client, django_user_model, site):
    log_in(client, django_user_model, "Publisher")
    data = NEW | {"site": site.site.pk, "shown_until": "2025-12-31T10:00"}
    answer = client.post(reverse("wagtailsnippets_home_sitemessage:add"), data)
    assert "slutter før den begynner" in answer.content.decode()
    assert not SiteMessage.objects.exists()
