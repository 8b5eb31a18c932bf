"""Deleting records that others refer to: a sentence, not an error page."""

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _


class GuardedDelete:
    """For delete views: what the database protects stays, and staff are told why."""

    protected_message = _("“%(name)s” is in use and cannot be deleted.")

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except ProtectedError:
            return self.refuse(self.protected_message)

    def refuse(self, message: str) -> HttpResponse:
        messages.error(self.request, message % {"name": self.object})
        return redirect(self.edit_url_name, self.object.pk)
