"""A signature form's hand-overs: looked at, frozen, packed and taken, over HTTP."""

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.delivery.models import Delivery, DeliveryPackage
from actions.rules.state import State
from actions.signing.sign import sign
from tests.backoffice.petition.screens import at, text
from tests.factories import PetitionFactory, person, seen_by_visitors

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(petition):
    return {
        "recipients": [link.recipient_id for link in petition.addressees.all()],
        "delivered_on": timezone.localdate().isoformat(),
        "place": "ambassaden",
        "language": "nb",
        "columns": ["name"],
        "format": "csv",
    }


def test_it_is_looked_at_first_then_frozen_then_taken(staff_client, petition, data):
    body = text(staff_client.post(at(petition, "deliveries"), data | {"look": ""}))
    assert "3 signaturer ville bli overlevert" in body
    assert not Delivery.objects.exists()
    staff_client.post(at(petition, "deliveries"), data | {"freeze": ""})
    delivery = Delivery.objects.get()
    assert (delivery.signatures, delivery.place) == (3, "ambassaden")
    assert delivery.words["nb"]["title"] == "Fengslet uten dom"
    found = DeliveryPackage.objects.get()
    assert found.progress == "done"
    body = text(staff_client.get(at(petition, "deliveries")))
    assert delivery.fingerprint in body
    answer = staff_client.post(at(petition, "package_file", found.pk))
    assert b"".join(answer.streaming_content).startswith(b"PK")


def test_two_people_at_two_wizards(staff_client, petition, data):
    """The second gets a sentence, and there is one delivery. Seen to fail without the refusal."""
    staff_client.post(at(petition, "deliveries"), data | {"look": ""})
    staff_client.post(at(petition, "deliveries"), data | {"freeze": ""})
    answer = staff_client.post(at(petition, "deliveries"), data | {"freeze": ""})
    assert "er overlevert allerede" in text(answer)
    assert Delivery.objects.count() == 1


def test_another_package_of_the_same_set(staff_client, petition, data):
    staff_client.post(at(petition, "deliveries"), data | {"freeze": ""})
    delivery = Delivery.objects.get()
    packed = {"language": "nb", "columns": [], "format": "xlsx"}
    staff_client.post(at(petition, "pack_again", delivery.pk), packed)
    assert DeliveryPackage.objects.count() == 2
    answer = staff_client.post(at(petition, "pack_again", delivery.pk), {"language": "xx"}, follow=True)
    assert "Velg språk og format" in text(answer)


def test_an_expired_package_says_so(staff_client, petition, data):
    staff_client.post(at(petition, "deliveries"), data | {"freeze": ""})
    found = DeliveryPackage.objects.get()
    found.file.delete()
    answer = staff_client.post(at(petition, "package_file", found.pk), follow=True)
    assert "utløpt" in text(answer)


def test_the_page_tells_of_it_and_of_what_came_since(staff_client, client, petition, data):
    staff_client.post(at(petition, "deliveries"), data | {"freeze": ""})
    sign(petition=petition, person=person(50), language="nb")
    body = text(client.get(petition.action_pages.get().get_url()))
    assert "3 signaturer" in body
    assert "har skrevet under siden" not in body
    seen_by_visitors(petition, 14)
    assert "11 har skrevet under siden" in text(client.get(petition.action_pages.get().get_url()))
    assert petition.state(timezone.now(), delivered=True) is State.OPEN


def test_a_form_without_a_page_cannot_be_handed_over(staff_client, locales):
    assert "har ingen side ennå" in text(staff_client.get(at(PetitionFactory(), "deliveries")))


def test_hand_overs_begin_at_the_form(staff_client, locales):
    answer = staff_client.get(reverse("wagtailsnippets_actions_delivery:add"))
    assert answer.url == reverse("petition:index")
