"""Forms of users and groups: nobody gives what he has not, nor himself more, and nobody sets another's password."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.users.forms import UserCreationForm, UserEditForm

from actions.accounts import rights, roles


class GuardedUser(forms.ModelForm):
    """What the two forms of a user share. `by` is who fills it in."""

    def __init__(self, *args, by: Any, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.given = by, roles.Given([], [])
        self.was_superuser = self.instance.is_superuser
        fields = self.fields
        fields["username"].help_text = self._meta.model._meta.get_field("username").help_text
        fields["groups"].label = gettext_lazy("Roles")
        fields["groups"].help_text = gettext_lazy(
            "Those whose rights you have. A role that opens signers' data waits until another person confirms it."
        )
        fields["groups"].queryset = rights.groups_to_give(by)
        fields["groups"].label_from_instance = roles.label
        fields["groups"].disabled = by == self.instance
        if "is_superuser" in fields:
            fields["is_superuser"].label = gettext_lazy("Superuser")
            fields["is_superuser"].disabled = not by.is_superuser

    def save(self, commit: bool = True) -> Any:
        """Save the user; roles are given apart, since some wait for a second person."""
        wanted = set(self.cleaned_data.pop("groups"))
        becomes_superuser = self.instance.is_superuser and not self.was_superuser
        self.instance.is_superuser = self.instance.is_superuser and self.was_superuser
        is_new = self.instance.pk is None
        if is_new:
            self.instance.set_password(get_random_string(40))  # known to nobody; the invitation leads to another
        user = super().save()
        had = set(user.groups.all())
        user.groups.remove(*(had - wanted))
        given = sorted(wanted - had, key=lambda group: group.name)
        self.given = roles.give(
            user=user, groups=[*given, *([roles.SUPERUSER] if becomes_superuser else [])], by=self.by
        )
        if not is_new and "email" in self.changed_data:
            roles.withdraw(user=user, by=self.by)
        return user


class NewUserForm(GuardedUser, UserCreationForm):
    pass


class UserForm(GuardedUser, UserEditForm):
    pass


def check_rights(given: rights.Rights, *, before: rights.Rights, is_used: bool, by: Any) -> None:
    """ValidationError where `by` may not make a group that had the rights `before` have those `given`.

    `is_used`: somebody is in the group, and would get them without a second person.
    """
    if not rights.of_user(by).cover(given):
        raise ValidationError(_("You cannot give rights that you do not have yourself."))
    more = (given.permissions - before.permissions) & rights.OPENS_SIGNERS
    if is_used and more:
        raise ValidationError(
            _(
                "There are people in this group, and a right that opens signers' data is given by two persons. Make a "
                "new group for it, and put people into that one."
            )
        )


def rights_of_forms(form: forms.ModelForm, panels: Iterable[forms.BaseFormSet]) -> rights.Rights:
    """What a group would have: the ticked rights, and those on pages and collections in the panels below."""
    places: dict[str, set[tuple[str, str]]] = {"page": set(), "collection": set()}
    for panel in panels:
        for line in panel.forms:
            if line in panel.deleted_forms:
                continue
            for kind, found in places.items():
                if kind in line.cleaned_data:
                    path = line.cleaned_data[kind].path
                    found.update((path, permission.codename) for permission in line.cleaned_data["permissions"])
    return rights.Rights(
        permissions=rights.of_permissions(form.cleaned_data["permissions"]),
        pages=frozenset(places["page"]),
        collections=frozenset(places["collection"]),
    )
