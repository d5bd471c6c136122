"""The people of every test, and plain functions that create test data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import Group
from django.test import Client
from PIL import Image

from stories.actions.editing.revise import revise
from stories.actions.publishing.publish import publish
from stories.domain import snapshot as domain
from stories.models import Article, Author, Publication, Revision, Section, User
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, OUTSIDE_AUDITOR, REPORTER
from stories.queries.story.snapshots import latest_revision, working_snapshot

# A fixed morning: no test depends on the wall clock.
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"

NAMES = {
    REPORTER: ("rosa", "Rosa Reporter"),
    EDITOR: ("emil", "Emil Editor"),
    MANAGING_EDITOR: ("maya", "Maya Managing"),
    AUDITOR: ("aldo", "Aldo Auditor"),
    OUTSIDE_AUDITOR: ("oda", "Oda Outside"),
}


def minutes(count: int) -> datetime:
    """Return a time so many minutes after the fixed morning."""
    return MORNING + timedelta(minutes=count)


def make_user(role: str | None = None, *, name: str = "", **values: Any) -> User:
    """Create a user by role; without one, an outsider who may not even enter the admin."""
    known, display_name = NAMES.get(role or "", ("olga", "Olga Outsider"))
    user = User.objects.create_user(
        values.pop("email", f"{name or known}@example.org"),
        PASSWORD,
        **{"display_name": display_name, "is_staff": role is not None, **values},
    )
    if role is not None:
        user.groups.add(Group.objects.get(name=role))
    return user


def signed_in(user: User) -> Client:
    """Return a client that is signed in as the user."""
    client = Client()
    client.force_login(user)
    return client


def make_section(slug: str = "technology", name: str = "Technology") -> Section:
    return Section.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def make_author(slug: str = "ines-calder", name: str = "Ines Calder") -> Author:
    return Author.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def text(html: str = "<p>The council met on Monday.</p>", *, key: UUID | None = None) -> domain.TextBlock:
    return domain.TextBlock(key=key or uuid4(), text=html)


def quote(html: str = "<p>We hear you.</p>", **values: Any) -> domain.QuoteBlock:
    return domain.QuoteBlock(**{"key": uuid4(), "text": html, "speaker": "Dana Whitlock", **values})


def embed(address: str = "https://example.org/transcript", **values: Any) -> domain.EmbedBlock:
    return domain.EmbedBlock(**{"key": uuid4(), "address": address, "title": "The transcript", **values})


def request(party: str = "Corvid Systems", **values: Any) -> domain.CommentRequest:
    return domain.CommentRequest(**{"key": uuid4(), "party": party, "requested_at": MORNING, **values})


def note(
    words: str = "A misspelt name was corrected.",
    kind: domain.NoteKind = domain.NoteKind.UPDATE,
    **values: Any,
) -> domain.UpdateNote:
    return domain.UpdateNote(**{"key": uuid4(), "kind": kind, "text": words, **values})


def byline(author: Author, **values: Any) -> domain.Byline:
    return domain.Byline(**{"key": uuid4(), "author": author.pk, "credited_as": author.name, **values})


def wanted(
    headline: str = "Council hears objections", *blocks: domain.Block, **values: Any
) -> domain.StorySnapshot:
    """Return a story; without blocks, one of a single paragraph."""
    slug = values.pop("slug", headline.lower().replace(" ", "-"))
    return domain.StorySnapshot(
        **{"headline": headline, "slug": slug, "blocks": blocks or (text(),), **values}
    )


def begin(story: domain.StorySnapshot | None = None, *, user: User, at: datetime = MORNING) -> Article:
    """Create an article at revision 1."""
    revision = revise(article=None, story=story or wanted(), base=0, user=user, reason="began", at=at)
    assert revision is not None
    return revision.article


def change(
    article: Article, *, user: User, at: datetime = MORNING, reason: str = "", **values: Any
) -> Revision:
    """Make the next revision of an article, with some fields of its working copy replaced."""
    story = replace(working_snapshot(Article.objects.get(pk=article.pk)), **values)
    revision = revise(
        article=article, story=story, base=latest_revision(article.pk), user=user, reason=reason, at=at
    )
    assert revision is not None, "the change changed nothing"
    return revision


ADVERBS = ("briefly", "again", "early", "quietly", "indoors", "together")


def reword(article: Article, *, user: User, at: datetime = MORNING, number: int = 0) -> Revision:
    """Make the next revision of an article, with one harmless word added to its first block: a minor change."""
    body = working_snapshot(Article.objects.get(pk=article.pk)).blocks
    first = body[0]
    assert isinstance(first, domain.TextBlock)
    reworded = replace(first, text=first.text.replace(" met ", f" met {ADVERBS[number]} "))
    return change(article, user=user, at=at, blocks=(reworded, *body[1:]))


def png(width: int = 40, height: int = 30) -> bytes:
    """Return a picture file, all red."""
    out = BytesIO()
    Image.new("RGB", (width, height), "red").save(out, format="PNG")
    return out.getvalue()


def go_live(article: Article, *, user: User, at: datetime = MORNING, **values: Any) -> Publication:
    """Publish the newest revision of an article."""
    return publish(article=article, revision=latest_revision(article.pk), user=user, at=at, **values)
