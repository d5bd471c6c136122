"""Find functions, operators and casts that replace or shadow PostgreSQL's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db import connection

from stories.queries.verification.database.postgres_queries import finding, run_query
from stories.queries.verification.findings import Finding

OUR_FUNCTIONS: Final = ["stories_refuse_change", "stories_live_page", "stories_live_version"]

# PostgreSQL's own functions that guards and queries rely on most.
_ESSENTIAL_FUNCTIONS: Final = [
    *("current_setting", "pg_has_role", "set_config", "isfinite", "count", "min", "max", "sha256", "lower"),
    *(
        "upper",
        "length",
        "encode",
        "convert_to",
        "array_agg",
        "jsonb_array_elements",
        "to_tsvector",
        "unnest",
    ),
]
# PostgreSQL's own objects have lower oids than any that somebody made.
_FIRST_MADE: Final = 16_384
# Objects made while a server is set up permanently have one of these in place of a transaction's id.
_BOOTSTRAP: Final = 2
# An extension's object is genuine if it is compiled, or is of its own types. Anybody may add a function to one.
_OF_AN_EXTENSION: Final = (
    "EXISTS (SELECT FROM pg_depend WHERE classid = '{0}'::regclass AND objid = {0}.oid AND deptype = 'e')"
)
_COMPILED: Final = (
    "EXISTS (SELECT FROM pg_proc AS made JOIN pg_language ON pg_language.oid = made.prolang "
    "WHERE made.oid = {0} AND lanname = 'c')"
)

_FUNCTIONS: Final = f"""
    SELECT pg_proc.oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = ANY(%s::regnamespace[]) AND oid >= {_FIRST_MADE} AND NOT proname = ANY(%s) AND NOT (
        {_OF_AN_EXTENSION.format("pg_proc")} AND (
            {_COMPILED.format("pg_proc.oid")} OR NOT EXISTS (
                SELECT FROM pg_proc AS own WHERE own.proname = pg_proc.proname AND own.oid < {_FIRST_MADE}
            )
        )
    )
"""  # noqa: S608 - our own names
_OPERATORS: Final = f"""
    SELECT pg_operator.oid::regoperator::text FROM pg_operator
    WHERE oprnamespace = ANY(%s::regnamespace[]) AND oid >= {_FIRST_MADE} AND NOT (
        {_OF_AN_EXTENSION.format("pg_operator")} AND (
            {_COMPILED.format("oprcode")} OR greatest(oprleft, oprright) >= {_FIRST_MADE}
        )
    )
"""  # noqa: S608 - our own names
_CASTS: Final = f"""
    SELECT castsource::regtype::text || ' to ' || casttarget::regtype::text FROM pg_cast
    WHERE oid >= {_FIRST_MADE} AND NOT (
        {_OF_AN_EXTENSION.format("pg_cast")} AND (
            {_COMPILED.format("castfunc")} OR greatest(castsource, casttarget) >= {_FIRST_MADE}
        )
    )
"""  # noqa: S608 - our own names
_REPLACED: Final = f"""
    SELECT pg_proc.oid::regprocedure::text FROM pg_proc JOIN pg_language ON pg_language.oid = prolang
    WHERE pronamespace = 'pg_catalog'::regnamespace AND pg_proc.oid < {_FIRST_MADE} AND (
        lanname NOT IN ('internal', 'c', 'sql') OR proconfig IS NOT NULL
        OR lanname <> 'internal' AND proname = ANY(%s)
        OR pg_proc.xmin::text::bigint > (
            SELECT min(xmin::text::bigint) FROM pg_database WHERE datname IN ('template0', 'template1', 'postgres')
        ) AND (
            proname = ANY(%s) OR EXISTS (SELECT FROM pg_operator WHERE oprcode = pg_proc.oid)
            OR EXISTS (SELECT FROM pg_amproc WHERE amproc = pg_proc.oid)
            OR EXISTS (SELECT FROM pg_aggregate WHERE pg_proc.oid IN (aggtransfn, aggfinalfn, aggcombinefn))
        )
    )
"""  # noqa: S608 - our own names
# PostgreSQL's own objects to check for changes since the server was set up: catalog, name and oid.
_CHANGED: Final = {
    "operator": ("pg_operator", "oid::regoperator::text", "oid"),
    "cast": ("pg_cast", "castsource::regtype::text || ' to ' || casttarget::regtype::text", "oid"),
    "aggregate": ("pg_aggregate", "aggfnoid::text", "aggfnoid::oid"),
    "operator class": ("pg_opclass", "opcname::text", "oid"),
    "operator of an index": ("pg_amop", "amopopr::regoperator::text", "oid"),
    "function of an index": ("pg_amproc", "amproc::text", "oid"),
}
_EVENT_TRIGGERS: Final = f"""
    SELECT evtname::text FROM pg_event_trigger
    WHERE NOT ({_OF_AN_EXTENSION.format("pg_event_trigger")} AND {_COMPILED.format("evtfoid")})
"""  # noqa: S608 - our own names
_SUBSCRIPTIONS: Final = """
    SELECT subname::text FROM pg_subscription
    WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def check_catalog(schema: str) -> Iterator[Finding]:
    """Find what somebody made or changed that our queries, or PostgreSQL's own code, may call. A dozen queries."""
    places = [place for (place,) in run_query("SELECT unnest(current_schemas(true))::text")]
    near = [connection.ops.quote_name(place) for place in dict.fromkeys([*places, schema.strip('"')])]
    made: dict[str, tuple[str, list[Any] | None]] = {
        "function": (_FUNCTIONS, [near, OUR_FUNCTIONS]),
        "operator": (_OPERATORS, [near]),
        "cast": (_CASTS, None),
        "function in place of PostgreSQL’s own": (_REPLACED, [_ESSENTIAL_FUNCTIONS, _ESSENTIAL_FUNCTIONS]),
    }
    for what, (statement, parameters) in made.items():
        for (found,) in run_query(statement, parameters):
            yield finding(f"Somebody has made a {what} that our queries may come upon: {found}.")
    for what, (catalog, name, number) in _CHANGED.items():
        changed = f"{number} < {_FIRST_MADE} AND xmin::text::bigint > {_BOOTSTRAP}"
        for (found,) in run_query(f"SELECT {name} FROM {catalog} WHERE {changed}"):  # noqa: S608 - our own names
            yield finding(
                f"The {what} {found} is PostgreSQL’s own, and was changed since the server was set up."
            )
    for (found,) in run_query(_EVENT_TRIGGERS):
        yield finding(f"The database does something by itself whenever a table is changed or made: {found}.")
    for (found,) in run_query(_SUBSCRIPTIONS):
        yield finding(
            f"Another server writes into this database, and as a replica’s its rows pass foreign keys: {found}."
        )
