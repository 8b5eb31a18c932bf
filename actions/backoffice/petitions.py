"""Signature forms in the admin: making and editing them, choosing them on a page, and changing when they are open."""

from datetime import datetime

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.generic import DeleteView, EditView, IndexView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from actions.delivery.models import Delivery, PetitionRecipient, Recipient
from actions.rules.errors import ChangeRefused
from actions.rules.state import State
from actions.signing import life
from actions.signing.keys import give_keys
from actions.signing.models import Petition, PetitionChange

from .deleting import GuardedDelete
from .period import EndFields, StartFields, clean_end, clean_opening, end_initial, opening_initial

Verb = PetitionChange.Verb
ASKED = ["ask_country", "ask_postcode", "ask_phone", "ask_comment"]


class PetitionForm(WagtailAdminModelForm):
    """Everything about a signature form; when it is open is asked for as days and times."""

    opening_day = StartFields.base_fields["opening_day"]
    opening_time = StartFields.base_fields["opening_time"]
    last_day = EndFields.base_fields["last_day"]
    end_time = EndFields.base_fields["end_time"]
    goal = forms.IntegerField(
        label=_("Goal"),
        required=False,
        min_value=1,
        max_value=100_000_000,
        help_text=Petition._meta.get_field("goal").help_text,
        error_messages={"min_value": _("A goal is at least one signature. Leave it empty to have none.")},
    )

    PERIOD = ("opening_day", "opening_time", "last_day", "end_time")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= opening_initial(self.instance.opens_at) | end_initial(self.instance.ends_at)
        if not self.instance.pk:
            self.initial.setdefault("opening_day", timezone.localdate())
        self.has_opened = bool(self.instance.pk) and self.instance.has_opened(timezone.now())
        if self.has_opened:
            for field in self.PERIOD:
                if field in self.fields:
                    self.fields[field].disabled = True
                    self.fields[field].help_text = _("The form has opened. Change this under “Open and close”.")

    def clean(self):
        cleaned = super().clean()
        if not self.has_opened:
            self.instance.opens_at, self.instance.ends_at = clean_opening(self), clean_end(self)
            self._check_order()
        return cleaned

    def _check_order(self) -> None:
        opens_at, ends_at = self.instance.opens_at, self.instance.ends_at
        if ends_at is None or self.errors:
            return
        if opens_at is None:
            self.add_error("opening_day", _("Choose the first day too, since there is a last one."))
        elif ends_at <= opens_at:
            self.add_error("last_day", _("The form ends before it opens. Choose a later day, or an earlier first day."))

    def save(self, commit=True):
        give_keys(self.instance)
        if self.has_opened and commit:
            # Whoever closes it in this very moment must not be overwritten.
            untouched = {"opens_at", "ends_at", "paused"}
            fields = [f.name for f in Petition._meta.concrete_fields if f.name not in untouched and not f.primary_key]
            self.instance.save(update_fields=fields)
            for formset in self.formsets.values():
                formset.save(commit=False)
            self.instance.addressees.commit()
            return self.instance
        return super().save(commit)


class PetitionCreationForm(PetitionForm):
    """The short form in the chooser on the action page."""

    recipient = forms.ModelChoiceField(
        Recipient.objects.none(),
        label=_("Recipient"),
        required=False,
        help_text=_("To whom the signatures go. More can be added afterwards."),
    )
    field_order = ["name", "recipient", *PetitionForm.PERIOD, "goal", *ASKED]

    class Meta:
        model = Petition
        fields = ["name", "goal", *ASKED]
        formsets: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Written in the default language; every page shows them in its own.
        in_source = Recipient.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
        self.fields["recipient"].queryset = in_source

    def save(self, commit=True):
        petition = super().save(commit)
        if commit and (recipient := self.cleaned_data.get("recipient")):
            PetitionRecipient.objects.create(petition=petition, recipient=recipient, sort_order=0)
        return petition


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
        super().__init__(data, initial=end_initial(petition.ends_at))
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


