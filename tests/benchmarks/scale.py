"""How far one PostgreSQL carries the site: `make bench SCALE=100000`, which takes an hour and ten gigabytes.

The demo's stories are stored by the actions and copied in SQL until there are so many. Copies prove nothing: they are
there to be stored, searched, written beside, copied away and partitioned. What is printed is in docs/scaling.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connections, models

from stories.actions.editing.revise import revise
from stories.actions.publishing.publish import publish
from stories.models import Article, LedgerEntry, User
from stories.queries.story.snapshots import latest_revision, working_snapshot
from stories.queries.verification import Verification
from tests.drills.site import ROOT, Postgres
from tests.postgres import tools

# Tables without rows of a story, or with one row for all of them.
KEPT: Final = frozenset(
    f"stories_{name}"
    for name in (
        "author", "section", "picture", "picturesize", "user", "emailchange", "invitation", "passwordreset",
        "failedattempt", "outboxmessage", "presence", "dailyhead", "oldaddress", "namechange", "profilechange",
        "rightschange", "restoration", "verificationrun",
    )
)  # fmt: skip
# Texts that are unique, or name one that is.
ADDRESSES: Final = frozenset({"slug", "address_id"})
# References that Django does not know as such.
NUMBERS: Final = frozenset({"id", "event_id", "sequence"})
PUBLICATIONS: Final = 200


def say(text: str) -> None:
    print(text, flush=True)


def timed(what: str, do: Callable[[], Any]) -> float:
    began = time.monotonic()
    do()
    seconds = time.monotonic() - began
    say(f"{what}: {seconds:.1f} s")
    return seconds


def copied_models() -> Iterator[Any]:
    for model in apps.get_app_config("stories").get_models():
        if model._meta.db_table not in KEPT:
            yield model


def copy_of(model: Any) -> str:
    """Return the statement that copies each row of a table; its parameters are an offset of keys and a suffix."""
    columns, values = [], []
    for field in model._meta.concrete_fields:
        name = f'"{field.column}"'
        columns.append(name)
        target = field.remote_field.model._meta.db_table if field.remote_field else ""
        if field.column in ADDRESSES:
            values.append(f"{name} || '-' || %(suffix)s")
        elif field.column in NUMBERS or (target and target not in KEPT) or field.primary_key:
            is_key = isinstance(field, models.UUIDField)
            values.append(f"md5({name}::text || %(suffix)s)::uuid" if is_key else f"{name} + %(offset)s")
        elif isinstance(field, models.UUIDField):
            values.append(f"md5({name}::text || %(suffix)s)::uuid")
        else:
            values.append(name)
    table = model._meta.db_table
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table}"  # noqa: S608


def multiply(address: str, stories: int) -> None:
    """Double the stories until there are so many."""
    statements = [copy_of(model) for model in copied_models()]
    with psycopg.connect(address, autocommit=True) as connection:
        # As in a restore: without the guards and references, which hold for copies as for what they are of.
        connection.execute("SET session_replication_role = replica")
        offset, suffix = 4_000, 1
        while True:
            (count,) = connection.execute("SELECT count(*) FROM stories_article").fetchone() or (0,)
            say(f"  {count} stories")
            if count >= stories:
                break
            with connection.transaction():
                for statement in statements:
                    connection.execute(statement.encode(), {"offset": offset, "suffix": str(suffix)})
            offset, suffix = 2 * offset, suffix + 1
        for model in copied_models():
            table, key = model._meta.db_table, model._meta.pk.column
            found = connection.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, key]).fetchone()
            if found and found[0]:
                connection.execute(f"SELECT setval('{found[0]}', (SELECT max({key}) FROM {table}))".encode())  # noqa: S608


def show(address: str, query: str, heading: str) -> None:
    say(heading)
    with psycopg.connect(address) as connection:
        for row in connection.execute(query.encode()):
            say("| " + " | ".join(str(value) for value in row) + " |")


SIZES: Final = """
SELECT relname, n_live_tup, pg_size_pretty(pg_table_size(relid)), pg_size_pretty(pg_indexes_size(relid)),
    pg_size_pretty(pg_total_relation_size(relid))
FROM pg_stat_user_tables WHERE pg_total_relation_size(relid) > 20000000 ORDER BY pg_total_relation_size(relid) DESC
"""
INDEXES: Final = """
SELECT indexrelname, pg_size_pretty(pg_relation_size(indexrelid)) FROM pg_stat_user_indexes
ORDER BY pg_relation_size(indexrelid) DESC LIMIT 12
"""
TOTAL: Final = """
SELECT pg_size_pretty(pg_database_size(current_database())),
    (SELECT count(*) FROM stories_article), (SELECT count(*) FROM stories_revision),
    (SELECT count(*) FROM stories_publication), (SELECT count(*) FROM stories_ledgerentry)
