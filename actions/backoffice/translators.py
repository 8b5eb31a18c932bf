"""Translators may change pages in the languages translated into, and never the pages written first."""

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail.models import GroupPagePermission, Locale, Page

from home.pages import HomePage

NAME = "Translator"


def welcome(sender, instance: HomePage, created: bool, **kwargs) -> None:
    """Signal `post_save` of a home page: translators get the pages below one that is a translation."""
    if created:
        give(instance)


def give(home: HomePage) -> None:
    """The right to change and publish what is below a home page in another language than the source's."""
    group = Group.objects.filter(name=NAME).first()
    if group is None or home.locale_id == Locale.get_default().pk:
        return
    for codename in ("change_page", "publish_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=group, page=home.page_ptr, permission=permission)


def keep(request: HttpRequest, page: Page, *args) -> None:
    """Hooks before deleting, unpublishing and moving: whoever may not add a page there may not take one away either.

    Wagtail lets everybody delete what he may publish, and translators publish their translations.
    """
    parent = page.get_parent()
    if parent is not None and not parent.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied


def keep_all(request: HttpRequest, action_type: str, objects, action_class_instance) -> None:
    """Hook `before_bulk_action`: the same for many at once."""
    if action_type in ("delete", "unpublish", "move"):
        for page in objects:
            if isinstance(page, Page):
                keep(request, page)
