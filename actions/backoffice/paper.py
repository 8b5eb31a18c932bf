"""Signatures on paper: entering how many, the second person's confirmation, corrections, and the sheet to print."""

from datetime import date

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from actions.delivery import paper
from actions.delivery.models import PaperBatch
from actions.pages.sheet import sheet_pdf
from actions.rules.days import last_day
from actions.rules.errors import ChangeRefused
from actions.rules.pdf import NoTypeface
from actions.signing import counting
from actions.signing.models import Petition

from .guard import needs
from .inputs import DayInput
from .screens import TEXT_INPUT, show

MOST = 1_000_000


class BatchForm(forms.Form):
    """One batch of sheets. A number in words on the sheet is not asked for; a second person counts again instead."""

    place = forms.CharField(
        label=_("Place"),
        max_length=120,
        widget=forms.TextInput(attrs=TEXT_INPUT),
        help_text=_("Where they were collected: “Stand in Tromsø”."),
    )
    collected_on = forms.DateField(
        label=_("Day"), widget=DayInput, help_text=_("The day they were collected, or the last of several.")
    )
    number = forms.IntegerField(label=_("Number of signatures"), min_value=1, max_value=MOST)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs=TEXT_INPUT),
        help_text=_("Where the sheets lie, for example. No names."),
    )

    def __init__(self, data=None, *, petition: Petition):
        super().__init__(data)
        self.petition = petition

    def clean_collected_on(self) -> date:
        day = self.cleaned_data["collected_on"]
        zone = timezone.get_default_timezone()
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        if self.petition.opens_at and day < self.petition.opens_at.astimezone(zone).date():
            raise forms.ValidationError(_("The action had not begun on this day."))
        if self.petition.ends_at and day > last_day(self.petition.ends_at, zone):
            raise forms.ValidationError(
                _("The action was over on this day. What was signed afterwards does not count.")
            )
        return day


class CorrectionForm(forms.Form):
    right_number = forms.IntegerField(label=_("Right number"), min_value=0, max_value=MOST)
    note = forms.CharField(label=_("Why"), max_length=200, widget=forms.TextInput(attrs=TEXT_INPUT))


@needs("actions.view_paperbatch")
def batches(request: HttpRequest, pk: int) -> HttpResponse:
    """All batches of a form, and a new one."""
    petition = get_object_or_404(Petition, pk=pk)
    may_enter = request.user.has_perm("actions.add_paperbatch")
    if request.method == "POST" and not may_enter:
        raise PermissionDenied
    form = BatchForm(request.POST or None, petition=petition)
    if request.method == "POST" and form.is_valid():
        paper.enter(petition=petition, by=request.user, **form.cleaned_data)
        messages.success(request, gettext("Entered. It counts when a second person has confirmed it."))
        return redirect("petition:paper", pk=pk)
    rows = petition.paper_batches.select_related("entered_by", "confirmed_by", "corrects")
    context = {
        "form": form if may_enter else None,
        "batches": [_with_rights(batch, request.user) for batch in rows[:200]],
        "paper": counting.paper(petition),
        "total": counting.total(petition),
        "online": counting.total(petition) - counting.paper(petition),
        "pages": petition.action_pages.select_related("locale").order_by("pk"),
    }
    return show(request, "paper", context, title=_("On paper"), icon="doc-full", petition=petition, tab="paper")


def _with_rights(batch: PaperBatch, user) -> PaperBatch:
    """What this user may do with this batch, for the buttons."""
    waits = not batch.confirmed_at and not batch.refused_at
    may_confirm = user.has_perm("actions.confirm_paperbatch")
    batch.can_confirm = waits and may_confirm and batch.entered_by_id not in (None, user.pk)
    batch.can_refuse = waits and (may_confirm or batch.entered_by_id == user.pk)
    batch.can_correct = bool(batch.confirmed_at and not batch.corrects_id and user.has_perm("actions.add_paperbatch"))
    batch.counts = paper.effective(batch) if batch.can_correct else None
    return batch


@require_POST
@needs("actions.view_paperbatch", also="actions.confirm_paperbatch")
def decide(request: HttpRequest, pk: int, batch: int) -> HttpResponse:
    """Confirm a batch as the second person, or refuse it."""
    found = get_object_or_404(PaperBatch, pk=batch, petition=pk)
    may_confirm = request.user.has_perm("actions.confirm_paperbatch")
    if not may_confirm and ("confirm" in request.POST or found.entered_by_id != request.user.pk):
        raise PermissionDenied
    try:
        if "confirm" in request.POST:
            paper.confirm(batch=found, by=request.user)
            messages.success(request, gettext("Confirmed, and counted."))
        else:
            paper.refuse(batch=found, by=request.user)
            messages.success(request, gettext("It does not count. The entry stays in the list."))
    except paper.SamePerson:
        messages.error(request, gettext("You entered it yourself. Somebody else must count the sheets and confirm."))
    except paper.AlreadyDone:
        messages.error(request, gettext("Somebody has decided about it already."))
    return redirect("petition:paper", pk=pk)


@needs("actions.add_paperbatch")
def correct(request: HttpRequest, pk: int, batch: int) -> HttpResponse:
    """Enter that a confirmed batch had another number."""
    found = get_object_or_404(PaperBatch.objects.select_related("petition"), pk=batch, petition=pk, corrects=None)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            paper.correct(batch=found, by=request.user, **form.cleaned_data)
        except ChangeRefused:
            form.add_error(None, _("That is the number already, or a correction waits for its confirmation."))
        else:
            messages.success(request, gettext("Entered. It counts when a second person has confirmed it."))
            return redirect("petition:paper", pk=pk)
    context = {"form": form, "batch": found, "counts": paper.effective(found)}
    return show(
        request, "paper_correct", context, title=_("Correct"), icon="doc-full", petition=found.petition, tab="paper"
    )


@needs("actions.view_petition")
def sheet(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    """The signing sheet of an action in the language of one of its pages, to print."""
    petition = get_object_or_404(Petition, pk=pk)
    found = petition.action_pages.filter(pk=page).select_related("locale").first()
    if found is None:
        raise Http404
    try:
        pdf = sheet_pdf(found)
    except NoTypeface as error:
        messages.error(
            request,
            gettext(
                "The sheet cannot be printed: no typeface shows “%(text)s”. Take it out of the page or the recipients."
            )
            % {"text": error.text},
        )
        return redirect("petition:paper", pk=pk)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.slug}-{found.locale.language_code}.pdf"'
    return response
