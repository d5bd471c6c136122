"""Check what a PostgreSQL database does with the record on its own, against the models and migrations."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from django.apps import apps

from stories.models import LedgerEntry
from stories.models.integrity.append_only import APPEND_ONLY_TABLES, GUARD_BODY
from stories.queries.verification.database.postgres_catalog import check_catalog
from stories.queries.verification.database.postgres_columns import check_columns
from stories.queries.verification.database.postgres_constraints import check_constraints
from stories.queries.verification.database.postgres_privileges import check_privileges
from stories.queries.verification.database.postgres_queries import finding, run_query
from stories.queries.verification.database.postgres_sequences import check_sequences
from stories.queries.verification.findings import Finding

# Each function by its name: its arguments, its body's SHA-256, whether it writes ("v") or reads ("s"), its settings.
# A migration that replaces one changes it here too.
_FUNCTIONS: Final[dict[str, tuple[str, str, str, list[str] | None]]] = {
    "stories_refuse_change": (
        "",
        sha256(GUARD_BODY.encode()).hexdigest(),
        "v",
        ["search_path=pg_catalog, pg_temp"],
    ),
    # Of the release before: nothing of this one calls it, and a later migration drops it.
    "stories_live_page": (
        "asked_slug text, moment timestamp with time zone",
        "091e1da7c660cb6074336f338ce09185efd520bb88c4fe05af425d7d5af4ca19",
        "s",
        None,
    ),
    "stories_live_version": (
        "asked_slug text, moment timestamp with time zone",
        "617cc15fd92feb9b92a12a8a5c5f5cf36058ebf7c3e6b0d5b5591eb6cb343ba4",
        "s",
        None,
    ),
}
# Settings of a role or a database that change what a query or a guard does; and any of our own.
_RISKY_SETTINGS: Final = (
    *("search_path", "session_replication_role", "row_security", "role", "session_authorization"),
    *("local_preload_libraries", "session_preload_libraries", "transform_null_equals", "bytea_output"),
    *(
        "standard_conforming_strings",
        "datestyle",
        "intervalstyle",
        "default_with_oids",
        "check_function_bodies",
    ),
)


def check_postgres_schema(*, whole: bool) -> Iterator[Finding]:
    """Find whatever makes the database answer otherwise than its tables say, or accept what it should refuse.

    About ten queries of its catalogs; in a `whole` check also three for each table.
    """
    tables = {model._meta.db_table for model in apps.get_app_config("stories").get_models()}
    schema = run_query(
        "SELECT relnamespace::regnamespace::text FROM pg_class WHERE oid = to_regclass(%s)", [_LEDGER]
    )
    if not schema:
        yield finding(f"The table {_LEDGER} is not there, or not on the search path.")
        return
    where = str(schema[0][0])
    yield from _check_relations(tables, where)
    yield from _check_around(sorted(tables), where)
    yield from _check_functions(where)
    yield from check_catalog(where)
    yield from _check_settings(where)
    yield from check_columns(where)
    yield from check_constraints(where)
    yield from check_privileges(where)
    if whole:
        yield from check_sequences(where)


_LEDGER: Final = LedgerEntry._meta.db_table


def _check_relations(tables: set[str], schema: str) -> Iterator[Finding]:
    """Check that each table is a plain one of the owner's, and that nothing of its name shadows it."""
    rows = run_query(
        """
        SELECT relname, relnamespace::regnamespace::text, relkind, pg_get_userbyid(relowner), relpersistence,
            relrowsecurity OR relforcerowsecurity, relispartition, relam
        FROM pg_class WHERE relname = ANY(%s) AND relkind <> 'i' AND NOT pg_is_other_temp_schema(relnamespace)
        """,
        [list(tables)],
    )
    there = set()
    (owner,) = {row[3] for row in rows if row[0] == _LEDGER and row[1] == schema}
    for name, place, kind, holder, persistence, secured, partition, access in rows:
        if place != schema:
            yield finding(
                f"Another {_KINDS.get(kind, 'relation')} of the name {name} is in the schema {place}."
            )
            continue
        there.add(name)
        if kind != "r":
            yield finding(f"{name} is no table, but a {_KINDS.get(kind, 'relation')}.")
            continue
        if holder != owner:
            yield finding(f"The table {name} belongs to {holder}, and {_LEDGER} to {owner}.")
        if persistence != "p":
            yield finding(f"The table {name} is not kept when the server falls: it is unlogged or temporary.")
        if secured:
            yield finding(f"The table {name} has row-level security: some see other rows of it than others.")
        if partition or access != _HEAP:
            yield finding(f"The table {name} is a partition, or is stored in a way of its own.")
    for name in sorted(tables - there):
        yield finding(f"The table {name} is not there.")


_KINDS: Final = {
    "v": "view",
    "m": "materialized view",
    "f": "foreign table",
    "p": "partitioned table",
    "S": "sequence",
    "r": "table",
}
_HEAP: Final = 2


