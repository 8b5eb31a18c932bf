"""Routes of the app that are not pages."""

from django.conf import settings
from django.urls import path

from .web import mailbox

app_name = "actions"
urlpatterns = []

if settings.DEBUG:
    urlpatterns += [
        path("mailbox/", mailbox.mailbox, name="mailbox"),
        path("mailbox/<slug:name>/", mailbox.letter, name="mailbox_letter"),
    ]
