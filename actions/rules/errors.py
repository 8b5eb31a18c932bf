"""What can go wrong in the domain, by name. None of these ever carries a visitor's words."""


class SigningError(Exception):
    """Why a signature was not recorded."""


class NotOpen(SigningError):
    """The petition cannot be signed at this moment; its state says why."""


class Forgotten(SigningError):
    """The personal data of the petition have been deleted for good, and its keys with them."""


class BadAddress(SigningError):
    """This is no e-mail address."""


class BadText(SigningError):
    """A text holds what does not belong in it: a link, markup, characters nobody can see; or it is too long.

    `why` is a word of ours, `sign` the one character that is meant, where it is one.
    """

    def __init__(self, why: str = "", sign: str = "") -> None:
        super().__init__()
        self.why, self.sign = why, sign


class PetitionHasSignatures(Exception):
    """A petition that was signed cannot be deleted."""


class ChangeRefused(Exception):
    """A change of a petition's life that makes no sense in its present state."""
