"""Where words stand in a story: in versions, in drafts, in its addresses; and which other stories hold them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from stories.domain.find import find
from stories.domain.find_text import Span
from stories.domain.snapshot import StorySnapshot
from stories.domain.withholding import Mask, sought
from stories.models import Article, OldAddress, StoryAddress
from stories.models.registry import TRACKED_MODELS
from stories.queries.archive import stored_versions
from stories.queries.corrected_words import WordsElsewhere, stories_holding
from stories.queries.held_columns import without_words
from stories.queries.snapshots import history_of, working_snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPlace:
    """A place that holds the words, with what stands around them; `versions` that read so, and the draft if it does.

    `story` is one that reads so, to say in words where in it the place is.
    """

    key: UUID | None
    field: str
    span: Span
    versions: tuple[int, ...]
    in_draft: bool
    story: StorySnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """All that holds some words: places in versions and in the working copy; how many stored rows beside them do."""

    places: list[HeldPlace]
    rows: int
    addresses: list[str]
    elsewhere: list[WordsElsewhere]

    @property
    def versions(self) -> list[int]:
        """The numbers of the versions that hold them; one that is scheduled counts on."""
        return sorted({number for place in self.places for number in place.versions})

    @property
    def is_in_draft(self) -> bool:
        return any(place.in_draft for place in self.places)


def holding(article: Article, words: str, *, at: datetime) -> Holding:
    """Where words stand in a story and beside it. Reads its whole history, a row at a time."""
    mask = Mask((words,))
    found: dict[tuple[Any, ...], HeldPlace] = {}
    stories: list[tuple[int, StorySnapshot]] = [
        (number, story) for number, (_publication, story) in enumerate(stored_versions(article.pk), start=1)
    ]
    for number, story in [*reversed(stories), (0, working_snapshot(article))]:
        for place in find(story, sought(words)):
            if place.field == "slug":
                continue
            reads = (place.key, place.field, place.span.before, place.span.found, place.span.behind)
            known = found.get(reads)
            found[reads] = HeldPlace(
                key=place.key,
                field=place.field,
                span=place.span,
                versions=tuple(sorted({*(known.versions if known else ()), *([number] if number else [])})),
                in_draft=not number or (known.in_draft if known else False),
                story=known.story if known else story,
            )
    return Holding(
        places=list(found.values()),
        rows=sum(1 for _ in rows_holding(article.pk, mask)),
        addresses=list(_addresses(article.pk, mask)),
        elsewhere=stories_holding([words], besides=article.pk, at=at),
    )


def rows_holding(article_id: int, mask: Mask) -> Iterator[tuple[Any, dict[str, str]]]:
    """Every row of a story's history that holds the words, with its columns without them. One query a model."""
    for model in TRACKED_MODELS:
        for row in history_of(model, article_id).iterator(chunk_size=200):
            changed = without_words(row, mask)
            if changed:
                yield row, changed


def _addresses(article_id: int, mask: Mask) -> Iterator[str]:
    slugs = StoryAddress.objects.filter(article=article_id).values_list("slug", flat=True)
    paths = OldAddress.objects.filter(article=article_id).values_list("path", flat=True)
    working = Article.objects.filter(pk=article_id).values_list("slug", flat=True)
    for address in dict.fromkeys([*slugs, *working, *paths]):
        if mask.in_address(address):
            yield address
