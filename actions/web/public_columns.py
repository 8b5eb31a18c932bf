"""Columns that the public process does not need and its role of the database may not read: what is not published, who
of staff did what, and what would tell on a signer.

Queries name every column of a table. On the public surface nothing stands in the place of these, so that Django's and
Wagtail's own queries go on working; what tries to filter or sort by one is refused by the database.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models.expressions import Col

HIDDEN = {
    "wagtailcore.Page": (
        *("draft_title", "owner", "latest_revision", "latest_revision_created_at", "has_unpublished_changes"),
        *("locked", "locked_at", "locked_by", "go_live_at"),
    ),
    "wagtailcore.PageViewRestriction": ("password",),
    "wagtailcore.CollectionViewRestriction": ("password",),
    # A title is often the name of a person, and never shown (home/images.py); the file is the original.
    "home.CustomImage": ("uploaded_by_user", "title", "file", "file_size", "created_at"),
    "home.CustomDocument": ("uploaded_by_user",),
    "actions.Petition": (
        *("name", "legal_hold", "hold_reason", "hold_until", "responsible", "outcome_asked_at", "digest_salt", "notes"),
    ),
    "actions.Delivery": ("created_by",),
    "actions.PublicName": ("signature",),  # its first half is the millisecond of signing
}


class Unread(Col):
    """A column in whose place nothing is selected on the public surface."""

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        return ("null", []) if settings.SURFACE == "public" else super().select_format(compiler, sql, params)


def leave_out() -> None:
    """Select nothing in the place of the hidden columns on the public surface. Called once, when models are ready."""
    for label, names in HIDDEN.items():
        for name in names:
            field = apps.get_model(label)._meta.get_field(name)
            field.get_col = partial(_unread, field.get_col)


def _unread(get_col: Callable[..., Col], alias: str, output_field: Any = None) -> Unread:
    column = get_col(alias, output_field)
    return Unread(column.alias, column.target, column.output_field)
