from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("Home")

    def ready(self):
        from django.db.models.signals import post_delete, post_save
        from wagtail.models import Collection, CollectionViewRestriction

        from . import collections
        from .documents import CustomDocument

        for signal in (post_save, post_delete):
            signal.connect(collections.restriction_changed, CollectionViewRestriction, dispatch_uid="settle_documents")
        post_save.connect(collections.collection_changed, Collection, dispatch_uid="settle_documents")
        post_delete.connect(collections.document_deleted, CustomDocument, dispatch_uid="delete_public_copy")
