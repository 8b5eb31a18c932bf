"""Reports over all actions, as Wagtail has them: filters, pages, CSV and XLSX. Counts and dates, never a signer."""

from collections import OrderedDict
from functools import partial

import django_filters
from django.contrib.auth import get_user_model
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from actions.accounts import roles
from actions.delivery.models import Delivery
from actions.delivery.retention import term_of
from actions.pages import processing
from actions.rules.state import State
from actions.signing import consents
from actions.signing.ends import beginning_in_words
from actions.signing.exporting import COLUMNS
from actions.signing.models import Consent, ConsentRecord, ConsentText, Export, Hold, Petition, Signature, Signer
from home.organisation import Organisation

from .guard import needs
from .menus import PermissionMenuItem
from .period import moment
from .petition_forms import ASKED
from .screens import show


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


class ConsentFilterSet(WagtailFilterSet):
    signature = django_filters.UUIDFilter(label=_("Signature"), field_name="signature_id")
    petition = django_filters.ModelChoiceFilter(
        label=_("Signature form"), field_name="signature__petition", queryset=Petition.objects.order_by("name")
    )
    at = django_filters.DateFromToRangeFilter(label=_("When"), widget=DateRangePickerWidget)

    class Meta:
        model = ConsentRecord
        fields = ["signature", "petition", "consent", "given", "way", "at"]


def _words(row: ConsentRecord) -> str:
    text = row.consent_text
    return f"{text}: {consents.words(text, row.consent)}" if text else "–"


class ConsentLedgerReport(OwnReport):
    """Each consent that a signer gave or ended: when, by what way, in which words. Ids, never a signer."""

    model = ConsentRecord
    page_title = _("Consents one by one")
    name = "consents-one-by-one"
    right = "actions.view_signature"
    header_icon = "tick"
    index_url_name = "reports_consent_ledger"
    index_results_url_name = "reports_consent_ledger_results"
    filterset_class = ConsentFilterSet
    columns = [
        Column("form", label=_("Signature form"), accessor=lambda row: row.signature.petition.name),
        Column("signature", label=_("Signature"), accessor=lambda row: row.signature_id),
        Column("consent", label=_("Consent"), accessor=lambda row: row.get_consent_display()),
        Column("given", label=_("What"), accessor=lambda row: _("given") if row.given else _("ended")),
        Column("at", label=_("When"), accessor=lambda row: moment(row.at)),
        Column("way", label=_("By what way"), accessor=lambda row: row.get_way_display()),
        WordsColumn("words", label=_("Words"), accessor=_words),
    ]

    def get_queryset(self):
        return ConsentRecord.objects.select_related("signature__petition", "consent_text").order_by("-pk")

    def decorate_paginated_queryset(self, object_list):
        for row in object_list:
            row.texts = [row.consent_text] if row.consent_text else []
        return object_list


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


class WordsReport(OwnReport):
    """The words of consent, each version as it was shown."""

    model = ConsentText
    page_title = _("Words of consent")
    name = "words-of-consent"
    right = "actions.view_consenttext"
    header_icon = "openquote"
    index_url_name = "reports_words"
    index_results_url_name = "reports_words_results"
    columns = [
        Column("version", label=_("Version"), accessor=str),
        Column("first_used_at", label=_("First used"), accessor=lambda row: moment(row.first_used_at)),
        *(
            Column(consent.value, label=consent.label, accessor=lambda row, of=consent: words_of(row, of))
            for consent in Consent
        ),
    ]

    def get_queryset(self):
        return ConsentText.objects.order_by("-pk")


def words_of(text: ConsentText, consent: str) -> str:
    return consents.words(text, consent) or "–"


class ExportsReport(OwnReport):
    """Every file of signatures that was asked for: by whom, for which use, and whether it was taken."""

    model = Export
    page_title = _("Exports asked for")
    name = "exports"
    right = "actions.view_export"
    header_icon = "download"
    index_url_name = "reports_exports"
    index_results_url_name = "reports_exports_results"
    columns = [
        Column("pk", label=_("Number"), accessor=lambda row: row.pk),
        Column("form", label=_("Signature form"), accessor=lambda row: row.petition.name),
        Column("at", label=_("Asked for"), accessor=lambda row: moment(row.at)),
        Column("by", label=_("By"), accessor=lambda row: get_user_display_name(row.by) or "–"),
        Column("use", label=_("Use"), accessor=lambda row: row.get_use_display()),
        Column("purpose", label=_("What for")),
        Column("columns", label=_("Columns"), accessor=lambda row: ", ".join(map(_column, row.columns))),
        NumberColumn("expected", label=_("Signatures")),
        Column("downloaded_at", label=_("Taken"), accessor=lambda row: moment(row.downloaded_at)),
    ]

    def get_queryset(self):
        return Export.objects.select_related("petition", "by").order_by("-pk")


