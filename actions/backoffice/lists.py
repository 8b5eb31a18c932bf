"""The block and allow lists: what stands there, putting something there, and taking it off."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST
from wagtail.admin.viewsets.base import ViewSet

from actions.rules import address
from actions.rules.errors import BadAddress
from actions.signing import lists
from actions.signing.fields import address_field
from actions.signing.models import ListedAddress
from actions.signing.own_keys import WrongSecret

from .guard import needs
from .inputs import LOOKS, MomentInput
from .menus import item_for
from .screens import TEXT_INPUT, WRONG_SECRET, show

RIGHT = "actions.change_listedaddress"
SHOWN = 500


class ListForm(forms.ModelForm):
    """An address or a host for a list. The address is digested, and not kept."""

    email = address_field()
    host = forms.CharField(
        label=_("or host"),
        required=False,
        max_length=253,
        widget=forms.TextInput(attrs=TEXT_INPUT),
        help_text=_("Such as example.org: every address there and at the hosts below it."),
    )
    field_order = ["list", "email", "host", "reason", "until"]

    class Meta:
        model = ListedAddress
        fields = ["list", "reason", "until"]
        widgets = {"list": forms.RadioSelect, "reason": forms.TextInput(attrs=LOOKS), "until": MomentInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["list"].choices = ListedAddress.List.choices
        self.fields["email"].label, self.fields["email"].required = _("Email address"), False
        self.fields["email"].help_text = _("It is kept as a digest, and can be read nowhere afterwards.")
        self.fields["email"].widget.attrs |= LOOKS

    def clean_host(self) -> str:
        if not (host := self.cleaned_data["host"]):
            return ""
        try:
            name = address.canonical_host(host)
        except BadAddress:
            raise forms.ValidationError(_("This is no email domain. Write it like example.org.")) from None
        if name in address.COMMON_HOSTS:
            raise forms.ValidationError(_("So many people have their email there. List single addresses instead."))
        return name

    def clean_reason(self) -> str:
        if "@" in self.cleaned_data["reason"]:
            raise forms.ValidationError(_("Write no address here: it would stay when the person is erased."))
        return self.cleaned_data["reason"]

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until and until <= timezone.now():
            raise forms.ValidationError(_("This time has passed."))
        return until

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and bool(given.get("email")) == bool(given.get("host")):
            raise forms.ValidationError(_("Write an address or a host, one of the two."))
        return given


@sensitive_post_parameters()
@sensitive_variables()
@needs(RIGHT)
def listed(request: HttpRequest) -> HttpResponse:
    """What stands on the lists, and a form to put something there."""
    form = ListForm(request.POST or None, initial={"list": "block", "host": request.GET.get("host", "")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = lists.put(which=given.pop("list"), by=request.user, **given)
        except WrongSecret:
            form.add_error(None, WRONG_SECRET)
        else:
            told = gettext(
                "%(what)s is on the list now. It holds for signatures from now on; what was signed before stays as it "
                "is."
            )
            messages.success(request, told % {"what": made.host or gettext("The address")})
            return redirect("lists:index")
    rows = ListedAddress.objects.select_related("by")[:SHOWN]
    context = {"form": form, "rows": rows, "now": timezone.now()}
    return show(request, "lists", context, title=_("Block and allow lists"), icon="no-view")


@require_POST
@needs(RIGHT)
def take_off(request: HttpRequest, pk: int) -> HttpResponse:
    """It holds no more; what it held stays held until somebody decides."""
    get_object_or_404(ListedAddress, pk=pk).delete()
    messages.success(request, gettext("It is off the list. What was held by it stays held: look under “Review”."))
    return redirect("lists:index")


class ListsViewSet(ViewSet):
    menu_item_class = item_for(RIGHT)
    name = "lists"
    url_prefix = "block-and-allow"
    icon = "no-view"
    menu_label = _("Block and allow lists")

    def get_urlpatterns(self):
        return [path("", listed, name="index"), path("<int:pk>/off/", take_off, name="off")]
