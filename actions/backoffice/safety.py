"""The “Safety” menu: alarms, limits, shared networks, the data of one person, and the audit trail."""

from collections import OrderedDict

import django_filters
from django import forms
from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from actions.accounts import watch
from actions.accounts.names import Names, all_forms, all_users
from actions.rules.errors import ChangeRefused
from actions.signing import cases, copies, erase, limits, lists
from actions.signing.addresses import signatures_of
from actions.signing.fields import address_field
from actions.signing.keys import KeyLost
from actions.signing.models import Alarm, AllowedNetwork, AuditRecord, RightsCase, SigningRules, TouchedSigner
from actions.signing.opened import TooManyOpened
from actions.signing.own_keys import WrongSecret

from . import named
from .cases import WHO_ASKS, CasesViewSet, url_of
from .guard import needs
from .incidents import IncidentsViewSet
from .lists import ListsViewSet
from .mail_hosts import MailHostsViewSet
from .member_notices import MemberNoticeViewSet
from .menus import item_for
from .one_signature import DOUBT, FindSignatureViewSet
from .period import moment
from .read_only import ReadOnly
from .screens import TEXT_INPUT, WRONG_SECRET, show, too_many


class AlarmIndexView(ReadOnly, IndexView):
    @cached_property
    def header_buttons(self):
        if not self.request.user.has_perm("actions.change_alarm"):
            return []
        return [HeaderButton(label=_("Mark all as seen"), url=reverse("alarm:seen"), icon_name="check")]

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("petition", "seen_by")

    def get_table(self, object_list):
        users = set().union(*(watch.people_in(alarm) for alarm in object_list))
        known = named.Known(self.request.user, users=users, forms={alarm.petition_id for alarm in object_list})
        for alarm in object_list:
            alarm.known = known
        return super().get_table(object_list)


class AlarmViewSet(ModelViewSet):
    model = Alarm
    name = "alarm"
    url_prefix = "alarms"
    icon = "warning"
    menu_label = _("Alarms")
    inspect_view_enabled = False
    copy_view_enabled = False
    index_view_class = AlarmIndexView
    list_filter = ["kind", "petition"]
    list_display = [
        Column("raised_at", label=_("When"), accessor=lambda row: moment(row.raised_at)),
        named.NamedColumn("petition", label=_("Signature form"), told=lambda known, row: known.form(row.petition_id)),
        Column("kind", label=_("What"), accessor="get_kind_display"),
        named.NamedColumn("subject", label=_("Which"), told=lambda known, row: watch.words(row, known.names.user)),
        NumberColumn("number", label=_("Number")),
        Column("seen_at", label=_("Seen"), accessor=lambda row: moment(row.seen_at)),
    ]
    form_fields: list[str] = ["kind"]

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("seen/", mark_seen, name="seen"),
        ]


@needs("actions.change_alarm")
def mark_seen(request):
    """All alarms that are there now have been looked at; asked about first."""
    if request.method == "POST":
        Alarm.objects.filter(seen_at=None).update(seen_at=timezone.now(), seen_by=request.user)
        messages.success(request, _("Noted: everything is looked at."))
        return redirect("alarm:index")
    waiting = {"waiting": Alarm.objects.filter(seen_at=None).count()}
    return show(request, "alarms_seen", waiting, title=_("Mark all as seen"), icon="warning")


class AllowedNetworkViewSet(ModelViewSet):
    model = AllowedNetwork
    name = "network"
    url_prefix = "shared-networks"
    icon = "group"
    menu_label = _("Shared networks")
    copy_view_enabled = False
    list_display = ["what", "network", DateColumn("until", label=_("Until"))]
    edit_handler = ObjectList([FieldPanel("what"), FieldPanel("network"), FieldPanel("until")])


