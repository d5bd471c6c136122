"""Check story statuses, by which lists, queues and feeds choose, against the journals that they are derived from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stories.models import Article, StoryStatus
from stories.queries.desk.story_status import status_expressions
from stories.queries.verification.findings import FieldChange, Finding, Kind, changed

_JOURNALS = "wanted_"


def check_story_status(articles: Sequence[int]) -> Iterator[Finding]:
    """Find every story whose status is missing, or differs from its journals. Two queries."""
    expected = status_expressions()
    cards = StoryStatus.objects.filter(article__in=articles).annotate(
        **{_JOURNALS + name: value for name, value in expected.items()}
    )
    there = set()
    for row in cards.values("article_id", *expected, *(_JOURNALS + name for name in expected)):
        there.add(row["article_id"])
        wrong = [name for name in expected if row[name] != row[_JOURNALS + name]]
        if wrong:
            changes = tuple(changed(name, row[_JOURNALS + name], row[name]) for name in wrong)
            yield _finding(
                row["article_id"], f"says otherwise than its journals: {', '.join(wrong)}.", changes
            )
    for article in Article._base_manager.filter(pk__in=articles).values_list("pk", flat=True):
        if article not in there:
            yield _finding(article, "is not there: lists and feeds leave the story out.")


def _finding(article: int, what: str, changes: tuple[FieldChange, ...] = ()) -> Finding:
    return Finding(
        None,
        Kind.DESK_CARD,
        f"The story’s status of story {article} (in stories_storystatus) {what}",
        changes,
    )
