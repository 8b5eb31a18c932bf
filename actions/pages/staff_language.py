"""In which language somebody of staff gets a mail from us."""

from typing import Any

from django.conf import settings


def language_of(user: Any) -> str:
    """The language chosen in the admin, or else the site's."""
    profile = getattr(user, "wagtail_userprofile", None)
    return (profile and profile.preferred_language) or settings.LANGUAGE_CODE
