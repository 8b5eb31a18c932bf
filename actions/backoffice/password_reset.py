"""A forgotten password: a link by mail, with the same answer and the same work whether or not there is an account."""

from typing import Any

from allauth.core import context, ratelimit
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext
from django_tasks import task
from wagtail.admin.forms.auth import PasswordResetForm

from actions.pages import staff_mail
from actions.pages.staff_language import language_of


class LimitedPasswordResetForm(PasswordResetForm):
    """Wagtail's form, with limits by address and network; workers send the mail."""

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if not ratelimit.consume(context.request, action="reset_password", key=email.lower()):
            raise ValidationError(gettext("A link was asked for several times. Look in your email, or wait an hour."))
        return email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Hand over to the workers in any case, so that the time it takes tells nothing."""
        send_links.enqueue([user.pk for user in self.get_users(self.cleaned_data["email"])])


@task()
def send_links(user_pks: list[int]) -> None:
    """Mail each of these accounts a link to choose a new password."""
    for user in get_user_model().objects.filter(pk__in=user_pks, is_active=True):
        uid = urlsafe_base64_encode(force_bytes(user.pk))
        place = reverse("wagtailadmin_password_reset_confirm", args=[uid, default_token_generator.make_token(user)])
        with translation.override(language_of(user)):
            told = {"user_name": user.get_username(), "url": settings.WAGTAILADMIN_BASE_URL + place}
            body = render_to_string("actions/mail/password_reset.txt", told)
            staff_mail.send(gettext("A new password"), body, to=[user.email])
