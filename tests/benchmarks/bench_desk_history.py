"""Who wrote some words, asked at 1,000 revisions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from stories.actions.publishing.publish import publish
from stories.domain import snapshot as domain
from stories.models import Article
from stories.models.roles import MANAGING_EDITOR
from stories.queries.blame.blame import Selection, readable_places, who_wrote
from stories.queries.story.snapshots import snapshot_at
from tests import factories as make
from tests.benchmarks.bench_history import analyse, edited, save, timed, twenty_blocks, word

DATABASE = True
REVISIONS = 1_000
# A version after so many revisions.
PUBLISHED = 50


def run() -> list[tuple[str, float, str, float | None]]:
    user = make.make_user(MANAGING_EDITOR)
    article = make.begin(twenty_blocks(), user=user)
    grow(article, user, next_story=edited)
    figures = blamed(article, "of a story of 20 blocks", 200)
    figures += blamed(one_block(user, one_place), "of one block of 900 words", 200)
    # The worst that may come: everything between two changes has to be looked at, each time.
    figures += blamed(one_block(user, both_ends), "  both its ends changed each time", None)
    return figures


def one_block(user: Any, next_story: Callable[[domain.StorySnapshot, int], domain.StorySnapshot]) -> Article:
    story = twenty_blocks()
    text = "".join(block.text for block in story.blocks if isinstance(block, domain.TextBlock))
    article = make.begin(make.wanted(f"One block {uuid4()}", make.text(text)), user=user)
    grow(article, user, next_story=next_story)
    return article


def one_place(story: domain.StorySnapshot, number: int) -> domain.StorySnapshot:
    return _reworded(story, {5 + number * 7 % 600: word(number)})


def both_ends(story: domain.StorySnapshot, number: int) -> domain.StorySnapshot:
    return _reworded(story, {2: word(number), 650: word(number + 1)})


def _reworded(story: domain.StorySnapshot, changes: dict[int, str]) -> domain.StorySnapshot:
    block = story.blocks[0]
    assert isinstance(block, domain.TextBlock)
    words = block.text.split(" ")
    # What ends a paragraph stays: a word of two paragraphs is no word.
    plain = [place for place, found in enumerate(words) if "<" not in found]
    for place, new in changes.items():
        words[plain[place]] = new
    return replace(story, blocks=(replace(block, text=" ".join(words)), *story.blocks[1:]))


def grow(
    article: Article, user: Any, *, next_story: Callable[[domain.StorySnapshot, int], domain.StorySnapshot]
) -> None:
    """Revisions up to the number that is asked about, a version now and then."""
    story = snapshot_at(article.pk, 1)
    with transaction.atomic():
        for number in range(2, REVISIONS + 1):
            story = next_story(story, number)
            save(article, story, number, user)
            if number % PUBLISHED == 0:
                announce(article, number, user)


def announce(article: Article, number: int, user: Any) -> None:
    announcement: dict[str, Any] = (
        {"publication_class": "override", "reason": "A word"} if number > PUBLISHED else {}
    )
    publish(article=article, revision=number, user=user, **announcement)


def blamed(article: Article, which: str, target: float | None) -> list[tuple[str, float, str, float | None]]:
    analyse()
    return [(f"blame of ten words at {REVISIONS:,} revisions {which}", blame_time(article), "ms", target)]


def blame_time(article: Article) -> float:
    """With all that has to be read for it, the story among it."""
    newest = article.revisions.count()

    def ask() -> None:
        story = snapshot_at(article.pk, newest)
        place = next(place for place, _html, label in readable_places(story) if label == "text 1")
        found = who_wrote(article.pk, newest, [Selection(place, 0, 45)], story=story, at=timezone.now())
        assert found

    return timed(ask)
