import re

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg import sql
from wagtail.models import Page

from actions.signing.roles import OWNER, PUBLIC, STAFF, make_missing, settings_of
from actions.web.public_columns import HIDDEN

# What the public process may read: what its pages are made of. Anything that is not here it cannot even look at, nor at
# columns that are hidden, nor at the system's own (xmin, ctid). Which rows: POLICIES.
READ = [
    "contenttypes.ContentType",
    "wagtailcore.Page",
    "wagtailcore.Site",
    "wagtailcore.Locale",
    "wagtailcore.Collection",
    "wagtailcore.PageViewRestriction",
    "wagtailcore.CollectionViewRestriction",
    "wagtailcore.ReferenceIndex",
    "home.CustomImage",
    "home.CustomRendition",
    "home.CustomDocument",
    "wagtailredirects.Redirect",
    "wagtailsearch.IndexEntry",
    "home.HomePage",
    "home.ContentPage",
    "home.Organisation",
    "home.SiteMessage",
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
    "actions.PublicHour",
    "actions.PublicTotal",
    "actions.SigningRules",
    "actions.PublicName",
    "actions.KeyCheck",
]
# What it may add: that a size of a picture is wanted.
ADD = ["home.WantedRendition"]
# What it may do: the verbs of signing (actions/migrations/_functions.sql, _functions_quiet.sql, _functions_walls.sql).
CALL = [
    *("actions_sign", "actions_link_facts", "actions_confirm", "actions_confirm_code", "actions_leave"),
    *("actions_end_contact", "actions_hide_name", "actions_ask", "actions_ask_link", "actions_try_code"),
    *("actions_sign_as_told", "actions_record_hand_over", "actions_hand_over_facts", "actions_choose_hand_over"),
    *("actions_record_words", "actions_restricted_paths", "actions_restricted_collections"),
    *("actions_end_consents", "actions_link_wish", "actions_answer_wish"),
    *("actions_link_ticks", "actions_show_name", "actions_refuse", "actions_link_waits"),
    *("actions_ask_reminder", "actions_reminder_facts", "actions_answer_reminder", "actions_link_failed"),
    "actions_sign_by_lists",
    "actions_record_consent",  # the version before calls it while this one comes in
]
# What only ever grows, for staff too.
ONLY_GROWS = ["actions.AuditRecord", "actions.Tombstone"]
# What triggers and functions alone write.
ONLY_READ = ["actions.ConsentRecord"]

# Which rows the public process sees: of pages those that are live and open to everybody, and what hangs on them. Tables
# that a policy names follow that table's own.
A_PAGE = "exists (select from wagtailcore_page p where p.id = {} {})"
ITS_PAGE = A_PAGE.format("case when object_id ~ '^[0-9]+$' and length(object_id) < 10 then object_id::int end", "{}")
A_PETITION = "exists (select from actions_petition p where p.id = petition_id)"
A_COLLECTION = "exists (select from wagtailcore_collection c where c.id = collection_id)"
POLICIES = {
    "wagtailcore.Page": "live and not path like any ((select actions_restricted_paths())::text[])",
    "wagtailcore.ReferenceIndex": ITS_PAGE.format("and p.content_type_id = wagtailcore_referenceindex.content_type_id"),
    "wagtailsearch.IndexEntry": ITS_PAGE.format("and p.content_type_id = wagtailsearch_indexentry.content_type_id"),
    # Documents of collections that are for some only are not there at all, nor is what those are called.
    "wagtailcore.Collection": "not path like any ((select actions_restricted_collections())::text[])",
    "wagtailcore.CollectionViewRestriction": A_COLLECTION,
    "home.CustomDocument": A_COLLECTION,
    # What has opened once has links in mailboxes, whatever becomes of its page.
    "actions.Petition": (
        "opens_at <= now() or exists (select from actions_actionpage a where a.petition_id = actions_petition.id)"
    ),
    "actions.PetitionRecipient": A_PETITION,
    "actions.Delivery": A_PETITION,
    # Sizes of pages name their format; those that only the admin shows name none.
    "home.CustomRendition": "filter_spec like '%format-%'",
    "home.SiteMessage": "shown_from <= now()",
    "actions.PublicName": "not waits and shown_from <= now()",
}

