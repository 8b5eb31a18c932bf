"""Figures over all actions, as Wagtail's reports: filters, pages, CSV and XLSX. Counts and dates, never a signer.

What an officer looks up is in `oversight`; both are given their addresses and menu items in `report_menu`.
"""

from collections import OrderedDict

import django_filters
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from actions.delivery.models import Delivery
from actions.delivery.retention import term_of
from actions.rules.state import State
from actions.signing.ends import beginning_in_words
from actions.signing.models import ConsentText, Hold, Petition, Signature, Signer

from .period import moment


class OwnReport(ReportView):
    """What our reports share: the columns of the list are the columns of the file; a right of their own."""

    model = Petition
    right = "actions.view_petition"
    header_icon = "list-ul"
    name = ""
    is_searchable = False
    default_ordering = None

    @property
    def list_export(self):
        return [column.name for column in self.columns]

    @property
    def export_headings(self):
        return {column.name: column.label for column in self.columns}

    @property
    def permission_policy(self):
        return ModelPermissionPolicy(self.model)

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(self.right):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def to_row_dict(self, item):
        return OrderedDict((column.name, str(column.get_value(item))) for column in self.columns)

    def get_filename(self):
        return f"{self.name}-{timezone.localdate():%Y-%m-%d}"


def in_state(rows, state: str):
    """Petitions that are in a state now; the same rule as `rules.state`, asked of the database."""
    now = timezone.now()
    over = Q(opens_at__lte=now, ends_at__lte=now)
    delivered = Exists(Delivery.objects.filter(petition=OuterRef("pk")))
    conditions = {
        State.DRAFT: Q(opens_at=None),
        State.SCHEDULED: Q(opens_at__gt=now),
        State.OPEN: Q(opens_at__lte=now) & (Q(ends_at=None) | Q(ends_at__gt=now)),
        State.WON: over & Q(won_on__isnull=False),
        State.DELIVERED: over & Q(won_on=None) & delivered,
        State.ENDED: over & Q(won_on=None) & ~delivered,
    }
    return rows.filter(conditions[State(state)])


class StateFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[(state.value, state.label) for state in State], method="in_state"
    )
    ends_at = django_filters.DateFromToRangeFilter(label=_("Ends"), widget=DateRangePickerWidget)

    def in_state(self, queryset, name, value):
        return in_state(queryset, value)

    class Meta:
        model = Petition
        fields = ["state", "ends_at"]


def _state(row: Petition) -> str:
    return row.state(timezone.now(), delivered=bool(row.delivered_day)).label


NAME = TitleColumn("name", label=_("Signature form"), url_name="petition:desk")


class ActionsReport(OwnReport):
    page_title = _("Actions by state and end")
    name = "actions"
    index_url_name = "reports_actions"
    index_results_url_name = "reports_actions_results"
    filterset_class = StateFilterSet
    columns = [
        NAME,
        Column("state", label=_("State"), accessor=_state),
        NumberColumn("total", label=_("Signatures")),
        NumberColumn("paper", label=_("On paper")),
        Column("opens_at", label=_("Opens"), accessor=lambda row: row.opening_in_words()),
        Column("ends_at", label=_("Ends"), accessor=lambda row: row.end_in_words()),
        Column("languages", label=_("Published in"), accessor=lambda row: ", ".join(filter(None, row.languages or []))),
        Column(
            "responsible", label=_("Responsible"), accessor=lambda row: get_user_display_name(row.responsible) or "–"
        ),
    ]

    def get_queryset(self):
        live = Q(action_pages__live=True)
        return (
            Petition.objects.with_total()
            .annotate(
                delivered_day=Subquery(
                    Delivery.objects.filter(petition=OuterRef("pk"))
                    .order_by("-delivered_on")
                    .values("delivered_on")[:1]
                ),
                languages=ArrayAgg("action_pages__locale__language_code", filter=live, distinct=True),
            )
            .select_related("responsible")
            .order_by(F("ends_at").desc(nulls_first=True), "pk")
        )


def waiting_for_delivery():
    """Petitions with what waits for a hand-over, from totals and deliveries alone: no signature is looked at.

    Who was handed over and withdrew afterwards makes it a little too small; the screen of deliveries counts exactly.
    """
    made = Delivery.objects.filter(petition=OuterRef("pk")).order_by().values("petition")
    repeated = Delivery.objects.filter(repeated_in__petition=OuterRef("pk")).order_by().values("repeated_in__petition")
    number = Sum(F("signatures") + F("paper"))
    return (
        Petition.objects.with_total()
        .annotate(
            handed=Coalesce(Subquery(made.values(n=number)), 0) - Coalesce(Subquery(repeated.values(n=number)), 0),
            delivered_day=Max("deliveries__delivered_on"),
        )
        .annotate(waiting=F("total") - F("handed"))
        .filter(waiting__gt=0)
    )


class DeliveriesDueReport(OwnReport):
    page_title = _("Deliveries due")
    name = "deliveries-due"
    right = "actions.view_delivery"
    header_icon = "upload"
    index_url_name = "reports_deliveries"
    index_results_url_name = "reports_deliveries_results"
    columns = [
        TitleColumn("name", label=_("Signature form"), url_name="petition:deliveries"),
        NumberColumn("waiting", label=_("Waiting")),
        Column("ends_at", label=_("Ended"), accessor=lambda row: row.end_in_words()),
        Column("delivered_day", label=_("Handed over last"), accessor=lambda row: row.delivered_day or "–"),
    ]

    def get_queryset(self):
        return waiting_for_delivery().filter(ends_at__lte=timezone.now()).order_by("ends_at", "pk")


