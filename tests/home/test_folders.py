"""Folders that are made for files: the proxy, which is another user, comes into them whatever a process's umask is."""

import os
import stat

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage


def test_what_is_uploaded_can_be_served_by_another_user(tmp_path):
    """Seen to fail with Django's own settings: a folder that only its owner may pass, and every picture 403."""
    before = os.umask(0o077)
    try:
        storage = FileSystemStorage(location=tmp_path / "media")
        name = storage.save("images/a/b.txt", ContentFile(b"x"))
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / "media" / part).stat().st_mode) for part in ("images", "images/a", name)]
    assert modes == [0o755, 0o755, 0o644]
