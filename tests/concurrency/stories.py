"""Stories on which two writers act at once, and what became of what they did."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from stories.actions.errors import Refused
from stories.actions.publishing.publish import publish
from stories.domain import snapshot as domain
from stories.models import Article, LedgerEntry, Publication, User
from stories.queries.story.snapshots import latest_revision
from stories.queries.verification import Verification
from tests import factories as make

numbers = count(1)


def live_story(user: User, *blocks: domain.Block, slug: str = "") -> Article:
    """A live story with an edit that waits."""
    number = next(numbers)
    body = (make.text("<p>The council met on Monday.</p>"), *blocks)
    article = make.begin(make.wanted(f"Story {number}", *body, slug=slug or f"story-{number}"), user=user)
    make.go_live(article, user=user)
    make.reword(article, user=user, at=make.minutes(1))
    return article


def publication(article: Article, user: User, *, noted: bool = True) -> Callable[[], Publication]:
    newest = latest_revision(article.pk)

    def write() -> Publication:
        notes = (make.note(),) if noted else ()
        return publish(
            article=article,
            revision=newest,
            user=user,
            notes=notes,
            publication_class="" if noted else "minor",
            reason="A word",
        )

    return write


def pages_of(article: Article) -> list[str]:
    story = f"/stories/{article.slug}/"
    return [story, f"{story}versions/", f"{story}versions/1/", f"{story}feed/", "/"]


def fates(outcomes: list[object]) -> list[str]:
    """“done” or the kind of the refusal; whatever else was raised is raised here."""
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
            raise outcome
    return ["refused" if isinstance(outcome, Refused) else "done" for outcome in outcomes]


def refusal(outcomes: list[object]) -> str:
    (message,) = [str(outcome) for outcome in outcomes if isinstance(outcome, Refused)]
    return message


def holds() -> None:
    """The ledger verifies, and has no gap."""
    assert [str(finding) for finding in Verification()] == []
    sequences = list(LedgerEntry.objects.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(1, len(sequences) + 1))
