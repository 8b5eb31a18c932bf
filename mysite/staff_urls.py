"""Logging in: the few addresses of django-allauth that staff need. Nobody signs up; passwords are Wagtail's affair."""

from allauth.account import views
from django.http import Http404
from django.urls import include, path
from django.views.generic import RedirectView

from actions.backoffice.own_sessions import own_sessions


def closed(request, *args, **kwargs):
    """An address that django-allauth's templates want to know of, and that leads nowhere."""
    raise Http404


urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("confirm/", views.reauthenticate, name="account_reauthenticate"),
    path("second-step/", include("allauth.mfa.urls")),
    path("sessions/", own_sessions, name="own_sessions"),
    path("closed/", closed, name="account_signup"),
    path("closed/", closed, name="account_email"),
    path("password/", RedirectView.as_view(pattern_name="wagtailadmin_password_reset"), name="account_reset_password"),
    path("closed/", closed, name="account_change_password"),
    path("closed/", closed, name="account_set_password"),
    path("closed/", closed, name="account_email_verification_sent"),
]
