"""Identify a live page in one small query: all that a cached reader's page costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connections, router

from stories.domain.snapshot import StoryKind
from stories.models.addresses import StoryAddress
from stories.models.developing_mode import DevelopingMode
from stories.models.live_periods import NEVER, LivePeriod
from stories.models.publications import Publication, PublicationCard
from stories.models.withdrawals import Withdrawal
from stories.models.withholdings import StoryMask
from stories.queries.publishing.versions import fingerprint_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePage:
    """The version that is live at an address: its identity, and what its frame depends on.

    `number` is the version's, counted from 1. `fingerprint` is its publication's, and changes with the story's mask;
    `masked` says that anything is withheld, `withheld` that the whole version is. `withdrawals` counts withdrawals and
    reinstatements; `pending_from` is when the pending version goes live, None if there is none.
    """

    article_id: int
    publication_id: int
    number: int
    fingerprint: str
    masked: bool
    withheld: bool
    slug: str
    kind: StoryKind
    live_from: datetime
    developing: bool
    withdrawals: int
    pending_from: datetime | None


def live_page(slug: str, *, at: datetime) -> LivePage | None:
    """Return the live page of the story that went live under a slug, None if readers see none. One query.

    The same answer as `versions.live_version` gives, without what a cached page does not need; in SQL, since composing
    it with the ORM takes longer than answering it. On PostgreSQL it is a function, whose plan is cached.
    """
    # As the other queries of the same page.
    database = connections[router.db_for_read(Publication)]
    when = database.ops.adapt_datetimefield_value(at)
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute("SELECT * FROM stories_live_version(%s, %s)", [slug, when])
        else:
            cursor.execute(_sql(), [when, when, slug, when, when, slug, when, slug])
        row = cursor.fetchone()
    if row is None:
        return None
    article, publication, salt, address, kind, live_from, withheld, digest, *around = row
    number, developing, withdrawals, live_until = around
    pending_from = _moment(live_until)
    return LivePage(
        article_id=article,
        publication_id=publication,
        number=number,
        fingerprint=fingerprint_of(salt, digest),
        masked=bool(digest),
        withheld=bool(withheld),
        slug=address,
        kind=StoryKind(kind),
        live_from=_moment(live_from),
        developing=bool(developing),
        withdrawals=withdrawals,
        pending_from=pending_from if pending_from < NEVER else None,
    )


def _moment(stored: Any) -> datetime:
    """Return a time as a datetime: SQLite's driver returns UTC, as text if it is not a column."""
    moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    assert isinstance(moment, datetime)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@lru_cache(maxsize=1)
def _sql() -> str:
    """Return the query on SQLite; the migration `live_periods` has PostgreSQL's, and they change together."""
    table = {
        model.__name__.lower(): model._meta.db_table
        for model in (
            StoryAddress,
            LivePeriod,
            Publication,
            PublicationCard,
            DevelopingMode,
            Withdrawal,
            StoryMask,
        )
    }
    # Only our own tables' names, no user input.
    statement = """
        SELECT t.article_id, p.id, c.salt, p.address_id, t.kind, t.live_from, t.withheld, h.digest, t.number,
            (SELECT m.until > %s FROM {developingmode} m
                WHERE m.article_id = a.article_id AND m.recorded_at <= %s ORDER BY m.id DESC LIMIT 1),
            (SELECT COUNT(*) FROM {withdrawal} w WHERE w.article_id = a.article_id),
            t.live_until
        FROM {storyaddress} a
        JOIN {liveperiod} t ON t.article_id = a.article_id
        JOIN {publication} p ON p.id = t.publication_id
        JOIN {publicationcard} c ON c.publication_id = t.publication_id
        LEFT JOIN {storymask} h ON h.article_id = t.article_id
        WHERE a.slug = %s AND t.live_from <= %s AND t.live_until > %s AND NOT t.withdrawn
            AND (p.address_id = %s OR EXISTS (SELECT 1 FROM {liveperiod} s
                JOIN {publication} l ON l.id = s.publication_id
                WHERE s.article_id = a.article_id AND s.live_from <= %s AND l.address_id = %s))
    """.format(**table)  # noqa: S608
    # Kept short: it is scanned for parameters on every request.
    return " ".join(statement.split())
