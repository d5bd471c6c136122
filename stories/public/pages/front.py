"""The layout of the front page: one story large, some smaller, the others by section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from stories.public.pages.fragments import rendered_story
from stories.queries.publishing.versions import Version

# How many stories are shown next to the lead.
SECONDARY_STORIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionOfFront:
    """A section with those of its stories that are not further up; without a slug, the stories of no section."""

    slug: str
    name: str
    stories: Sequence[Version]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPage:
    """The newest story as lead, with its picture if it has one; then `secondary` ones, then the rest by section."""

    lead: Version
    picture: SafeString
    secondary: Sequence[Version]
    sections: Sequence[SectionOfFront]


def front_page(stories: Sequence[Version]) -> FrontPage | None:
    """Arrange stories, newest first, into the front page; return None if there are none.

    No query if the first one's HTML is cached.
    """
    if not stories:
        return None
    lead, secondary, rest = stories[0], stories[1 : 1 + SECONDARY_STORIES], stories[1 + SECONDARY_STORIES :]
    grouped: dict[str, list[Version]] = {}
    for version in rest:
        grouped.setdefault(version.section, []).append(version)
    return FrontPage(
        lead=lead,
        picture=rendered_story(lead).picture,
        secondary=secondary,
        sections=[
            SectionOfFront(slug=slug, name=found[0].section_name, stories=found)
            # Stories of no section come last.
            for slug, found in sorted(grouped.items(), key=lambda each: not each[0])
        ],
    )
