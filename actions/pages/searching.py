"""Search whose words are stemmed in the language of each page: "children" finds "child" in English, "barn" "barnas" in
Norwegian. Wagtail's own search backend for PostgreSQL knows one language for all pages.

One backend indexes everything, each page in its language; to search in one, name its backend (`listing.backend_for`).
"""

from collections import defaultdict
from copy import copy

from modelsearch.backends.database.postgres.postgres import PostgresIndex, PostgresSearchBackend

from mysite.settings.languages import search_config


class LanguageIndex(PostgresIndex):
    """Stems what it indexes in the language of its locale, where it has one."""

    def add_items(self, model, objs) -> None:
        together = defaultdict(list)
        for obj in objs:
            locale = getattr(obj, "locale", None)
            together[search_config(locale.language_code) if locale else self.backend.config].append(obj)
        for config, group in together.items():
            index = copy(self)
            index.backend = copy(self.backend)
            index.backend.config = config
            PostgresIndex.add_items(index, model, group)


class SearchBackend(PostgresSearchBackend):
    index_class = LanguageIndex
