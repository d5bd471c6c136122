"""A summary says which words changed, in plain text."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from stories.domain.diff.compare import diff
from stories.domain.snapshot import ImageBlock
from stories.rendering.compare.changed_words import changed_words
from tests.factories import wanted


def of_caption(old: str, new: str) -> tuple[str, str]:
    image = ImageBlock(key=uuid4(), address="https://example.org/a.jpg", caption=old)
    story = wanted("Ferries", image)
    (found,) = changed_words(diff(story, replace(story, blocks=(replace(image, caption=new),)))).listed
    return found.old, found.new


def test_a_caption_is_its_words() -> None:
    assert of_caption("The [old](https://example.org/r) pier", "The [new](https://example.org/r) pier") == (
        "The old pier",
        "The new pier",
    )


def test_of_captions_that_read_alike_it_says_where_their_links_lead() -> None:
    assert of_caption("The [pier](https://example.org/r)", "The [pier](https://example.org/s)") == (
        "The pier (https://example.org/r)",
        "The pier (https://example.org/s)",
    )
