"""What is withheld of stories now, against the journals that it follows from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stories.models import StoryMask
from stories.queries.publishing.withholdings import CurrentMask, withheld_of
from stories.queries.verification.findings import Finding, Kind


def check_withheld(articles: Sequence[int]) -> Iterator[Finding]:
    """Every story of which something else is withheld than was decided. Five queries."""
    found = {row.article_id: row for row in StoryMask.objects.filter(article__in=articles)}
    for article, decided in withheld_of(articles).items():
        row = found.get(article) or StoryMask(article_id=article)
        stored = CurrentMask(words=row.words, publications=row.publications, pictures=row.pictures)
        if stored != decided or row.digest != decided.digest:
            yield Finding(
                None,
                Kind.WITHHELD,
                f"What is withheld of story {article} now (in stories_storymask) is not what was decided.",
            )
