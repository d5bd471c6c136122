"""Helpers that review a change as an editor does: with the page's own values, and what is typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse

from stories.models import Article, User
from stories.queries.story.snapshots import working_snapshot
from tests.admin.typing import typed_in
from tests.factories import change


def page(name: str, article: Article, *more: Any) -> str:
    """Return the address of one of a story's pages."""
    return reverse(f"admin:stories_article_{name}", args=[article.pk, *more])


def review(client: Client, article: Article, **typed: Any) -> Any:
    """Publish from the review page, with what is typed into it."""
    data = typed_in(client.get(page("publish", article))) | typed
    return send(client, "publish", article, data)


def send(client: Client, name: str, article: Article, data: dict[str, Any], step: str = "publish") -> Any:
    return client.post(page(name, article), data | {"step": step}, follow=True)


def on(moment: datetime, name: str) -> dict[str, str]:
    """Return a date and a time as the two fields of a form have them."""
    return {f"{name}_0": f"{moment:%Y-%m-%d}", f"{name}_1": f"{moment:%H:%M:%S}"}


def messages_of(response: Any) -> str:
    """Return the messages at the top of a page."""
    return " ".join(str(message) for message in response.context["messages"])


def errors_of(response: Any, field: str) -> str:
    """Return a review page's errors at a field."""
    return " ".join(response.context["form"].errors.get(field, []))


def reword(article: Article, user: User, old: str, new: str, *, block: int = 0, **values: Any) -> None:
    """Save a revision of a story with some words of a block replaced."""
    blocks = list(working_snapshot(Article.objects.get(pk=article.pk)).blocks)
    was: Any = blocks[block]
    assert old in was.text
    blocks[block] = replace(was, text=was.text.replace(old, new))
    change(article, user=user, blocks=tuple(blocks), **values)
