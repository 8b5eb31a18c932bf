"""The screens of users and groups: Wagtail's, guarded."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.users.views import groups as wagtail_groups
from wagtail.users.views import users as wagtail_users

from actions.accounts import rights, roles

from . import role_mails
from .account_forms import NewUserForm, UserForm, check_rights, rights_of_forms
from .invitations import invite, invite_again
from .second_factor import ask_again, factors


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


def tell_given(request: HttpRequest, given: roles.Given) -> None:
    """Say which roles wait for a second person, and which one person's word was enough for; whoever may confirm what
    waits gets a mail at once."""
    if given.waiting:
        told = ngettext(
            "%(n)s role opens signers' data, and waits until another person confirms it under “Proposed roles”.",
            "%(n)s roles open signers' data, and wait until another person confirms them under “Proposed roles”.",
            len(given.waiting),
        )
        messages.warning(request, told % {"n": len(given.waiting)})
        role_mails.ask_to_decide.enqueue([proposal.pk for proposal in given.waiting])
    if given.alone:
        told = _(
            "%(roles)s: held at once, since there is nobody else who could confirm. The trail and an email tell of it."
        )
        messages.warning(request, told % {"roles": ", ".join(dict.fromkeys(given.alone))})


class RoleFilterSet(wagtail_users.UserFilterSet):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.filters["is_superuser"].label = gettext_lazy("Superuser")
        self.filters["group"].label = gettext_lazy("Role")
        self.filters["group"].field.label_from_instance = roles.label


def _roles_of(user: Any) -> str:
    named = [roles.label(group) for group in user.groups.all()]
    return ", ".join([*([roles.label(roles.SUPERUSER)] if user.is_superuser else []), *named]) or "–"


def _how_far(user: Any) -> str:
    """How far somebody has come on the way in."""
    if user.last_login is None:
        return _("invited, not logged in yet")
    return _("second step set up") if user.is_enrolled else _("no second step")


class UserIndexView(wagtail_users.IndexView):
    """The list of users; it leads to those whom who asks may change."""

    filterset_class = RoleFilterSet

    def get_base_queryset(self) -> QuerySet:
        users = super().get_base_queryset().prefetch_related("groups")
        return users.annotate(is_enrolled=Exists(factors().filter(user=OuterRef("pk"))))

    @cached_property
    def columns(self) -> list[Column]:
        """Wagtail's, with roles in place of the level of access, and how far somebody has come."""
        kept = [column for column in super().columns if column.name != "is_superuser"]
        place = next(n for n, column in enumerate(kept) if column.name == "is_active")
        kept.insert(place, Column("roles", accessor=_roles_of, label=gettext_lazy("Roles")))
        kept.insert(place + 1, Column("way_in", accessor=_how_far, label=gettext_lazy("Logging in")))
        return kept

    def get_edit_url(self, instance: Any) -> str | None:
        return super().get_edit_url(instance) if self._may_manage(instance) else None

    def get_delete_url(self, instance: Any) -> str | None:
        return super().get_delete_url(instance) if self._may_manage(instance) else None

    def _may_manage(self, instance: Any) -> bool:
        """Asked once for each line, however many links it has."""
        if not hasattr(instance, "may_be_managed"):
            instance.may_be_managed = rights.may_manage(self.request.user, instance)
        return instance.may_be_managed


class NewUserView(Fresh, wagtail_users.CreateView):
    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def save_instance(self) -> Any:
        user = super().save_instance()
        invite(user, by=self.request.user)
        return user

    def save_action(self) -> HttpResponse:
        messages.info(self.request, _("An invitation is on its way: a link to choose a password, good for three days."))
        tell_given(self.request, self.form.given)
        return super().save_action()


class UserView(Managed, Fresh, wagtail_users.EditView):
    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def save_action(self) -> HttpResponse:
        tell_given(self.request, self.form.given)
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


class GroupIndexView(wagtail_groups.IndexView):
    columns = [
        TitleColumn(
            "name",
            label=gettext_lazy("Name"),
            accessor=roles.label,
            sort_key="name",
            url_name="wagtailusers_groups:edit",
        )
    ]


class GroupViewSet(wagtail_groups.GroupViewSet):
    index_view_class = GroupIndexView
    add_view_class = NewGroupView
    edit_view_class = GroupView
    delete_view_class = DeleteGroupView
