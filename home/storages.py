"""Where files lie. What staff upload lies where no proxy and no public process comes to (`default`); what visitors get,
pictures in their sizes and copies of public documents, lies in `public`.
"""

import os

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.deconstruct import deconstructible


@deconstructible(path="home.storages.PrivateFolder")
class PrivateFolder(FileSystemStorage):
    """A folder whose files have no address."""

    @property
    def base_location(self) -> str:  # type: ignore[override]
        return str(settings.PRIVATE_MEDIA_ROOT)

    @property
    def location(self) -> str:  # type: ignore[override]
        return os.path.abspath(self.base_location)

    def url(self, name: str | None) -> str:
        return ""


def public_storage() -> Storage:
    return storages["public"]
