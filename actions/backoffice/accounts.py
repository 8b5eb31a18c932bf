"""The screens of users and groups: Wagtail's, guarded."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.widgets.button import HeaderButton
from wagtail.users.views import groups as wagtail_groups
from wagtail.users.views import users as wagtail_users

from actions.accounts import rights
from actions.accounts.models import ProposedRole

from .account_forms import NewUserForm, UserForm, check_rights, rights_of_forms
from .invitations import invite, invite_again
from .second_factor import ask_again


class Fresh:
    """For views of Wagtail: only a short while after the second factor."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return ask_again(request) or super().dispatch(request, *args, **kwargs)


class Managed:
    """For views of one user: whoever may do more than who asks is closed to him."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not rights.may_manage(request.user, self.get_object()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


def tell_waiting(request: HttpRequest, waiting: list[ProposedRole]) -> None:
    """Say that roles wait for a second person."""
    if waiting:
        told = ngettext(
            "%(n)s role opens signers' data, and waits until another person confirms it under “Proposed roles”.",
            "%(n)s roles open signers' data, and wait until another person confirms them under “Proposed roles”.",
            len(waiting),
        )
        messages.warning(request, told % {"n": len(waiting)})


class UserIndexView(wagtail_users.IndexView):
    """The list of users; it leads to those whom who asks may change."""

    def get_edit_url(self, instance: Any) -> str | None:
        return super().get_edit_url(instance) if rights.may_manage(self.request.user, instance) else None

    def get_delete_url(self, instance: Any) -> str | None:
        return super().get_delete_url(instance) if rights.may_manage(self.request.user, instance) else None


class NewUserView(Fresh, wagtail_users.CreateView):
    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def save_instance(self) -> Any:
        user = super().save_instance()
        invite(user, by=self.request.user)
        return user

    def save_action(self) -> HttpResponse:
        messages.info(self.request, _("An invitation is on its way: a link to choose a password, good for three days."))
        tell_waiting(self.request, self.form.waiting)
        return super().save_action()


class UserView(Managed, Fresh, wagtail_users.EditView):
    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def save_action(self) -> HttpResponse:
        tell_waiting(self.request, self.form.waiting)
        return super().save_action()

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.object.is_active or self.editing_self:
            return []
        url = reverse("wagtailusers_users:invite", args=[self.object.pk])
        return [HeaderButton(label=_("Send a new invitation"), url=url, icon_name="mail")]


class DeleteUserView(Managed, Fresh, wagtail_users.DeleteView):
    pass


class UserViewSet(wagtail_users.UserViewSet):
    index_view_class = UserIndexView
    add_view_class = NewUserView
    edit_view_class = UserView
    delete_view_class = DeleteUserView
    copy_view_enabled = False  # two users share nothing worth copying

    def get_form_class(self, for_update: bool = False) -> type:
        return UserForm if for_update else NewUserForm

    def get_urlpatterns(self) -> list:
        return [*super().get_urlpatterns(), path("invite/<int:pk>/", invite_again, name="invite")]


class Checked:
    """For views that save a group: nobody gives rights that he lacks, or one that takes two to people who are in it."""

    def is_valid(self, form: Any) -> bool:
        if not super().is_valid(form):
            return False
        group = form.instance
        before = rights.of_group(group) if group.pk else rights.Rights()
        try:
            check_rights(
                rights_of_forms(form, self.permission_panel_forms),
                before=before,
                is_used=bool(group.pk) and group.user_set.exists(),
                by=self.request.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
            self.produced_error_message = self.get_error_message()
            return False
        return True


class Given:
    """For views of one group: closed to whoever could not give it, and to who is in it himself."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        group = self.get_object()
        is_own = group.user_set.filter(pk=request.user.pk).exists() and not request.user.is_superuser
        if is_own or not rights.may_give(request.user, group):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class NewGroupView(Fresh, Checked, wagtail_groups.CreateView):
    pass


class GroupView(Given, Fresh, Checked, wagtail_groups.EditView):
    pass


class DeleteGroupView(Given, Fresh, wagtail_groups.DeleteView):
    pass


class GroupViewSet(wagtail_groups.GroupViewSet):
    add_view_class = NewGroupView
    edit_view_class = GroupView
    delete_view_class = DeleteGroupView
