"""Staff log in with two factors: whether this session has passed them, how long ago, and how long it may last.

django-allauth does the work (TOTP, security keys, recovery codes); here stands only what the admin asks of it.
"""

import base64
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import encrypt
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name

from actions.accounts import rights, roles
from actions.accounts.models import ProposedRole

from . import known_devices

IDLE = 60 * 60  # seconds without a request after which a session of staff ends
LONGEST = 10 * 60 * 60  # seconds after which it ends in any case
SEEN_EVERY = 60  # how often the time of the last request is noted
FRESH = 10 * 60  # how old the second factor may be where a dangerous screen is opened
STILL_FRESH = 30 * 60  # and where it is sent: whoever fills in a form needs time for it
OF_STAFF = ("/admin/", "/staff/")
JUST_NOW = 5 * 60  # seconds after which whoever sets up the first factor types the password again
# Asked for by scripts of every page, the log-in's too: icons and words, the same for everybody.
FOR_EVERYBODY = ("/admin/sprite/", "/admin/jsi18n/")
OPENS_ADMIN = "wagtailadmin.access_admin"
OF_THE_ACCOUNT = {"wagtailadmin_account"}  # Wagtail's screen where one changes one's own password and mail address


class SealedFactors(DefaultMFAAdapter):
    """What generates codes is encrypted: whoever steals a dump of the database can make none. With staff's SECRET_KEY,
    which the public surface has not (docs/decisions/0026-surfaces-apart.md)."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


class EnrolmentForm(ActivateTOTPForm):
    """Setting up an app with codes: the code that shows it works is used up, and logs nobody in."""

    def clean_code(self) -> str:
        code = super().clean_code()
        wanted = Authenticator(user=self.user, type=Authenticator.Type.TOTP, data={"secret": encrypt(self.secret)})
        if not TOTP(wanted).validate_code(code):
            raise get_adapter().validation_error("incorrect_code")
        return code


def seal_anew() -> int:
    """Encrypt every factor with the SECRET_KEY of now, also what one of SECRET_KEY_FALLBACKS has encrypted. Returns how
    many there are."""
    factors = Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('actions.sealing', 'on', true)")  # for the audit trail, in this transaction
        for factor in factors:
            for name in ENCRYPTED & factor.data.keys():
                factor.data[name] = _box().rotate(factor.data[name].encode()).decode()
            factor.save(update_fields=["data"])
        cursor.execute("select set_config('actions.sealing', '', true)")
    return len(factors)


ENCRYPTED = {"secret", "seed"}  # of what django-allauth stores: a TOTP secret, the seed of recovery codes


def _box() -> MultiFernet:
    """Closes with the first key, opens with all."""
    return MultiFernet([_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(key: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"second factor 1").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def passed_at(request: HttpRequest) -> float | None:
    """When this session passed the second factor last, in seconds since 1970; None where it did not."""
    times = [record["at"] for record in get_authentication_records(request, request.user) if record["method"] == "mfa"]
    return max(times, default=None)


def has_only_a_password(request: HttpRequest) -> bool:
    """Tell whether the password is all the account has, and was typed in this session a moment ago."""
    records = get_authentication_records(request, request.user)
    typed = any(record["method"] == "password" and time.time() - record["at"] < JUST_NOW for record in records)
    return typed and not is_enrolled(request.user)


def listen() -> None:
    signals.authenticator_added.connect(_set_up, dispatch_uid="second_factor_passed")


def _set_up(sender: Any, request: HttpRequest, authenticator: Authenticator, **kwargs: Any) -> None:
    """Whoever has set up a second step has shown that it works: the session has passed it."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        post_authentication(request, authenticator, reauthenticated=True)


def is_enrolled(user: Any) -> bool:
    """Tell whether an account has a second factor; recovery codes alone are none."""
    return factors().filter(user=user).exists()


def factors() -> QuerySet[Authenticator]:
    """The second factors of everybody, without recovery codes."""
    return Authenticator.objects.filter(type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])


def ask_again(request: HttpRequest) -> HttpResponse | None:
    """Where to confirm with the second factor, or None where that was done a short while ago.

    What was typed is never kept meanwhile: it may be somebody's address.
    """
    at = passed_at(request)
    if at is not None and time.time() - at < (FRESH if request.method in ("GET", "HEAD") else STILL_FRESH):
        return None
    if not is_enrolled(request.user):
        return _to_enrolment(request) if settings.SECOND_FACTOR_REQUIRED else None
    if request.method not in ("GET", "HEAD"):
        _tell(
            request,
            messages.WARNING,
            _("Nothing was done: it took a while. Confirm that it is you, and send it again."),
        )
    return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': _place(request)})}")


