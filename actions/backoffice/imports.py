"""Bringing in signatures that were collected elsewhere: the file, what its columns mean, a trial, the import."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from actions.delivery.retention import SOON, term
from actions.signing import uploads
from actions.signing.importing import CONSENTS, FIELDS, asked, reason_of
from actions.signing.models import Petition, SignatureImport

from . import tasks
from .exports import progress_of
from .guard import needs
from .inputs import DayInput
from .period import moment
from .screens import TEXT_INPUT, show

RIGHT = "actions.add_signatureimport"
# What holds for all rows: fields of the form and of the import.
DECLARED = ("language", "signed_on", *(f"words_{one}" for one in CONSENTS), "consents_recorded", "consents_on")

# Where signers have less left than this, whoever brings more in is warned.
LONG_ENOUGH = timedelta(days=31)

WRONG = {
    "empty": _("The file is empty."),
    "no text": _("This is no CSV file. Save the sheet as CSV (UTF-8) and choose that file."),
    "no table": _("The first line could not be read as a table. Save the sheet as CSV (UTF-8) anew."),
    "no header": _("The first line must name the columns, each with a name of its own."),
    "too large": _("The file is larger than 200 MB. Divide it."),
}
STOPPED = {
    "erased": _("Somebody who signed this form was erased, and may stand in the file: it is deleted. Choose it again."),
    "corrected": _("A signer's name was corrected, and the file may hold the old one: it is deleted. Choose it again."),
    "restricted": _(
        "The use of a signer's data was restricted, and the file may hold them: it is deleted. Choose it again."
    ),
    "forgotten": _("The signers of this form are forgotten, and the file with them."),
    "the file is gone": _("The file is no longer here. Choose it again."),
    "the signers of this form are forgotten": _("The signers of this form are forgotten, so it takes no more."),
    "the form has no opening": _("The form has no first day yet. Give it one first: what is older does not count."),
    "otherwise": _("It stopped. Try again; if it stops again, tell whoever runs the site."),
    "stopped too often": _("It was stopped too often. Tell whoever runs the site."),
}


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"), help_text=_("With the names of the columns in the first line. It is kept encrypted.")
    )
    purpose = forms.CharField(
        label=_("Where the signatures come from"),
        max_length=120,
        widget=forms.TextInput(attrs=TEXT_INPUT),
        help_text=_("Such as “the old petition site, 2019”. Kept with your name and the time."),
    )


def _words(label) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Exactly as the signers read them. Without them no such consent is brought in."),
    )


class MappingForm(forms.Form):
    """What each column of the file means, and what holds for all rows."""

    language = forms.ChoiceField(
        label=_("Language"), choices=lambda: settings.LANGUAGES, help_text=_("Of signers whose row does not say.")
    )
    signed_on = forms.DateField(
        label=_("Day of signing"),
        required=False,
        widget=DayInput,
        help_text=_("Of rows without a date. Empty: such rows are refused."),
    )

    words_contact_action = _words(_("Words: contact about this action"))
    words_contact_other = _words(_("Words: contact about other work"))
    consents_recorded = forms.CharField(
        label=_("Where the consents are recorded"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs=TEXT_INPUT),
        help_text=_("Such as “the paper lists in the archive, box 12”. Needed for each column of consents."),
    )
    consents_on = forms.DateField(
        label=_("Day of the consents"), required=False, widget=DayInput, help_text=_("Empty: given when they signed.")
    )

    def __init__(self, data=None, *, petition: Petition, header: list[str], guess: dict[str, str]):
        super().__init__(data)
        self.petition = petition
        choices = [("", _("leave out")), *FIELDS.items()]
        self.columns = []
        for number, column in enumerate(header):
            name = f"column-{number}"
            self.fields[name] = forms.ChoiceField(
                label=column, choices=choices, required=False, initial=guess.get(column, "")
            )
            self.columns.append((name, column))

    def clean(self):
        cleaned = super().clean()
        chosen = list(self.mapping().values())
        if len(chosen) != len(set(chosen)):
            raise forms.ValidationError(_("Two columns have the same meaning. Leave one of them out."))
        if "email" not in chosen:
            raise forms.ValidationError(_("Say which column holds the email address."))
        if "name" not in chosen and "last_name" not in chosen:
            raise forms.ValidationError(_("Say which column holds the name."))
        if "signed_at" not in chosen and not cleaned.get("signed_on"):
            raise forms.ValidationError(_("Say which column holds the time of signing, or give a day for all."))
        self._check_consents(chosen)
        return cleaned

    def _check_consents(self, chosen: list[str]) -> None:
        """A consent that nobody can prove is none."""
        given = self.cleaned_data
        columns = [consent for consent in CONSENTS if consent in chosen and consent in asked(self.petition)]
        for consent in columns:
            if not given.get(f"words_{consent}"):
                self.add_error(f"words_{consent}", _("Write the words they agreed to, or leave that column out."))
        if columns and not given.get("consents_recorded"):
            self.add_error("consents_recorded", _("Say where the consents are recorded, or leave those columns out."))
        if columns and (found := term(self.petition)).is_due(timezone.now() + SOON):
            told = _(
                "No consents can come in here: the signers of this form are due to be forgotten from %(moment)s, too "
                "soon for anybody to be told of them. Leave those columns out."
            )
            self.add_error(None, told % {"moment": moment(found.at)})

    def clean_signed_on(self):
        return self._past("signed_on")

    def clean_consents_on(self):
        return self._past("consents_on")

    def _past(self, field: str):
        day = self.cleaned_data[field]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def mapping(self) -> dict[str, str]:
        given = self.cleaned_data
        return {column: given[name] for name, column in self.columns if given.get(name)}


@sensitive_post_parameters()
@sensitive_variables()
@needs(RIGHT)
def imports(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a file; and what was imported before."""
    petition = get_object_or_404(Petition, pk=pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        uploaded = form.cleaned_data["file"]
        try:
            file, upload = uploads.keep(uploaded.chunks(), name=uploaded.name)
        except uploads.BadFile as error:
            form.add_error("file", WRONG[str(error)])
        else:
            task = SignatureImport.objects.create(
                petition=petition,
                file=file,
                header=upload.header,
                mapping=upload.guess,
                purpose=form.cleaned_data["purpose"],
                by=request.user,
                expected=file.size,
                progress=SignatureImport.Progress.DONE,
            )
            return redirect("petition:import", pk=pk, task=task.pk)
    context = {"form": form, "imports": petition.imports.select_related("by")[:20]}
    return show(request, "imports", context, title=_("Import"), icon="plus", petition=petition, tab="imports")


@needs(RIGHT)
def import_file(request: HttpRequest, pk: int, task: int) -> HttpResponse:
    """What the columns of a file mean; trying it; doing it; and what came of it."""
    found = get_object_or_404(SignatureImport.objects.select_related("petition", "file"), pk=task, petition=pk)
    form = None
    if found.file is not None and found.is_over:
        form = MappingForm(request.POST or None, petition=found.petition, header=found.header, guess=found.mapping)
        if request.method != "POST":
            form.initial = {field: getattr(found, field) for field in DECLARED}
            form.initial["language"] = found.language or settings.LANGUAGE_CODE
        elif form.is_valid():
            _go(found, form, dry="do" not in request.POST, by=request.user)
            messages.success(
                request,
                gettext("The file is being tried.") if found.dry else gettext("The signatures are being brought in."),
            )
            return redirect("petition:import", pk=pk, task=task)
    tried = found.is_over and found.finished_at is not None
    now, due = timezone.now(), term(found.petition)
    context = {
        "form": form,
        "task": found,
        "tried": tried,
        "can_do": tried and found.dry and found.added and form is not None and not found.failed,
        "left_out": [FIELDS[field] for field in found.left_out.split()],
        "refusals": [(line, reason_of(why)) for line, why in found.report[:100]],
        "forgotten_from": moment(due.at) if due.is_due(now + LONG_ENOUGH) else "",
        "forgotten_at_once": due.is_due(now),
        "stopped": STOPPED.get(found.failed, STOPPED["otherwise"]),
    }
    return show(request, "import", context, title=_("Import"), icon="plus", petition=found.petition, tab="imports")


def _go(task: SignatureImport, form: MappingForm, *, dry: bool, by) -> None:
    task.mapping = form.mapping()
    for field in DECLARED:
        setattr(task, field, form.cleaned_data[field])
    task.dry, task.by = dry, by
    task.progress, task.done, task.tries, task.failed, task.finished_at = "waiting", 0, 0, "", None
    task.touched_at = timezone.now()
    task.save()
    tasks.carry_out_import.enqueue(task.pk)


@needs(RIGHT, fresh=False)  # a script asks every second
def import_progress(request: HttpRequest, pk: int, task: int) -> JsonResponse:
    return progress_of(get_object_or_404(SignatureImport, pk=task, petition=pk))


@require_POST
@needs(RIGHT)
def forget_import(request: HttpRequest, pk: int, task: int) -> HttpResponse:
    """Delete the uploaded file without importing it."""
    found = get_object_or_404(SignatureImport.objects.select_related("file"), pk=task, petition=pk)
    if found.file and found.is_over:
        found.file.delete()
    messages.success(request, gettext("The file is deleted."))
    return redirect("petition:imports", pk=pk)
