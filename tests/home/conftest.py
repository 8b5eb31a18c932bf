"""The small site and one action, in Bokmål and English."""

from types import SimpleNamespace

import pytest
from django.test import TestCase
from wagtail.models import Locale

from actions.pages.action import ActionPage
from home.pages import ContentPage, HomePage
from tests.factories import PetitionFactory, action, small_site, translate
from tests.worlds import for_the_file


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """What waits for the end of the transaction is done: publishing of translations, forgetting what was kept."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def _make() -> tuple[int, int]:
    site = small_site()
    page = action(site, PetitionFactory())
    for source in (site.home, site.index, site.privacy, page):
        with TestCase.captureOnCommitCallbacks(execute=True):
            target = translate(source, "en", {"Fengslet uten dom": "Detained without trial"})
    return page.pk, target.pk


@pytest.fixture(scope="module")
def _translated(django_db_setup, django_db_blocker):
    yield from for_the_file(django_db_blocker, _make)


@pytest.fixture
def translated(_translated, site):
    """An action and its published translation."""
    return tuple(ActionPage.objects.get(pk=pk) for pk in _translated)


@pytest.fixture
def english(translated):
    """The pages around the action, in English."""
    locale = Locale.objects.get(language_code="en")
    return SimpleNamespace(home=HomePage.objects.get(locale=locale), privacy=ContentPage.objects.get(locale=locale))
