"""Translators may change pages in the languages translated into, and nothing that is not text.

Who may send to translation has a hand in what is written first; who may not, only translates. For those, whatever all
languages share - end, goal, form, country, pictures, the place of a page and who may see it - is out of reach: not
only hidden, but refused at each address.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from wagtail.models import GroupPagePermission, Locale, Page
from wagtail_localize.models import Translation

from actions.translating.progress import is_complete, made_by, with_progress
from actions.translating.rights import only_translates
from home.pages import HomePage

NAME = "Translator"

# Addresses of Wagtail and wagtail-localize that change more than words.
MORE_THAN_WORDS = {
    "wagtail_localize:edit_override",
    "wagtail_localize:stop_translation",
    "wagtail_localize:convert_to_alias",
    "wagtailadmin_pages:convert_alias",
    "wagtailadmin_pages:revisions_revert",
    "wagtailadmin_pages:set_page_position",
    "wagtailadmin_pages:set_privacy",
}


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


class WordsOnly:
    """Middleware: addresses that change more than words are refused to those who only translate."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        match = request.resolver_match
        if match and match.view_name in MORE_THAN_WORDS and only_translates(request.user):
            raise PermissionDenied


def keep(request: HttpRequest, page: Page, *args) -> None:
    """Hooks before deleting, unpublishing and moving: whoever may not add a page there may not take one away either.

    Wagtail lets everybody delete what he may publish, and translators publish their translations.
    """
    parent = page.get_parent()
    if parent is not None and not parent.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied


def keep_all(request: HttpRequest, action_type: str, objects, action_class_instance) -> None:
    """Hook `before_bulk_action`: the same for many at once, and nothing half is published."""
    for page in objects:
        if not isinstance(page, Page):
            continue
        if action_type in ("delete", "unpublish", "move"):
            keep(request, page)
        elif action_type == "publish":
            below = page.get_descendants(inclusive=True) if "include_descendants" in request.POST else [page]
            if any(_is_half(found) for found in below):
                raise PermissionDenied


def _is_half(target: Any) -> bool:
    translation = with_progress(made_by(target)).first()
    return translation is not None and not is_complete(translation)


def before_editing(request: HttpRequest, instance: Any) -> HttpResponse | None:
    """Hooks before editing a page or record: who only translates reaches only translations, and nothing half goes out.

    wagtail-localize would publish what is missing in the language of the source.
    """
    if not hasattr(instance, "translation_key"):
        return None
    translation = with_progress(made_by(instance)).first()
    if translation is None:
        if only_translates(request.user):
            raise PermissionDenied
        return None
    if request.method == "POST" and request.POST.get("action") == "publish":
        return _refuse_half(request, translation)
    return None


def _refuse_half(request: HttpRequest, translation: Translation) -> HttpResponse | None:
    left = translation.texts - translation.done
    if left:
        told = ngettext(
            "Not published: %(n)s text is not translated, or has an error. What is published stays as it is.",
            "Not published: %(n)s texts are not translated, or have an error. What is published stays as it is.",
            left,
        )
        messages.error(request, told % {"n": left})
        return redirect(request.path)
    if translation.machine:
        told = gettext(
            "Not published: a machine wrote some texts, and nobody has read them. Look at them under “What changed”."
        )
        messages.error(request, told)
        return redirect(request.path)
    return None
