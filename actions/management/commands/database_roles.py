import re

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg import sql

# What the public process may read: what its pages are made of. Anything that is not here it cannot even look at.
READ = [
    "contenttypes.ContentType",
    "wagtailcore.Page",
    "wagtailcore.Site",
    "wagtailcore.Locale",
    "wagtailcore.Collection",
    "wagtailcore.PageViewRestriction",
    "wagtailcore.ReferenceIndex",
    "wagtailimages.Image",
    "wagtailimages.Rendition",
    "wagtaildocs.Document",
    "wagtailembeds.Embed",
    "wagtailredirects.Redirect",
    "wagtailsearch.IndexEntry",
    "home.HomePage",
    "home.ContentPage",
    "home.Organisation",
    "actions.ActionPage",
    "actions.ActionIndexPage",
    "actions.CountryPage",
    "actions.CountryIndexPage",
    "actions.RightsArticle",
    "actions.RightsIndexPage",
    "actions.Recipient",
    "actions.PetitionRecipient",
    "actions.Delivery",
    "actions.DeliveryRecipient",
    "actions.Delivery_repeats",
    "actions.Petition",
    "actions.ConsentText",
    "actions.Tally",
    "actions.TotalSlot",
    "actions.SigningRules",
    "actions.AllowedNetwork",
    "actions.PublicName",
]
# What it may add: a new wording of the consents, and pictures and films made ready for a page.
ADD = ["actions.ConsentText", "wagtailimages.Rendition", "wagtailembeds.Embed"]
# What it may do: the verbs of signing (actions/migrations/_functions.sql).
CALL = [
    *("actions_sign", "actions_link_facts", "actions_confirm", "actions_confirm_code", "actions_leave"),
    *("actions_end_contact", "actions_hide_name", "actions_ask", "actions_ask_link", "actions_count_source"),
]
# What only ever grows, for staff too.
ONLY_GROWS = ["actions.AuditRecord", "actions.Tombstone"]
# How long a role may let others wait. A visitor is told to come back sooner; staff's files and deliveries take minutes.
# On the role and not on the connection, so that a pooler in between changes nothing.
PATIENCE = {
    "public": {"statement_timeout": "3s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "10s"},
    "staff": {"statement_timeout": "30min", "lock_timeout": "30s", "idle_in_transaction_session_timeout": "10min"},
}


class Command(BaseCommand):
    help = (
        "Makes the two roles of the database and gives them their rights: one for the public process, one for staff "
        "and workers. Run it as the owner of the tables, after every migrate. It may be run again at any time."
    )

    def add_arguments(self, parser):
        parser.add_argument("--public", default="actions_public", help="Name of the public process's role.")
        parser.add_argument("--staff", default="actions_staff", help="Name of the role of staff and workers.")

    def handle(self, *args, public: str, staff: str, **options):
        for name in (public, staff):
            if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
                raise CommandError(f"{name} is no name for a role: small letters, digits and underscores.")
        with transaction.atomic(), connection.cursor() as cursor:
            self.cursor = cursor
            self.public, self.staff = sql.Identifier(public), sql.Identifier(staff)
            for name, kind in ((public, "public"), (staff, "staff")):
                self._role(name, PATIENCE[kind])
            self._public_rights()
            self._staff_rights()
        self.stdout.write(f"The roles {public} and {staff} have their rights. Give each a password of its own.")

    def _role(self, name: str, patience: dict[str, str]) -> None:
        self.cursor.execute("select from pg_roles where rolname = %s", [name])
        if self.cursor.fetchone() is None:
            self._do("create role {} login nosuperuser nocreatedb nocreaterole", sql.Identifier(name))
        role = sql.Identifier(name)
        self._do("revoke all on all tables in schema public from {}", role)
        self._do("revoke all on all sequences in schema public from {}", role)
        self._do("revoke all on all functions in schema public from {}", role)
        self._do("grant usage on schema public to {}", role)
        for setting, value in {"synchronous_commit": "on", **patience}.items():
            self._do("alter role {} set {} = {}", role, sql.Identifier(setting), sql.Literal(value))

    def _public_rights(self) -> None:
        for label in READ:
            self._do("grant select on {} to {}", _table(label), self.public)
        self._do("grant select on django_migrations to {}", self.public)  # is the database of this version?
        for label in ADD:
            self._do("grant insert on {} to {}", _table(label), self.public)
            self.cursor.execute(
                "select pg_get_serial_sequence(%s, %s)", [_model(label)._meta.db_table, _model(label)._meta.pk.column]
            )
            (sequence,) = self.cursor.fetchone()
            self._do("grant usage on sequence {} to {}", sql.Identifier(*sequence.split(".")), self.public)
        for name in CALL:
            self._do("revoke execute on function {} from public", sql.Identifier(name))
            self._do("grant execute on function {} to {}", sql.Identifier(name), self.public)

    def _staff_rights(self) -> None:
        self._do("grant select, insert, update, delete on all tables in schema public to {}", self.staff)
        self._do("grant usage, select on all sequences in schema public to {}", self.staff)
        self._do("grant execute on all functions in schema public to {}", self.staff)
        for label in ONLY_GROWS:
            self._do("revoke update, delete on {} from {}", _table(label), self.staff)
        self._do("revoke insert, update, delete on django_migrations from {}", self.staff)

    def _do(self, text: str, *names: sql.Composable) -> None:
        self.cursor.execute(sql.SQL(text).format(*names))


def _model(label: str):
    return apps.get_model(label)


def _table(label: str) -> sql.Identifier:
    return sql.Identifier(_model(label)._meta.db_table)
