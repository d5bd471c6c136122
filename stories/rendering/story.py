"""A story as readers see it: everything of it that never changes once it is published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from stories.domain.snapshot import PublicStory
from stories.rendering.blocks import PictureAddress, public_picture, render_block
from stories.rendering.comment_requests import comment_line
from stories.rendering.languages import direction
from stories.rendering.notes import ShownNote, arrange


@dataclass(frozen=True)
class RenderedStory:
    """The story's HTML in two pieces; the frame puts its times between them.

    `masthead`: section, headline, dek, bylines. `body`: disclosure, notes, blocks, pending line, updates.
    """

    masthead: SafeString
    body: SafeString


def render_story(
    story: PublicStory, notes: Iterable[ShownNote], *, picture_address: PictureAddress = public_picture
) -> RenderedStory:
    """A story as HTML, with the notes that its versions so far have brought."""
    weighty, updates = arrange(notes)
    context = {
        "story": story,
        "language": story.language,
        "direction": direction(story.language),
        "corrections": weighty,
        "updates": updates,
        "blocks": [render_block(block, picture_address=picture_address) for block in story.blocks],
        "comment_line": comment_line(story.comment_requests),
    }
    return RenderedStory(
        masthead=render_to_string("stories/partials/masthead.html", context),
        body=render_to_string("stories/partials/body.html", context),
    )
