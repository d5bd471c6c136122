"""A ledger of a million entries: the audit desk's pages over it, which index each filter takes, and its verification.

On request alone, for it takes minutes and gigabytes: `python -m tests.benchmarks.run ledger`. They are written past
the actions, in bulk, but as the actions leave them: chained, with the rows that they cover, so that all of them
verify. LEDGER_ENTRIES says how many entries instead; LEDGER_CHAINED, how many of them are made so: the rest repeats
those, which is enough to look through, and is done after they were verified.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stories.actions.record.rights import RECEIVERS
from stories.models import (
    Article,
    LedgerEntry,
    SignOff,
    StoryStatus,
)
from stories.models.record.recording import append_all
from stories.models.roles import AUDITOR
from stories.queries.desk.story_status import status_expressions
from stories.queries.verification import Verification
from tests import factories as make
from tests.benchmarks.bench_history import analyse
from tests.benchmarks.ledger_rows import WORDS, repeat_ledger, write_ledger

DATABASE = True
ON_REQUEST = True
ENTRIES = int(os.environ.get("LEDGER_ENTRIES", "1000000"))
CHAINED = int(os.environ.get("LEDGER_CHAINED", ENTRIES))
TARGET = 100

Figures = list[tuple[str, float, str, float | None]]


def run() -> Figures:
    for signal, receiver, sender in RECEIVERS:
        # The ledger is written past the actions, from its first entry on.
        signal.disconnect(receiver, sender=sender)
    auditor = make.make_user(AUDITOR, name="ledger-auditor")
    start = time.perf_counter()
    write_ledger(CHAINED, of=ENTRIES)
    figures: Figures = [
        (f"{CHAINED:,} entries made", CHAINED / (time.perf_counter() - start), "entries/s", None)
    ]
    figures += verification()
    repeat_ledger(CHAINED, of=ENTRIES)
    deal_cards()
    analyse()
    client = Client()
    client.force_login(auditor)
    return [*figures, *pages(client)]


def deal_cards() -> None:
    """The stories’ status of all stories."""
    StoryStatus.objects.bulk_create(
        StoryStatus(article_id=number) for number in Article.objects.values_list("pk", flat=True)
    )
    StoryStatus.objects.update(**status_expressions())


# ------------------------------------------------------------------------------------------------ what is timed


def pages(client: Client) -> Figures:
    ledger = reverse("audit:ledger")
    deep = ENTRIES - 50 * 10_000 if ENTRIES > 600_000 else ENTRIES // 2
    day = (timezone.now() - timedelta(days=700)).date()
    asked = {
        "the ledger, page 1": "",
        "  page 10,000": f"before={deep}",
        "  by person": "person=Person3 Penn",
        "  by a person who did little": "person=Person55 Penn",
        "  by story, by its slug": "story=story-77",
        "  by story, by words of its headline": f"story={WORDS[77]}",
        "  by kind": "kind=revision",
        "  by a rare kind": "kind=embargo",
        "  by a kind there is none of": "kind=erasure",
        "  by class": "publication_class=override",
        "  by size": "size=3",
        "  of a day": f"since={day}&until={day}",
        "  up to a day": f"until={day}",
        "  from a day on": f"since={day}",
        "  by a word of every text": "words=ordinary",
        "  by a word of many": f"words={WORDS[3]}",
        "  by a word of few": f"words={WORDS[1500]}",
        "  by a word of ten": "words=quagmire",
        "  by a word of none": "words=zebra",
        "  by two words": f"words={WORDS[3]} {WORDS[40]}",
        "  person and kind": "person=Person3 Penn&kind=embargo",
        "  person and class": "person=Person40 Penn&publication_class=override",
        "  person and a year": f"person=Person3 Penn&until={day}",
        "  person, size and word": f"person=Person3 Penn&size=3&words={WORDS[3]}",
        "  kind and word, both common": "kind=revision&words=ordinary",
        "  what never was: size and kind": "size=3&kind=assignment",
        "  kind, size, a day": f"kind=publication&size=2&since={day}&until={day}",
        "  by class, deep down": f"publication_class=minor&before={deep}",
        "  by a word of every text, deep down": f"words=ordinary&before={deep}",
    }
    figures = [figure for name, query in asked.items() for figure in page(name, client, f"{ledger}?{query}")]
    figures += page("an entry", client, reverse("audit:entry", args=[deep]))
    sign_off_some()
    for queue in (
        "unannounced",
        "corrections",
        "own-author",
        "comment",
        "comment-closed",
        "withheld",
        "anonymous",
    ):
        address = reverse("audit:queue", args=[queue])
        figures += page(f"the queue {queue}", client, address)
        figures += page("  not yet signed off", client, f"{address}?unsigned=1")
    figures += page("the audit desk’s front page", client, reverse("audit:front"), target=None)
    figures += page("figures over twelve months", client, reverse("audit:figures"), target=None)
    return figures


def sign_off_some() -> None:
    """The weightiest 20,000 of what went live without a note, as after years of diligence."""
    entries = LedgerEntry.objects.filter(publication_class="override").order_by("-size", "-sequence")[:20_000]
    append_all(
        [SignOff(entry=entry, article_id=entry.article_id, recorded_at=timezone.now()) for entry in entries]
    )
    analyse()


def page(name: str, client: Client, address: str, *, target: float | None = TARGET) -> Figures:
    """What a page costs the processors, on both sides, and the best of five by the clock; with the indexes it takes.

    The clock alone would tell of whatever else a machine does.
    """
    statements: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert client.get(address).status_code == 200, address
    indexes = dict.fromkeys(index for sql, params in statements for index in indexes_of(sql, params))
    # Looking at the plans has warmed both sides.
    ours: list[float] = []
    theirs: list[float] = []
    clock: list[float] = []
    for _ in range(5):
        begun = time.process_time(), of_server(), time.perf_counter()
        client.get(address)
        ended = time.process_time(), of_server(), time.perf_counter()
        for figures, start, end in zip((ours, theirs, clock), begun, ended, strict=True):
            figures.append((end - start) * 1000)
    return [
        (f"{name} [{', '.join(indexes)}]", min(map(sum, zip(ours, theirs, strict=True))), "ms", target),
        (f"    of it the server’s; {len(statements)} queries", min(theirs), "ms", None),
        ("    by the clock", min(clock), "ms", None),
    ]


def of_server() -> float:
    """The seconds of processor that the connection's server has taken; SQLite is part of this process."""
    if connection.vendor != "postgresql":
        return 0
    connection.ensure_connection()
    spent = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]
    return int(spent) / 1e9


