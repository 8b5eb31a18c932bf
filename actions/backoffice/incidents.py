"""The screens of a breach: the register with its clock, who was affected, and the mail that tells them."""

import csv
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.viewsets.base import ViewSet

from actions.accounts.names import all_users, user_name
from actions.delivery.models import DeliveryPackage
from actions.rules.errors import ChangeRefused
from actions.signing import incidents
from actions.signing.models import Export, Incident

from .guard import needs
from .inputs import LOOKS, MomentInput
from .menus import item_for
from .screens import show

RIGHT = "actions.delete_signer"


class IncidentForm(forms.ModelForm):
    """What happened, and by what those affected are found."""

    export = forms.IntegerField(label=_("Export number"), required=False, min_value=1, widget=forms.NumberInput(LOOKS))
    package = forms.IntegerField(
        label=_("Package number"), required=False, min_value=1, widget=forms.NumberInput(LOOKS)
    )
    user = forms.TypedChoiceField(
        label=_("User"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=lambda: [("", "–"), *all_users()],
        help_text=_("All that this user of staff opened or took. With “from” and “until”, of that time."),
    )

    class Meta:
        model = Incident
        fields = ["what", "noticed_at", "petition", "everybody", "first_at", "last_at"]
        widgets = {"noticed_at": MomentInput, "first_at": MomentInput, "last_at": MomentInput}

    field_order = [
        *("what", "noticed_at", "export", "package", "user", "first_at", "last_at", "petition", "everybody"),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].widget.attrs |= LOOKS

    def clean_noticed_at(self) -> datetime:
        at = self.cleaned_data["noticed_at"]
        if at > timezone.now():
            raise forms.ValidationError(_("This time is still to come."))
        return at

    def clean_export(self) -> Export | None:
        return _known(Export, self.cleaned_data["export"], _("There is no export with this number."))

    def clean_package(self) -> DeliveryPackage | None:
        return _known(DeliveryPackage, self.cleaned_data["package"], _("There is no package with this number."))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        if given.get("everybody") and not given.get("petition"):
            self.add_error("petition", _("Choose whose signers."))
        by = [given.get(name) for name in ("export", "package", "user", "first_at", "last_at", "everybody")]
        if not any(by):
            raise forms.ValidationError(
                _("Say by what those affected are found: a file, a user, a time, or all of a form.")
            )
        return given

    def save(self, commit: bool = False) -> Incident:
        found = super().save(commit=False)
        found.export, found.package = self.cleaned_data["export"], self.cleaned_data["package"]
        found.user_id = self.cleaned_data["user"]
        return found


def _known(model: Any, number: int | None, missing: Any) -> Any:
    row = model.objects.filter(pk=number).first() if number else None
    if number and row is None:
        raise forms.ValidationError(missing)
    return row


class WordsForm(forms.Form):
    """The mail in each language: plain words, as art. 34 asks for them."""

    def __init__(self, words: dict[str, dict[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in settings.LANGUAGES:
            mine, lang = words.get(code, {}), {"lang": code}
            self.fields[f"{code}_subject"] = forms.CharField(
                label=gettext("Subject (%(language)s)") % {"language": gettext(name)},
                max_length=120,
                initial=mine.get("subject", ""),
                widget=forms.TextInput(LOOKS | lang),
            )
            self.fields[f"{code}_body"] = forms.CharField(
                label=gettext("Email (%(language)s)") % {"language": gettext(name)},
                max_length=5000,
                initial=mine.get("body", ""),
                widget=forms.Textarea(LOOKS | lang | {"rows": 10}),
            )

    def words(self) -> dict[str, dict[str, str]]:
        given = self.cleaned_data
        return {
            code: {"subject": " ".join(given[f"{code}_subject"].split()), "body": given[f"{code}_body"]}
            for code, _name in settings.LANGUAGES
        }


@needs(RIGHT)
def incident_list(request: HttpRequest) -> HttpResponse:
    """The register of breaches, and a form to enter one."""
    form = IncidentForm(request.POST or None, initial={"noticed_at": timezone.localtime()})
    if request.method == "POST" and form.is_valid():
        try:
            found = incidents.open_incident(form.save(), by=request.user)
        except ChangeRefused:
            form.add_error(None, _("This file holds nothing about persons, or was never made."))
        else:
            return redirect("incidents:incident", pk=found.pk)
    rows = Incident.objects.select_related("petition")
    return show(request, "incidents", {"form": form, "rows": rows}, title=_("Breaches"), icon="warning")


@needs(RIGHT)
def one_incident(request: HttpRequest, pk: int) -> HttpResponse:
    """One breach: whom it affected, until when the authority must know, and the words to those affected."""
    incident = get_object_or_404(Incident.objects.select_related("petition", "export", "package"), pk=pk)
    form = WordsForm(incident.words, request.POST if "words" in request.POST else None)
    if request.method == "POST" and "authority" in request.POST:
        incidents.told_authority(incident)
        return redirect("incidents:incident", pk=pk)
    if request.method == "POST" and form.is_bound and form.is_valid():
        incident.words = form.words()
        incident.save(update_fields=["words"])
        messages.success(request, gettext("Saved. Read it once more, and send it below."))
        return redirect("incidents:incident", pk=pk)
    forms_found = incidents.by_form(incident)
    context = {
        "incident": incident,
        "user_touched": user_name(incident.user_id) if incident.user_id else "",
        "found": forms_found,
        "number": sum(row["n"] for row in forms_found),
        "words": form,
        "ready": not incidents.missing_words(incident),
        "late": not incident.authority_told_at and incident.authority_by < timezone.now(),
        "asks": "sure" in request.GET,
    }
    title = gettext("Breach %(n)s") % {"n": incident.pk}
    return show(request, "incident", context, title=title, icon="warning")


@require_POST
@needs(RIGHT)
def tell_affected(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to everybody affected."""
    incident = get_object_or_404(Incident, pk=pk)
    try:
        number = incidents.tell(incident, by=request.user)
    except ChangeRefused:
        messages.error(request, gettext("First write the email in every language."))
    else:
        told = ngettext("It goes to %(n)s signer.", "It goes to %(n)s signers.", number)
        messages.success(request, told % {"n": number})
    return redirect("incidents:incident", pk=pk)


@require_POST
@needs(RIGHT)
def affected_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbers of the signatures affected, as a file. Nobody's name is in it."""
    incident = get_object_or_404(Incident, pk=pk)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="breach-{pk}.csv"'
    response["Cache-Control"] = "no-store"
    writer = csv.writer(response)
    writer.writerow(["signature"])
    writer.writerows([str(one)] for one in incidents.ids(incident, by=request.user))
    return response


class IncidentsViewSet(ViewSet):
    menu_item_class = item_for(RIGHT)
    name = "incidents"
    url_prefix = "breaches"
    icon = "warning"
    menu_label = _("Breaches")

    def get_urlpatterns(self):
        return [
            path("", incident_list, name="index"),
            path("<int:pk>/", one_incident, name="incident"),
            path("<int:pk>/tell/", tell_affected, name="tell"),
            path("<int:pk>/file/", affected_file, name="file"),
        ]
