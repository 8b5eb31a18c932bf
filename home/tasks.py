"""What workers do with files: sizes that pages ask for, copies of public documents, pictures whose time is over.

Staff's regular work (`manage.py housekeeping`) asks each minute whether there is something to do (`look`); the task
worker, which may write where files lie, does it.
"""

import logging
import re
from collections.abc import Callable
from datetime import date

from django.db.models import Model
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult
from wagtail.images.models import Filter
from wagtail.models import Page, ReferenceIndex

from .documents import CustomDocument
from .images import CustomImage, CustomRendition, WantedRendition
from .standing import forget
from .visible import for_everybody

log = logging.getLogger("actions.images")

# What templates ask for. Whoever breaks into the public process can write wishes down; he gets no others, and of one
# picture not more than MOST.
SIZE = re.compile(r"(?:fill|max|min)-(\d{1,4})x(\d{1,4})|(?:width|height)-(\d{1,4})")
FORMATS = {"format-avif", "format-webp", "format-jpeg"}
LARGEST, AT_ONCE, MOST = 2000, 500, 100


@task(priority=-40)
def make_wanted_sizes() -> None:
    made = 0
    now = timezone.now()
    for wanted in WantedRendition.objects.due(now).select_related("image").order_by("failed", "pk")[:AT_ONCE]:
        image = wanted.image
        few = image.renditions.count() < MOST
        if few and is_a_size(wanted.filter_spec) and image.may_be_shown and is_in_public(image):
            try:
                image.make(Filter(spec=wanted.filter_spec))
            except Exception as error:  # whatever comes of it, it stands in nobody's way
                log.error("no size could be made of image %s: %s", image.pk, type(error).__name__)
                wanted.put_off(now)
                continue
            made += 1
        wanted.delete()
    if made:
        forget()


def is_in_public(image: CustomImage) -> bool:
    """Whether a picture stands on a page for everybody, as it is published, or in a record, which has no drafts.

    Asked of what is stored now: the index of references may be of a draft that is not published.
    """
    for reference in ReferenceIndex.get_references_to(image).select_related("base_content_type"):
        kind = reference.base_content_type.model_class()
        found = kind._base_manager.filter(pk=reference.object_id).first() if kind else None
        if found is None or (isinstance(found, Page) and not for_everybody(Page.objects.filter(pk=found.pk)).exists()):
            continue
        if any(
            (model_type, str(pk)) == (reference.to_content_type_id, str(image.pk))
            for model_type, pk, *_path in ReferenceIndex._extract_references_from_object(_specific(found))
        ):
            return True
    return False


def _specific(found: Model) -> Model:
    return found.specific if isinstance(found, Page) else found


def is_a_size(spec: str) -> bool:
    """One size, and at most one format, in whichever order a template names them."""
    parts = spec.split("|")
    sizes = [found for part in parts if (found := SIZE.fullmatch(part))]
    if len(sizes) != 1 or len(parts) > 2 or (len(parts) == 2 and not FORMATS & set(parts)):
        return False
    return all(0 < int(number) <= LARGEST for number in sizes[0].groups() if number)


@task()
def settle_documents() -> None:
    CustomDocument.objects.all().settle()


@task()
def take_off_past_pictures() -> None:
    """Delete what visitors could still ask for of pictures that may not be shown any more."""
    for rendition in _of_past_pictures(timezone.localdate()):
        rendition.delete()
    forget()


def _of_past_pictures(day: date):
    return CustomRendition.objects.filter(image__in=CustomImage.objects.past(day))


def look() -> None:
    """Job of `housekeeping`: ask the task worker for what there is to do, once each."""
    work: list[tuple[Callable, bool]] = [
        (make_wanted_sizes, WantedRendition.objects.due(timezone.now()).exists()),
        (settle_documents, CustomDocument.objects.all().unsettled().exists()),
        (take_off_past_pictures, _of_past_pictures(timezone.localdate()).exists()),
    ]
    for one, is_due in work:
        path = f"{__name__}.{one.func.__name__}"  # type: ignore[attr-defined]
        if is_due and not DBTaskResult.objects.filter(task_path=path, status="READY").exists():
            one.enqueue()  # type: ignore[attr-defined]
