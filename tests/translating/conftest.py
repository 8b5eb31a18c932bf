"""An action in Bokmål with its published translation, and people who translate."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from wagtail_localize.models import Translation

from actions.pages.action import ActionPage
from actions.translating.progress import with_progress
from tests.factories import PetitionFactory, action, stream, translate


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """wagtail-localize publishes when the transaction commits."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def parents(site, committing):
    import_module("actions.migrations._roles").make(apps)
    with committing():
        for parent in (site.home, site.index, site.countries, site.china):
            translate(parent, "en")
    return site


@pytest.fixture
def translated(parents, committing):
    body = [("section", {"heading": "Hva skjer", "text": "<p>Første setning.</p><p>Andre setning.</p>"})]
    source = action(parents, PetitionFactory(), body=stream(ActionPage, "body", body))
    with committing():
        target = translate(source, "en", {"Fengslet uten dom": "Detained without trial"})
    target.refresh_from_db()
    return source, target


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
