"""Browsers that somebody has logged in with, both steps: told by a signed cookie, and spared what strangers cause.

The cookie opens nothing. Whoever steals it has the tries of one browser for one account, and no more.
"""

import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.http import HttpRequest, HttpResponse

KEPT = 180 * 24 * 60 * 60  # seconds after the last log-in
NOTED = "device_noted"  # in the session: this log-in has its cookie
SALT = "actions.known_devices"


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Give the browser its cookie, once in each session."""
    if request.session.get(NOTED):
        return
    request.session[NOTED] = True
    account = request.user.get_username().lower()
    value = {"user": request.user.pk, "device": id_of(request, account) or secrets.token_urlsafe(16)}
    response.set_cookie(
        settings.KNOWN_DEVICE_COOKIE_NAME,
        signing.dumps(value, salt=SALT),
        max_age=KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def id_of(request: HttpRequest, account: str) -> str:
    """Read which browser this is, where it has logged in to this account before; otherwise empty."""
    try:
        value = signing.loads(request.COOKIES.get(settings.KNOWN_DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return ""
    user = get_user_model().objects.filter(pk=value["user"]).first()
    return value["device"] if user and user.get_username().lower() == account else ""
