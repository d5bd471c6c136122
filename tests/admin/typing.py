"""Helpers that fill in a form of the admin as a browser would: every value of the page is sent back."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import reverse

from stories.models import Article

BLANK = "__prefix__"


class Typist(HTMLParser):
    """The names and values that a page's forms would send."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name = found.get("name") or ""
        if tag == "input" and name:
            kind = found.get("type", "text")
            ticked = "checked" in found
            if kind not in ("submit", "file", "button") and (kind not in ("checkbox", "radio") or ticked):
                self.values[name] = found.get("value") or ("on" if ticked else "")
        elif tag == "textarea":
            self._area, self.values[name] = name, ""
        elif tag == "select":
            self._select = name
            self.values.setdefault(name, "")
        elif tag == "option" and self._select and "selected" in found:
            self.values[self._select] = found.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            # Browsers drop a line end right after the opening tag.
            self.values[self._area] = self.values[self._area].removeprefix("\r\n").removeprefix("\n")
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.values[self._area] += data


def typed_in(response: Any) -> dict[str, Any]:
    """Return the values in the page's forms, by the names of their fields."""
    typist = Typist()
    typist.feed(response.content.decode())
    return {name: value for name, value in typist.values.items() if BLANK not in name}


def opened(client: Client, article: Article | None = None) -> dict[str, Any]:
    """Return the form of a story as it is opened; a new one's, without an article."""
    return typed_in(client.get(address_of(article)))


def sent(client: Client, article: Article | None, data: dict[str, Any], **extra: Any) -> Any:
    """Return the response to a form that is posted with the button that keeps it open."""
    return client.post(address_of(article), {**data, "_continue": "Save", **extra})


def address_of(article: Article | None) -> str:
    if article is None:
        return reverse("admin:stories_article_add")
    return reverse("admin:stories_article_change", args=[article.pk])


def add_row(data: dict[str, Any], prefix: str, **values: Any) -> str:
    """Add a row as the page's button does; returns the prefix of its fields."""
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    data[f"{prefix}-TOTAL_FORMS"] = str(number + 1)
    row = f"{prefix}-{number}"
    data[f"{row}-part_key"] = ""
    if prefix.endswith("block_set"):
        data |= {f"{row}-region": "main", f"{row}-ordering": str(10 * (1 + _blocks(data)))}
    for name, value in values.items():
        data[f"{row}-{name}"] = value
    return row


def row_of(data: dict[str, Any], key: UUID) -> str:
    """Return the prefix of the row that was shown with a key."""
    return next(name.removesuffix("-part_key") for name, value in data.items() if value == str(key))


def _blocks(data: dict[str, Any]) -> int:
    return sum(name.endswith("-region") for name in data)
