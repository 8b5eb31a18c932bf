"""The door for an application server: `granian --interface wsgi mysite.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings.production")
application = get_wsgi_application()

# What is loaded now stays for good. Without this the collector walks through all of it again and again, and everybody
# who is signing at that moment waits for a fifth of a second.
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()
