"""Who may change the record's tables on PostgreSQL besides their owner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stories.models.integrity.append_only import ADDED_TO_TABLES
from stories.queries.verification.database.postgres_queries import finding, run_query
from stories.queries.verification.findings import Finding, listed

_GIVEN: Final = """
    SELECT coalesce(rolname, 'everybody'), privilege_type, array_agg(DISTINCT relname::text ORDER BY relname::text)
    FROM pg_class CROSS JOIN LATERAL (
        SELECT grantee, privilege_type FROM aclexplode(pg_class.relacl)
        UNION ALL
        SELECT given.grantee, given.privilege_type FROM pg_attribute, aclexplode(attacl) AS given
        WHERE attrelid = pg_class.oid AND NOT attisdropped
    ) AS given LEFT JOIN pg_roles ON pg_roles.oid = grantee
    WHERE relname = ANY(%s) AND relnamespace = %s::regnamespace AND grantee <> relowner
    AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
    GROUP BY 1, 2 ORDER BY 1, 2
"""


def check_privileges(schema: str) -> Iterator[Finding]:
    """Find roles that were given more of the append-only tables than to read them and add to them. One query."""
    for role, privilege, tables in run_query(_GIVEN, [list(ADDED_TO_TABLES), schema]):
        yield finding(f"The role {role} was given {privilege} on what is only added to: {listed(tables)}.")
