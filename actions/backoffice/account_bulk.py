"""Many users at once, with the rules of one: see accounts.py."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.users.views import bulk_actions

from actions.accounts import rights, roles

from .accounts import tell_waiting
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
        return form

    def get_execution_context(self) -> dict[str, Any]:
        self.waiting: list = []
        return super().get_execution_context() | {"by": self.request.user, "waiting": self.waiting}

    @classmethod
    def execute_action(cls, objects: list, role: Any = None, **kwargs) -> tuple[int, int]:
        by, waiting = kwargs["by"], kwargs["waiting"]
        for user in objects:
            waiting += roles.give(user=user, groups=[role], by=by)
        return len(objects) - len(waiting), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        tell_waiting(self.request, self.waiting)
        return super().get_success_message(num_parent_objects, num_child_objects) if num_parent_objects else None


class Delete(Guarded, bulk_actions.DeleteBulkAction):
    pass


class SetActiveState(Guarded, bulk_actions.SetActiveStateBulkAction):
    pass


ACTIONS = (AssignRole, Delete, SetActiveState)
