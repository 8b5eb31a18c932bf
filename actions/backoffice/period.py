"""Asking staff for days and times, and understanding them as the clock on the wall does."""

from collections.abc import Callable
from datetime import date, datetime, time, tzinfo

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from actions.rules.days import (
    TimeDoesNotExist,
    TimeExistsTwice,
    end_of,
    ends_at_midnight,
    instant,
    last_day,
    start_of,
)

from .inputs import DayInput, TimeInput


class EndFields(forms.Form):
    """The last day, and a time on it where the action does not go on to midnight."""

    last_day = forms.DateField(
        label=_("Last day to sign"),
        required=False,
        widget=DayInput,
        help_text=_("One can sign to the end of this day. Empty: no end is set."),
    )
    end_time = forms.TimeField(
        label=_("Ends at"),
        required=False,
        widget=TimeInput,
        help_text=_("Only if the form closes during the last day. Empty: at midnight."),
    )


class StartFields(forms.Form):
    opening_day = forms.DateField(
        label=_("First day to sign"),
        required=False,
        widget=DayInput,
        help_text=_("Empty: the form is a draft and cannot be signed."),
    )
    opening_time = forms.TimeField(
        label=_("Opens at"), required=False, widget=TimeInput, help_text=_("Empty: at the beginning of the day.")
    )


def clean_end(form: forms.BaseForm) -> datetime | None:
    """The end (exclusive, UTC) that `last_day` and `end_time` mean; faults become errors at the field."""
    return _clean(form, "last_day", "end_time", whole_day=end_of)


def clean_opening(form: forms.BaseForm) -> datetime | None:
    """The opening (UTC) that `opening_day` and `opening_time` mean; faults become errors at the field."""
    return _clean(form, "opening_day", "opening_time", whole_day=start_of)


def end_initial(ends_at: datetime | None) -> dict[str, date | time | None]:
    """What the two fields show for an end."""
    if ends_at is None:
        return {}
    zone = _zone()
    at = None if ends_at_midnight(ends_at, zone) else ends_at.astimezone(zone).time()
    return {"last_day": last_day(ends_at, zone), "end_time": at}


def opening_initial(opens_at: datetime | None) -> dict[str, date | time | None]:
    if opens_at is None:
        return {}
    local = opens_at.astimezone(_zone())
    return {"opening_day": local.date(), "opening_time": local.time() or None}


def moment(at: datetime | None) -> str:
    """An instant as staff read it, in the organisation's time."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else "–"


def _clean(
    form: forms.BaseForm, day_field: str, time_field: str, *, whole_day: Callable[[date, tzinfo], datetime]
) -> datetime | None:
    """The instant of a day with its time, or what `whole_day` makes of a day without one."""
    day, at = form.cleaned_data.get(day_field), form.cleaned_data.get(time_field)
    if day is None:
        if at is not None:
            form.add_error(day_field, _("Choose the day as well."))
        return None
    return whole_day(day, _zone()) if at is None else _instant(form, time_field, day, at)


def _zone():
    return timezone.get_default_timezone()


def _instant(form: forms.BaseForm, field: str, day: date, at: time) -> datetime | None:
    try:
        return instant(day, at, _zone())
    except TimeDoesNotExist:
        message = _("The clock is put forward that night, and this time is skipped. Choose a time before or after.")
    except TimeExistsTwice:
        message = _("The clock is put back that night, and this time comes twice. Choose a time before or after.")
    form.add_error(field, message)
    return None
