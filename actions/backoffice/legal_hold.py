"""When a form's signers are forgotten, and stopping that while the law asks for it."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _

from actions.delivery.retention import term
from actions.rules.errors import ChangeRefused
from actions.signing.models import Petition
from actions.signing.retention import set_legal_hold

from .guard import needs
from .screens import show


class HoldForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "w-field__input"}),
        help_text=_("Kept with your name and the time."),
    )


@needs("actions.delete_signer")
def legal_hold(request, pk: int):
    """Set or lift the legal hold of a form, with a reason."""
    petition = get_object_or_404(Petition, pk=pk)
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            set_legal_hold(petition=petition, held=not petition.legal_hold, by=request.user, reason=reason)
        except ChangeRefused:
            form.add_error(None, _("Its signers are forgotten already."))
        else:
            messages.success(request, _("It is done, and recorded."))
            return redirect("petition:hold", pk=pk)
    context = {"petition": petition, "form": form, "forget_at": term(petition).at}
    return show(request, "legal_hold", context, title=_("Legal hold"), icon="lock", petition=petition, tab="hold")
