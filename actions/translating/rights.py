"""Who may send to translation has a hand in what is written first; who may not, only translates."""

from typing import Any

from .progress import made_by

SEND = "wagtail_localize.submit_translation"


def only_translates(user: Any) -> bool:
    """Tell whether somebody who is logged in may change words in other languages, and no more."""
    return user.is_authenticated and not user.has_perm(SEND)


def may_change(user: Any, thing: Any) -> bool:
    """Tell whether a right to change pages or records holds for this one: who only translates changes translations."""
    return not only_translates(user) or made_by(thing).exists()
