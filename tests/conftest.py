"""Fixtures that every room's tests may use."""

import os
from collections import Counter

import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase
from django.urls import get_resolver
from django.utils.translation import trans_real
from wagtail.models import Site

from actions.signing import limits
from home.standing import forget_here
from tests.copies import copied, copy, url_of
from tests.factories import languages, small_site
from tests.pictures import _sizes_made_once  # noqa: F401


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(ids):
    """Of tests with one name several workers would run one, and say nothing of the others."""
    if twice := [name for name, number in Counter(ids).items() if number > 1]:
        pytest.exit(f"several tests have the same name: {', '.join(twice)}", returncode=1)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """A database for each worker, copied: the tables and the small site are made once for each state of the code."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    before = connection.settings_dict["NAME"]

    def make() -> None:
        connection.close()
        connection.settings_dict["NAME"] = "test_template"
        call_command("migrate", verbosity=0, interactive=False)
        small_site()
        connection.close()

    def begin_anew(_case: TransactionTestCase) -> None:
        """In place of emptying every table: what migrations made stays, and so the next test finds what others find."""
        connections.close_all()
        with psycopg.connect(url_of("postgres"), autocommit=True) as server:
            copy(server, name, "test_template")

    with django_db_blocker.unblock():
        copied(name, "test_template", make)
        connection.close()
        connection.settings_dict["NAME"] = name
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", begin_anew)
        yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = before


@pytest.fixture
def locales(db):
    return languages()


@pytest.fixture
def site(db):
    Site.clear_site_root_paths_cache()
    yield small_site()
    Site.clear_site_root_paths_cache()


@pytest.fixture(autouse=True)
def _nothing_kept():
    """What the process keeps between requests: rules and counts of networks, and where pictures are, by numbers that
    begin anew where a test has made the tables anew."""
    limits.forget_kept()
    caches["throttle"].clear()
    caches["renditions"].clear()
    forget_here()
    yield
    limits.forget_kept()


@pytest.fixture
def pages_are_kept(settings):
    """As in production; beginning and ending with nothing kept."""
    settings.PAGE_CACHE = True
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _addresses(django_test_environment):
    """Read before a test says that it stands on the public surface, which has fewer of them, for good."""
    assert get_resolver().url_patterns


@pytest.fixture(autouse=True)
def _catalogues():
    """Of all languages, before a test changes the default: what a catalogue has no word for comes from that of the
    default of the moment in which it is read, for as long as the process lives."""
    for code, _name in settings.LANGUAGES:
        trans_real.translation(code)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT, settings.PRIVATE_MEDIA_ROOT = tmp_path / "media", tmp_path / "private-media"


@pytest.fixture
def staff(django_user_model):
    return django_user_model.objects.create_superuser("staff", "staff@example.org", "a long password here")


@pytest.fixture
def staff_client(client, staff):
    client.force_login(staff)
    return client
