"""Many users at once, with the rules of one: see accounts.py."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext
from wagtail.users.views import bulk_actions

from actions.accounts import rights, roles

from .accounts import tell_given
from .second_factor import ask_again


class Guarded:
    """Only those whose accounts open nothing that is closed to who asks, and not oneself."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return ask_again(request) or super().dispatch(request, *args, **kwargs)

    def check_perm(self, obj: Any) -> bool:
        by = self.request.user
        return obj != by and super().check_perm(obj) and rights.may_manage(by, obj)


class AssignRole(Guarded, bulk_actions.AssignRoleBulkAction):
    def get_form(self, *args, **kwargs) -> Any:
        form = super().get_form(*args, **kwargs)
        form.fields["role"].queryset = rights.groups_to_give(self.request.user)
        form.fields["role"].label_from_instance = roles.label
        return form

    def get_execution_context(self) -> dict[str, Any]:
        self.given = roles.Given([], [])
        return super().get_execution_context() | {"by": self.request.user, "given": self.given}

    @classmethod
    def execute_action(cls, objects: list, role: Any = None, **kwargs) -> tuple[int, int]:
        by, given = kwargs["by"], kwargs["given"]
        for user in objects:
            of_this = roles.give(user=user, groups=[role], by=by)
            given.waiting.extend(of_this.waiting)
            given.alone.extend(of_this.alone)
        return len(objects) - len(given.waiting), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        tell_given(self.request, self.given)
        if not num_parent_objects:
            return None
        told = ngettext("%(n)s user has the role %(role)s.", "%(n)s users have the role %(role)s.", num_parent_objects)
        return told % {"n": num_parent_objects, "role": roles.label(self.cleaned_form.cleaned_data["role"])}


class Delete(Guarded, bulk_actions.DeleteBulkAction):
    pass


class SetActiveState(Guarded, bulk_actions.SetActiveStateBulkAction):
    pass


ACTIONS = (AssignRole, Delete, SetActiveState)