"""
AUTOVACUUM: Final = """
SELECT relname, n_dead_tup, n_mod_since_analyze, autovacuum_count, autoanalyze_count, last_autovacuum IS NOT NULL
FROM pg_stat_user_tables WHERE autovacuum_count + autoanalyze_count > 0 ORDER BY relname
"""


def publish_one(pk: int) -> None:
    """Save a story's new dek and publish it, as a managing editor does without a note."""
    article, maya = Article.objects.get(pk=pk), User.objects.get(email="maya@example.org")
    story = replace(working_snapshot(article), dek=f"Written at {time.time()}")
    revise(article=article, story=story, base=latest_revision(pk), user=maya, reason="Measured at scale")
    publish(
        article=article, revision=latest_revision(pk), user=maya, publication_class="override",
        reason="Measured at scale", cause="moved-on",
    )  # fmt: skip
    connections["default"].close()


def write(address: str) -> None:
    """Publish stories one by one, then four at a time."""
    with psycopg.connect(address) as connection:
        found = connection.execute(
            "SELECT article_id FROM stories_storyaddress WHERE slug LIKE 'tram-%%' OR slug LIKE 'tessellate-answers%%'"
            " ORDER BY md5(slug) LIMIT %s",
            [2 * PUBLICATIONS],
        ).fetchall()
    stories = [pk for (pk,) in found]
    one, four = stories[: len(stories) // 2], stories[len(stories) // 2 :]
    publish_one(one.pop())

    def one_by_one() -> None:
        for pk in one:
            publish_one(pk)

    publish_all("one by one", one, one_by_one)

    def at_once() -> None:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(publish_one, four))

    publish_all("four at a time, in one process", four, at_once)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE measured (number integer)")
        began = time.monotonic()
        for number in range(PUBLICATIONS):
            connection.execute("INSERT INTO measured VALUES (%s)", [number])
        say(f"  a commit of one row, with fsync: {1000 * (time.monotonic() - began) / PUBLICATIONS:.1f} ms")


def publish_all(how: str, stories: list[int], do: Callable[[], Any]) -> None:
    began, used = time.monotonic(), time.process_time()
    do()
    seconds, used = time.monotonic() - began, time.process_time() - used
    say(
        f"{len(stories)} saves and publications, {how}: {len(stories) / seconds:.1f} a second,"
        f" {1000 * used / len(stories):.0f} ms of Python’s CPU each; load {os.getloadavg()[0]:.0f}"
    )


# Each alone, on a copy of the schema with rows: what does not work says why.
PARTITIONS: Final = (
    ("revision", "article_id"),
    ("publication", "article_id"),
    ("ledgerentry", "article_id"),
    ("historicaltextblock", "parent_id"),
    ("searchtext", "publication_id"),
)
HOW_MANY: Final = 8


def partition(address: str) -> None:
    """Try partitions by story: each table beside the original, with its constraints, triggers and rows."""
    for name, column in PARTITIONS:
        table, copy = f"stories_{name}", f"parted_{name}"
        with psycopg.connect(address, autocommit=True) as connection:
            say(f"{table} by hash of {column}")
            # Without primary key and unique constraints, which follow one by one.
            connection.execute(
                f"CREATE TABLE {copy} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
                f" PARTITION BY HASH ({column})".encode()
            )
            for number in range(HOW_MANY):
                connection.execute(
                    f"CREATE TABLE {copy}_{number} PARTITION OF {copy}"
                    f" FOR VALUES WITH (MODULUS {HOW_MANY}, REMAINDER {number})".encode()
                )
            began = time.monotonic()
            connection.execute(f"INSERT INTO {copy} SELECT * FROM {table}".encode())  # noqa: S608
            say(f"  rows copied: {time.monotonic() - began:.1f} s")
            constraints = connection.execute(
                "SELECT contype, conname, pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE conrelid = %s::regclass AND contype IN ('p', 'u', 'f') ORDER BY contype DESC, conname",
                [table],
            ).fetchall()
            referring = connection.execute(
                "SELECT conrelid::regclass::text FROM pg_constraint WHERE confrelid = %s::regclass", [table]
            ).fetchall()
            for kind, constraint, definition in constraints:
                added = attempt(connection, f"ALTER TABLE {copy} ADD {definition}", constraint)
                if not added and kind != "f":
                    # Look-ups need an index all the same, though it keeps nothing unique.
                    connection.execute(
                        f"CREATE INDEX ON {copy} {definition[definition.index('(') :]}".encode()
                    )
            for index, definition in connection.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexdef NOT LIKE '%%UNIQUE%%'",
                [table],
            ).fetchall():
                words = definition.replace(f"INDEX {index}", f"INDEX parted_{index}").replace(
                    f"public.{table}", copy
                )
                attempt(connection, words, index)
            for trigger, definition in connection.execute(
                "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger"
                " WHERE tgrelid = %s::regclass AND NOT tgisinternal",
                [table],
            ).fetchall():
                attempt(connection, definition.replace(f"public.{table}", copy).replace(f"ON {table}", f"ON {copy}"), trigger)  # fmt: skip  # noqa: E501
            tables = sorted({each for (each,) in referring})
            say(f"  referred to by {len(tables)}: {', '.join(tables) or 'nothing'}")


