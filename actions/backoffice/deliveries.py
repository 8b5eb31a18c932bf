"""Handing over: what waits, a preview, the moment it is frozen, and the package to take along."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.models import Locale

from actions.delivery import package
from actions.delivery.deliver import deliver, preview
from actions.delivery.models import Delivery, DeliveryPackage, Recipient
from actions.delivery.selectors import addressees
from actions.pages.words import words_in_force
from actions.rules.days import end_of
from actions.rules.errors import ChangeRefused
from actions.signing import files
from actions.signing.exporting import COLUMNS
from actions.signing.models import Petition

from . import tasks
from .exports import as_file, progress_of
from .guard import needs
from .inputs import DayInput
from .screens import TEXT_INPUT, show

RIGHT = "actions.add_delivery"


class PackageForm(forms.Form):
    """What the package holds."""

    language = forms.ChoiceField(label=_("Language of the package"))
    columns = forms.MultipleChoiceField(
        label=_("Columns of the list"),
        required=False,
        choices=[(name, COLUMNS[name].label) for name in package.LISTED],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: no list, only the number. Addresses are never handed over."),
    )
    format = forms.ChoiceField(
        label=_("Format of the list"), choices=DeliveryPackage.Format.choices, widget=forms.RadioSelect
    )

    def __init__(self, data=None, *, languages: list[str], **kwargs):
        super().__init__(data, **kwargs)
        names = {locale.language_code: locale.get_display_name() for locale in Locale.objects.all()}
        self.fields["language"].choices = [(code, names.get(code, code)) for code in languages]
        self.initial = {"columns": ["name", "country"], "format": DeliveryPackage.Format.CSV} | self.initial


class DeliveryForm(PackageForm):
    """To whom, when and where, up to which day, and whether earlier sets go along again."""

    recipients = forms.ModelMultipleChoiceField(
        Recipient.objects.none(), label=_("Recipients"), widget=forms.CheckboxSelectMultiple
    )
    delivered_on = forms.DateField(label=_("Day of the hand-over"), widget=DayInput)
    place = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs=TEXT_INPUT),
        help_text=_("Where it happens, such as “the embassy in Oslo”."),
    )
    last_day = forms.DateField(
        label=_("Signed up to and including"),
        required=False,
        widget=DayInput,
        help_text=_("Empty: everything that counts at the moment you freeze it."),
    )
    repeats = forms.ModelMultipleChoiceField(
        Delivery.objects.none(),
        label=_("Hand over again"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Sets that were handed over before. Normally nothing is ticked: nobody is handed over twice."),
    )
    field_order = ["recipients", "delivered_on", "place", "last_day", "repeats", "language", "columns", "format"]

    def __init__(self, data=None, *, petition: Petition, languages: list[str]):
        super().__init__(data, languages=languages)
        self.petition = petition
        source = Locale.get_default()
        self.fields["recipients"].queryset = Recipient.objects.filter(locale=source)
        earlier = petition.deliveries.all()
        self.fields["repeats"].queryset = earlier
        if not earlier.exists():
            del self.fields["repeats"]
        to = [recipient.pk for recipient in addressees(petition, source)]
        self.initial |= {"recipients": to, "delivered_on": timezone.localdate()}

    def clean_delivered_on(self):
        day = self.cleaned_data["delivered_on"]
        if self.petition.opens_at and day < timezone.localtime(self.petition.opens_at).date():
            raise forms.ValidationError(
                _("The form opened after this day. Choose the day the signatures were handed over.")
            )
        return day

    def given(self) -> dict[str, Any]:
        """What the service asks for."""
        last = self.cleaned_data["last_day"]
        return {
            "signed_before": end_of(last, timezone.get_default_timezone()) if last else None,
            "repeats": self.cleaned_data.get("repeats", ()),
        }


@needs("actions.view_delivery", also=RIGHT)
def deliveries(request: HttpRequest, pk: int) -> HttpResponse:
    """The hand-overs of a form; and a new one, looked at before it is frozen."""
    petition = get_object_or_404(Petition, pk=pk)
    may = request.user.has_perm(RIGHT)
    if request.method == "POST" and not may:
        raise PermissionDenied
    words = words_in_force(petition)
    form = DeliveryForm(request.POST or None, petition=petition, languages=list(words))
    looked = None
    if request.method == "POST" and form.is_valid():
        if "freeze" in request.POST:
            try:
                delivery = _freeze(petition, form, words, request.user)
            except ChangeRefused:
                form.add_error(None, _("Nothing waits for a hand-over: all of it was handed over already."))
            else:
                told = ngettext(
                    "%(n)s signature is frozen. The package is being made.",
                    "%(n)s signatures are frozen. The package is being made.",
                    delivery.number,
                )
                messages.success(request, told % {"n": delivery.number})
                return redirect("petition:deliveries", pk=pk)
        else:
            looked = preview(petition=petition, **form.given())
    rows = petition.deliveries.prefetch_related("recipients", "packages__file", "packages__by").order_by("-pk")
    context = {
        "form": form if may and words else None,
        "has_page": bool(words),
        "looked": looked,
        "waiting": preview(petition=petition),
        "deliveries": rows,
        "package_form": PackageForm(languages=list(words)) if may and words else None,
    }
    return show(
        request, "deliveries", context, title=_("Deliveries"), icon="upload", petition=petition, tab="deliveries"
    )


def _freeze(petition: Petition, form: DeliveryForm, words: dict, user) -> Delivery:
    given = form.cleaned_data
    delivery = deliver(
        petition=petition,
        recipients=given["recipients"],
        delivered_on=given["delivered_on"],
        place=given["place"],
        words=words,
        by=user,
        **form.given(),
    )
    _pack(delivery, form, user)
    return delivery


def _pack(delivery: Delivery, form: PackageForm, user) -> None:
    given = form.cleaned_data
    wanted = package.ask(
        delivery=delivery, language=given["language"], format=given["format"], columns=given["columns"], by=user
    )
    tasks.build_package.enqueue(wanted.pk)


@require_POST
@needs(RIGHT)
def pack_again(request: HttpRequest, pk: int, delivery: int) -> HttpResponse:
    """Another package of the same frozen set: another language, other columns, or because the first has expired."""
    found = get_object_or_404(Delivery, pk=delivery, petition=pk)
    form = PackageForm(request.POST, languages=list(found.words or words_in_force(found.petition)))
    if form.is_valid():
        _pack(found, form, request.user)
        messages.success(request, gettext("The package is being made. You can leave this page meanwhile."))
    else:
        messages.error(request, gettext("Choose a language and a format."))
    return redirect("petition:deliveries", pk=pk)


@needs("actions.view_delivery")
def package_progress(request: HttpRequest, pk: int, number: int) -> JsonResponse:
    return progress_of(get_object_or_404(DeliveryPackage, pk=number, delivery__petition=pk))


@require_POST
@needs(RIGHT)
def package_file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Take a package; as often as needed until it expires, each time recorded."""
    found = get_object_or_404(
        DeliveryPackage.objects.select_related("file", "delivery"), pk=number, delivery__petition=pk
    )
    try:
        file, content = package.take(found, by=request.user)
    except files.FileGone:
        messages.error(request, gettext("This package has expired. Make it again; its fingerprint stays the same."))
        return redirect("petition:deliveries", pk=pk)
    return as_file(file, content)
