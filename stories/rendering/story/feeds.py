"""Feeds: Atom (RFC 4287, with the archives of RFC 5005 and the tombstones of RFC 6721) and JSON Feed 1.1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape, unescape
from typing import Any, Final
from urllib.parse import urljoin

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.feedgenerator import Atom1Feed, rfc3339_date

JSON_FEED: Final = "https://jsonfeed.org/version/1.1"
_TOMBSTONES: Final = "http://purl.org/atompub/tombstones/1.0"
_HISTORY: Final = "http://purl.org/syndication/history/1.0"
# Only tags and their attributes match; text that looks like attributes does not. Our own markup escapes both brackets,
# and quotation marks, in attributes.
_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
_ATTRIBUTE = re.compile(r'\s+([a-zA-Z-]+)="([^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """A story, a version or a note in a feed. `html` is the whole content, `authors` are pairs of name and address."""

    id: str
    address: str
    title: str
    published: datetime
    updated: datetime
    html: str
    summary: str = ""
    language: str = ""
    section: str = ""
    authors: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneEntry:
    """An entry that was withdrawn, and is no longer in the feed."""

    id: str
    when: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed by its absolute addresses.

    `previous` is the archive page before it; `current`, on archive pages, the live feed; `updated` is when it last
    changed, in case it has no entry.
    """

    title: str
    address: str
    page: str
    entries: Sequence[FeedEntry]
    updated: datetime
    gone: Sequence[GoneEntry] = ()
    previous: str = ""
    current: str = ""


class _Atom(Atom1Feed):
    """Django's Atom with what it lacks: full content, several authors, archives, tombstones."""

    def __init__(self, document: Feed, **kwargs: Any) -> None:
        self.document = document
        super().__init__(**kwargs)

    def latest_post_date(self) -> datetime:
        # Django's own method returns the present if there is no entry: the feed would change by itself.
        moments = [entry.updated for entry in self.document.entries] + [
            gone.when for gone in self.document.gone
        ]
        return max(moments, default=self.document.updated)

    def root_attributes(self) -> dict[str, str]:
        used = {"xmlns:at": _TOMBSTONES} if self.document.gone else {}
        if self.document.current:
            used["xmlns:fh"] = _HISTORY
        return {**super().root_attributes(), **used}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.document.current:
            handler.addQuickElement("fh:archive", "")
            handler.addQuickElement("link", "", {"rel": "current", "href": self.document.current})
        if self.document.previous:
            handler.addQuickElement("link", "", {"rel": "prev-archive", "href": self.document.previous})

    def write_items(self, handler: Any) -> None:
        super().write_items(handler)
        for gone in self.document.gone:
            handler.addQuickElement("at:deleted-entry", "", {"ref": gone.id, "when": rfc3339_date(gone.when)})

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["entry"].language} if item["entry"].language else {}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        entry: FeedEntry = item["entry"]
        # An empty summary would mean that there is nothing to read.
        item["description"] = item["description"] or None
        super().add_item_elements(handler, item)
        for name, address in entry.authors:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            if address:
                handler.addQuickElement("uri", address)
            handler.endElement("author")
        handler.addQuickElement("content", portable(entry.html, entry.address), {"type": "html"})


def atom(feed: Feed) -> str:
    """Render a feed as Atom."""
    document = _Atom(
        feed,
        title=feed.title,
        link=feed.page,
        feed_url=feed.address,
        feed_guid=feed.current or feed.address,
        description=None,
        author_name=settings.SITE_NAME,
        author_link=f"{settings.SITE_URL}/",
    )
    for entry in feed.entries:
        document.add_item(
            title=entry.title,
            link=entry.address,
            description=entry.summary,
            pubdate=entry.published,
            updateddate=entry.updated,
            unique_id=entry.id,
            categories=[entry.section] if entry.section else [],
            entry=entry,
        )
    return document.writeString("utf-8")


def json_feed(feed: Feed) -> str:
    """Render a feed as JSON Feed 1.1."""
    document = {
        "version": JSON_FEED,
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "authors": [{"name": settings.SITE_NAME, "url": f"{settings.SITE_URL}/"}],
        "items": [_json_item(entry) for entry in feed.entries],
    }
    return DjangoJSONEncoder(ensure_ascii=False).encode(document)


def _json_item(entry: FeedEntry) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": entry.address,
        "title": entry.title,
        "content_html": portable(entry.html, entry.address),
        "summary": entry.summary,
        "date_published": rfc3339_date(entry.published),
        "date_modified": rfc3339_date(entry.updated),
        "authors": [
            {"name": name, "url": address} if address else {"name": name} for name, address in entry.authors
        ],
        "tags": [entry.section] if entry.section else [],
        "language": entry.language,
    }
    return {name: value for name, value in item.items() if value not in ("", [])}


def portable(html: str, address: str) -> str:
    """Return HTML of the page at an address in a form that can be read elsewhere.

    Addresses are absolute, since feed readers know no other base than their own, and pictures have a single size.
    """

    def attribute(match: re.Match[str]) -> str:
        name, value = match[1], match[2]
        if name in ("srcset", "sizes"):
            return ""
        if name not in ("href", "src"):
            return match[0]
        return f' {name}="{escape(_absolute(unescape(value), address))}"'

    return _TAG.sub(lambda tag: _ATTRIBUTE.sub(attribute, tag[0]), html).strip()


def _absolute(address: str, base: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address
