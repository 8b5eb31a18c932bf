"""The frame of our own screens: Wagtail's header with the way back, and the tabs of one signature form."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actions.signing import limits
from actions.signing.models import Petition
from actions.signing.opened import TooManyOpened

from .inputs import LOOKS

TEXT_INPUT = LOOKS  # of a line of text


class Tab(NamedTuple):
    """A screen of a signature form, shown to those who have the right."""

    name: str
    label: str | Promise
    icon: str
    permission: str


TABS = [
    Tab("desk", _("Desk"), "view", "actions.view_petition"),
    Tab("signatures", _("Signatures"), "list-ul", "actions.view_signature"),
    Tab("review", _("Review"), "tasks", "actions.add_reviewrule"),
    Tab("paper", _("On paper"), "doc-full", "actions.view_paperbatch"),
    Tab("deliveries", _("Deliveries"), "upload", "actions.view_delivery"),
    Tab("exports", _("Export"), "download", "actions.export_signature"),
    Tab("imports", _("Import"), "plus", "actions.add_signatureimport"),
    Tab("life", _("Open and close"), "time", "actions.close_petition"),
    Tab("hold", _("Legal hold"), "lock", "actions.delete_signer"),
    Tab("edit", _("Settings"), "cog", "actions.change_petition"),
]


def tabs(petition: Petition, user: Any, current: str = "") -> Iterator[dict[str, Any]]:
    """The tabs a user may open, with their addresses."""
    for tab in TABS:
        if user.has_perm(tab.permission):
            yield {
                "label": tab.label,
                "icon": tab.icon,
                "url": reverse(f"petition:{tab.name}", args=[petition.pk]),
                "current": tab.name == current,
            }


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    title: Any,
    icon: str,
    petition: Petition | None = None,
    tab: str = "",
    status: int = 200,
) -> HttpResponse:
    """One of our screens in Wagtail's furniture."""
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}]
    if petition is not None:
        crumbs.append({"url": reverse("petition:index"), "label": _("Signature forms")})
        crumbs.append({"url": reverse("petition:desk", args=[petition.pk]), "label": petition.name})
    crumbs.append({"url": "", "label": f"{petition.name}: {title}" if petition else title})
    furniture = {
        "breadcrumbs_items": crumbs,
        "header_title": f"{petition.name}: {title}" if petition else title,
        "header_icon": icon,
        "petition": petition,
        "all_paused": limits.rules().paused,
        "wrong": any(isinstance(form, BaseForm) and form.is_bound and form.errors for form in context.values()),
        "tabs": list(tabs(petition, request.user, tab)) if petition else [],
    }
    response = render(request, f"actions/backoffice/{template}.html", furniture | context, status=status)
    response.runs_nothing_inline = True  # actions/web/headers.py
    return response


WRONG_SECRET = _(
    "This machine has another secret than the one that the addresses were stored with, so nobody can be found by an "
    "address. Nothing was looked up or changed. Tell whoever runs the server (SIGNER_DIGEST_SECRET)."
)


def too_many(refused: TooManyOpened) -> str:
    """What somebody reads who has opened as many names as the limits allow."""
    told = {"opened": refused.opened, "limit": refused.limit}
    return (
        gettext(
            "You have opened %(opened)s names within an hour, and the limit is %(limit)s. No name was opened now. "
            "Wait a while, or ask an administrator to look at the signing limits."
        )
        % told
    )


def stylesheet() -> SafeString:
    """Hook `insert_global_admin_css`."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/backoffice.css"))
