"""Documents and films: stripped when they come in. Those of collections that are for everybody lie a second time where
the public process can read them; what it may give out is decided anew each time (`actions.web.documents`).
"""

from django.core.files import File
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Left, Length
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, DocumentQuerySet
from wagtail.models import CollectionViewRestriction

from .storages import public_storage
from .uploads import StrippedDocumentField, is_taken_in, neutral_name, stripped_document, take_in


class CustomDocumentQuerySet(DocumentQuerySet):
    def for_everybody(self) -> QuerySet["CustomDocument"]:
        """Those whose collection, and all that it lies in, nobody is kept out of."""
        above = Left(OuterRef("collection__path"), Length("collection__path"))
        return self.exclude(Exists(CollectionViewRestriction.objects.filter(collection__path=above)))

    def unsettled(self) -> QuerySet["CustomDocument"]:
        """Those for everybody that lack their copy, and those with one that are not."""
        shared = self.for_everybody().values("pk")
        return self.filter(Q(pk__in=shared) & ~Q(public_copy=F("file")) | ~Q(pk__in=shared) & ~Q(public_copy=""))

    def settle(self) -> int:
        """Copy what is for everybody to where the public process reads, and delete what is not any more."""
        shared = set(self.for_everybody().values_list("pk", flat=True))
        found = list(self.unsettled())
        for document in found:
            document.share(document.pk in shared)
        return len(found)

    def update(self, **values) -> int:
        """As ever; and of another collection, what everybody may read follows."""
        moved = list(self.values_list("pk", flat=True)) if {"collection", "collection_id"} & set(values) else []
        number = super().update(**values)
        if moved:
            settle_later(pk__in=moved)
        return number


def settle_later(**which) -> None:
    """When the change is stored: settle the documents it is about."""
    transaction.on_commit(lambda: CustomDocument.objects.filter(**which).settle())


def document_folder(instance: "CustomDocument", filename: str) -> str:
    return f"documents/{neutral_name(filename.rpartition('.')[2].lower())}"


class CustomDocument(AbstractDocument):
    file = StrippedDocumentField(verbose_name=_("file"), upload_to=document_folder)
    download_name = models.CharField(
        _("name of the file for visitors"),
        max_length=80,
        blank=True,
        help_text=_(
            "Such as “report-on-iran”. Empty: “document” and a number. The name it had on your machine is not kept."
        ),
    )
    public_copy = models.FileField(upload_to=document_folder, storage=public_storage, blank=True, editable=False)

    objects = CustomDocumentQuerySet.as_manager()

    admin_form_fields = ("title", "file", "download_name", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        pass

    def clean(self):
        super().clean()
        take_in(self, stripped_document)

    def save(self, *args, **kwargs):
        if self.file and not self.file._committed:
            take_in(self, stripped_document)
            self._set_document_file_metadata()
        super().save(*args, **kwargs)
        settle_later(pk=self.pk)

    def share(self, is_for_everybody: bool) -> None:
        """Make the copy that visitors get, or delete it. Under the same name: nobody can guess that either."""
        storage = public_storage()
        if self.public_copy and self.public_copy.name != (self.file.name if is_for_everybody else ""):
            storage.delete(self.public_copy.name)
            self.public_copy = ""
        if is_for_everybody and not self.public_copy and is_taken_in(self.file.name):
            try:
                with self.file.storage.open(self.file.name) as original:
                    storage.delete(self.file.name)
                    self.public_copy = storage.save(self.file.name, File(original))
            except FileNotFoundError:
                pass  # lost: nobody gets anything
        CustomDocument.objects.filter(pk=self.pk).update(public_copy=self.public_copy.name or "")

    @property
    def filename(self) -> str:
        """In the address and on the disk of who downloads it."""
        extension = self.file.name.rpartition(".")[2]
        return f"{slugify(self.download_name) or f'document-{self.pk}'}.{extension}"

    @property
    def opens_in_browser(self) -> bool:
        """PDFs and films; anything else is saved on the disk of who asks."""
        return self.content_type == "application/pdf" or self.content_type.startswith("video/")