# What PostgreSQL lets everybody do in its catalogue, and the public process has no use for: looking at what goes on in
# the server (a counter that moves tells what was written), locks that others wait for, large objects, other sessions.
VIEWS = r"^(pg_stat_.*|pg_statio_.*|pg_locks|pg_prepared_xacts)$"
FUNCTIONS = (
    r"^(lo_.*|loread|lowrite|pg_(try_)?advisory_.*|pg_stat_get_.*|pg_lock_status|pg_(safe_snapshot_)?blocking_pids|"
    r"pg_isolation_test_session_is_blocked|pg_(current|last)_wal_.*|pg_walfile_.*|pg_current_xact_id.*|txid_.*|"
    r"pg_current_snapshot|pg_snapshot_.*|pg_visible_in_snapshot|pg_xact_.*|pg_get_multixact_members|pg_last_.*|"
    r"pg_(relation|table|total_relation|indexes|database|tablespace)_size|pg_notify|pg_(cancel|terminate)_backend|"
    r"pg_logical_emit_message|pg_export_snapshot|pg_prepared_xact)$"
)


class Command(BaseCommand):
    help = (
        "Makes the roles of the database and gives them their rights: one for the public process, one for staff and "
        "workers, and one that owns tables and functions and that nobody can log in as. Run it after every migrate, as "
        "a superuser of the database where there is one. It may be run again at any time."
    )

    def add_arguments(self, parser):
        parser.add_argument("--public", default=PUBLIC, help="Name of the public process's role.")
        parser.add_argument("--staff", default=STAFF, help="Name of the role of staff and workers.")
        parser.add_argument("--owner", default=OWNER, help="Name of the role that owns tables and functions.")

    def handle(self, *args, public: str, staff: str, owner: str, **options):
        for name in (public, staff, owner):
            if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
                raise CommandError(f"{name} is no name for a role: small letters, digits and underscores.")
        with transaction.atomic(), connection.cursor() as cursor:
            self.cursor = cursor
            self.names = {"public": public, "staff": staff, "owner": owner}
            self.public, self.staff, self.owner = map(sql.Identifier, self.names.values())
            self.database = sql.Identifier(self._ask("select current_database()")[0][0])
            ((self.is_superuser,),) = self._ask("select rolsuper from pg_roles where rolname = current_user")
            self._do("set constraints all immediate")  # a table with checks to come is not altered
            self._owner(owner)
            for name, kind in ((public, PUBLIC), (staff, STAFF)):
                self._role(name, settings_of(kind))
            self._public_rights()
            self._staff_rights()
            self._rows()
            left = [*self._database(), *self._catalogue()]
        for what in left:
            self.stderr.write(f"Left open: {what}. Only a superuser of the database can close it; docs/privacy.md.")
        self.stdout.write(f"The roles {public} and {staff} have their rights. Give each a password of its own.")

    # Who owns, and who logs in

    def _owner(self, name: str) -> None:
        """Make the owner, and give it what it does not own yet: an attacker in a function is no superuser then."""
        if not self._ask("select from pg_roles where rolname = %s", name):
            self._do("create role {} nologin", self.owner)
            if not self.is_superuser:
                self._do("grant {} to current_user", self.owner)
        self._do("alter role {} nologin" + " nosuperuser" * self.is_superuser, self.owner)
        self._do("grant usage, create on schema public to {}", self.owner)
        for kind, what in self._ask(NOT_OWNED, name, name):
            self.cursor.execute(sql.SQL("alter {} {} owner to {}").format(sql.SQL(kind), sql.SQL(what), self.owner))

    def _role(self, name: str, settings: dict[str, str]) -> None:
        make_missing(name)
        role = sql.Identifier(name)
        self._do("revoke all on all tables in schema public from {}", role)
        self._do("revoke all on all sequences in schema public from {}", role)
        self._do("revoke all on all functions in schema public from {}", role)
        self._do("grant usage on schema public to {}", role)
        # What it may have given itself goes.
        self._do("alter role {} reset all", role)
        self._do("alter role {} in database {} reset all", role, self.database)
        for setting, value in settings.items():
            self._do("alter role {} set {} = {}", role, sql.Identifier(setting), sql.Literal(value))

    # Tables and functions

    def _public_rights(self) -> None:
        for label in READ:
            columns = sql.SQL(", ").join(map(sql.Identifier, _columns(label)))
            self._do("grant select ({}) on {} to {}", columns, _table(label), self.public)
        self._do("grant select on django_migrations to {}", self.public)  # is the database of this version?
        for label in ADD:
            self._do("grant insert on {} to {}", _table(label), self.public)
            ((sequence,),) = self._ask(
                "select pg_get_serial_sequence(%s, %s)", _model(label)._meta.db_table, _model(label)._meta.pk.column
            )
            self._do("grant usage on sequence {} to {}", sql.Identifier(*sequence.split(".")), self.public)
        for name in CALL:
            self._do("revoke execute on function {} from public", sql.Identifier(name))
            self._do("grant execute on function {} to {}", sql.Identifier(name), self.public)

    def _staff_rights(self) -> None:
        self._do("grant select, insert, update, delete on all tables in schema public to {}", self.staff)
        self._do("grant usage, select on all sequences in schema public to {}", self.staff)
        self._do("grant execute on all functions in schema public to {}", self.staff)
        # Staff's housekeeping sees how long its transactions last, and ends those that last too long.
        self._do("grant {} to {}", self.public, self.staff)
        for label in ONLY_GROWS:
            self._do("revoke update, delete on {} from {}", _table(label), self.staff)
        for label in ONLY_READ:
            self._do("revoke insert, update, delete on {} from {}", _table(label), self.staff)
        self._do("revoke insert, update, delete on django_migrations from {}", self.staff)

    def _rows(self) -> None:
        """Policies: for the public process those above, for staff every row; the owner has none. What stands already is
        not touched, for a change waits for everybody who reads the table."""
        for label, rows in {
            **POLICIES,
            **{label: A_PAGE.format("page_ptr_id", "") for label in _kinds_of_page()},
        }.items():
            table = _model(label)._meta.db_table
            self._policy(table, self.names["public"], f"for select to {{}} using ({rows})")
            self._policy(table, self.names["staff"], "to {} using (true) with check (true)")
            if not self._ask("select from pg_class where oid = %s::regclass and relrowsecurity", table):
                self._do("alter table {} enable row level security", sql.Identifier(table))

    def _policy(self, table: str, name: str, text: str) -> None:
        role = sql.Identifier(name)
        wanted = sql.SQL(text).format(role)
        told = wanted.as_string()
        if not self._ask(STANDS, table, name, told):
            self._do("drop policy if exists {} on {}", role, sql.Identifier(table))
            self._do("create policy {} on {} {}", role, sql.Identifier(table), wanted)
            self._do("comment on policy {} on {} is {}", role, sql.Identifier(table), sql.Literal(told))

    # The database and its catalogue

    def _database(self) -> list[str]:
        """Keep out who is not named, and temporary tables and code of one's own; returns what this role may not do."""
        named = sql.SQL(", ").join(
            [self.public, self.staff, self.owner, sql.SQL("current_user"), sql.SQL("pg_monitor")]
        )
        left = []
        if self.is_superuser or self._ask(OWNS_DATABASE):
            self._do("revoke connect, temporary on database {} from public", self.database)
            self._do("grant connect on database {} to {}", self.database, named)
            self._do("revoke create on schema public from public")
        else:
            left.append("temporary tables, and connections of other roles")
        if self.is_superuser:
            self._do("revoke usage on language plpgsql from public")
            self._do("grant usage on language plpgsql to {}, current_user", self.owner)
        else:
            left.append("code of its own (do)")
        return left

    def _catalogue(self) -> list[str]:
        """Keep for staff, the owner and who watches the server what PostgreSQL lets everybody do."""
        if not self.is_superuser:
            return ["large objects, advisory locks, and what the server counts of its work"]
        for kind, pattern, still_open, taken in (
            ("execute on function", FUNCTIONS, OPEN_FUNCTIONS, TAKEN_FUNCTIONS),
            ("select on", VIEWS, OPEN_VIEWS, TAKEN_VIEWS),
        ):
            if found := self._ask(still_open, pattern):
                self._do(f"revoke {kind} {{}} from public", _names(found))
            for role in (self.names["staff"], self.names["owner"], "pg_monitor"):
                if found := self._ask(taken, pattern, role):
                    self._do(f"grant {kind} {{}} to {{}}", _names(found), sql.Identifier(role))
        return []

    def _do(self, text: str, *names: sql.Composable) -> None:
        self.cursor.execute(sql.SQL(text).format(*names))

    def _ask(self, text: str, *values: object) -> list[tuple]:
        self.cursor.execute(text, values or None)
        return self.cursor.fetchall()


