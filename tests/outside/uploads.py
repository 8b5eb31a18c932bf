"""Files that staff have uploaded: the smallest that are what their names say."""

from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from tests import canaries


def film():
    return get_document_model().objects.create(title="A film", file=ContentFile(canaries.film(), name="film.mp4"))


def report():
    return get_document_model().objects.create(title="A report", file=ContentFile(canaries.pdf(), name="report.pdf"))


def picture():
    """Making it ready in every size takes no time."""
    drawn = BytesIO()
    Image.new("RGB", (96, 60), "#ff6b4a").save(drawn, "JPEG")
    return get_image_model().objects.create(title="small", file=ImageFile(drawn, name="small.jpg"))
