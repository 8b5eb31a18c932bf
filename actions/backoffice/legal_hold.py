"""When a form's signers are forgotten, and stopping that while it has to be: on a ground, and until a day."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from actions.delivery.retention import term
from actions.rules.errors import ChangeRefused
from actions.signing.ends import beginning_in_words
from actions.signing.models import Petition, WaitingErasure
from actions.signing.retention import lift_legal_hold, set_legal_hold, spared

from .guard import needs
from .inputs import DayInput
from .screens import TEXT_INPUT, show


class LiftForm(forms.Form):
    """Why a hold ends."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        widget=forms.TextInput(attrs=TEXT_INPUT),
        help_text=_("Kept with your name and the time. Do not write anybody's name or address here."),
    )


class HoldForm(LiftForm):
    """Why a hold is set, on what ground, and when somebody looks at it again."""

    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=Petition.HoldGround.choices,
        widget=forms.RadioSelect,
        help_text=_("The privacy notice of the action tells it."),
    )
    until = forms.DateField(
        label=_("Look at it again on"),
        widget=DayInput,
        help_text=_("An alarm is raised on that day. The hold itself ends only when somebody lifts it."),
    )
    field_order = ["ground", "reason", "until"]

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return day


@needs("actions.delete_signer")
def legal_hold(request, pk: int):
    """Set or lift the legal hold of a form, with a reason."""
    petition = get_object_or_404(Petition, pk=pk)
    lifting = petition.legal_hold and "keep" not in request.POST
    lift = LiftForm(request.POST or None) if lifting else LiftForm()
    hold = HoldForm(request.POST or None if not lifting else None, auto_id="hold_%s")
    form = lift if lifting else hold
    if request.method == "POST" and form.is_valid():
        try:
            if lifting:
                erased = lift_legal_hold(petition=petition, by=request.user, **form.cleaned_data)
                done = ngettext(
                    "%(n)s erasure had waited, and is done.", "%(n)s erasures had waited, and are done.", erased
                )
                messages.success(request, done % {"n": erased} if erased else _("It is done, and recorded."))
            else:
                set_legal_hold(petition=petition, by=request.user, **form.cleaned_data)
                messages.success(request, _("It is done, and recorded."))
            return redirect("petition:hold", pk=pk)
        except ChangeRefused:
            form.add_error(None, _("Somebody was faster. Look at the page again."))
    context = {
        "petition": petition,
        "lift": lift,
        "hold": hold,
        "forget_on": beginning_in_words(at) if (at := term(petition).at) else "",
        "waiting": WaitingErasure.objects.filter(signature__petition=petition).count(),
        "spared": spared(petition) if not petition.forgotten_at else None,
        "is_over": petition.hold_until and petition.hold_until <= timezone.localdate(),
    }
    return show(request, "legal_hold", context, title=_("Legal hold"), icon="lock", petition=petition, tab="hold")
