"""What django-allauth asks of us about accounts: who signs up, how often one may try, how one confirms.

A stranger who tries passwords keeps nobody out: tries are counted by network and account together, the wait grows, and
a browser that somebody has logged in with before (known_devices.py) is counted by itself and by no network.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.core import context, ratelimit
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from actions.rules.network import client_address, networks_of

from . import account_mails, known_devices
from .second_factor import has_only_a_password, is_enrolled

PASSWORD_ALONE = "reauthenticate"  # allauth's name of confirming with the password  # noqa: S105


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; a wrong log-in tells nobody which accounts there are."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy("This user name and password do not fit together."),
        "too_many_login_attempts": gettext_lazy(
            "Too many tries. Wait five minutes, or an hour after many of them, and try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that the proxies we trust have seen; what a client writes there itself is never looked at."""
        return str(_address(request) or "unknown")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse a try that is one too many, before the password is looked at. Raises ValidationError."""
        device = known_devices.id_of(request, _account(credentials))
        if not device and not ratelimit.consume(request, action="login_network"):
            raise self.validation_error("too_many_login_attempts")
        if not ratelimit.consume(request, action="login_account", key=_key(request, credentials)):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user:
            ratelimit.clear(request, action="login_account", key=_key(request, credentials))
        return user

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever sets up the first factor right after logging in does not type the password again."""
        return super().is_reauthentication_required(app=app, **kwargs) and not has_only_a_password(context.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        """Where a second factor is set up, it is asked for: a password that was fished must not take its place."""
        methods = super().get_reauthentication_methods(user)
        if user.is_authenticated and is_enrolled(user):
            return [method for method in methods if method["id"] != PASSWORD_ALONE]
        return methods

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell whose account it is, in our own words and without network addresses."""
        account_mails.tell_owner(user, template_prefix.rpartition("/")[2])


class LogInForm(LoginForm):
    """allauth's; the way to a new password in our words, where one looks for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        link = format_html(
            '<a href="{}">{}</a>', reverse("wagtailadmin_password_reset"), gettext("Forgotten password?")
        )
        self.fields["password"].help_text = link


def _address(request: HttpRequest) -> Any:
    return client_address(
        forwarded=request.headers.get("X-Forwarded-For", ""),
        peer=request.META.get("REMOTE_ADDR", ""),
        depth=settings.TRUSTED_PROXIES,
    )


def _account(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username", "")).lower()


def _key(request: HttpRequest, credentials: dict[str, Any]) -> str:
    """Who tries which account: a known browser, or else a network."""
    account = _account(credentials)
    return f"{known_devices.id_of(request, account) or _network(request)} {account}"


def _network(request: HttpRequest) -> str:
    """What one customer of a host may have for himself, and many people seldom share: /24 of IPv4, /48 of IPv6."""
    return [network.name for network in networks_of(_address(request))][-2:][0]
