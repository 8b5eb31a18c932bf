"""Signing where what stands still is kept by the process: one query, and never by what was true a moment ago."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from actions.signing.models import Petition, Signature, SigningRules
from actions.web import serving
from tests.factories import PetitionFactory, action, seen_by_visitors

GOOD = {"name": "Kari Nordmann", "email": "kari@example.org"}


pytestmark = pytest.mark.usefixtures("pages_are_kept")


@pytest.fixture
def page(site):
    return action(site, PetitionFactory())


@pytest.fixture
def warm(page, client):
    client.post(page.get_url(), GOOD | {"email": "first@example.org"})


def test_a_signature_takes_one_query(page, warm, client, django_assert_num_queries):
    """Seen to fail with `_page_at` in place of `_form_at`."""
    with django_assert_num_queries(1):
        answer = client.post(page.get_url(), GOOD)
    assert answer.status_code == 303
    assert Signature.objects.count() == 2


@pytest.mark.parametrize("data", [GOOD, {"name": "", "email": "nothing"}])
@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"ends_at": timezone.now() - timedelta(seconds=1)}, 410),
        ({"paused": True}, 409),
        ({"opens_at": timezone.now() + timedelta(hours=1)}, 409),
    ],
)
def test_what_closed_since_is_closed(page, warm, client, data, change, status):
    """A change that no process was told of: neither a right form nor a wrong one is taken for one of an open action.

    Seen to fail with `return self` in `of_now`.
    """
    Petition.objects.update(**change)
    answer = client.post(page.get_url(), data)
    assert answer.status_code == status
    assert Signature.objects.count() == 1


def test_a_pause_of_the_whole_site_is_heard(page, warm, client):
    SigningRules.objects.create(pk=1, paused=True)
    assert client.post(page.get_url(), {"name": "", "email": ""}).status_code == 409
    assert client.post(page.get_url(), GOOD).status_code == 409


def test_a_wrong_form_leaves_no_trace_in_what_others_read(page, warm, client):
    """Seen to fail without the copy in `of_now`."""
    kept = serving.here(f"form:{_place(page)}", lambda: pytest.fail("the page was not kept"))
    before = kept.signatures
    seen_by_visitors(page.petition, 44)
    wrong = client.post(page.get_url(), GOOD | {"email": "kari"})
    assert wrong.status_code == 422
    assert "44 " in wrong.content.decode()
    assert kept.signatures == before
    assert b'value="kari"' in wrong.content
    assert b'value="kari"' not in client.get(page.get_url()).content


@pytest.mark.parametrize("change", [{"ends_at": timezone.now() - timedelta(seconds=1)}, {"goal": 77_777}])
def test_a_refusal_shows_the_page_of_this_instant(page, warm, client, change):
    """Seen to fail with the kept page itself shown to who comes from another site."""
    Petition.objects.update(**change)
    seen_by_visitors(page.petition, 44)
    refused = client.post(page.get_url(), GOOD, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    told = refused.content.decode()
    assert ("77 777" in told.replace("\xa0", " ")) if "goal" in change else ('id="sign-email"' not in told)


def test_a_page_that_was_taken_down_cannot_be_signed(page, warm, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    assert client.post(page.get_url(), GOOD).status_code == 404


def test_destroyed_keys_take_no_signature(page, warm, client):
    from actions.signing.keys import destroy

    destroy(page.petition, purpose="test")
    assert client.post(page.get_url(), GOOD).status_code in (409, 410)
    assert Signature.objects.count() == 1


def test_salt_and_key_are_kept_by_the_process_alone(page, warm):
    stored = b"".join(cache._cache.values())
    assert bytes(page.petition.digest_salt) not in stored
    assert bytes(page.petition.public_key) not in stored


def _place(page) -> str:
    return f"{page.get_site().pk}/nb/" + "/".join(page.get_url().strip("/").split("/")[-2:])
