"""Take in a file: what everything that staff upload goes through, whichever way it comes, before it is stored.

The field is where it is done, so that no form, screen, command or program can go round it: what is saved has passed
`strip`. A form asks first (`clean` of the model), so that what is refused is said beside the file.
"""

import re
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db.models import FileField
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile

from .metadata.documents import strip_document
from .metadata.pictures import strip_picture
from .metadata.refused import Reason, Refused

WORDS = {
    Reason.DAMAGED: _(
        "The file is damaged, or not what its name says. Open it in a program, save it anew and try again."
    ),
    Reason.TOO_LARGE: _("The file is too large to be made safe. Make it smaller and try again."),
    Reason.LOCKED: _("The file is locked with a password. Save it without one and try again."),
    Reason.SIGNED: _("The PDF is signed, and a signature names who signed. Print it into a new PDF and upload that."),
    Reason.FILES_INSIDE: _(
        "There are other files inside this one that cannot be made safe. Take them out, or upload it as PDF."
    ),
    Reason.ANOTHER_KIND: _("The file is not of the kind that its name says."),
    Reason.NO_SUCH_KIND: _("Files of this kind cannot be made safe. Save it as PDF and upload that."),
}


class Stripped(File):
    """A file that has passed `strip`, under a name that tells nothing."""


NEUTRAL = re.compile(r"(?:[a-z_]+/)?[\w-]{16}\.[a-z0-9]+", re.ASCII)


def is_taken_in(name: str) -> bool:
    """Whether a file in storage has passed `strip`; those of earlier versions wait for `manage.py strip_files`."""
    return bool(NEUTRAL.fullmatch(name))


def neutral_name(extension: str) -> str:
    """People name files after days and persons, and addresses of pictures show it."""
    return f"{secrets.token_urlsafe(12)}.{extension}"


def stripped_picture(file: File) -> Stripped:
    """Raises Refused."""
    from io import BytesIO

    if isinstance(file, Stripped):
        return file
    picture = strip_picture(file)
    return _stripped(BytesIO(picture.content), picture.extension)


def stripped_document(file: File, name: str = "") -> Stripped:
    """Raises Refused."""
    if isinstance(file, Stripped):
        return file
    extension = (name or file.name or "").rpartition(".")[2].lower()
    return _stripped(strip_document(file, extension=extension), extension)


def _stripped(content: Any, extension: str) -> Stripped:
    return Stripped(content, name=neutral_name(extension))


def take_in(instance: Any, strip: Any) -> None:
    """In `clean` and `save` of a model with a `file`: strip one that is new. Raises ValidationError beside the file."""
    if not instance.file or instance.file._committed or isinstance(instance.file.file, Stripped):
        return
    try:
        instance.file = strip(instance.file.file)
    except Refused as error:
        raise ValidationError({"file": WORDS[error.reason]}) from error


class StrippedPictureFile(WagtailImageFieldFile):
    def save(self, name: str, content: File, save: bool = True) -> None:
        stripped = stripped_picture(content)
        super().save(str(stripped.name), stripped, save)


class StrippedPictureField(WagtailImageField):
    attr_class = StrippedPictureFile


class StrippedDocumentFile(FieldFile):
    def save(self, name: str, content: File, save: bool = True) -> None:
        stripped = stripped_document(content, name)
        super().save(str(stripped.name), stripped, save)


class StrippedDocumentField(FileField):
    attr_class = StrippedDocumentFile
