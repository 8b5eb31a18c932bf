"""The least a Django view can do, for comparison: answers every address with the bytes of the file in BODY, or "ok"."""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import re_path

body = Path(os.environ["BODY"]).read_bytes() if os.environ.get("BODY") else b"ok"


def view(request):
    return HttpResponse(body)


urlpatterns = [re_path("", view)]
os.environ.pop("DJANGO_SETTINGS_MODULE", None)
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], MIDDLEWARE=[], SECRET_KEY="bench")  # noqa: S106
django.setup()
application = get_wsgi_application()
