"""What the database holds of a history: the rows of the record with their entries in the ledger, as plain data."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime
from typing import Any, Final

import psycopg

from tests.drills.histories.history import FIX, SAVE, Row

NAMES: Final = ("anna", "bert", "cleo", "dora", "egon", "fred", "gina", "hugo")
# What stands where no word was written yet.
NOTHING: Final = "nothing"
WORD: Final = re.compile(r"\bq[a-z]{5}q\b")
_PLACE: Final = re.compile(rf"\b((?:{SAVE}|{FIX}) of [a-z]+) is (\w+)\.")
_REASON: Final = re.compile(r"Write number (\d+)\b")

# In a shell of the site: who writes, and the stories, live in their first version.
SETUP: Final = f"""
from uuid import uuid4
from django.contrib.auth.models import Group
from stories.actions.editing.revise import revise
from stories.actions.publishing.publish import publish
from stories.domain.snapshot import StorySnapshot, TextBlock
from stories.management.demo import PASSWORD
from stories.models import User
from stories.models.roles import MANAGING_EDITOR
for name in {NAMES!r}:
    user = User(email=name + "@example.org", display_name=name, is_staff=True)
    user.set_password(PASSWORD)
    user.save()
    user.groups.add(Group.objects.get(name=MANAGING_EDITOR))
maya = User.objects.get(email="maya@example.org")
text = "".join(
    f"<p>The {{kind}} of {{name}} is {NOTHING}.</p>" for name in {NAMES!r} for kind in ({SAVE!r}, {FIX!r})
)
for number in range(1, 4):
    story = StorySnapshot(
        headline=f"Recorded {{number}}", slug=f"recorded-{{number}}", section="city", dek="{NOTHING}",
        blocks=(TextBlock(key=uuid4(), text=text),),
    )
    revision = revise(article=None, story=story, base=0, user=maya, reason="Begun")
    publish(article=revision.article, revision=1, user=maya)
"""


def reason_of(number: int) -> str:
    """Return the reason that a write is given. It stands in the record, and in nothing that readers see."""
    return f"Write number {number}"


def stories(address: str) -> dict[int, str]:
    """Return the slugs of a history's stories, by their numbers."""
    with psycopg.connect(address) as connection:
        return dict(
            connection.execute("SELECT id, slug FROM stories_article WHERE slug LIKE 'recorded-%'").fetchall()
        )


def rows(address: str) -> list[Row]:
    """Return every row of the record of those stories."""
    with psycopg.connect(address) as connection:
        return [*_events(connection), *_revisions(connection), *_publications(connection)]


_OF: Final = """
    e.id, e.article_id, e.user_name, e.recorded_at, e.reason,
    (SELECT coalesce(array_agg(l.sequence), '{{}}') FROM stories_ledgerentry l
     WHERE l.kind = '{kind}' AND l.event_id = e.id)
"""
_STORIES: Final = "e.article_id IN (SELECT id FROM stories_article WHERE slug LIKE 'recorded-%%')"


def _select(connection: psycopg.Connection[Any], kind: str, table: str, more: str = "") -> list[Any]:
    columns = _OF.format(kind=kind) + more
    query = f"SELECT {columns} FROM {table} e WHERE {_STORIES} ORDER BY e.id"  # noqa: S608
    return connection.execute(query.replace("%%", "%").encode()).fetchall()


def _row(kind: str, found: Any, **more: Any) -> Row:
    pk, story, by, at, reason, entries = found[:6]
    named = _REASON.search(reason)
    return Row(
        kind=kind,
        pk=pk,
        story=story,
        by=by,
        at=_seconds(at),
        write=int(named[1]) if named else 0,
        entries=tuple(entries),
        **more,
    )


def _seconds(at: datetime) -> float:
    return at.timestamp()


def _events(connection: psycopg.Connection[Any]) -> list[Row]:
    tables = {
        "withholding": "stories_withholding",
        "withholding-decision": "stories_withholdingdecision",
        "withdrawal": "stories_withdrawal",
    }
    return [_row(kind, found) for kind, table in tables.items() for found in _select(connection, kind, table)]


def _publications(connection: psycopg.Connection[Any]) -> list[Row]:
    more = ", e.live_from, (SELECT number FROM stories_revision r WHERE r.id = e.revision_id)"
    found = _select(connection, "publication", "stories_publication", more)
    return [_row("publication", each, live_from=_seconds(each[6]), revision=each[7]) for each in found]


def _revisions(connection: psycopg.Connection[Any]) -> list[Row]:
    """Every revision with its words: of each part, the newest row of its history up to there."""
    dek: dict[int, list[tuple[int, str]]] = defaultdict(list)
    texts: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for story, revision, value in connection.execute(
        "SELECT id, revision, dek FROM stories_historicalarticle ORDER BY history_id"
    ):
        dek[story].append((revision, value))
    for story, revision, value in connection.execute(
        "SELECT parent_id, revision, text FROM stories_historicaltextblock ORDER BY history_id"
    ):
        texts[story].append((revision, value))
    made: list[Row] = []
    for each in _select(connection, "revision", "stories_revision", ", e.number, e.source_kind"):
        number, source_kind = each[6:]
        made.append(
            _row(
                "revision",
                each,
                number=number,
                is_made_of_live=source_kind == "made-of",
                dek=_as_of(dek[each[1]], number),
                words=dict(_PLACE.findall(_as_of(texts[each[1]], number))),
            )
        )
    return made


def _as_of(history: list[tuple[int, str]], revision: int) -> str:
    return [value for number, value in history if number <= revision][-1]
