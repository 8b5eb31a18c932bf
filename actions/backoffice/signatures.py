"""The signatures of one form: a list to go through, one address to look for, and names for those who may see them."""

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django_countries import countries

from actions.rules.days import end_of, start_of
from actions.signing import audit, reading, register, replica
from actions.signing.fields import address_field
from actions.signing.keys import KeyLost
from actions.signing.models import Petition, Signature
from actions.signing.opened import TooManyOpened
from actions.signing.own_keys import WrongSecret

from .guard import needs
from .inputs import DayInput
from .screens import TEXT_INPUT, WRONG_SECRET, show, too_many

OPEN = "actions.open_signer"


class FilterForm(forms.Form):
    """Which signatures to list. Everything that is filled in must hold."""

    state = forms.ChoiceField(label=_("State"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    first_day = forms.DateField(label=_("Signed from"), required=False, widget=DayInput)
    last_day = forms.DateField(label=_("to and including"), required=False, widget=DayInput)

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        anything = ("", _("any"))
        self.fields["state"].choices = [anything, *Signature.State.choices]
        self.fields["language"].choices = [anything, *settings.LANGUAGES]
        self.fields["country"].choices = [anything, *countries]

    def chosen(self) -> register.Filter:
        """The filter; what is not valid is left out."""
        given = self.cleaned_data if self.is_valid() else {}
        zone = timezone.get_default_timezone()
        first, last = given.get("first_day"), given.get("last_day")
        return register.Filter(
            state=given.get("state", ""),
            language=given.get("language", ""),
            country=given.get("country", ""),
            signed_from=start_of(first, zone) if first else None,
            signed_before=end_of(last, zone) if last else None,
        )


class PurposeForm(forms.Form):
    """What somebody's name is looked at for."""

    purpose = forms.CharField(
        label=_("What for"),
        max_length=120,
        widget=forms.TextInput(attrs=TEXT_INPUT),
        help_text=_("Kept with your name and the time. Do not write anybody's name or address here."),
    )


class SearchForm(PurposeForm):
    email = address_field()
    field_order = ["email", "purpose"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Email address")
        self.fields["email"].widget.attrs["class"] = "w-field__input"


@sensitive_post_parameters()
@sensitive_variables()
@needs("actions.view_signature", also=OPEN)
def signatures(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of the register. A POST looks for one address, or opens the names of the page; each is recorded."""
    petition = get_object_or_404(Petition.objects.select_related("secret"), pk=pk)
    may_open = request.user.has_perm(OPEN)
    if request.method == "POST" and not may_open:
        raise PermissionDenied
    filters = FilterForm(request.GET or None)
    chosen = filters.chosen()
    leaf, (number, exact) = replica.ask(
        lambda: (_leaf(request, petition, chosen), register.about_how_many(chosen.of(petition)))
    )
    context = {
        "filters": filters,
        "rows": leaf.rows,
        "leaf": leaf,
        "number": number,
        "exact": exact,
        "is_filtered": any(request.GET.get(name) for name in filters.fields),
        "query": _kept(request),
        "may_open": may_open,
        "names": None,
        "purpose": PurposeForm(prefix="names"),
        "search": SearchForm(prefix="search"),
        "found": None,
        "searched": False,
    }
    if request.method == "POST" and "search" in request.POST:
        _search(request, petition, context)
    elif request.method == "POST":
        _open(request, petition, context)
    response = show(
        request, "signatures", context, title=_("Signatures"), icon="list-ul", petition=petition, tab="signatures"
    )
    if request.method == "POST":
        response["Cache-Control"] = "no-store"
    return response


def _leaf(request: HttpRequest, petition: Petition, chosen: register.Filter) -> register.Leaf:
    return register.leaf(
        petition,
        chosen,
        older_than=request.GET.get("older", ""),
        newer_than=request.GET.get("newer", ""),
        oldest="oldest" in request.GET,
    )


def _search(request: HttpRequest, petition: Petition, context: dict) -> None:
    form = context["search"] = SearchForm(request.POST, prefix="search")
    if form.is_valid():
        given = form.cleaned_data
        try:
            context["found"] = register.find(
                petition=petition, email=given["email"], by=request.user, purpose=given["purpose"]
            )
        except WrongSecret:
            form.add_error(None, WRONG_SECRET)
        except TooManyOpened as refused:
            form.add_error(None, too_many(refused))
        else:
            context["searched"] = True


def _open(request: HttpRequest, petition: Petition, context: dict) -> None:
    form = context["purpose"] = PurposeForm(request.POST, prefix="names")
    context["names"] = open_names(request, petition, context["rows"], form)


@sensitive_variables()
def open_names(request: HttpRequest, petition: Petition, rows: list[Signature], form: PurposeForm) -> dict | None:
    """The persons behind some signatures, by number, which is recorded; None with an error in the form where it may not
    be. Raises PermissionDenied."""
    if not request.user.has_perm(OPEN):
        raise PermissionDenied
    if not form.is_valid():
        return None
    signers = [row.signer for row in rows if hasattr(row, "signer") and not hasattr(row, "restriction")]
    try:
        return reading.read_many(
            signers=signers,
            petition=petition,
            verb=audit.Verb.OPENED,
            by=request.user,
            purpose=form.cleaned_data["purpose"],
        )
    except KeyLost:
        form.add_error(None, _("A key is missing on this machine. Nothing was changed."))
    except TooManyOpened as refused:
        form.add_error(None, too_many(refused))
    return None


def _kept(request: HttpRequest) -> str:
    """The filter without the place in the list, for links to other places."""
    query = request.GET.copy()
    for name in ("older", "newer", "oldest"):
        query.pop(name, None)
    return query.urlencode()
