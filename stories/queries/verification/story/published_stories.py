"""Check the stories from which readers' pages are made against history, masked as they are now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.utils import translation

from stories.domain.snapshot import StorySnapshot
from stories.domain.stored_story import FORM, stored_story
from stories.models import PublishedStory
from stories.queries.publishing.withholdings import CurrentMask, current_masks, mask
from stories.queries.verification.findings import Finding, Kind, listed
from stories.queries.verification.story.search_texts import AT_ONCE, site_languages, stories_of

_REBUILT: Final = "manage.py rebuild_pages --all writes it again."


def check_published_stories(articles: Sequence[int]) -> Iterator[Finding]:
    """Find every story with rows that readers' pages are made from and that are not what its publications say.

    A row that is absent, or in the form of an earlier release, is none that pages are made from. Five queries and one a
    tracked model, for every few stories.
    """
    for start in range(0, len(articles), AT_ONCE):
        yield from _check(articles[start : start + AT_ONCE])


def _check(articles: Sequence[int]) -> Iterator[Finding]:
    rows: defaultdict[int, list[Any]] = defaultdict(list)
    stored = PublishedStory.objects.filter(publication__article__in=articles, form__startswith=FORM)
    for row in stored.order_by("pk").values(
        *("pk", "data", "publication__article_id", "publication__revision__number"),
        *("publication__period__withdrawn", "publication__period__withheld"),
    ):
        rows[row["publication__article_id"]].append(row)
    numbers = {
        article: {row["pk"]: row["publication__revision__number"] for row in some}
        for article, some in rows.items()
    }
    masks = current_masks(list(numbers))
    for article, stories in stories_of(numbers):
        wrong = [row["pk"] for row in rows[article] if not _is_right(row, stories, masks[article])]
        if wrong:
            yield Finding(
                None,
                Kind.PUBLISHED,
                f"What readers’ pages are made from (in stories_publishedstory, publications {listed(wrong)} of story "
                f"{article}) is not what the publications say, or should not be there. {_REBUILT}",
            )


def _is_right(row: Any, stories: dict[int, StorySnapshot], now: CurrentMask) -> bool:
    # A cancelled publication has no period.
    is_seen = row["publication__period__withdrawn"] is False and row["publication__period__withheld"] is False
    story = stories[row["publication__revision__number"]]
    return is_seen and any(row["data"] == text for text in _texts(story, now))


def _texts(story: StorySnapshot, now: CurrentMask) -> Iterator[str]:
    for language in site_languages() if now.words else site_languages()[:1]:
        with translation.override(language):
            yield stored_story(story.public(withheld=mask(now.words, now.pictures)))
