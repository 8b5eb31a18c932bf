"""When a collection's privacy or place changes, what everybody can read of its documents follows at once."""

from django.db import transaction
from wagtail.models import Collection, CollectionViewRestriction

from .documents import CustomDocument, settle_later
from .storages import public_storage


def restriction_changed(instance: CollectionViewRestriction, **kwargs) -> None:
    _settle(instance.collection)


def collection_changed(instance: Collection, **kwargs) -> None:
    _settle(instance)


def _settle(collection: Collection) -> None:
    settle_later(collection__path__startswith=collection.path)


def document_deleted(instance: CustomDocument, **kwargs) -> None:
    if name := instance.public_copy.name:
        transaction.on_commit(lambda: public_storage().delete(name))
