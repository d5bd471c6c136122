"""Check the masks of stories against the journals that they are derived from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stories.models import StoryMask
from stories.queries.publishing.withholdings import CurrentMask, current_masks
from stories.queries.verification.findings import Finding, Kind


def check_withheld(articles: Sequence[int]) -> Iterator[Finding]:
    """Find every story whose mask is not what was decided. Five queries."""
    found = {row.article_id: row for row in StoryMask.objects.filter(article__in=articles)}
    for article, decided in current_masks(articles).items():
        row = found.get(article) or StoryMask(article_id=article)
        stored = CurrentMask(words=row.words, publications=row.publications, pictures=row.pictures)
        if stored != decided or row.digest != decided.digest:
            yield Finding(
                None,
                Kind.WITHHELD,
                f"What is withheld of story {article} now (in stories_storymask) is not what was decided.",
            )
