"""Work that staff start and need not wait for."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from actions.delivery import package
from actions.delivery.models import DeliveryPackage
from actions.signing import exporting, importing, review
from actions.signing.models import Export, SignatureImport
from actions.signing.work import forsaken

from .package_words import tell

KEPT = timedelta(days=14)


@task()
def carry_out(rule_id: int) -> None:
    """Do what was decided about signatures. May be run again: it goes on where it was."""
    review.carry_out(rule_id)


@task()
def undo(rule_id: int, user_id: int) -> None:
    """Undo a decision as a whole. May be run again."""
    review.undo(rule_id, by=get_user_model().objects.get(pk=user_id))


@task()
def build_export(export_id: int) -> None:
    """Make the file of an export. May be run again after a worker was killed."""
    exporting.build(export_id)


@task()
def build_package(package_id: int) -> None:
    """Make the package of a delivery. May be run again after a worker was killed."""
    package.build(package_id, tell)


@task()
def carry_out_import(import_id: int) -> None:
    """Try or do an import. May be run again after a worker was killed."""
    importing.carry_out(import_id)


def forget_done() -> None:
    """Delete what is known of work that was done two weeks ago: it may hold an address of staff."""
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT).delete()


TAKEN_UP = ((Export, build_export), (DeliveryPackage, build_package), (SignatureImport, carry_out_import))


def take_up() -> None:
    """Give work to a worker that another one left, because it was killed or never began."""
    for model, again in TAKEN_UP:
        for pk in forsaken(model):
            again.enqueue(pk)