def _check_around(tables: list[str], schema: str) -> Iterator[Finding]:
    """Find triggers, rules, policies and inheritance of the tables."""
    of_table = "pg_class.relname = ANY(%s) AND pg_class.relnamespace = %s::regnamespace"
    for name, trigger, state in run_query(
        # On any table: a trigger on the sessions can write to ours. Also those that check foreign keys, if they
        # are disabled; and our own trigger on a table that should have none.
        """
        SELECT relname, tgname, tgenabled FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE relnamespace = %s::regnamespace AND CASE WHEN tgisinternal THEN tgenabled <> 'O'
            ELSE tgname <> 'append_only' OR NOT relname = ANY(%s) END
        """,
        [schema, list(APPEND_ONLY_TABLES)],
    ):
        what = "a trigger that is none of ours" if state in ("O", "A") else "a trigger that rests"
        yield finding(f"The table {name} has {what}: {trigger}.")
    for name, rule in run_query(
        "SELECT relname, rulename FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class "
        "WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p')",
        [schema],
    ):
        yield finding(f"The table {name} has a rule, which rewrites what is asked of it: {rule}.")
    for name, policy in run_query(
        f"SELECT relname, polname FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid WHERE {of_table}",  # noqa: S608
        [tables, schema],
    ):
        yield finding(f"The table {name} has a policy on who sees which rows: {policy}.")
    for name, other in run_query(
        f"""
        SELECT relname, CASE WHEN inhrelid = pg_class.oid THEN inhparent ELSE inhrelid END::regclass::text
        FROM pg_inherits JOIN pg_class ON pg_class.oid IN (inhrelid, inhparent) WHERE {of_table}
        """,  # noqa: S608 - our own names
        [tables, schema],
    ):
        yield finding(f"The table {name} shares its rows with another, {other}.")


def _check_functions(schema: str) -> Iterator[Finding]:
    """Check that our functions are unchanged, and exist once each."""
    rows = run_query(
        """
        SELECT proname, pronamespace::regnamespace::text, pg_get_function_identity_arguments(pg_proc.oid),
            encode(sha256(convert_to(prosrc, 'UTF8')), 'hex'), provolatile, proconfig, lanname, prosecdef,
            proleakproof OR proisstrict, proowner = (SELECT relowner FROM pg_class WHERE oid = to_regclass(%s)),
            pg_get_userbyid(proowner)
        FROM pg_proc JOIN pg_language ON pg_language.oid = prolang WHERE proname = ANY(%s)
        """,
        [_LEDGER, list(_FUNCTIONS)],
    )
    there = set()
    for name, place, arguments, digest, volatility, settings, language, definer, marked, ours, owner in rows:
        expected = _FUNCTIONS[name]
        named = f"The function {name}({arguments}) in the schema {place}"
        if place != schema or arguments != expected[0]:
            yield finding(f"{named} is one too many of its name.")
            continue
        there.add(name)
        wrong = {
            "its body": digest != expected[1],
            f"its language ({language})": language != "plpgsql",
            f"its settings ({', '.join(settings or ['none'])})": settings != expected[3],
            "whether it reads or writes": volatility != expected[2],
            "in whose name it runs": definer,
            "what it is said to be": marked,
            f"its owner ({owner})": not ours,
        }
        if any(wrong.values()):
            yield finding(
                f"{named} is not as it was made: {', '.join(what for what, is_so in wrong.items() if is_so)}."
            )
    for name in sorted(_FUNCTIONS.keys() - there):
        yield finding(f"The function {name} is not there.")


def _check_settings(schema: str) -> Iterator[Finding]:
    """Check the settings of roles, of the database and of this session."""
    for role, database, setting in run_query(
        """
        SELECT coalesce(nullif(setrole, 0)::regrole::text, 'everybody'),
            coalesce((SELECT datname FROM pg_database WHERE oid = setdatabase), 'every database'), unnest(setconfig)
        FROM pg_db_role_setting
        WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        """
    ):
        name, _equals, value = str(setting).partition("=")
        finds_ours = name == "search_path" and value.split(",")[0].strip().strip('"') == schema.strip('"')
        if (name.lower() in _RISKY_SETTINGS or name.lower().startswith("stories.")) and not finds_ours:
            yield finding(
                f"The setting {setting} is given to {role} in {database}: it changes what guards and queries do."
            )
    ((lifted, replication, places),) = run_query(
        "SELECT current_setting('stories.lifted', true), current_setting('session_replication_role'), "
        "current_schemas(false)::text[]"
    )
    if lifted == "on":
        yield finding("The setting stories.lifted is on for whoever connects: the guards let the owner pass.")
    if replication != "origin":
        yield finding(f"The setting session_replication_role is {replication}: foreign keys are not checked.")
    if places[:1] != [schema.strip('"')]:
        yield finding(
            f"The schemas that are searched are {', '.join(places)}, and the record is in {schema}."
        )
