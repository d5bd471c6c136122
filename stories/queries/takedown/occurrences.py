"""Where words stand in a story: in versions, in drafts, in its addresses; and which other stories hold them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from stories.domain.editing.find_replace import find_matches_with
from stories.domain.snapshot import StorySnapshot
from stories.domain.text.find import TextMatch
from stories.domain.text.mask import Mask
from stories.domain.text.search_form import tokens
from stories.models import Article, OldAddress, SearchText, StoryAddress
from stories.models.integrity.registry import TRACKED_MODELS
from stories.queries.publishing.stored_versions import stored_versions
from stories.queries.publishing.versions import live_publications
from stories.queries.story.snapshots import history_of, working_snapshot
from stories.queries.takedown.elsewhere import WordsElsewhere, words_elsewhere
from stories.queries.takedown.text_columns import redact_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A place that holds the words, with what stands around them; `versions` that read so, and the draft if it does.

    `story` is one that reads so, to say in words where in it the place is.
    """

    key: UUID | None
    field: str
    span: TextMatch
    versions: tuple[int, ...]
    in_draft: bool
    story: StorySnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrences:
    """All that holds some words: places in versions and in the working copy; how many stored rows beside them do.

    `near` are places of longer words that begin or end like them and stay; `links` addresses in the text that are lost.
    """

    places: list[Occurrence]
    near: list[Occurrence]
    links: list[str]
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


def holding(article: Article, words: str, *, at: datetime) -> Occurrences:
    """Where words stand in a story and beside it. Reads its whole history, a row at a time."""
    mask = Mask((words,))
    stories: list[tuple[int, StorySnapshot]] = [
        (number, story) for number, (_publication, story) in enumerate(stored_versions(article.pk), start=1)
    ]
    stories = [*reversed(stories), (0, working_snapshot(article))]
    return Occurrences(
        places=_places(stories, lambda text, html: mask.places(text, html=html)),
        near=_places(stories, lambda text, html: mask.near(text, html=html)),
        links=list(dict.fromkeys(link for _number, story in stories for link in mask.links(story))),
        rows=sum(1 for _ in rows_holding(article.pk, mask)),
        addresses=list(_addresses(article.pk, mask)),
        elsewhere=other_stories_with(words, besides=article.pk, at=at),
    )


def _places(
    stories: Iterable[tuple[int, StorySnapshot]], places_in: Callable[[str, bool], Iterable[TextMatch]]
) -> list[Occurrence]:
    """Each place once, with the versions that read so; a story comes with its version's number, the draft with 0."""
    found: dict[tuple[Any, ...], Occurrence] = {}
    for number, story in stories:
        for place in find_matches_with(story, places_in):
            reads = (place.key, place.field, place.span.before, place.span.found, place.span.behind)
            known = found.get(reads)
            found[reads] = Occurrence(
                key=place.key,
                field=place.field,
                span=place.span,
                versions=tuple(sorted({*(known.versions if known else ()), *([number] if number else [])})),
                in_draft=not number or (known.in_draft if known else False),
                story=known.story if known else story,
            )
    return list(found.values())


def other_stories_with(words: str, *, besides: int, at: datetime) -> list[WordsElsewhere]:
    """Other live stories that hold the words in any spelling, the newest first. One query, at most fifty.

    Stories that are withdrawn are left out.
    """
    mask = Mask((words,))
    # In the form in which both are searched: what a script joins to a word stands around it there.
    forms = {token.form for token in tokens(words)}
    if not forms:
        return []
    held = live_publications(at).exclude(article=besides)
    for form in sorted(forms):
        held = held.filter(
            Q(search_text__text_words__contains=form) | Q(search_text__headline_words__contains=form)
        )

    def first_place(texts: SearchText) -> list[str]:
        spans = mask.places(f"{texts.headline}\n{texts.text}")
        return [f"{span.lead}{span.found}{span.trail}" for span in spans[:1]]

    return words_elsewhere(held, first_place)


def rows_holding(article_id: int, mask: Mask) -> Iterator[tuple[Any, dict[str, str]]]:
    """Every row of a story's history that holds the words, with its columns without them. One query a model."""
    for model in TRACKED_MODELS:
        for row in history_of(model, article_id).iterator(chunk_size=200):
            changed = redact_words(row, mask)
            if changed:
                yield row, changed


def _addresses(article_id: int, mask: Mask) -> Iterator[str]:
    slugs = StoryAddress.objects.filter(article=article_id).values_list("slug", flat=True)
    paths = OldAddress.objects.filter(article=article_id).values_list("path", flat=True)
    working = Article.objects.filter(pk=article_id).values_list("slug", flat=True)
    for address in dict.fromkeys([*slugs, *working, *paths]):
        if mask.in_address(address):
            yield address
