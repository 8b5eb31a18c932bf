"""Items of the admin's menus that are shown to those they open for, and to nobody else."""

from typing import Any

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem


class PermissionMenuItem(MenuItem):
    """An item for those who have `permission`."""

    permission = ""

    def __init__(self, *args: Any, permission: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.permission = permission or self.permission

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.permission)


def item_for(permission: str) -> type[PermissionMenuItem]:
    """The `menu_item_class` of a ViewSet whose first screen asks for this right."""
    return type("GuardedMenuItem", (PermissionMenuItem,), {"permission": permission})