class HeldReport(OwnReport):
    page_title = _("Held signatures")
    name = "held"
    right = "actions.add_reviewrule"
    header_icon = "tasks"
    index_url_name = "reports_held"
    index_results_url_name = "reports_held_results"
    columns = [
        TitleColumn("name", label=_("Signature form"), url_name="petition:review"),
        *(NumberColumn(reason.value, label=reason.label) for reason in Hold.Reason),
        NumberColumn("held", label=_("Together")),
        Column("oldest", label=_("Oldest"), accessor=lambda row: moment(row.oldest)),
    ]

    def get_queryset(self):
        held = Hold.objects.filter(signature__petition=OuterRef("pk")).order_by().values("signature__petition")
        numbers = {
            reason.value: Coalesce(Subquery(held.filter(reason=reason).values(n=Count("pk"))), 0)
            for reason in Hold.Reason
        }
        oldest = Hold.objects.filter(signature__petition=OuterRef("pk")).order_by("held_at").values("held_at")[:1]
        rows = Petition.objects.annotate(
            **numbers, held=Coalesce(Subquery(held.values(n=Count("pk"))), 0), oldest=Subquery(oldest)
        )
        return rows.filter(held__gt=0).order_by("-held", "pk")


def _versions(texts: list[ConsentText]) -> str:
    return ", ".join(map(str, texts)) or "–"


class WordsColumn(Column):
    """Versions of words of consent, each with the page where it can be read; in a file as they stand there."""

    cell_template_name = "actions/backoffice/_words_cell.html"


class ConsentsReport(OwnReport):
    """How many agreed to what, and to which words. Only signers who are not forgotten can be counted."""

    page_title = _("Consents")
    name = "consents"
    right = "actions.view_signature"
    header_icon = "tick"
    index_url_name = "reports_consents"
    index_results_url_name = "reports_consents_results"
    columns = [
        NAME,
        NumberColumn("signers", label=_("Signers not forgotten")),
        NumberColumn("action", label=_("Contact about this action")),
        NumberColumn("other", label=_("Contact about other work")),
        NumberColumn("shown", label=_("Name shown")),
        WordsColumn("versions", label=_("Versions of the words"), accessor=lambda row: _versions(row.texts)),
    ]

    def get_queryset(self):
        return Petition.objects.order_by("-pk")

    def decorate_paginated_queryset(self, object_list):
        return _with_consents(object_list)

    def get_filtered_queryset(self):
        rows = super().get_filtered_queryset()
        return _with_consents(rows) if self.is_export else rows


def _with_consents(rows) -> list[Petition]:
    """The rows, each with the number of its signers by consent, and the versions of the words they saw."""
    rows = list(rows)
    signers = Signer.objects.filter(signature__petition__in=rows, signature__state=Signature.State.COUNTED).order_by()
    found = signers.values("signature__petition").annotate(
        signers=Count("pk"),
        action=Count("pk", filter=Q(contact_action=True, proved_at__isnull=False)),
        other=Count("pk", filter=Q(contact_other=True, proved_at__isnull=False)),
        shown=Count("pk", filter=Q(show_name=True, proved_at__isnull=False)),
        texts=ArrayAgg("consent_text", filter=Q(consent_text__isnull=False), distinct=True),
    )
    by_form = {row["signature__petition"]: row for row in found}
    texts = ConsentText.objects.in_bulk()
    for row in rows:
        counts = by_form.get(row.pk, {})
        for name in ("signers", "action", "other", "shown"):
            setattr(row, name, counts.get(name, 0))
        row.texts = sorted((texts[text] for text in counts.get("texts") or []), key=str)
    return rows


class RetentionReport(OwnReport):
    page_title = _("When signers are forgotten")
    name = "retention"
    right = "actions.view_signature"
    header_icon = "history"
    index_url_name = "reports_retention"
    index_results_url_name = "reports_retention_results"
    columns = [
        NAME,
        Column("forget_at", label=_("Forgotten on"), accessor=lambda row: beginning_in_words(term_of(row).at)),
        Column("hold", label=_("Legal hold"), accessor=lambda row: _("yes") if row.legal_hold else _("no")),
        Column("ends_at", label=_("Ends"), accessor=lambda row: row.end_in_words()),
        Column("last_day", label=_("Handed over last"), accessor=lambda row: row.last_day or "–"),
        NumberColumn("retention_days", label=_("Days")),
    ]

    def get_queryset(self):
        rows = Petition.objects.filter(forgotten_at=None).annotate(last_day=Max("deliveries__delivered_on"))
        return rows.order_by(F("ends_at").asc(nulls_last=True), "pk")


FIGURES = [
    (ActionsReport, "reports_actions", "actions", 100),
    (DeliveriesDueReport, "reports_deliveries", "deliveries-due", 110),
    (HeldReport, "reports_held", "held-signatures", 120),
    (ConsentsReport, "reports_consents", "consents", 130),
    (RetentionReport, "reports_retention", "retention", 140),
]
