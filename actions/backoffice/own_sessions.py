"""Where somebody is logged in, read from Django's own sessions, and logging out everywhere else.

Staff are few and their sessions short, so that all are looked through; no table of people, browsers and places is kept.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from allauth.mfa import signals
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from actions.rules.browser import browser_and_system


class OwnSession(NamedTuple):
    """One place where somebody is logged in."""

    key: str
    begun: datetime | None
    seen: datetime | None
    browser: str
    is_this: bool


def sessions_of(user: Any, *, current: str | None = None) -> list[OwnSession]:
    """List the sessions of an account, the latest first."""
    of_now = {user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()}
    found = [
        _described(row.session_key, kept, current)
        for row in _rows(user)
        if (kept := row.get_decoded()).get(HASH_SESSION_KEY) in of_now  # others have ended, and nobody took them away
    ]
    return sorted(found, key=lambda each: each.begun or datetime.min.replace(tzinfo=UTC), reverse=True)


def end_others(user: Any, *, keep: str | None) -> int:
    """Log an account out everywhere but in the session to keep; returns in how many."""
    keys = [row.session_key for row in _rows(user) if row.session_key != keep]
    return Session.objects.filter(session_key__in=keys).delete()[0]


def listen() -> None:
    """A second step that is changed ends every other session, as Django does itself when a password is."""
    for signal in (signals.authenticator_added, signals.authenticator_removed, signals.authenticator_reset):
        signal.connect(_factor_changed, dispatch_uid="end_other_sessions")


def _factor_changed(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    end_others(user, keep=request.session.session_key)


def _rows(user: Any) -> Iterator[Session]:
    for row in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if row.get_decoded().get(SESSION_KEY) == str(user.pk):
            yield row


def _described(key: str, kept: dict[str, Any], current: str | None) -> OwnSession:
    begun, seen = (
        datetime.fromtimestamp(kept[name], UTC) if name in kept else None for name in ("staff_begun", "staff_seen")
    )
    return OwnSession(key, begun, seen, _browser(kept.get("staff_browser", "")), key == current)


def _browser(said: str) -> str:
    """Name a browser and its machine, such as “Firefox, Windows”."""
    return ", ".join(name for name in browser_and_system(said) if name) or gettext("another program")


def of_logging_in(name: str, request: HttpRequest) -> dict[str, Any]:
    """Hook `register_account_menu_item`: what belongs to one's account and is not Wagtail's."""
    labels = {"mfa_index": _("Second step of logging in"), "own_sessions": _("Where you are logged in")}
    return {"url": reverse(name), "label": labels[name], "help_text": ""}


@login_required
def own_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is logged in; a POST logs out everywhere else."""
    if request.method == "POST":
        number = end_others(request.user, keep=request.session.session_key)
        told = ngettext("Logged out in %(n)s other place.", "Logged out in %(n)s other places.", number)
        messages.success(request, told % {"n": number} if number else gettext("You were logged in nowhere else."))
        return redirect("own_sessions")
    found = sessions_of(request.user, current=request.session.session_key)
    return render(request, "account/own_sessions.html", {"sessions": found})