class PetitionIndexView(IndexView):
    def get_base_queryset(self):
        delivered = Exists(Delivery.objects.filter(petition=OuterRef("pk")))
        return super().get_base_queryset().with_total().annotate(delivered=delivered)


def _state(row: Petition) -> State:
    return row.state(timezone.now(), delivered=row.delivered)


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else "–"


class PetitionEditView(EditView):
    @cached_property
    def header_more_buttons(self):
        url = reverse("petition:life", args=[self.object.pk])
        return [
            *super().header_more_buttons,
            HeaderButton(label=_("Open and close"), url=url, icon_name="time", priority=5),
        ]


class PetitionDeleteView(GuardedDelete, DeleteView):
    """A signed petition is protected: its signatures would go with it."""

    signed_message = _("“%(name)s” has signatures and cannot be deleted. Close it instead: the page stays and thanks.")

    def dispatch(self, request, *args, **kwargs):
        if self.object.signatures.exists():
            return self.refuse(self.signed_message)
        return super().dispatch(request, *args, **kwargs)


class PetitionViewSet(ModelViewSet):
    model = Petition
    name = "petition"
    url_prefix = "signature-forms"
    icon = "form"
    menu_label = _("Signature forms")
    menu_order = 210
    add_to_admin_menu = True
    copy_view_enabled = False
    index_view_class = PetitionIndexView
    edit_view_class = PetitionEditView
    delete_view_class = PetitionDeleteView
    search_fields = ["name"]
    list_display = [
        TitleColumn("name", label=_("Name"), url_name="petition:edit"),
        Column(
            "state", label=_("State"), accessor=lambda row: row.state(timezone.now(), delivered=row.delivered).label
        ),
        NumberColumn("total", label=_("Signatures")),
        Column("opens_at", label=_("Opens"), accessor=lambda row: _moment(row.opens_at)),
        Column("ends_at", label=_("Ends"), accessor=lambda row: _moment(row.ends_at)),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            InlinePanel("addressees", panels=[FieldPanel("recipient")], heading=_("Recipients"), label=_("Recipient")),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("opening_day"), FieldPanel("opening_time")]),
                    FieldRowPanel([FieldPanel("last_day"), FieldPanel("end_time")]),
                ],
                heading=_("When it can be signed"),
            ),
            MultiFieldPanel([FieldPanel("goal"), FieldPanel("hide_total_below")], heading=_("Goal and total")),
            MultiFieldPanel([FieldPanel(field) for field in ASKED], heading=_("Optional fields")),
            FieldPanel("won_on"),
        ],
        base_form_class=PetitionForm,
    )

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("<int:pk>/life/", change_life, name="life")]


class PetitionChooserViewSet(ChooserViewSet):
    model = Petition
    name = "petition_chooser"
    icon = "form"
    choose_one_text = _("Choose or make a signature form")
    choose_another_text = _("Choose another signature form")
    edit_item_text = _("Edit this signature form")
    creation_form_class = PetitionCreationForm
    create_action_label = _("Make it")
    creation_tab_label = _("Make a new one")
    search_tab_label = _("Choose one")


def change_life(request, pk: int):
    """Close, extend, reopen, pause or resume a petition, with a reason; and the list of what was done before."""
    if not request.user.has_perm("actions.change_petition"):
        raise PermissionDenied
    petition = get_object_or_404(Petition, pk=pk)
    form = ChangeForm(request.POST or None, petition=petition)
    if request.method == "POST" and form.is_valid():
        try:
            form.apply(petition, request.user)
        except ChangeRefused:
            form.add_error(None, _("That cannot be done now. Look at the state above, and at the new end."))
        else:
            messages.success(request, _("It is done, and recorded."))
            return redirect("petition:life", pk=pk)
    context = {"petition": petition, "form": form, "changes": petition.changes.select_related("by")}
    return render(request, "actions/backoffice/life.html", context)
