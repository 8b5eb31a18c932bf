"""pytest plugin, loaded before Django reads its settings: brings up the embedded PostgreSQL where none is named."""

from mysite import catalogues, postgres

postgres.provide("test-postgres")
catalogues.compile_all()