def _column(name: str) -> str:
    return str(COLUMNS[name].label) if name in COLUMNS else name


class UsersReport(OwnReport):
    """Who may come in, with which roles. Nothing can be changed here."""

    model = get_user_model()
    page_title = _("Users and roles")
    name = "users-and-roles"
    right = "home.view_user"
    header_icon = "group"
    index_url_name = "reports_users"
    index_results_url_name = "reports_users_results"
    columns = [
        Column("name", label=_("Name"), accessor=get_user_display_name),
        Column("email", label=_("E-mail address"), accessor=lambda row: row.email or "–"),
        Column("roles", label=_("Roles"), accessor=lambda row: _roles(row)),
        Column("is_active", label=_("Switched on"), accessor=lambda row: _("yes") if row.is_active else _("no")),
        Column("last_login", label=_("Logged in last"), accessor=lambda row: moment(row.last_login)),
    ]

    def get_queryset(self):
        return get_user_model().objects.prefetch_related("groups").order_by("last_name", "first_name", "pk")


def _roles(user) -> str:
    everything = [None] if user.is_superuser else []
    return ", ".join(map(roles.label, [*everything, *user.groups.all()])) or "–"


def _setting(row, name: str):
    value = getattr(row, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    shown = getattr(row, f"get_{name}_display", None)
    return shown() if shown else value if value not in (None, "") else "–"


def _settings_of(*names: str):
    """Columns that show settings of a form or an organisation, by the labels they have where they are edited."""
    return lambda model: [
        Column(
            name,
            label=capfirst(model._meta.get_field(name).verbose_name),
            accessor=lambda row, of=name: _setting(row, of),
        )
        for name in names
    ]


class FormSettingsReport(OwnReport):
    """How each form is set, as far as it decides what is asked, kept and handed over."""

    page_title = _("Settings of the forms")
    name = "settings-of-forms"
    right = "actions.delete_signer"
    header_icon = "cog"
    index_url_name = "reports_form_settings"
    index_results_url_name = "reports_form_settings_results"
    columns = [
        NAME,
        *_settings_of("counting", "high_risk", *ASKED, "handed_over", "minimum_age", "retention_days", "legal_hold")(
            Petition
        ),
        Column(
            "to",
            label=_("Recipients"),
            accessor=lambda row: "; ".join(str(one.recipient) for one in row.addressees.all()) or "–",
        ),
    ]

    def get_queryset(self):
        return Petition.objects.prefetch_related("addressees__recipient").order_by("-pk")


class OrganisationsReport(OwnReport):
    """What the organisation has said of itself and of consent, in each language."""

    model = Organisation
    page_title = _("Organisation")
    name = "organisation"
    right = "home.view_organisation"
    header_icon = "home"
    index_url_name = "reports_organisations"
    index_results_url_name = "reports_organisations_results"
    columns = [
        Column("name", label=_("Name"), accessor=str),
        *_settings_of(
            *("controller_name", "controller_email", "controller_address", "officer_name", "officer_email"),
            *("authority_name", "processors", "membership_system", "consent_action", "consent_other"),
        )(Organisation),
    ]

    def get_queryset(self):
        return Organisation.objects.select_related("locale").order_by("pk")


@needs("actions.delete_signer", fresh=False)
def processing_record(request):
    """The record of processing, to read, to print, and as Markdown."""
    sections = processing.record()
    if "file" in request.GET:
        response = HttpResponse(processing.markdown(sections), content_type="text/markdown; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="processing-record.md"'
        return response
    return show(request, "processing", {"sections": sections}, title=_("Record of processing"), icon="doc-full")


REPORTS = [
    (ActionsReport, "reports_actions", "actions", 100),
    (DeliveriesDueReport, "reports_deliveries", "deliveries-due", 110),
    (HeldReport, "reports_held", "held-signatures", 120),
    (ConsentsReport, "reports_consents", "consents", 130),
    (ConsentLedgerReport, "reports_consent_ledger", "consents-one-by-one", 135),
    (RetentionReport, "reports_retention", "retention", 140),
    (WordsReport, "reports_words", "words-of-consent", 160),
    (ExportsReport, "reports_exports", "exports", 170),
    (UsersReport, "reports_users", "users-and-roles", 180),
    (FormSettingsReport, "reports_form_settings", "settings-of-forms", 190),
    (OrganisationsReport, "reports_organisations", "organisation", 200),
]


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
