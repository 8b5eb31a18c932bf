"""An action in Bokmål with its published translation, and people who translate."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.test import TestCase
from wagtail_localize.models import Translation

from actions.pages.action import ActionPage
from actions.translating.progress import with_progress
from tests.factories import PetitionFactory, action, small_site, stream, translate
from tests.worlds import for_the_file


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """wagtail-localize publishes when the transaction commits."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture(scope="module")
def _parents(django_db_setup, django_db_blocker):
    def make() -> None:
        site = small_site()
        import_module("actions.migrations._roles").make(apps)
        with TestCase.captureOnCommitCallbacks(execute=True):
            for parent in (site.home, site.index, site.countries, site.china):
                translate(parent, "en")

    yield from for_the_file(django_db_blocker, make)


@pytest.fixture
def parents(_parents, site):
    """The small site, in English too."""
    return site


@pytest.fixture(scope="module")
def _translated(_parents, django_db_blocker):
    def make() -> tuple[int, int]:
        body = [("section", {"heading": "Hva skjer", "text": "<p>Første setning.</p><p>Andre setning.</p>"})]
        site = small_site()
        source = action(site, PetitionFactory(), body=stream(ActionPage, "body", body), published=True)
        with TestCase.captureOnCommitCallbacks(execute=True):
            return source.pk, translate(source, "en", {"Fengslet uten dom": "Detained without trial"}).pk

    yield from for_the_file(django_db_blocker, make)


@pytest.fixture
def translated(_translated, parents):
    """An action and its published translation."""
    return tuple(ActionPage.objects.get(pk=pk) for pk in _translated)


@pytest.fixture
def of():
    """The translation of a page or record into English, with its progress."""

    def find(source, language: str = "en") -> Translation:
        rows = Translation.objects.filter(
            source__object_id=source.translation_key, target_locale__language_code=language
        )
        return with_progress(rows.select_related("source", "target_locale")).get()

    return find


@pytest.fixture
def member(parents, django_user_model):
    def make(name: str):
        user = django_user_model.objects.create_user(name, f"{name}@example.org", "a long password here")
        user.groups.add(Group.objects.get(name=name))
        return user

    return make


@pytest.fixture
def translator(member):
    return member("Translator")


@pytest.fixture
def here(client, translator):
    client.force_login(translator)
    return client
