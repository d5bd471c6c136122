"""Render a story as readers see it: everything that never changes once it is published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from stories.domain.snapshot import ImageBlock, PublicStory
from stories.rendering.languages import direction, mark_site_words
from stories.rendering.story.blocks import PictureAddress, public_picture, render_block, render_picture
from stories.rendering.story.comment_requests import comment_line
from stories.rendering.story.metadata import VersionFacts, render_metadata
from stories.rendering.story.notes import ReaderNote, arrange

# The width of the front page's main picture: the wider of its two columns, or the window.
FRONT_SIZES: Final = "(min-width: 72em) 44rem, (min-width: 60em) 62vw, 100vw"


@dataclass(frozen=True)
class RenderedStory:
    """The story's HTML in two pieces; the frame puts its times between them.

    `masthead`: section, headline, dek, bylines. `body`: disclosure, notes, blocks, pending line, updates. `metadata`:
    the elements for machines, for the page's head. `picture`: its first picture, as the front page displays it.
    """

    masthead: SafeString
    body: SafeString
    metadata: SafeString
    picture: SafeString


def render_story(
    story: PublicStory,
    notes: Iterable[ReaderNote],
    *,
    facts: VersionFacts | None = None,
    picture_address: PictureAddress = public_picture,
) -> RenderedStory:
    """Render a story, with the notes of its versions so far.

    `facts` are its publication's; a preview has none, and no metadata.
    """
    weighty, updates = arrange(notes)
    pictures = [block for block in story.blocks if isinstance(block, ImageBlock) and block.picture]
    context = {
        "story": story,
        "language": story.language,
        "direction": direction(story.language),
        "corrections": weighty,
        "updates": updates,
        "blocks": [
            render_block(block, picture_address=picture_address, at_once=block in pictures[:1])
            for block in story.blocks
        ],
        "comment_line": comment_line(story.comment_requests),
    }
    return RenderedStory(
        masthead=render_to_string("stories/partials/masthead.html", context),
        body=mark_site_words(render_to_string("stories/partials/body.html", context), story.language),
        metadata=render_metadata(story, facts, [*weighty, *updates]) if facts else mark_safe(""),
        picture=render_picture(pictures[0], sizes=FRONT_SIZES) if facts and pictures else mark_safe(""),
    )
