"""R34: deleting what is around a petition loses no signature; copies begin at nothing; languages share one total."""

import pytest
from django.contrib.auth import get_user_model
from django.db.models import ProtectedError
from django.utils import timezone
from wagtail.models import Locale, Page

from actions.pages.action import ActionPage
from actions.pages.rights import RightsArticle
from actions.rules.errors import PetitionHasSignatures
from actions.signing import life
from actions.signing.counting import counts, total
from actions.signing.models import Petition, Signature, Signer
from actions.signing.sign import sign
from tests.factories import (
    PetitionFactory,
    RecipientFactory,
    action,
    addressed,
    image,
    person,
    seen_by_visitors,
    translate,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(site, staff):
    petition = addressed(PetitionFactory(responsible=staff), RecipientFactory())
    page = action(site, petition, hero_image=image(), published=True)
    for number in range(100):
        sign(petition=petition, person=person(number), language=("nb", "nn", "en")[number % 3])
    life.pause(petition=petition, by=staff, reason="x")
    life.resume(petition=petition, by=staff, reason="x")
    return page


def assert_all_there():
    petition = Petition.objects.get()
    assert Signature.objects.count() == Signer.objects.count() == total(petition) == 100
    assert counts(petition).agree


def delete_page(page, site):
    Page.objects.get(pk=page.pk).delete()


def delete_index(page, site):
    Page.objects.get(pk=site.index.pk).delete()


def delete_country(page, site):
    Page.objects.get(pk=site.china.pk).delete()


def delete_image(page, site):
    page.hero_image.delete()


def delete_staff(page, site):
    get_user_model().objects.all().delete()


def delete_other_locale(page, site):
    english = Locale.objects.get(language_code="en")
    RightsArticle.objects.filter(locale=english).delete()
    english.delete()


def unpublish(page, site):
    page.unpublish()


DELETED = [delete_page, delete_index, delete_country, delete_image, delete_staff, delete_other_locale, unpublish]


@pytest.mark.parametrize("delete", DELETED, ids=lambda f: f.__name__)
def test_deleting_what_is_around_loses_no_signature(delete, page, site):
    """Seen to fail with a petition that goes with whoever is responsible for it."""
    delete(page, site)
    assert_all_there()


@pytest.mark.parametrize("what", ["petition", "recipient"])
def test_what_signatures_hang_on_cannot_be_deleted(what, page):
    petition = Petition.objects.get()
    with pytest.raises((PetitionHasSignatures, ProtectedError)):
        petition.delete() if what == "petition" else petition.addressees.get().recipient.delete()
    assert_all_there()


def test_a_copied_page_begins_without_a_form(page):
    copy = page.copy(update_attrs={"slug": "kopi", "title": "Kopi"})
    assert ActionPage.objects.get(pk=copy.pk).petition is None
    assert_all_there()


def test_every_language_shows_the_same_end_goal_and_total(page, site, client, django_capture_on_commit_callbacks):
    Petition.objects.update(goal=500)
    with django_capture_on_commit_callbacks(execute=True):
        for parent in (site.home, site.index):
            translate(parent, "en")
    with django_capture_on_commit_callbacks(execute=True):
        twin = translate(page, "en")
    seen_by_visitors(page.petition, 100)
    shown = [client.get(one.get_url()).content.decode() for one in (page, twin)]
    for body in shown:
        assert "<strong>100</strong>" in body
        assert 'max="500"' in body
    Petition.objects.update(ends_at=timezone.now())
    for one in (page, twin):
        assert "data-sign-form" not in client.get(one.get_url()).content.decode()
