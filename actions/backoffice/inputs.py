"""Fields for days and times as browsers have them: Wagtail's own need a script inside the page."""

from django import forms

LOOKS = {"class": "w-field__input"}  # as Wagtail's own forms look


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs=LOOKS, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(attrs=LOOKS, format="%H:%M")


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs=LOOKS, format="%Y-%m-%dT%H:%M")
