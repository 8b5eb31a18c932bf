"""Telling whose account it is: of every change of password, mail address and second step, whoever made it.

Sent by the workers: a mail server that is away keeps nobody from changing a password, and nobody is left untold.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models.signals import post_save, pre_save
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, gettext_noop
from django_tasks import task

from actions.pages import staff_mail
from actions.pages.staff_language import language_of

PASSWORD, EMAIL = "password", "email"
WORDS = {
    PASSWORD: gettext_noop("The password was changed."),
    EMAIL: gettext_noop("The email address was changed."),
    "totp_activated": gettext_noop("An app with codes was set up as the second step of logging in."),
    "totp_deactivated": gettext_noop("The app with codes was taken away from the second step of logging in."),
    "webauthn_added": gettext_noop("A security key was added to the second step of logging in."),
    "webauthn_removed": gettext_noop("A security key was taken away from the second step of logging in."),
    "recovery_codes_generated": gettext_noop("New recovery codes were made. The old ones hold no more."),
}


def listen() -> None:
    """Look at every change of an account, from whichever screen or command it comes."""
    pre_save.connect(_before, sender=settings.AUTH_USER_MODEL, dispatch_uid="account_before")
    post_save.connect(_after, sender=settings.AUTH_USER_MODEL, dispatch_uid="account_after")


def tell_owner(user: Any, what: str, *more: str) -> None:
    """Mail what was done to the account's address, and to `more` addresses."""
    for address in dict.fromkeys(address for address in (user.email, *more) if address):
        mail.enqueue(user.pk, what, address, timezone.now().isoformat())


@task()
def mail(user_pk: int, what: str, address: str, at: str) -> None:
    """Send one mail about one change."""
    user = get_user_model().objects.filter(pk=user_pk).first()
    if user is None:
        return
    with translation.override(language_of(user)):
        moment = parse_datetime(at)
        context = {"user_name": user.get_username(), "what": gettext(WORDS[what]), "moment": moment}
        context["url"] = settings.WAGTAILADMIN_BASE_URL
        body = render_to_string("actions/mail/account.txt", context)
        staff_mail.send(gettext("Your account was changed"), body, to=[address])


def _before(sender: Any, instance: Any, update_fields: Any = None, raw: bool = False, **kwargs: Any) -> None:
    changes = update_fields is None or {"password", "email"} & set(update_fields)
    instance.account_before = None
    if instance.pk and changes and not raw:
        instance.account_before = sender._default_manager.filter(pk=instance.pk).values("password", "email").first()


def _after(sender: Any, instance: Any, **kwargs: Any) -> None:
    before, instance.account_before = getattr(instance, "account_before", None), None
    if before is None:
        return
    if instance.email != before["email"]:
        tell_owner(instance, EMAIL, before["email"])
    # Django hashes a password anew at a log-in when its settings change; it was chosen anew where it is known here.
    if instance.password != before["password"] and instance._password is not None:
        tell_owner(instance, PASSWORD)