# Kind and name of what in our schema is not the owner's; sequences of columns and parts of extensions follow theirs.
NOT_OWNED = """
select case relkind when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'materialized view' else 'table' end,
    c.oid::regclass::text
from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')
    and relowner <> (select oid from pg_roles where rolname = %s)
    and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass
        and d.deptype in ('a', 'i', 'e'))
union all
select 'routine', p.oid::regprocedure::text
from pg_proc p where pronamespace = 'public'::regnamespace
    and proowner <> (select oid from pg_roles where rolname = %s)
    and not exists (select from pg_depend d where d.objid = p.oid and d.classid = 'pg_proc'::regclass
        and d.deptype = 'e')
"""
OPEN_FUNCTIONS = """
select oid::regprocedure::text from pg_proc where pronamespace = 'pg_catalog'::regnamespace and proname ~ %s
    and has_function_privilege('public', oid, 'execute') order by 1
"""
OPEN_VIEWS = """
select oid::regclass::text from pg_class where relnamespace = 'pg_catalog'::regnamespace and relkind = 'v'
    and relname ~ %s and has_table_privilege('public', oid, 'select') order by 1
"""
# What was everybody's when the catalogue was made, and is not yet a role's own.
TAKEN_FUNCTIONS = """
select p.oid::regprocedure::text from pg_proc p where pronamespace = 'pg_catalog'::regnamespace and proname ~ %s
    and not exists (select from pg_init_privs where objoid = p.oid and classoid = 'pg_proc'::regclass)
    and not has_function_privilege(%s, p.oid, 'execute') order by 1
"""
TAKEN_VIEWS = """
select c.oid::regclass::text from pg_class c where relnamespace = 'pg_catalog'::regnamespace and relkind = 'v'
    and relname ~ %s and exists (select from pg_init_privs where objoid = c.oid and classoid = 'pg_class'::regclass
        and initprivs::text ~ '[{,"]=r')
    and not has_table_privilege(%s, c.oid, 'select') order by 1
"""
OWNS_DATABASE = "select from pg_database where datname = current_database() and pg_has_role(datdba, 'usage')"
STANDS = """
select from pg_policy where polrelid = %s::regclass and polname = %s and obj_description(oid, 'pg_policy') = %s
"""


def _names(found: list[tuple]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL(name) for (name,) in found)


def _kinds_of_page() -> list[str]:
    return [label for label in READ if issubclass(_model(label), Page) and _model(label) is not Page]


def _columns(label: str) -> list[str]:
    hidden = HIDDEN.get(label, ())
    return [field.column for field in _model(label)._meta.local_concrete_fields if field.name not in hidden]


def _model(label: str):
    return apps.get_model(label)


def _table(label: str) -> sql.Identifier:
    return sql.Identifier(_model(label)._meta.db_table)
