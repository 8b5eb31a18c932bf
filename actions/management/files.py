"""Files that commands are told of by hand. `actions-manage` runs them as the owner of the tables, in a /tmp of its own
and without the home folders of others: what they read must lie where that user comes."""

import os
from pathlib import Path

from django.core.management.base import CommandError


def require_readable(*files: Path) -> None:
    """Raises CommandError for a file that is not there or that this user may not read."""
    for file in files:
        try:
            with file.open("rb"):
                pass
        except OSError as error:
            raise CommandError(
                f"{file} cannot be read: {error.strerror}. It must lie where user {os.getuid()} comes, such as "
                "/var/backups/actions; /tmp and home folders are not seen from here."
            ) from error
