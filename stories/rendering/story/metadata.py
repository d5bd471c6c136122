"""Render a story's metadata for machines in its page's head: schema.org as JSON-LD, and Open Graph."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from stories.domain.pictures import widths_of
from stories.domain.snapshot import ImageBlock, PublicStory, QuoteBlock, StoryKind, TextBlock
from stories.domain.text.credits import credits_agency, credits_newsroom, speaker_of
from stories.domain.text.ellipsis import with_ellipsis
from stories.domain.text.segments import plain_text
from stories.rendering.languages import open_graph_locale
from stories.rendering.story.blocks import absolute_picture
from stories.rendering.story.notes import ReaderNote

# The width in pixels that link previews display well.
_PREVIEW_WIDTH: Final = 1280
# The length of a description in characters, as search results display it.
_DESCRIBED: Final = 160
# Characters that would end the script element, or the data itself in old parsers.
_ESCAPES: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFacts:
    """A version's address, number and times, which are not in its story."""

    address: str
    number: int
    first_live_from: datetime
    updated_at: datetime


def render_metadata(story: PublicStory, facts: VersionFacts, notes: Iterable[ReaderNote]) -> SafeString:
    """Render the elements for the head of a story's page."""
    image = next((block for block in story.blocks if isinstance(block, ImageBlock) and block.picture), None)
    context = {
        "story": story,
        "facts": facts,
        "address": _absolute(facts.address),
        "site_name": settings.SITE_NAME,
        "locale": open_graph_locale(story.language),
        "description": description(story),
        "image": picture_data(image) if image else None,
        "data": script_data(news_article(story, facts, notes)),
    }
    return mark_safe(render_to_string("stories/partials/metadata.html", context))


def news_article(story: PublicStory, facts: VersionFacts, notes: Iterable[ReaderNote]) -> dict[str, Any]:
    """Return a version as schema.org's NewsArticle; a page such as the corrections policy as its WebPage."""
    pictures = [block for block in story.blocks if isinstance(block, ImageBlock) and block.picture]
    quotes = [block for block in story.blocks if isinstance(block, QuoteBlock)]
    sources = list(dict.fromkeys(block.source_url for block in quotes if block.source_url))
    address = _absolute(facts.address)
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle" if story.kind is StoryKind.STORY else "WebPage",
        "@id": address,
        "url": address,
        "mainEntityOfPage": address,
        "headline": story.headline,
        "description": description(story),
        "inLanguage": story.language,
        "articleSection": story.section_name,
        "dateline": story.dateline,
        "datePublished": facts.first_live_from.isoformat(timespec="seconds"),
        "dateModified": facts.updated_at.isoformat(timespec="seconds"),
        "version": facts.number,
        "author": [credited(byline.credited_as, byline.author) for byline in story.bylines],
        "publisher": publisher(),
        "image": [picture_data(block)["address"] for block in pictures],
        "isBasedOn": sources,
        "hasPart": [_quotation(block) for block in quotes],
        "correction": [_correction(note) for note in _flat(notes) if note.kind.weighty],
    }
    if story.kind is StoryKind.PAGE:
        del found["dateline"], found["articleSection"]
    return {name: value for name, value in found.items() if value not in ("", [])}


def publisher() -> dict[str, Any]:
    """Return the newsroom as schema.org's NewsMediaOrganization."""
    return {
        "@type": "NewsMediaOrganization",
        "name": settings.SITE_NAME,
        "url": f"{settings.SITE_URL}/",
        "correctionsPolicy": _absolute(reverse("public:corrections")),
    }


def description(story: PublicStory) -> str:
    """Return a description of a story in one line: its dek, else the beginning of its text."""
    if story.dek:
        return story.dek
    texts = (plain_text(block.text) for block in story.blocks if isinstance(block, TextBlock))
    return shortened(next(filter(None, texts), ""))


def shortened(text: str) -> str:
    """Return the beginning of a text in one line, no longer than search results display."""
    begins = " ".join(text[: _DESCRIBED * 2].split())
    if len(begins) <= _DESCRIBED:
        return begins
    whole = begins[: _DESCRIBED + 1].rpartition(" ")[0]
    return with_ellipsis(whole or begins[:_DESCRIBED])


def credited(name: str, slug: str) -> dict[str, str]:
    """Return whom a byline credits: a person, an agency, or the newsroom, whose name is not “Staff”."""
    address = {"url": _absolute(reverse("public:author", args=[slug]))} if slug else {}
    if credits_agency(name):
        return {"@type": "Organization", "name": name, **address}
    if credits_newsroom(name, site=settings.SITE_NAME):
        return {"@type": "NewsMediaOrganization", "name": settings.SITE_NAME, **address}
    return {"@type": "Person", "name": name, **address}


def _speaker(block: QuoteBlock) -> dict[str, str] | None:
    """Return who speaks, without a type: companies and unions speak too, and their names look like people's."""
    name, title = speaker_of(block.speaker)
    if not name:
        return None
    # `jobTitle` would imply a person; any type has a description.
    who = {"name": name, "description": block.speaker_title or title}
    return {name: value for name, value in who.items() if value}


def _quotation(block: QuoteBlock) -> dict[str, Any]:
    found = {
        "@type": "Quotation",
        "text": plain_text(block.text),
        "spokenByCharacter": _speaker(block),
        "dateCreated": block.said_on.isoformat() if block.said_on else "",
        "isBasedOn": block.source_url,
    }
    return {name: value for name, value in found.items() if value}


def _correction(note: ReaderNote) -> dict[str, str]:
    return {
        "@type": "CorrectionComment",
        "text": note.text,
        "datePublished": note.live_from.isoformat(timespec="seconds"),
    }


def _flat(notes: Iterable[ReaderNote]) -> Iterable[ReaderNote]:
    for note in notes:
        yield note
        yield from note.amendments


def picture_data(block: ImageBlock) -> dict[str, Any]:
    """Return a picture with its size, at the width that previews display."""
    assert block.width is not None
    assert block.height is not None  # a picture of ours has both
    fitting = [width for width in widths_of(block.width) if width <= _PREVIEW_WIDTH]
    width = fitting[-1] if fitting else block.width
    return {
        "address": absolute_picture(block.picture, width),
        "width": width,
        "height": round(block.height * width / block.width),
        "alt_text": block.alt_text,
    }


def _absolute(address: str) -> str:
    return f"{settings.SITE_URL}{address}"


def script_data(found: dict[str, Any]) -> SafeString:
    """Return data as JSON that is safe in a script element, whatever people wrote."""
    return mark_safe(json.dumps(found, ensure_ascii=False).translate(_ESCAPES))
