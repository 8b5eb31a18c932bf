"""Wagtail's app of users, with screens of our own."""

from wagtail.users import apps


class Users(apps.WagtailUsersAppConfig):
    user_viewset = "actions.backoffice.accounts.UserViewSet"
    group_viewset = "actions.backoffice.accounts.GroupViewSet"