class AuditFilterSet(WagtailFilterSet):
    """By form, user and signature: of deleted ones too, for the trail outlives them."""

    signature_id = django_filters.UUIDFilter(label=_("Signature"))
    petition_id = django_filters.ChoiceFilter(label=_("Signature form"), choices=all_forms)
    actor_id = django_filters.ChoiceFilter(label=_("User"), choices=all_users)
    at = django_filters.DateFromToRangeFilter(label=_("When"), widget=DateRangePickerWidget)

    def filter_queryset(self, queryset):
        """What is about a signature: records of its own, and those of several it is among."""
        signature = self.form.cleaned_data.get("signature_id")
        found = super().filter_queryset(queryset)
        if signature is None:
            return found
        data = {name: value for name, value in self.form.cleaned_data.items() if name != "signature_id"}
        among = queryset.filter(pk__in=TouchedSigner.objects.filter(signature=signature).values("record"))
        for name, value in data.items():
            among = self.filters[name].filter(among, value)
        return (found | among).distinct()

    class Meta:
        model = AuditRecord
        fields = ["verb", "actor", "petition_id", "actor_id", "signature_id", "at"]


class AuditIndexView(ReadOnly, IndexView):
    filterset_class = AuditFilterSet
    export_headings = {
        "who": _("Name"),
        "about": _("About the user (name)"),
        "form": _("Form (name)"),
        "why": _("Why (in words)"),
    }

    def get_table(self, object_list):
        users = {pk for record in object_list for pk in (record.actor_id, record.account_id)}
        known = named.Known(self.request.user, users=users, forms={record.petition_id for record in object_list})
        for record in object_list:
            record.known = known
        return super().get_table(object_list)

    def to_row_dict(self, item):
        """A line of the file: what the record holds, and what that is called."""
        known = {"who": named.who(item, self.names), "why": named.why(item)}
        known["about"] = self.names.user(item.account_id) if item.account_id else ""
        known["form"] = self.names.form(item.petition_id) if item.petition_id else ""
        return OrderedDict((field, known.get(field, getattr(item, field, ""))) for field in self.list_export)

    @cached_property
    def names(self) -> Names:
        """Of everybody and everything the whole trail tells of: staff and forms are few."""
        of = AuditRecord.objects.order_by().distinct()
        users = {*of.values_list("actor_id", flat=True), *of.values_list("account_id", flat=True)}
        return Names(users=users, forms=of.values_list("petition_id", flat=True))


class AuditViewSet(ModelViewSet):
    model = AuditRecord
    name = "audit"
    url_prefix = "audit-trail"
    icon = "history"
    menu_label = _("Audit trail")
    copy_view_enabled = False
    index_view_class = AuditIndexView
    list_per_page = 50
    list_display = [
        Column("at", label=_("When"), accessor=lambda row: moment(row.at)),
        named.NamedColumn(
            "actor",
            label=_("By"),
            told=lambda known, row: known.user(row.actor_id) if row.actor_id else row.get_actor_display(),
        ),
        Column("verb", label=_("What"), accessor="get_verb_display"),
        named.NamedColumn("account_id", label=_("About the user"), told=lambda known, row: known.user(row.account_id)),
        named.NamedColumn("petition_id", label=_("Form"), told=lambda known, row: known.form(row.petition_id)),
        Column("signature_id", label=_("Signature")),
        NumberColumn("number", label=_("How many")),
        Column("purpose", label=_("Why"), accessor=named.why),
    ]
    list_export = [
        *("at", "actor", "actor_id", "who", "verb", "account_id", "about", "petition_id", "form"),
        *("signature_id", "number", "purpose", "why"),
    ]
    export_filename = "audit-trail"
    form_fields: list[str] = ["verb"]

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]


class RulesForm(forms.ModelForm):
    reason = forms.CharField(label=_("Why"), max_length=100, help_text=_("Kept with your name and the time."))

    class Meta:
        model = SigningRules
        fields = [
            "paused",
            "per_ten_minutes",
            "per_hour",
            "new_networks_percent",
            "fastest_seconds",
            "mails_per_hour",
            "held_mails_per_hour",
            "names_per_hour",
            "exports_per_day",
        ]


