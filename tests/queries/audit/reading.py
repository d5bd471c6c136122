"""Read a queue by the sequences of its entries, and make stories that get into queues."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stories.actions.archive.import_story import import_story
from stories.actions.audit.questions import sign_off
from stories.domain.archive.stories import load
from stories.models import Article, LedgerEntry, Publication, User
from stories.models.record.revisions import Journal
from stories.queries.audit.queues import QueuePage
from stories.queries.ledger.lines import entries_of
from tests.archives import line
from tests.factories import minutes

# Three days after the fixed morning.
NOW = minutes(60 * 24 * 3)


def sequences(page: QueuePage) -> list[int]:
    return [each.sequence for each in page.lines]


def sequence_of(event: Journal) -> int:
    return entries_of([event])[str(event.entry_kind), event.pk]


def newest_publication(article: Article) -> Publication:
    return Publication.objects.filter(article=article).latest("pk")


def newest_version(article: Article) -> int:
    """Return the sequence of a story's newest publication."""
    return sequence_of(newest_publication(article))


def sign(sequence: int, auditor: User) -> None:
    sign_off(entry=LedgerEntry.objects.get(pk=sequence), user=auditor)


def take_in(user: User, *versions: dict[str, Any], at: int, slug: str = "council") -> Publication:
    """Import a story's versions at a minute; return its newest publication."""
    import_story(story=load(line(*versions, slug=slug)), user=user, at=minutes(at))
    return Publication.objects.latest("pk")


def acted(user: User, at: datetime) -> dict[str, Any]:
    """Return the columns of an event that says who acted when."""
    return {"user_id": user.pk, "user_name": user.get_full_name(), "recorded_at": at}
