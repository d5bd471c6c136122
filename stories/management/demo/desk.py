"""The demo's people, and how they act: through the real actions, at times that count back from now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.contrib.auth.models import Group

from stories.actions.editing.revise import revise
from stories.actions.publishing.publish import publish
from stories.domain import snapshot as domain
from stories.models import Article, User
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, OUTSIDE_AUDITOR, REPORTER
from stories.queries.story.snapshots import latest_revision, working_snapshot

PASSWORD = "demo"  # noqa: S105 - the command refuses to run outside DEBUG
PEOPLE = {
    "rosa": (REPORTER, "Rosa Lindqvist"),
    "emil": (EDITOR, "Emil Okafor"),
    "maya": (MANAGING_EDITOR, "Maya Trevelyan"),
    "aldo": (AUDITOR, "Aldo Brandt"),
    "oda": (OUTSIDE_AUDITOR, "Oda Feldmann"),
}

# Keys are derived from names, so that every demo is the same.
_NAMESPACE = UUID("6d1f2f0e-54f4-4c0e-9a0d-5a3b6c1f7e21")


def key(name: str) -> UUID:
    return uuid5(_NAMESPACE, name)


def text(name: str, html: str) -> domain.TextBlock:
    return domain.TextBlock(key=key(name), text=html)


@dataclass(frozen=True)
class DemoDesk:
    """The demo's people, and the present that its times count back from."""

    now: datetime
    rosa: User
    emil: User
    maya: User
    aldo: User
    oda: User

    def ago(self, **delta: float) -> datetime:
        return self.now - timedelta(**delta)

    def begin(self, story: domain.StorySnapshot, *, at: datetime, by: User, reason: str) -> Article:
        revision = revise(article=None, story=story, base=0, user=by, reason=reason, at=at)
        assert revision is not None
        return revision.article

    def change(self, article: Article, *, at: datetime, by: User, reason: str, **values: Any) -> None:
        article = Article.objects.get(pk=article.pk)
        story = replace(working_snapshot(article), **values)
        revise(article=article, story=story, base=latest_revision(article.pk), user=by, reason=reason, at=at)

    def publish(self, article: Article, *, at: datetime, by: User | None = None, **values: Any) -> None:
        user = by or self.emil
        publish(article=article, revision=latest_revision(article.pk), user=user, at=at, **values)


def make_people() -> dict[str, User]:
    """Create the demo's accounts, one for each group, with the demo's password; by the name before the @."""
    people: dict[str, User] = {}
    for name, (role, display_name) in PEOPLE.items():
        user, made = User.objects.get_or_create(
            email=f"{name}@example.org",
            defaults={"display_name": display_name, "is_staff": True},
        )
        if made:
            user.set_password(PASSWORD)
            user.save()
            user.groups.add(Group.objects.get(name=role))
        people[name] = user
    return people


def byline(story: str, author: str, name: str) -> domain.Byline:
    return domain.Byline(key=key(f"{story} {author}"), author=author, credited_as=name)
