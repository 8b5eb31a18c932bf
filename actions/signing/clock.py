"""The one clock that decides: the database's."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """This instant, in the middle of a transaction too."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        return cursor.fetchone()[0]
