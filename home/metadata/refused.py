"""Why a file is not taken in."""

from enum import StrEnum


class Reason(StrEnum):
    """What is wrong, as it is told to who uploads (`home.uploads` has the words)."""

    DAMAGED = "damaged"
    TOO_LARGE = "too large"
    LOCKED = "locked"
    SIGNED = "signed"
    FILES_INSIDE = "files inside"
    ANOTHER_KIND = "another kind"
    NO_SUCH_KIND = "no such kind"


class Refused(Exception):
    """A file that cannot be stripped. The text is a reason and never a part of the file."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason
