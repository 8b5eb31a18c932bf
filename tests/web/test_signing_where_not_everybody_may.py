"""A page that is for some only takes no signature from anybody else, and nothing that is mailed names it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from actions.signing import links
from actions.signing.models import OutboxMail, Signature
from actions.signing.outbox import send_next
from actions.signing.sign import sign
from actions.web.mail import compose
from tests.factories import PetitionFactory, action, person, translate

pytestmark = pytest.mark.django_db
GOOD = {"name": "Kari Nordmann", "email": "kari@example.org"}
SECRET = "Hemmelig sak"


@pytest.fixture
def page(site, pages_are_kept):
    return action(site, PetitionFactory(), title=SECRET, published=True)


def restrict(page, kind: str = "login") -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=kind, password="x" if kind == "password" else "")


@pytest.mark.parametrize("surface", ["all", "public"])
@pytest.mark.parametrize(("place", "kind"), [("", "login"), ("", "password"), ("embed/", "groups")])
def test_what_nobody_may_see_nobody_signs(
    place, kind, surface, page, client, settings, django_capture_on_commit_callbacks
):
    """Seen to fail with `take_signature` before the check of who may see the page."""
    settings.SURFACE = surface
    assert client.post(page.get_url() + place, GOOD | {"email": "first@example.org"}).status_code == 303
    with django_capture_on_commit_callbacks(execute=True):
        restrict(page, kind)
    for data in (GOOD, {"name": "", "email": ""}):
        answer = client.post(page.get_url() + place, data)
        assert answer.status_code in ((404,) if surface == "public" else (200, 302))
        assert SECRET not in answer.content.decode()
    assert Signature.objects.count() == OutboxMail.objects.count() == 1


def test_nothing_of_it_is_shown_with_what_was_wrong_either(page, client, settings):
    """The process has not heard of it yet: it found the page a moment ago. Seen to fail: the page, with its errors."""
    settings.SURFACE = "public"
    assert client.post(page.get_url(), GOOD | {"email": "first@example.org"}).status_code == 303
    restrict(page)
    answer = client.post(page.get_url(), {"name": "", "email": ""})
    assert answer.status_code == 404
    assert SECRET not in answer.content.decode()


def test_what_stands_below_it_is_not_signed_either(site, page, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        restrict(site.index)
    assert client.post(page.get_url(), GOOD).status_code == 302
    assert not Signature.objects.exists()


def test_who_may_see_it_signs_it(page, staff_client):
    restrict(page)
    assert staff_client.post(page.get_url(), GOOD).status_code == 303


PLACES = ("", "embed/", "embed/thanks/", "thanks/", "picture/", "privacy/", "letter/", "letter/pdf/")


@pytest.mark.parametrize("surface", ["all", "public"])
def test_every_address_of_it_is_shut(surface, page, client, settings, django_capture_on_commit_callbacks):
    settings.SURFACE = surface
    asked = [
        *(page.get_url() + place for place in PLACES),
        f"/api/v1/actions/{page.translation_key}",
        *(f"/api/v1/actions/{page.translation_key}/{what}" for what in ("total", "deliveries", "history")),
        f"/nb/my-signature/code/{page.petition_id}/",
        f"/nb/my-signature/code/{page.petition_id}/done/",
    ]
    with django_capture_on_commit_callbacks(execute=True):
        restrict(page)
    for path in asked:
        answer = client.get(path)
        assert SECRET not in answer.content.decode(), path
        assert answer.status_code in (302, 404) or "/code/" in path, path


@pytest.mark.parametrize("kind", ["receipt", "confirm", "reminder", "again", "link"])
def test_no_mail_names_it(kind, page, mailoutbox):
    """Seen to fail while mails took the page of a petition, whoever may see it."""
    sign(petition=page.petition, person=person(1), language="nb")
    state = Signature.State.AWAITING if kind in ("confirm", "reminder") else Signature.State.COUNTED
    Signature.objects.update(state=state)
    OutboxMail.objects.update(kind=kind)
    restrict(page)
    while send_next(compose):
        pass
    said = "".join(mail.message().as_string() + mail.body + mail.alternatives[0][0] for mail in mailoutbox)
    assert SECRET not in said
    assert len(mailoutbox) == (kind == "link")  # what the law gives a signer waits for no page
    if kind != "link":
        assert OutboxMail.objects.get().due_at > timezone.now() - timedelta(minutes=1)


def test_a_link_to_another_action_does_not_name_it(site, page, mailoutbox):
    other = action(site, PetitionFactory(), title="Open", slug="open")
    for one in (page, other):
        sign(petition=one.petition, person=person(1), language="nb")
    OutboxMail.objects.all().delete()
    restrict(page)
    links.ask_link(person(1).email)
    links.find_asked()
    while send_next(compose):
        pass
    assert mailoutbox
    assert SECRET not in "".join(mail.body + mail.alternatives[0][0] for mail in mailoutbox)


@pytest.mark.parametrize("surface", ["all", "public"])
def test_it_is_shut_in_every_language(surface, page, client, settings, django_capture_on_commit_callbacks):
    """Seen to fail while a restriction was of one language's page alone, whichever that was."""
    with django_capture_on_commit_callbacks(execute=True):
        english = translate(page, "en")
    settings.SURFACE = surface
    pages = [page, english]
    for shut in pages:
        for one in pages:
            assert client.get(one.get_url()).status_code == 200
        with django_capture_on_commit_callbacks(execute=True):
            restrict(shut)
        for one in pages:
            assert client.get(one.get_url()).status_code in (302, 404)
            assert client.post(one.get_url(), GOOD).status_code in (302, 404)
        with django_capture_on_commit_callbacks(execute=True):
            PageViewRestriction.objects.all().delete()
    assert not Signature.objects.exists()


def test_a_home_page_is_shut_in_its_own_language_alone(site, page, client, django_capture_on_commit_callbacks):
    """A language that is being made ready does not take the site down."""
    with django_capture_on_commit_callbacks(execute=True):
        english = translate(site.home, "en")
        restrict(english)
    assert client.get(english.get_url()).status_code == 302
    assert client.get(site.home.get_url()).status_code == client.get(page.get_url()).status_code == 200


def test_whoever_is_kept_out_comes_to_the_log_in(page, client):
    """Seen to fail: the address of Wagtail's own log-in led to no page."""
    restrict(page)
    answer = client.get(page.get_url(), follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[0][0] == f"/staff/login/?next={page.get_url()}"


def test_whoever_knows_the_password_gets_in(page, client):
    """Seen to fail: the form went to an address that led nowhere."""
    restrict(page, "password")
    answer = client.get(page.get_url())
    assert answer.status_code == 200
    restriction = PageViewRestriction.objects.get()
    where = f"/nb/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
    assert where in answer.content.decode()
    entered = client.post(where, {"password": "x", "return_url": page.get_url()}, follow=True)
    assert SECRET in entered.content.decode()


def test_the_screen_of_every_language_says_so(page, staff_client, django_capture_on_commit_callbacks):
    """Seen to fail with Wagtail's own list: a translation that is shut was said to be visible to all."""
    with django_capture_on_commit_callbacks(execute=True):
        english = translate(page, "en")
    restrict(page)
    for one in (page, english):
        for path in (f"/admin/pages/{one.pk}/edit/", f"/admin/pages/{one.get_parent().pk}/"):
            shut = staff_client.get(path).wsgi_request.all_page_view_restriction_paths
            assert any(one.path.startswith(path) for path in shut)
    window = staff_client.get(f"/admin/pages/{english.pk}/privacy/").json()["html"]
    assert SECRET in window
