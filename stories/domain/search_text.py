"""The texts of a story that are searched."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from stories.domain.snapshot import Block, PublicStory
from stories.domain.text.captions import plain_caption as caption_words
from stories.domain.text.search_form import indexed
from stories.domain.text.segments import plain_text

_MAX_HEADLINE_LENGTH: Final = 300


def search_columns(story: PublicStory) -> dict[str, str]:
    """Return the searchable texts of a story, by the names of `SearchText`'s columns.

    Verification compares stored texts with these, so a change here needs a migration that rewrites them.
    """
    headline, text = story.headline[:_MAX_HEADLINE_LENGTH], passage_text(story)
    return {
        "headline": headline,
        "dek": story.dek,
        "text": text,
        "language": story.language,
        "headline_words": indexed(headline, language=story.language),
        "text_words": indexed(text, language=story.language),
    }


def passage_text(story: PublicStory) -> str:
    """Return the text that search results quote from: the dek, then the blocks; the headline is displayed above it."""
    body = (_searched(block, name) for block in story.blocks for name in block.searched)
    return "\n".join(text for text in (story.dek, *body) if text)


def _searched(block: Block, name: str) -> str:
    value = str(getattr(block, name))
    if name == "text" and block.rich:
        return _plain(value)
    return caption_words(value) if name == "caption" else value


# Cached, since most blocks of a version are unchanged from the version before.
_plain: Final = lru_cache(maxsize=256)(plain_text)
