"""Paper batches: two persons, corrections by new entries, and a total that is always the sum of what was confirmed."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from actions.delivery import paper
from actions.delivery.deliver import deliver
from actions.delivery.models import PaperBatch
from actions.rules.errors import ChangeRefused
from actions.signing.counting import add_paper, total
from actions.signing.counting import paper as on_paper
from tests.factories import PetitionFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 3)


@pytest.fixture
def second(django_user_model):
    return django_user_model.objects.create_user("second", password="a long password here")


def entered(petition, staff, number=40) -> PaperBatch:
    return paper.enter(petition=petition, place="Stand i Tromsø", collected_on=DAY, number=number, by=staff)


def test_a_batch_counts_when_a_second_person_has_confirmed_it(staff, second):
    petition = PetitionFactory()
    batch = entered(petition, staff)
    assert total(petition) == 0
    paper.confirm(batch=batch, by=second)
    assert (total(petition), on_paper(petition)) == (40, 40)


def test_nobody_confirms_his_own_entry(staff):
    """Seen to fail without the comparison; the database refuses it as well."""
    petition = PetitionFactory()
    batch = entered(petition, staff)
    with pytest.raises(paper.SamePerson):
        paper.confirm(batch=batch, by=staff)
    batch.confirmed_by = staff
    with pytest.raises(IntegrityError), transaction.atomic():
        batch.save()
    assert total(petition) == 0


def test_it_is_confirmed_once(staff, second):
    petition = PetitionFactory()
    batch = entered(petition, staff)
    paper.confirm(batch=batch, by=second)
    for again in (paper.confirm, paper.refuse):
        with pytest.raises(paper.AlreadyDone):
            again(batch=batch, by=second)
    assert total(petition) == 40


def test_what_is_refused_never_counts(staff, second):
    petition = PetitionFactory()
    batch = paper.refuse(batch=entered(petition, staff), by=second)
    with pytest.raises(paper.AlreadyDone):
        paper.confirm(batch=batch, by=second)
    assert total(petition) == 0


def test_a_correction_is_an_entry_of_its_own(staff, second):
    petition = PetitionFactory()
    batch = paper.confirm(batch=entered(petition, staff), by=second)
    correction = paper.correct(batch=batch, right_number=38, note="two lines twice", by=staff)
    assert total(petition) == 40
    with pytest.raises(ChangeRefused):  # one at a time
        paper.correct(batch=batch, right_number=37, by=staff)
    paper.confirm(batch=correction, by=second)
    assert (total(petition), paper.effective(batch), correction.number) == (38, 38, -2)
    with pytest.raises(ChangeRefused):  # that is the number already
        paper.correct(batch=batch, right_number=38, by=staff)
    paper.confirm(batch=paper.correct(batch=correction, right_number=41, by=staff), by=second)
    assert total(petition) == 41
    assert PaperBatch.objects.get(pk=batch.pk).number == 40


def test_the_shown_number_is_checked_against_the_batches_and_repaired(staff, second):
    petition = PetitionFactory()
    paper.confirm(batch=entered(petition, staff), by=second)
    call_command("check_counts", verbosity=0)
    add_paper(petition, 5)
    with pytest.raises(Exception, match="wrong"):
        call_command("check_counts", verbosity=0)
    call_command("check_counts", "--repair", verbosity=0)
    assert total(petition) == 40


def test_paper_is_handed_over_once_and_a_later_correction_waits(staff, second, locales):
    petition = PetitionFactory()
    batch = paper.confirm(batch=entered(petition, staff), by=second)
    delivery = deliver(petition=petition, recipients=[], delivered_on=DAY)
    assert (delivery.signatures, delivery.paper, delivery.number) == (0, 40, 40)
    with pytest.raises(ChangeRefused):
        deliver(petition=petition, recipients=[], delivered_on=DAY)
    paper.confirm(batch=paper.correct(batch=batch, right_number=30, by=staff), by=second)
    assert paper.undelivered(petition) == -10
    with pytest.raises(ChangeRefused):
        deliver(petition=petition, recipients=[], delivered_on=DAY)
    assert total(petition) == 30
