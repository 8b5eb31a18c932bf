"""Files of signatures: asked for with a purpose, built by a worker, taken once."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from actions.signing import exporting, files
from actions.signing.exporting import COLUMNS
from actions.signing.models import Export, Petition, Signature, StaffWork

from . import tasks
from .guard import needs
from .screens import show
from .signatures import FilterForm, PurposeForm

RIGHT = "actions.export_signature"


class ExportForm(FilterForm, PurposeForm):
    """Which signatures, which columns, in which format, and what for."""

    use = forms.ChoiceField(
        label=_("Use"),
        choices=Export.Use.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "A file to write to people holds only those who agreed to it. Addresses and telephone numbers are in no "
            "other, but for a claim."
        ),
    )
    format = forms.ChoiceField(
        label=_("Format"),
        choices=[
            (kind.value, kind.label) for kind in (Export.Format.XLSX, Export.Format.CSV, Export.Format.SEMICOLONS)
        ],
        widget=forms.RadioSelect,
        help_text=_(
            "Excel (XLSX) keeps everything as it was typed. A spreadsheet that opens a CSV file takes the zero off a "
            "postcode such as 0150, and shows an apostrophe before +47, which keeps it from being carried out. CSV is "
            "for programs, and for bringing signatures in again."
        ),
    )
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        choices=[(name, column.label) for name, column in COLUMNS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one column.")},
        help_text=_("Take only what you need. Opening the lines about a person is recorded."),
    )
    field_order = ["use", "columns", "state", "language", "country", "first_day", "last_day", "format", "purpose"]

    def clean(self):
        given = super().clean()
        refused = exporting.refused_columns(given.get("use", ""), given.get("columns", []))
        if refused:
            names = ", ".join(str(COLUMNS[name].label) for name in refused)
            self.add_error("columns", gettext("Not for this use: %(columns)s.") % {"columns": names})
        return given

    def criteria(self) -> dict[str, str]:
        chosen = self.chosen()
        given = {name: getattr(chosen, name) for name in ("state", "language", "country")}
        for name in ("signed_from", "signed_before"):
            given[name] = getattr(chosen, name).isoformat() if getattr(chosen, name) else ""
        return {name: value for name, value in given.items() if value}


@needs(RIGHT)
def exports(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a file, and see how far those that were asked for have come."""
    petition = get_object_or_404(Petition, pk=pk)
    start = {
        "use": Export.Use.CHECK,
        "state": Signature.State.COUNTED,
        "format": Export.Format.XLSX,
        "columns": ["signed_at", "language", "country"],
    }
    form = ExportForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        export = exporting.ask(
            petition=petition,
            format=given["format"],
            columns=given["columns"],
            criteria=form.criteria(),
            purpose=given["purpose"],
            use=given["use"],
            by=request.user,
        )
        tasks.build_export.enqueue(export.pk)
        messages.success(request, gettext("The file is being made. You can leave this page meanwhile."))
        return redirect("petition:exports", pk=pk)
    rows = petition.exports.select_related("file", "by")[:20]
    context = {"form": form, "exports": rows, "columns": {name: column.label for name, column in COLUMNS.items()}}
    return show(request, "exports", context, title=_("Export"), icon="download", petition=petition, tab="exports")


@needs(RIGHT, fresh=False)  # a script asks every second
def export_progress(request: HttpRequest, pk: int, export: int) -> JsonResponse:
    """How far a file has come, for the script that moves the bar."""
    return progress_of(get_object_or_404(Export, pk=export, petition=pk))


@require_POST
@needs(RIGHT)
def export_file(request: HttpRequest, pk: int, export: int) -> HttpResponse:
    """Take the file, once."""
    found = get_object_or_404(Export.objects.select_related("file"), pk=export, petition=pk)
    try:
        file, content = exporting.take(found, by=request.user)
    except files.FileGone:
        messages.error(request, gettext("The file was taken before, or its time is over. Ask for it again."))
        return redirect("petition:exports", pk=pk)
    return as_file(file, content)


def progress_of(work: StaffWork) -> JsonResponse:
    answer = JsonResponse({"percent": work.percent, "over": work.is_over, "done": work.done})
    answer["Cache-Control"] = "no-store"
    return answer


def as_file(file, content) -> StreamingHttpResponse:
    """A sealed file as a download that nobody keeps."""
    response = StreamingHttpResponse(content, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Content-Length"] = str(file.size)
    response["Cache-Control"] = "no-store"
    return response
