#!/usr/bin/env python
"""Django's command line. Without DATABASE_URL it brings up the embedded PostgreSQL for as long as it runs."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings.dev")
    # What needs no database is run on machines that have none, nor the packages of development.
    if os.environ["DJANGO_SETTINGS_MODULE"] == "mysite.settings.dev" and sys.argv[1:2] != ["backup_key"]:
        from mysite import postgres

        postgres.provide()
    execute_from_command_line(sys.argv)
