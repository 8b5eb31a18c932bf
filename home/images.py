"""Pictures: stripped when they come in, shown only while they may be, made ready in every size before somebody asks."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.db import DatabaseError, models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, ImageQuerySet, get_upload_to

from .uploads import StrippedPictureField, is_taken_in, neutral_name, stripped_picture, take_in

log = logging.getLogger("actions.images")

CANNOT_BE_MADE = (OSError, ValueError, NotImplementedError, SyntaxError)  # the last by Pillow, of a broken file
STUCK = 3  # tries that failed, after which somebody is told
LONGEST_PAUSE = timedelta(hours=6)


class CustomImageQuerySet(ImageQuerySet):
    def past(self, day) -> "CustomImageQuerySet":
        """Those that may not be shown any more on a day."""
        return self.filter(shown_until__lt=day)


class CustomImage(AbstractImage):
    """A picture of the library. Who is on it stands in a table of its own (`ImagePeople`), which visitors' side of the
    site cannot read."""

    # As in Wagtail's own table, from which pictures are taken over: what refers to them stays as it is.
    id = models.AutoField(primary_key=True)
    file = StrippedPictureField(
        verbose_name=_("file"), upload_to=get_upload_to, width_field="width", height_field="height"
    )
    credit = models.CharField(
        _("credit"),
        max_length=120,
        blank=True,
        help_text=_("Who made the picture. Shown with it where nothing else is written there."),
    )
    licence = models.CharField(
        _("licence"),
        max_length=80,
        blank=True,
        help_text=_("Such as CC BY 4.0, or “bought from …”. Shown with the credit."),
    )
    shown_until = models.DateField(
        _("may be shown until"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("After this day the picture is taken off every page by itself. Empty: for as long as it is used."),
    )

    objects = CustomImageQuerySet.as_manager()

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "licence",
        "people",
        "consent",
        "shown_until",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def clean(self):
        super().clean()
        take_in(self, stripped_picture)

    def save(self, *args, **kwargs):
        if self.file and not self.file._committed:
            take_in(self, stripped_picture)
            self._set_image_file_metadata()
        super().save(*args, **kwargs)
        self._save_people()

    def _save_people(self) -> None:
        """What the form has said of who is on it (`home.forms`)."""
        if (told := self.__dict__.pop("told_of_people", None)) is None:
            return
        if any(told.values()):
            ImagePeople.objects.update_or_create(image=self, defaults=told)
        else:
            ImagePeople.objects.filter(image=self).delete()

    def get_upload_to(self, filename: str) -> str:
        return f"original_images/{neutral_name(filename.rpartition('.')[2].lower())}"

    @property
    def default_alt_text(self) -> str:
        """Never the title: that is staff's own name for it, often the name of a person or of a file."""
        return self.description

    @property
    def may_be_shown(self) -> bool:
        return self.shown_until is None or self.shown_until >= timezone.localdate()

    @property
    def credit_line(self) -> str:
        return " / ".join(filter(None, (self.credit, self.licence)))

    def shown(self, *specs: str) -> dict[str, "CustomRendition"]:
        """The sizes for visitors, by spec: all of them, or none where the picture may not be shown or is not ready.

        The public process cannot open the original, and writes nothing down but that a size is wanted.
        """
        if not self.may_be_shown:
            return {}
        filters = [Filter(spec=spec) for spec in dict.fromkeys(specs)]
        found = self.find_existing_renditions(*filters)
        missing = [one for one in filters if one not in found]
        if missing:
            found |= self._asked_for(missing) if settings.SURFACE == "public" else self._made(missing)
        if len(found) < len(filters):
            return {}
        self._remember(found.values())
        return {one.spec: found[one] for one in filters}

    def _made(self, missing: list[Filter]) -> dict[Filter, "CustomRendition"]:
        try:
            return {one: self.make(one) for one in missing}
        except CANNOT_BE_MADE as error:  # the page is still there without the picture
            log.error("no size could be made of image %s: %s", self.pk, type(error).__name__)
            return {}

    def make(self, size: Filter) -> "CustomRendition":
        """Raises one of CANNOT_BE_MADE: the file is gone or not stripped yet, or there is no room."""
        if not is_taken_in(self.file.name):
            raise FileNotFoundError("not taken in yet")
        return self.create_rendition(size)

    def _asked_for(self, missing: list[Filter]) -> dict[Filter, "CustomRendition"]:
        wanted = [WantedRendition(image=self, filter_spec=one.spec) for one in missing]
        try:
            with transaction.atomic():
                WantedRendition.objects.bulk_create(wanted, ignore_conflicts=True)
        except DatabaseError:
            pass  # the worker finds it another way; this page is shown without
        return {}

    def _remember(self, renditions: Iterable["CustomRendition"]) -> None:
        """As Wagtail keeps them, in the memory of this process (CACHES["renditions"])."""
        fresh = {one.get_cache_key(): one for one in renditions if not getattr(one, "_from_cache", False)}
        if fresh:
            CustomRendition.cache_backend.set_many(fresh)


class ImagePeople(models.Model):
    """Who is on a picture and what they have agreed to. For staff alone: the public role cannot read it."""

    image = models.OneToOneField(CustomImage, models.CASCADE, related_name="people_on_it", primary_key=True)
    people = models.TextField(_("who is on it"), blank=True)
    consent = models.TextField(_("what they have agreed to"), blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("people on a picture")
        verbose_name_plural = _("people on pictures")

    def __str__(self) -> str:
        return f"image {self.image_id}"


class CustomRendition(AbstractRendition):
    """A picture in one size, for visitors. Its address tells nothing, and nobody can guess it from another's."""

    image = models.ForeignKey(CustomImage, models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("image", "filter_spec", "focal_point_key"), name="unique_rendition")
        ]

    def __str__(self) -> str:
        return f"image {self.image_id} {self.filter_spec}"

    @property
    def full_url(self) -> str:
        """For visitors, wherever it is asked for; Wagtail's own begins with the address of the admin."""
        return urljoin(settings.SITE_URL, self.url)

    def get_upload_to(self, filename: str) -> str:
        return f"images/{neutral_name(filename.rpartition('.')[2].lower())}"


class WantedQuerySet(models.QuerySet):
    def due(self, now: datetime) -> "WantedQuerySet":
        return self.filter(due_at__lte=now)

    def stuck(self) -> "WantedQuerySet":
        """Those that could not be made several times, minutes apart."""
        return self.filter(failed__gte=STUCK)


class WantedRendition(models.Model):
    """A size that a page has asked for and that is not there: the public process writes it down, a worker makes it.

    It goes when it is made, or when it may not be; one that fails is tried again, ever more rarely.
    """

    image = models.ForeignKey(CustomImage, models.CASCADE, related_name="+")
    filter_spec = models.CharField(max_length=100)
    failed = models.PositiveSmallIntegerField(db_default=0)
    due_at = models.DateTimeField(db_default=Now())

    objects = WantedQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("size that is wanted")
        verbose_name_plural = _("sizes that are wanted")
        constraints = [models.UniqueConstraint(fields=("image", "filter_spec"), name="wanted_once")]

    def __str__(self) -> str:
        return f"image {self.image_id} {self.filter_spec}"

    def put_off(self, now: datetime) -> None:
        """Note that it could not be made; it is tried again after 1, 2, 4 … minutes."""
        self.failed += 1
        self.due_at = now + min(timedelta(minutes=2 ** min(self.failed - 1, 10)), LONGEST_PAUSE)
        self.save(update_fields=["failed", "due_at"])