def attempt(connection: psycopg.Connection[Any], statement: str, what: str) -> bool:
    """Try a statement, say whether PostgreSQL takes it, and return that."""
    try:
        connection.execute(statement.encode())
    except psycopg.Error as error:
        say(f"  {what}: NO, {str(error).splitlines()[0]} ({statement.partition(' ADD ')[2] or statement})")
        return False
    say(f"  {what}: yes")
    return True


LOOKUPS: Final = {
    "one story’s newest revision": "SELECT max(number) FROM {}_revision WHERE article_id = %s",
    "a story’s text as of a revision": (
        "SELECT max(history_id) FROM {}_historicaltextblock WHERE parent_id = %s AND revision <= 3 GROUP BY id"
    ),
    "a story’s entries": "SELECT count(*) FROM {}_ledgerentry WHERE article_id = %s",
    "the newest entry (no story)": "SELECT sequence FROM {}_ledgerentry WHERE %s > 0 ORDER BY sequence DESC LIMIT 1",
    "the 30 newest publications (no story)": (
        "SELECT id FROM {}_publication WHERE %s > 0 AND live_from <= now() ORDER BY live_from DESC LIMIT 30"
    ),
}


def look_up(address: str) -> None:
    """Compare single tables with partitions, by the median of interleaved runs."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ANALYZE")
        (story,) = connection.execute(
            "SELECT article_id FROM stories_storyaddress WHERE slug = 'tessellate-answers-staff-on-face-recognition'"
        ).fetchone() or (0,)
        for what, query in LOOKUPS.items():
            times: dict[str, list[float]] = {"stories": [], "parted": []}
            for _ in range(41):
                for prefix, found in times.items():
                    began = time.perf_counter()
                    connection.execute(query.format(prefix).encode(), [story]).fetchall()
                    found.append(1000 * (time.perf_counter() - began))
            one, parted = (sorted(found)[20] for found in times.values())
            say(f"| {what} | {one:.2f} ms | {parted:.2f} ms |")


def main(port: int, stories: int) -> None:
    """Build, measure and print, a step after the other, on a server at the port that DATABASE_URL names."""
    with tempfile.TemporaryDirectory(prefix="newsroom-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres = Postgres(folder / "postgres", port)
        try:
            measure(postgres, folder, stories)
        finally:
            postgres.stop()


def measure(postgres: Postgres, folder: Path, stories: int) -> None:
    address = postgres.address
    settings.LEDGER_HEADS, settings.MEDIA_ROOT = str(folder / "heads"), str(folder / "media")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DATABASE_URL": address,
        "DEBUG": "1",
        "LEDGER_HEADS": str(folder / "heads"),
        "MEDIA_ROOT": str(folder / "media"),
    }
    for words in (["migrate", "--verbosity", "0"], ["demo"]):
        subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            check=True,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
    timed("Verified the demo", verify)
    timed(f"Copied to {stories} stories", lambda: multiply(address, stories))
    with psycopg.connect(address, autocommit=True) as connection:
        timed("VACUUM ANALYZE of all of it", lambda: connection.execute("VACUUM ANALYZE"))
        timed("VACUUM FREEZE, after it", lambda: connection.execute("VACUUM FREEZE"))
        for setting in ("fsync", "full_page_writes", "autovacuum"):
            connection.execute(f"ALTER SYSTEM SET {setting} = on".encode())
    # What waits in the pool would be dead.
    connections["default"].close()
    connections["default"].close_pool()  # type: ignore[attr-defined]
    postgres.restart()
    show(address, TOTAL, "| size | stories | revisions | publications | entries |")
    show(address, SIZES, "| table | rows | table | indexes | in all |")
    show(address, INDEXES, "| index | size |")
    write(address)
    dump = folder / "backup.dump"
    bin_path = tools()
    assert bin_path is not None
    timed(
        "pg_dump as the site's backup calls it",
        lambda: subprocess.run(
            [str(bin_path / "pg_dump"), "--format=custom", f"--file={dump}", address], check=True
        ),
    )
    say(f"  {dump.stat().st_size / 1e6:.0f} MB")
    dump.unlink()
    partition(address)
    look_up(address)
    show(
        address,
        AUTOVACUUM,
        "| table | dead rows | changed since ANALYZE | vacuumed | analysed | ever vacuumed |",
    )


def verify() -> None:
    began = time.process_time()
    found = [str(finding) for finding in Verification()]
    assert found == [], found
    say(
        f"  {1000 * (time.process_time() - began) / LedgerEntry.objects.count():.2f} ms of Python’s CPU an entry"
    )
