"""Invitations: a link by mail to choose a password. Nobody sets the password of somebody else."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django_tasks import task

from actions.accounts import rights
from actions.pages import staff_mail
from actions.pages.staff_language import language_of
from actions.signing import audit

from .guard import needs
from .screens import show


def invite(user: Any, *, by: Any) -> None:
    """Have a link sent to choose a password with. One that was sent before stays good until one of them is used."""
    with transaction.atomic():
        audit.record(audit.Verb.INVITED, by=by, account=user.pk)
        send_invitation.enqueue(user.pk)


@task()
def send_invitation(user_id: int) -> None:
    """Mail the link. It is made here, so that it lies nowhere before it is sent."""
    user = get_user_model().objects.filter(pk=user_id, is_active=True).exclude(email="").first()
    if user is None:
        return
    with translation.override(language_of(user)):
        context = {"user": user, "url": _password_address(user)}
        body = render_to_string("actions/mail/invitation.txt", context)
        staff_mail.send(_("Your account"), body, to=[user.email])


def _password_address(user: Any) -> str:
    arguments = [urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)]
    return settings.WAGTAILADMIN_BASE_URL + reverse("wagtailadmin_password_reset_confirm", args=arguments)


@needs(rights.CHANGE_USERS)
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a new invitation, for whoever lost the first, or the password; asked about first."""
    user = get_object_or_404(get_user_model(), pk=pk, is_active=True)
    if not rights.may_manage(request.user, user):
        raise PermissionDenied
    if request.method == "POST":
        invite(user, by=request.user)
        messages.success(request, _("An invitation is on its way: a link to choose a password, good for three days."))
        return redirect("wagtailusers_users:edit", user.pk)
    return show(request, "invite", {"invited": user}, title=_("Send a new invitation"), icon="mail")