@needs("actions.change_signingrules")
def change_limits(request):
    """The limits of signing, live; and the pause of all signing."""
    form = RulesForm(request.POST or None, instance=limits.rules())
    if request.method == "POST" and form.is_valid():
        limits.change(form.save(commit=False), by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("In force everywhere within seconds, and recorded."))
        return redirect("limits:edit")
    return show(request, "limits", {"form": form}, title=_("Signing limits"), icon="sliders")


class LimitsViewSet(ViewSet):
    menu_item_class = item_for("actions.change_signingrules")
    name = "limits"
    url_prefix = "signing-limits"
    icon = "sliders"
    menu_label = _("Signing limits")

    def get_urlpatterns(self):
        return [path("", change_limits, name="edit")]


class PersonForm(forms.Form):
    """Whose data, and on whose request."""

    email = address_field()
    purpose = forms.CharField(
        label=_("On whose request"),
        max_length=120,
        widget=forms.TextInput(attrs=TEXT_INPUT),
        help_text=_("Such as the number of the case. Do not write the address or the name here."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Email address")
        self.fields["email"].widget.attrs["class"] = "w-field__input"


@sensitive_post_parameters()
@sensitive_variables()
@needs("actions.delete_signer")
def one_person(request):
    """Everything about one address over all actions: shown, to print too, or saved as JSON. What is done about it is
    done in a case (cases.py)."""
    case = get_object_or_404(RightsCase, pk=request.GET["case"]) if request.GET.get("case", "").isdigit() else None
    if case and not case.is_sure:
        messages.error(request, WHO_ASKS)
        return redirect(url_of(case))
    form = (forms.Form if case else PersonForm)(request.POST if request.method == "POST" else None)
    context = {"form": form, "found": None, "case": case}
    if request.method == "POST" and form.is_valid():
        try:
            shown = "" if "save" in request.POST else get_language() or ""  # the file is for the person
            context["found"] = _held(form, case, by=request.user, language=shown)
            context["listed"] = None if case else lists.listed(form.cleaned_data["email"])
        except ChangeRefused:
            form.add_error(None, DOUBT)
        except WrongSecret:
            form.add_error(None, WRONG_SECRET)
        except KeyLost:
            form.add_error(None, _("A key is missing on this machine. Nothing was changed."))
        except TooManyOpened as refused:
            form.add_error(None, too_many(refused))
        if "save" in request.POST and context["found"] is not None:
            listed = context["listed"]
            return _as_file(context["found"] + ([lists.told(listed)] if listed else []))
    context["readable"] = None if context["found"] is None else [copies.readable(one) for one in context["found"]]
    response = show(request, "person", context, title=_("One person's data"), icon="user")
    if request.method == "POST":
        response["Cache-Control"] = "no-store"
    return response


def _held(form, case: RightsCase | None, **how) -> list[dict]:
    """What is held: of a case, or of an address. Raises ChangeRefused where it is in doubt who asks."""
    if case:
        return cases.everything_of(case, **how)
    given = {"email": form.cleaned_data["email"], "purpose": form.cleaned_data["purpose"]} | how
    if cases.in_doubt(row.pk for row in signatures_of(given["email"])):
        raise ChangeRefused
    return erase.subject_access(**given)


def _as_file(found: list[dict]):
    response = JsonResponse(found, safe=False, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="subject-access.json"'
    response["Cache-Control"] = "no-store"
    return response


class PersonViewSet(ViewSet):
    menu_item_class = item_for("actions.delete_signer")
    name = "person"
    url_prefix = "one-person"
    icon = "user"
    menu_label = _("One person's data")

    def get_urlpatterns(self):
        return [path("", one_person, name="index")]


class SafetyGroup(ViewSetGroup):
    items = (
        AlarmViewSet,
        FindSignatureViewSet,
        MailHostsViewSet,
        ListsViewSet,
        AllowedNetworkViewSet,
        LimitsViewSet,
        PersonViewSet,
        CasesViewSet,
        IncidentsViewSet,
        MemberNoticeViewSet,
    )
    menu_label = _("Safety")
    menu_icon = "lock"
    menu_order = 230
