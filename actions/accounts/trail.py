"""What happens to accounts, in the audit trail.

What is stored - users, roles, rights, factors, networks - is told by triggers of the database
(actions/migrations/_functions_accounts.sql), so that no way leads around it. What is only done - logging in and out,
failing at it - is told from the signals here. Ids only: a name that was typed may be a password.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.signals import authentication_failed
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import DatabaseError, connection

from actions.signing import audit

NOBODY = 0


@contextmanager
def acting(user_id: int | None) -> Iterator[None]:
    """Tell the database on whose behalf it is asked meanwhile: a user of staff, or somebody who is not logged in."""
    _tell(str(user_id or NOBODY))
    try:
        yield
    finally:
        _forget()


def _tell(by: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('actions.by', %s, false)", [by])


def _forget() -> None:
    if connection.needs_rollback:  # what was told goes with the rest
        return
    try:
        _tell("")
    except DatabaseError:
        connection.close()  # and the next one does not act in this one's name


def listen() -> None:
    user_logged_in.connect(_logged_in, dispatch_uid="trail_logged_in")
    user_logged_out.connect(_logged_out, dispatch_uid="trail_logged_out")
    user_login_failed.connect(_login_failed, dispatch_uid="trail_login_failed")
    authentication_failed.connect(_factor_failed, dispatch_uid="trail_factor_failed")


def _logged_in(sender, user: Any, **kwargs) -> None:
    audit.record(audit.Verb.LOGGED_IN, by=user, account=user.pk)


def _logged_out(sender, user: Any, **kwargs) -> None:
    if user is not None:
        audit.record(audit.Verb.LOGGED_OUT, by=user, account=user.pk)


def _login_failed(sender, credentials: dict, **kwargs) -> None:
    users = get_user_model().objects
    name = credentials.get("username") or ""
    known = users.filter(username=name).values_list("pk", flat=True).first() if name else None
    audit.record(audit.Verb.LOGIN_FAILED, by=audit.NOBODY, account=known)


def _factor_failed(sender, user: Any, **kwargs) -> None:
    audit.record(audit.Verb.FACTOR_FAILED, by=audit.NOBODY, account=user.pk)
