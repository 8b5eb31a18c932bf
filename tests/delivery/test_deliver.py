from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from actions.delivery.deliver import deliver, preview
from actions.delivery.models import DeliveredSignature, Delivery, Recipient
from actions.delivery.selectors import addressees, addressees_and_deliveries
from actions.rules.errors import ChangeRefused
from actions.signing.models import Signature
from actions.signing.sign import sign
from tests.factories import PetitionFactory, RecipientFactory, addressed, person

pytestmark = pytest.mark.django_db

DAY = date(2026, 5, 3)


def signed(count, petition=None, start=0):
    petition = petition or PetitionFactory()
    for number in range(start, start + count):
        sign(petition=petition, person=person(number), language="nb")
    return petition


def test_a_delivery_freezes_what_is_counted_and_not_delivered_before(locales, staff):
    petition = signed(3)
    held = Signature.objects.order_by("signed_at")[0]
    Signature.objects.filter(pk=held.pk).update(state=Signature.State.HELD)
    addressed(petition, to := RecipientFactory())
    first = deliver(petition=petition, recipients=[to], delivered_on=DAY, by=staff)
    assert first.signatures == DeliveredSignature.objects.filter(delivery=first).count() == 2
    assert preview(petition=petition).number == 0
    signed(2, petition, start=10)
    second = deliver(petition=petition, recipients=[], delivered_on=DAY)
    assert second.signatures == 2
    assert DeliveredSignature.objects.count() == 4


def test_an_empty_delivery_is_refused_and_leaves_nothing(locales):
    with pytest.raises(ChangeRefused):
        deliver(petition=PetitionFactory(), recipients=[], delivered_on=DAY)
    assert not Delivery.objects.exists()


def test_a_hand_over_before_the_opening_is_refused():
    petition = PetitionFactory()
    early = Delivery(petition=petition, delivered_on=petition.opens_at.date() - timedelta(days=2), signatures=1)
    with pytest.raises(ValidationError):
        early.clean()


def test_recipients_are_told_in_order_and_in_the_pages_language(locales, django_assert_num_queries):
    one, two = RecipientFactory(name="B"), RecipientFactory(name="A")
    Recipient.objects.create(
        locale=locales["en"], translation_key=one.translation_key, name="B", office="party secretary of Xinjiang"
    )
    petition = addressed(signed(1), one, two)
    delivery = deliver(petition=petition, recipients=[two, one], delivered_on=DAY)
    with django_assert_num_queries(2):
        to, told = addressees_and_deliveries(petition, locales["en"])
    assert [str(r) for r in to] == ["B, party secretary of Xinjiang", "A, partisekretær i Xinjiang"]
    assert [(d.pk, d.number, d.delivered_on) for d in told] == [(delivery.pk, 1, DAY)]
    assert {str(r) for r in told[0].recipients} == {str(r) for r in to}
    assert [r.locale_id for r in addressees(petition, locales["nb"])] == [locales["nb"].pk] * 2
