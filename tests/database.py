"""pytest plugin, loaded before Django reads its settings: brings up the embedded PostgreSQL where none is named."""

import os

from mysite import catalogues, postgres

# Playwright keeps an event loop in the thread of the tests; Django would take their queries for asynchronous ones.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
postgres.provide("test-postgres")
catalogues.compile_all()
