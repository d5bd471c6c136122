"""The order of the front page: one story large, some beside it, the others by section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from stories.public.pages.fragments import rendered_story
from stories.queries.publishing.versions import Version

# How many stories stand beside the great one.
SECONDARY_STORIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionOfFront:
    """A section with the stories of it that are not above; without a slug, those of no section."""

    slug: str
    name: str
    stories: Sequence[Version]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPage:
    """The newest story large, with its picture where it has one; then `beside` it, then by section."""

    lead: Version
    picture: SafeString
    beside: Sequence[Version]
    sections: Sequence[SectionOfFront]


def front_page(stories: Sequence[Version]) -> FrontPage | None:
    """Arrange stories, newest first, into the front page; return None if there are none.

    No query once the first one's HTML is kept.
    """
    if not stories:
        return None
    lead, beside, rest = stories[0], stories[1 : 1 + SECONDARY_STORIES], stories[1 + SECONDARY_STORIES :]
    grouped: dict[str, list[Version]] = {}
    for version in rest:
        grouped.setdefault(version.section, []).append(version)
    return FrontPage(
        lead=lead,
        picture=rendered_story(lead).picture,
        beside=beside,
        sections=[
            SectionOfFront(slug=slug, name=found[0].section_name, stories=found)
            # What stands in no section comes last.
            for slug, found in sorted(grouped.items(), key=lambda each: not each[0])
        ],
    )
