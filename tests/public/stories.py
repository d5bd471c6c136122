"""Stories for readers to find."""

from __future__ import annotations

from dataclasses import replace

from stories.domain.snapshot import NoteKind, RequestStatus
from stories.models import Article, OldAddress, User
from stories.models.record.recording import append
from stories.queries.story.snapshots import working_snapshot
from tests.factories import (
    begin,
    byline,
    change,
    go_live,
    make_author,
    make_section,
    minutes,
    note,
    quote,
    request,
    text,
    wanted,
)


def make_answer(user: User) -> Article:
    """Create a story at version 3: a quote's words fixed, then an answer put in, and a draft of more since.

    Its versions are those of 10, 20 and 30 minutes after the fixed morning.
    """
    company, group = request("Corvid Systems"), request("the Liberty Watch")
    words = quote("<p>We beleive (sic) in the the service.</p>")
    article = begin(
        wanted(
            "Corvid answers its staff",
            text("<p>Corvid Systems answered its staff on Monday.</p>"),
            words,
            slug="corvid-answers",
            dek="A first answer",
            section=make_section().pk,
            dateline="Seattle",
            disclosure="We may earn a commission.",
            bylines=(byline(make_author()),),
            comment_requests=(company, group),
        ),
        user=user,
        at=minutes(5),
    )
    go_live(article, user=user, at=minutes(10))
    fixed = replace(words, text="<p>We believe in the service.</p>")
    typo = note("Typographical errors in the quotation were fixed.", NoteKind.TYPO)
    first = working_snapshot(article).blocks[0]
    change(article, user=user, at=minutes(20), blocks=(first, fixed), update_notes=(typo,))
    go_live(article, user=user, at=minutes(20))
    comment = note("A comment of the Liberty Watch was added.", NoteKind.COMMENT_ADDED)
    change(
        article,
        user=user,
        at=minutes(30),
        blocks=(first, fixed, quote("<p>No one should be a suspect.</p>", speaker="Miriam Okafor")),
        comment_requests=(company, replace(group, status=RequestStatus.RECEIVED, responded_at=minutes(25))),
        update_notes=(typo, comment),
    )
    go_live(article, user=user, at=minutes(30))
    change(article, user=user, at=minutes(40), dek="A dek that nobody published")
    return article


def make_corrected(user: User) -> Article:
    """Create a story at version 2, which corrects a figure of the first."""
    paragraph = text("<p>The ferries cost $40 million.</p>")
    article = begin(
        wanted("Ferry budget approved", paragraph, section=make_section("city", "City").pk), user=user
    )
    go_live(article, user=user, at=minutes(50))
    change(
        article,
        user=user,
        at=minutes(60),
        blocks=(replace(paragraph, text="<p>The ferries cost $14 million.</p>"),),
        update_notes=(note("The budget was given wrongly.", NoteKind.CORRECTION, was="$40", now="$14"),),
    )
    go_live(article, user=user, at=minutes(60))
    return article


def stood_at(path: str, article: Article) -> None:
    """Let a story have stood at a path before it was imported."""
    append(OldAddress(path=path, article=article))
