"""The screen of mail hosts: which have most held signatures, and the signatures of one host."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from wagtail.admin.viewsets.base import ViewSet

from actions.rules import address
from actions.rules.errors import BadAddress
from actions.signing import mail_hosts
from actions.signing.keys import KeyLost
from actions.signing.models import Petition
from actions.signing.opened import TooManyOpened

from .guard import needs
from .inputs import LOOKS
from .menus import item_for
from .screens import TEXT_INPUT, show, too_many

DECIDE = "actions.add_reviewrule"


class FormChoice(forms.Form):
    """Of which form; of all where none is chosen."""

    petition = forms.ModelChoiceField(
        Petition.objects.order_by("name"), label=_("Signature form"), required=False, empty_label=_("all")
    )


class HostForm(FormChoice):
    """A host, and what its signatures are looked at for."""

    host = forms.CharField(
        label=_("Email domain"),
        max_length=253,
        widget=forms.TextInput(attrs=TEXT_INPUT),
        help_text=_("Such as example.org, with the hosts below it. Of one form all states, of all forms what is held."),
    )
    purpose = forms.CharField(
        label=_("What for"),
        max_length=120,
        widget=forms.TextInput(attrs=LOOKS),
        help_text=_("Kept with your name and the time. Do not write anybody's name or address here."),
    )
    field_order = ["host", "petition", "purpose"]

    def clean_host(self) -> str:
        try:
            address.canonical_host(self.cleaned_data["host"])
        except BadAddress:
            raise forms.ValidationError(_("This is no email domain. Write it like example.org.")) from None
        return self.cleaned_data["host"]


@sensitive_post_parameters()
@sensitive_variables()
@needs(DECIDE)
def hosts(request: HttpRequest) -> HttpResponse:
    """Count the hosts of held signatures, or list the signatures of one. Opening them to look is recorded."""
    counting, searching = "count" in request.POST, "search" in request.POST
    choice = FormChoice(request.POST if counting else None, prefix="count")
    form = HostForm(request.POST if searching else None, prefix="host", initial=request.GET.dict())
    context = {"choice": choice, "form": form, "counted": None, "found": None}
    asked = choice if counting else form
    if request.method == "POST" and asked.is_valid():
        given = asked.cleaned_data
        try:
            if counting:
                context["counted"] = mail_hosts.most_held(by=request.user, petition=given["petition"])
            else:
                context["found"] = mail_hosts.signatures_at(
                    given["host"], by=request.user, purpose=given["purpose"], petition=given["petition"]
                )
        except KeyLost:
            asked.add_error(None, _("A key is missing on this machine. Nothing was changed."))
        except TooManyOpened as refused:
            asked.add_error(None, too_many(refused))
    response = show(request, "mail_hosts", context, title=_("Email hosts"), icon="globe")
    if request.method == "POST":
        response["Cache-Control"] = "no-store"
    return response


class MailHostsViewSet(ViewSet):
    menu_item_class = item_for(DECIDE)
    name = "mail_hosts"
    url_prefix = "mail-hosts"
    icon = "globe"
    menu_label = _("Email hosts")

    def get_urlpatterns(self):
        return [path("", hosts, name="index")]
