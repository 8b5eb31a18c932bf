"""Translators may change pages in the languages translated into, and never the pages written first."""

from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Locale

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
