"""Addresses and menu items of all reports: class, name of the address, what stands in it, place in the menu."""

from functools import partial

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from .menus import PermissionMenuItem
from .oversight import LOOKED_UP, processing_record
from .reports import FIGURES

REPORTS = [*FIGURES, *LOOKED_UP]


def addresses():
    """Hook `register_admin_urls`."""
    yield path("reports/processing/", processing_record, name="reports_processing")
    for view, name, slug, _order in REPORTS:
        yield path(f"reports/{slug}/", view.as_view(), name=name)
        yield path(f"reports/{slug}/results/", view.as_view(results_only=True), name=f"{name}_results")


def _item(view, name: str, order: int) -> PermissionMenuItem:
    return PermissionMenuItem(
        view.page_title,
        reverse(name),
        name=name,
        icon_name=view.header_icon,
        order=order,
        permission=view.right,
    )


def menu_items():
    """One function for each report, as the hook `register_reports_menu_item` wants them."""
    for view, name, _slug, order in REPORTS:
        yield partial(_item, view, name, order)


def processing_menu_item():
    """The record of processing is no list, and stands with the reports."""
    return PermissionMenuItem(
        _("Record of processing"),
        reverse("reports_processing"),
        name="processing-record",
        icon_name="doc-full",
        order=210,
        permission="actions.delete_signer",
    )


def audit_menu_item():
    """The audit trail is a report too; it stands with the others."""
    return PermissionMenuItem(
        _("Audit trail"),
        reverse("audit:index"),
        name="audit-trail",
        icon_name="history",
        order=150,
        permission="actions.view_auditrecord",
    )
