"""The forms in which staff make and edit a signature form."""

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.utils import get_user_display_name

from actions.delivery.models import PetitionRecipient, Recipient
from actions.rules.hand_over import NUMBER, columns, outside_eea
from actions.signing.keys import give_keys
from actions.signing.models import Petition, Signer

from .period import EndFields, StartFields, clean_end, clean_opening, end_initial, opening_initial

ASKED = ["ask_country", "ask_postcode", "ask_phone", "ask_comment"]
USUAL_AGE, GROWN_UP = 15, 18  # why so: the help text of the field
SAFETY = ["counting", "minimum_age", "show_names", "look_at_names", "high_risk", "retention_days", "responsible"]


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
        if "responsible" in self.fields:
            self.fields["responsible"].label_from_instance = get_user_display_name
        if not self.instance.pk:
            self.initial.setdefault("opening_day", timezone.localdate())
            self.initial.setdefault("responsible", getattr(self.for_user, "pk", None))
            self.initial["minimum_age"] = USUAL_AGE
        self.has_opened = bool(self.instance.pk) and self.instance.has_opened(timezone.now())
        self.high_risk_stays = self.instance.high_risk and (self.has_opened or self.instance.signatures.exists())
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
        self._check_risk()
        if "handed_over" in self.fields:
            self._check_hand_over()
        return cleaned

    def clean_retention_days(self):
        """Who has signed was told how long the data is kept: not longer than that."""
        days = self.cleaned_data["retention_days"]
        told = Petition.objects.filter(pk=self.instance.pk).values_list("retention_days", flat=True).first()
        if told is not None and days > told and Signer.objects.filter(signature__petition=self.instance.pk).exists():
            message = _("People have signed who were told %(n)s days. It can be made shorter, not longer.")
            raise forms.ValidationError(message % {"n": told})
        return days

    def _check_hand_over(self) -> None:
        """A list of names asks for its fields, for recipients whose country is known, and for grown-ups where it may be
        dangerous."""
        cleaned = self.cleaned_data
        level = cleaned.get("handed_over", NUMBER)
        if level == NUMBER:
            return
        if cleaned.get("high_risk") and level != Petition.HandedOver.NAME:
            self.add_error(
                "handed_over", _("High-risk mode asks for name and email only. Choose the number or the name.")
            )
        elif "country" in columns(level):
            cleaned["ask_country"] = True
        to = self._recipients()
        if not to:
            self.add_error("handed_over", _("Choose to whom first: signers are told who gets their names."))
        for recipient in to:
            if not recipient.country:
                message = _(
                    "“%(name)s” has no country yet, and signers are told which state can read their names. "
                    "Write it under “Records”, or choose the number only."
                )
                self.add_error("handed_over", forms.ValidationError(message, params={"name": recipient}))
        far = outside_eea(str(recipient.country) for recipient in to)
        if (far or cleaned.get("high_risk")) and (cleaned.get("minimum_age") or 0) < GROWN_UP:
            message = _("Names go where they may be dangerous to have given. Choose 18, or hand over the number only.")
            self.add_error("minimum_age", message)

    def _recipients(self) -> list[Recipient]:
        """Those that are chosen in the form as it was sent."""
        formset = self.formsets["addressees"]
        formset.is_valid()
        rows = (getattr(form, "cleaned_data", {}) for form in formset.forms)
        return [row["recipient"] for row in rows if row.get("recipient") and not row.get("DELETE")]

    def _check_risk(self) -> None:
        """What high-risk mode forbids gets a sentence, before the database refuses it; what it asks for is set."""
        cleaned = self.cleaned_data
        if not cleaned.get("high_risk"):
            if self.high_risk_stays and "high_risk" in self.fields:
                self.refuse_ordinary()
            return
        cleaned["counting"] = Petition.Counting.CONFIRMED  # so that nobody signs for somebody else
        for field in [*ASKED, "show_names"]:
            if cleaned.get(field):
                self.add_error(field, _("High-risk mode asks for name and email only. Untick this."))

    def refuse_ordinary(self) -> None:
        """Say why high-risk mode stays."""
        self.add_error(
            "high_risk",
            _(
                "Those who have the form open, and those who have signed, were promised that no email names the "
                "action. It cannot be switched off. Close this form and make a new one instead."
            ),
        )

    def _check_order(self) -> None:
        opens_at, ends_at = self.instance.opens_at, self.instance.ends_at
        if ends_at is None or self.errors:
            return
        if opens_at is None:
            self.add_error("opening_day", _("Choose the first day too, since there is a last one."))
        elif ends_at <= opens_at:
            self.add_error("last_day", _("The form ends before it opens. Choose a later day, or an earlier first day."))

    def save(self, commit=True):
        with transaction.atomic():
            saved = self._save(commit)
            if commit:
                give_keys(saved)
        return saved

    def _save(self, commit):
        if self.has_opened and commit:
            # Whoever closes it in this very moment must not be overwritten, nor who destroys its keys.
            untouched = {"opens_at", "ends_at", "paused", "legal_hold", "forgotten_at", "public_key", "digest_salt"}
            fields = [f.name for f in Petition._meta.concrete_fields if f.name not in untouched and not f.primary_key]
            self.instance.save(update_fields=fields)
            for formset in self.formsets.values():
                formset.save(commit=False)
            self.instance.addressees.commit()
            self.save_cluster_m2m()
            self.instance.tagged_items.commit()
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
        self.instance.minimum_age = USUAL_AGE
        in_source = Recipient.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
        self.fields["recipient"].queryset = in_source

    def save(self, commit=True):
        petition = super().save(commit)
        if commit and (recipient := self.cleaned_data.get("recipient")):
            PetitionRecipient.objects.create(petition=petition, recipient=recipient, sort_order=0)
        return petition
