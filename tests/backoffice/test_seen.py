"""What Wagtail tells everybody in the admin: nothing of what a role does not open. Seen to fail with Wagtail's own."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.models import Collection, Page

from actions.backoffice.seen import OnlySeen
from actions.delivery.models import Recipient
from home.documents import CustomDocument
from home.images import CustomImage
from home.pages import ContentPage
from tests.factories import image

pytestmark = pytest.mark.django_db
SECRET = "Secret case"


@pytest.fixture
def client_of(client, django_user_model):
    def of(role: str):
        user = django_user_model.objects.create_user(role.replace(" ", ""))
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        return client

    return of


@pytest.fixture
def secrets(site):
    """A draft, a picture and a document, by the model they are asked for under."""
    page = site.home.add_child(instance=ContentPage(title=SECRET, slug="secret", lead="x", live=False))
    collection = Collection.get_first_root_node().add_child(name="Closed")
    picture = image(SECRET)
    CustomImage.objects.filter(pk=picture.pk).update(collection=collection)
    file = ContentFile(b"a,b", name="x.csv")
    document = CustomDocument.objects.create(title=SECRET, file=file, collection=collection)
    return {Page: page, CustomImage: picture, CustomDocument: document}


def told(client, address: str) -> bool:
    return SECRET in client.get(address).content.decode()


def everything(secrets) -> list[str]:
    """Addresses of what Wagtail tells of each."""
    found = [f"/admin/api/main/{kind}/" for kind in ("images", "documents", "pages")]
    found += [f"/admin/api/main/images/{secrets[CustomImage].pk}/"]
    found += [f"/admin/api/main/documents/{secrets[CustomDocument].pk}/"]
    for model, one in secrets.items():
        where = f"/admin/bulk/{model._meta.app_label}/{model._meta.model_name}"
        actions = bulk_action_registry.get_bulk_actions_for_model(model._meta.app_label, model._meta.model_name)
        found += [f"{where}/{action.action_type}/?id={one.pk}" for action in actions]
    return found


@pytest.mark.parametrize("role", ["Signature officer", "Data-protection officer"])
def test_who_opens_no_page_or_picture_is_told_of_none(role, client_of, secrets):
    client = client_of(role)
    assert [address for address in everything(secrets) if told(client, address)] == []


@pytest.mark.parametrize("role", ["Publisher", "Administrator"])
def test_who_opens_them_is_told_as_before(role, client_of, secrets):
    client = client_of(role)
    assert [address for address in everything(secrets) if "/pages/" in address or "/page/" in address]
    missing = [address for address in everything(secrets) if not told(client, address)]
    # An address for one picture tells of it below its collection too.
    assert missing == []


def test_a_translator_chooses_pictures_and_changes_none(client_of, secrets):
    client = client_of("Translator")
    assert told(client, "/admin/api/main/images/")
    assert not told(client, f"/admin/bulk/wagtailcore/page/delete/?id={secrets[Page].pk}")


def test_every_bulk_action_of_pages_files_and_records_asks(site):
    for model in (Page, CustomImage, CustomDocument, Recipient):
        actions = bulk_action_registry.get_bulk_actions_for_model(model._meta.app_label, model._meta.model_name)
        assert actions
        assert all(issubclass(action, OnlySeen) for action in actions), model
