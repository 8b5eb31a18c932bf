"""Opening and closing a signature form: what, why, until when, and what was done before."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.pages.checks import speaks_as_if_open
from actions.rules.errors import ChangeRefused, Forgotten
from actions.signing import life
from actions.signing.models import Petition, PetitionChange

from .guard import needs
from .period import EndFields, clean_end, end_initial
from .screens import show

Verb = PetitionChange.Verb


class ChangeForm(EndFields):
    """Closing, moving the end, pausing: what, why, and until when."""

    FOR_STATE = {
        "scheduled": [Verb.EXTEND, Verb.PAUSE],
        "open": [Verb.CLOSE, Verb.EXTEND, Verb.PAUSE],
    }
    LABELS = {
        Verb.CLOSE: _("Close now"),
        Verb.EXTEND: _("Move the end"),
        Verb.REOPEN: _("Open again"),
        Verb.PAUSE: _("Pause"),
        Verb.RESUME: _("Resume"),
    }

    verb = forms.ChoiceField(label=_("What"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        max_length=250,
        widget=forms.TextInput(attrs={"class": "w-field__input"}),
        help_text=_("Kept with your name and the time."),
    )
    field_order = ["verb", "last_day", "end_time", "reason"]

    def __init__(self, data=None, *, petition: Petition):
        super().__init__(data, initial=end_initial(_offered(petition)))
        verbs = self.FOR_STATE.get(petition.state(timezone.now()), [Verb.REOPEN])
        if petition.paused:
            verbs = [Verb.RESUME if verb is Verb.PAUSE else verb for verb in verbs]
        self.fields["verb"].choices = [(verb, self.LABELS[verb]) for verb in verbs]
        self.fields["last_day"].help_text = _("For “Move the end” and “Open again”. Empty: no end is set.")

    def clean(self):
        cleaned = super().clean()
        cleaned["ends_at"] = clean_end(self)
        return cleaned

    def apply(self, petition: Petition, user) -> None:
        """Call the service of the chosen verb. Raises ChangeRefused."""
        given = {"petition": petition, "by": user, "reason": self.cleaned_data["reason"]}
        verb = Verb(self.cleaned_data["verb"])
        if verb in (Verb.EXTEND, Verb.REOPEN):
            given["ends_at"] = self.cleaned_data["ends_at"]
        services = {
            Verb.CLOSE: life.close_now,
            Verb.EXTEND: life.extend,
            Verb.REOPEN: life.reopen,
            Verb.PAUSE: life.pause,
            Verb.RESUME: life.resume,
        }
        services[verb](**given)


def _offered(petition: Petition) -> datetime | None:
    """The end to begin with: the one that is set, or the one that was before somebody closed the form at once."""
    last = petition.changes.exclude(verb__in=(Verb.PAUSE, Verb.RESUME)).first()
    if last is None or last.verb != Verb.CLOSE:
        return petition.ends_at
    before = last.before["ends_at"]
    return datetime.fromisoformat(before) if before else None


@needs("actions.close_petition")
def change_life(request, pk: int):
    """Close, extend, reopen, pause or resume a petition, with a reason; and the list of what was done before."""
    petition = get_object_or_404(Petition, pk=pk)
    form = ChangeForm(request.POST or None, petition=petition)
    if request.method == "POST" and form.is_valid():
        try:
            form.apply(petition, request.user)
        except Forgotten:
            form.add_error(None, _("Its signers are forgotten and its key is destroyed. Make a new form instead."))
        except ChangeRefused:
            form.add_error(None, _("That cannot be done now. Look at the state above, and at the new end."))
        else:
            messages.success(request, _("It is done, and recorded."))
            return redirect("petition:life", pk=pk)
    pages = petition.action_pages.select_related("locale").order_by("pk")
    context = {
        "form": form,
        "changes": petition.changes.select_related("by"),
        "speaking": [page for page in pages if speaks_as_if_open(page)],
    }
    return show(request, "life", context, title=_("Open and close"), icon="time", petition=petition, tab="life")
