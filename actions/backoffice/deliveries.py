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
from actions.delivery.deliver import allow, deliver, preview
from actions.delivery.models import Delivery, DeliveryPackage, Recipient
from actions.delivery.selectors import may_receive, written
from actions.pages.words import words_in_force
from actions.rules.days import end_of
from actions.rules.errors import ChangeRefused
from actions.rules.hand_over import NUMBER
from actions.signing import files
from actions.signing.models import Petition

from . import tasks
from .exports import as_file, progress_of
from .guard import needs
from .inputs import DayInput
from .screens import TEXT_INPUT, show

RIGHT = "actions.add_delivery"
DECIDE = "actions.decide_allowedrecipient"


class PackageForm(forms.Form):
    """What the package holds."""

    language = forms.ChoiceField(label=_("Language of the package"))
    level = forms.ChoiceField(
        label=_("What is handed over"),
        choices=Petition.HandedOver.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "No more than signers were told when they signed. Who was told less, or ticked nothing, is counted and not "
            "listed. Addresses are never handed over."
        ),
        error_messages={"invalid_choice": _("Signers were not told that so much is handed over. Choose less.")},
    )
    format = forms.ChoiceField(
        label=_("Format of the list"), choices=DeliveryPackage.Format.choices, widget=forms.RadioSelect
    )

    def __init__(self, data=None, *, languages: list[str], levels: list[str], **kwargs):
        super().__init__(data, **kwargs)
        self.fields["level"].choices = [(level, Petition.HandedOver(level).label) for level in levels]
        names = {locale.language_code: locale.get_display_name() for locale in Locale.objects.all()}
        self.fields["language"].choices = [(code, names.get(code, code)) for code in languages]
        self.initial = {"level": levels[-1], "format": DeliveryPackage.Format.CSV} | self.initial


class DeliveryForm(PackageForm):
    """To whom, when and where, up to which day, and whether earlier sets go along again."""

    recipients = forms.ModelMultipleChoiceField(
        Recipient.objects.none(),
        label=_("Recipients"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Those the form names. Somebody else gets the number alone, and only once whoever answers for the "
            "protection of data has said so."
        ),
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
    field_order = ["recipients", "delivered_on", "place", "last_day", "repeats", "language", "level", "format"]

    def __init__(self, data=None, *, petition: Petition, languages: list[str]):
        super().__init__(data, languages=languages, levels=package.levels_told(petition))
        self.petition = petition
        self.fields["recipients"].queryset = may_receive(petition)
        earlier = petition.deliveries.all()
        self.fields["repeats"].queryset = earlier
        if not earlier.exists():
            del self.fields["repeats"]
        to = [recipient.pk for recipient in written(petition)]
        self.initial |= {"recipients": to, "delivered_on": timezone.localdate()}

    def clean_delivered_on(self):
        day = self.cleaned_data["delivered_on"]
        if self.petition.opens_at and day < timezone.localtime(self.petition.opens_at).date():
            raise forms.ValidationError(
                _("The form opened after this day. Choose the day the signatures were handed over.")
            )
        return day

    def clean(self):
        """A list goes to nobody but those its signers were told of."""
        cleaned = super().clean()
        to, level = cleaned.get("recipients"), cleaned.get("level")
        if to and level and level not in package.levels_for(self.petition, to):
            message = _(
                "Signers were not told that all of these get a list that holds so much. Choose the number only, or "
                "only recipients that stood on the form when people signed."
            )
            self.add_error("level", message)
        return cleaned

    def given(self) -> dict[str, Any]:
        """What the service asks for."""
        last = self.cleaned_data["last_day"]
        return {
            "signed_before": end_of(last, timezone.get_default_timezone()) if last else None,
            "repeats": self.cleaned_data.get("repeats", ()),
        }


class FurtherForm(forms.Form):
    """Somebody signers were not told of, and why the number may go there."""

    recipient = forms.ModelChoiceField(Recipient.objects.none(), label=_("Recipient"))
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        widget=forms.TextInput(attrs=TEXT_INPUT),
        help_text=_("Kept with your name and the time."),
    )

    def __init__(self, data=None, *, petition: Petition):
        super().__init__(data)
        others = Recipient.objects.filter(locale=Locale.get_default()).exclude(
            pk__in=may_receive(petition).values("pk")
        )
        self.fields["recipient"].queryset = others


@needs("actions.view_delivery", also=RIGHT)
def deliveries(request: HttpRequest, pk: int) -> HttpResponse:
    """The hand-overs of a form; and a new one, looked at before it is frozen."""
    return _deliveries(request, get_object_or_404(Petition, pk=pk))


@require_POST
@needs(DECIDE)
def allow_recipient(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the number of a form's signatures go to somebody its signers were not told of; said once, with a reason."""
    petition = get_object_or_404(Petition, pk=pk)
    form = FurtherForm(request.POST, petition=petition)
    if not form.is_valid():
        return _deliveries(request, petition, further_form=form)
    given = form.cleaned_data
    allow(petition=petition, recipient=given["recipient"], reason=given["reason"], by=request.user)
    messages.success(request, gettext("It is done, and recorded."))
    return redirect("petition:deliveries", pk=pk)


def _deliveries(request: HttpRequest, petition: Petition, further_form: FurtherForm | None = None) -> HttpResponse:
    may = request.user.has_perm(RIGHT)
    if request.method == "POST" and not may and further_form is None:
        raise PermissionDenied
    words = words_in_force(petition)
    sent = request.method == "POST" and further_form is None
    form = DeliveryForm(request.POST if sent else None, petition=petition, languages=list(words))
    looked, by_name, waiting_names = None, 0, 0
    if sent and form.is_valid():
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
                return redirect("petition:deliveries", pk=petition.pk)
        else:
            looked = preview(petition=petition, **form.given())
            level, to = form.cleaned_data["level"], form.cleaned_data["recipients"]
            if level != NUMBER:
                by_name = package.would_list(petition, to, **form.given())
                waiting_names = package.waiting_names(petition, to, **form.given())
    rows = list(petition.deliveries.prefetch_related("recipients", "packages__file", "packages__by").order_by("-pk"))
    for row in rows:  # each may be packed for what its own recipients were told to get
        row.package_form = PackageForm(languages=list(words), levels=package.levels(row)) if may and words else None
    context = {
        "form": form if may and words else None,
        "has_page": bool(words),
        "looked": looked,
        "waiting": preview(petition=petition),
        "deliveries": rows,
        "by_name": by_name,
        "waiting_names": waiting_names,
        "further": petition.allowed_recipients.select_related("recipient", "by"),
        "further_form": further_form or FurtherForm(petition=petition) if request.user.has_perm(DECIDE) else None,
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
        delivery=delivery, language=given["language"], format=given["format"], level=given["level"], by=user
    )
    tasks.build_package.enqueue(wanted.pk)


@require_POST
@needs(RIGHT)
def pack_again(request: HttpRequest, pk: int, delivery: int) -> HttpResponse:
    """Another package of the same frozen set: another language, less on its list, or because the first has expired."""
    found = get_object_or_404(Delivery, pk=delivery, petition=pk)
    languages = list(found.words or words_in_force(found.petition))
    form = PackageForm(request.POST, languages=languages, levels=package.levels(found))
    if form.is_valid():
        _pack(found, form, request.user)
        messages.success(request, gettext("The package is being made. You can leave this page meanwhile."))
    else:
        told_wrong = form.errors.get("level", [gettext("Choose a language and a format.")])
        messages.error(request, " ".join(told_wrong))
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