_INDEX: Final = re.compile(
    r"(?m)(?:Scan(?: Backward)? using|Bitmap Index Scan on) (\S+)|USING (?:COVERING )?INDEX (\S+)"
    r"|(PRIMARY KEY)|(VIRTUAL TABLE)|(Seq Scan on \S+|SCAN stories_\S+$)"
)


def indexes_of(sql: str, params: Any) -> Iterator[str]:
    """The indexes that the plan of a narrowed statement over the ledger names."""
    if (
        "LIMIT" not in sql
        or not ("stories_ledgerentry" in sql or "stories_entrytext" in sql)
        or "RECURSIVE" in sql
    ):
        return
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {sql}", params)
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    for found in _INDEX.findall(plan):
        name = next(filter(None, found))
        yield {"PRIMARY KEY": "sequence", "VIRTUAL TABLE": "FTS5"}.get(name, name.removeprefix("stories_"))


# ------------------------------------------------------------------------------------------------- verification


def verification() -> Figures:
    """How fast, and how much memory it holds after a tenth of the ledger and at its end."""
    run = Verification()
    held: list[tuple[int, float]] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.5):
            held.append((run.entries, megabytes()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    start, of_processor = time.perf_counter(), time.process_time() + of_server()
    findings = [str(finding) for finding in run]
    took, of_processor = time.perf_counter() - start, time.process_time() + of_server() - of_processor
    done.set()
    watcher.join()
    assert findings == [], findings[:5]
    early = [size for entries, size in held if entries <= CHAINED / 5] or [0.0]
    return [
        ("ledger entries verified, by the clock", run.entries / took, "entries/s", None),
        ("  a second of processor", run.entries / of_processor, "entries/s", None),
        ("  memory at most, in the first fifth of it", max(early), "MB", None),
        ("  memory at most, in all of it", max(size for _, size in held), "MB", max(early) * 1.2),
    ]


def megabytes() -> float:
    """The memory that this process holds."""
    pages_held = int(Path("/proc/self/statm").read_text().split()[1])
    return pages_held * os.sysconf("SC_PAGE_SIZE") / 1e6
