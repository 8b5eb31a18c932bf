"""Forms of the library: of the fields that are not the picture's own table."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from .metadata.pictures import BROKEN
from .metadata.refused import Reason
from .uploads import WORDS

PEOPLE = ("people", "consent")


def saying_so(to_python: Callable) -> Callable:
    """Wagtail's field for pictures fails on some that are cut short before anybody can say so."""

    def checked(data):
        try:
            return to_python(data)
        except BROKEN as error:
            raise ValidationError(WORDS[Reason.DAMAGED]) from error

    return checked


class ImageForm(BaseImageForm):
    people = forms.CharField(
        label=_("Who is on it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For staff alone; visitors never see it."),
    )
    consent = forms.CharField(
        label=_("What they have agreed to"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("When, how and for what; who asked them."),
    )

    class Meta(BaseImageForm.Meta):
        # The title is what staff call it. It is not taken from the name of the file, which is often a person's.
        widgets = BaseImageForm.Meta.widgets | {
            "file": forms.FileInput(),
            "shown_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"].to_python = saying_so(self.fields["file"].to_python)
        told = getattr(self.instance, "people_on_it", None) if self.instance.pk else None
        for name in PEOPLE:
            if name in self.fields and told:
                self.initial.setdefault(name, getattr(told, name))

    def _post_clean(self):
        super()._post_clean()
        if any(name in self.fields for name in PEOPLE):
            # Written down together with the picture, by whichever way the form's picture is saved.
            self.instance.told_of_people = {name: self.cleaned_data.get(name, "") for name in PEOPLE}


class DocumentForm(BaseDocumentForm):
    class Meta(BaseDocumentForm.Meta):
        widgets = BaseDocumentForm.Meta.widgets | {"file": forms.FileInput()}
