"""Find where words occur in a story: in versions, in drafts, in its addresses; and in which other stories."""

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
    """A place with the words and the text around them; the `versions` that read so, and whether the draft does.

    `story` is one that reads so, to describe the place.
    """

    key: UUID | None
    field: str
    span: TextMatch
    versions: tuple[int, ...]
    in_draft: bool
    story: StorySnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrences:
    """All occurrences of some words: in versions and the working copy, and how many other stored rows have them.

    `near` are places with longer words that begin or end like them and stay; `links` addresses in the text that are
    lost.
    """

    places: list[Occurrence]
    near: list[Occurrence]
    links: list[str]
    rows: int
    addresses: list[str]
    elsewhere: list[WordsElsewhere]

    @property
    def versions(self) -> list[int]:
        """The numbers of the versions with the words; a scheduled one counts on."""
        return sorted({number for place in self.places for number in place.versions})


def find_occurrences(article: Article, words: str, *, at: datetime) -> Occurrences:
    """Return where words occur in a story and in related rows. Reads its whole history, a row at a time."""
    mask = Mask((words,))
    stories: list[tuple[int, StorySnapshot]] = [
        (number, story) for number, (_publication, story) in enumerate(stored_versions(article.pk), start=1)
    ]
    stories = [*reversed(stories), (0, working_snapshot(article))]
    return Occurrences(
        places=_places(stories, lambda text, html: mask.places(text, html=html)),
        near=_places(stories, lambda text, html: mask.near(text, html=html)),
        links=list(dict.fromkeys(link for _number, story in stories for link in mask.links(story))),
        rows=sum(1 for _ in rows_containing(article.pk, mask)),
        addresses=list(_addresses(article.pk, mask)),
        elsewhere=other_stories_with(words, excluding=article.pk, at=at),
    )


def _places(
    stories: Iterable[tuple[int, StorySnapshot]], places_in: Callable[[str, bool], Iterable[TextMatch]]
) -> list[Occurrence]:
    """Return each place once, with the versions that read so.

    A story comes with its version's number, the draft with 0.
    """
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


def other_stories_with(words: str, *, excluding: int, at: datetime) -> list[WordsElsewhere]:
    """Return other live stories with the words in any spelling, the newest first. One query, at most fifty.

    Withdrawn stories are left out.
    """
    mask = Mask((words,))
    # In the form in which both are searched: there, characters that a script attaches to a word surround it.
    forms = {token.form for token in tokens(words)}
    if not forms:
        return []
    candidates = live_publications(at).exclude(article=excluding)
    for form in sorted(forms):
        candidates = candidates.filter(
            Q(search_text__text_words__contains=form) | Q(search_text__headline_words__contains=form)
        )

    def first_place(texts: SearchText) -> list[str]:
        spans = mask.places(f"{texts.headline}\n{texts.text}")
        return [f"{span.lead}{span.found}{span.trail}" for span in spans[:1]]

    return words_elsewhere(candidates, first_place)


def rows_containing(article_id: int, mask: Mask) -> Iterator[tuple[Any, dict[str, str]]]:
    """Yield every row of a story's history with the words, and its columns without them. One query a model."""
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
