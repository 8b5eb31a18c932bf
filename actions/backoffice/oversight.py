"""What an officer looks up: consents and their words, exports, users, settings, the organisation, the processing."""

import django_filters
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.utils import get_user_display_name

from actions.accounts import roles
from actions.pages import processing
from actions.signing import consents
from actions.signing.exporting import COLUMNS
from actions.signing.models import Consent, ConsentRecord, ConsentText, Export, Petition
from home.organisation import Organisation

from .guard import needs
from .period import moment
from .petition_forms import ASKED
from .reports import NAME, OwnReport, WordsColumn
from .screens import show


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
        Column("pk", label=pgettext_lazy("identifier", "Number"), accessor=lambda row: row.pk),
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
        Column("email", label=_("Email address"), accessor=lambda row: row.email or "–"),
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


def _settings(model, *names: str) -> list[Column]:
    """Columns that show settings of a form or an organisation, by the labels they have where they are edited."""
    return [
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
        *_settings(
            Petition,
            *("counting", "high_risk", *ASKED, "handed_over", "minimum_age", "retention_days", "legal_hold"),
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
        *_settings(
            Organisation,
            *("controller_name", "controller_email", "controller_address", "officer_name", "officer_email"),
            *("authority_name", "processors", "membership_system", "consent_action", "consent_other"),
        ),
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


LOOKED_UP = [
    (ConsentLedgerReport, "reports_consent_ledger", "consents-one-by-one", 135),
    (WordsReport, "reports_words", "words-of-consent", 160),
    (ExportsReport, "reports_exports", "exports", 170),
    (UsersReport, "reports_users", "users-and-roles", 180),
    (FormSettingsReport, "reports_form_settings", "settings-of-forms", 190),
    (OrganisationsReport, "reports_organisations", "organisation", 200),
]