def _place(request: HttpRequest) -> str:
    """Where to go on. A POST goes on at the screen it was sent from, with its filter and place in the list."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    return came_from._replace(scheme="", netloc="", fragment="").geturl() or reverse("wagtailadmin_home")


def _to_enrolment(request: HttpRequest) -> HttpResponse:
    _tell(
        request,
        messages.WARNING,
        _("Set up the second step of logging in first: an app with codes, or a security key."),
    )
    return HttpResponseRedirect(reverse("mfa_index"))


def _tell(request: HttpRequest, level: int, words: str) -> None:
    """Say it on the page that is shown next; a script shows none."""
    if not _asked_by_script(request):
        messages.add_message(request, level, words)


def _asked_by_script(request: HttpRequest) -> bool:
    """Whether a page asks for this itself, rather than somebody for a page. Browsers say so over https."""
    place = request.headers.get("Sec-Fetch-Dest")
    if place is None:
        return request.headers.get("X-Requested-With") == "XMLHttpRequest" or request.path.startswith("/admin/api/")
    return place not in ("document", "iframe", "frame", "object", "embed")


def _plain(answer: HttpResponse) -> HttpResponse:
    """What a script gets where a person is led to the log-in: it would show that page within its own, or keep it."""
    if answer.status_code == 302 and answer["Location"].startswith("/staff/"):
        return HttpResponse("Log in first.", status=401, content_type="text/plain")
    return answer


class StaffSession:
    """Middleware: nobody is staff without a second factor where it is required, and no session is without an end.

    At every address, for restricted pages and documents lie outside of the admin. There, whoever is logged in no longer
    is a visitor like others; in the admin, and where one sees one's sessions, he is led to the log-in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in FOR_EVERYBODY:
            return self.get_response(request)
        answer, in_admin = None, request.path.startswith("/admin/")
        # Whoever has no session is not asked for, so that pages depend on no cookie.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            answer = self._ended(request) or self._without_factor(request)
            if answer is None and in_admin and request.user.is_authenticated:
                answer = self._without_role(request)
        response = answer or self.get_response(request)
        if answer is None and in_admin and request.user.is_authenticated:
            known_devices.remember(request, response)
        return _plain(response) if in_admin and _asked_by_script(request) else response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match and match.view_name in OF_THE_ACCOUNT and request.user.is_authenticated:
            return ask_again(request)
        return None

    def _ended(self, request: HttpRequest) -> HttpResponse | None:
        now, inside = time.time(), request.path.startswith(OF_STAFF)
        if inside:  # public pages note nothing
            request.session.setdefault("staff_browser", request.headers.get("User-Agent", "")[:200])
            request.session.setdefault("staff_begun", now)
            request.session.setdefault("staff_seen", now)
        begun, seen = (request.session.get(name, now) for name in ("staff_begun", "staff_seen"))
        if now - begun > LONGEST or now - seen > IDLE:
            logout(request)
            if not inside:
                return None
            _tell(request, messages.INFO, _("You were logged out: nothing happened for an hour, or the day was long."))
            return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': _next(request)})}")
        if inside and now - seen > SEEN_EVERY:
            request.session["staff_seen"] = now
        return None

    def _without_factor(self, request: HttpRequest) -> HttpResponse | None:
        if not settings.SECOND_FACTOR_REQUIRED or not request.user.is_authenticated or passed_at(request) is not None:
            return None
        if request.path.startswith("/staff/") and request.path != reverse("own_sessions"):
            return None  # where the factor is set up
        if is_enrolled(request.user):  # logged in some other way than through the second step
            logout(request)
            if not request.path.startswith(OF_STAFF):
                return None
            return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': _next(request)})}")
        return _to_enrolment(request)

    def _without_role(self, request: HttpRequest) -> HttpResponse | None:
        """Tell whoever may not open the admin who can give a role. The log-in would only lead here again."""
        if request.user.has_perm(OPENS_ADMIN) or request.path.startswith(reverse("wagtailadmin_password_reset")):
            return None
        if _asked_by_script(request):
            return HttpResponse("You have no role yet.", status=403, content_type="text/plain")
        waiting = ProposedRole.objects.filter(user=request.user, decided_at=None).select_related("group")
        context = {
            "waiting": [roles.label(proposal.group) for proposal in waiting],
            "administrators": [get_user_display_name(user) for user in rights.administrators()],
        }
        return render(request, "account/no_role.html", context, status=403)


def _next(request: HttpRequest) -> str:
    return request.get_full_path() if request.method in ("GET", "HEAD") else reverse("wagtailadmin_home")
