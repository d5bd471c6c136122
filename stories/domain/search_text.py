"""What of a story is searched."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from stories.domain.snapshot import PublicStory
from stories.domain.text.captions import words_of as caption_words
from stories.domain.text.search_form import indexed
from stories.domain.text.segments import plain_text

_MAX_HEADLINE_LENGTH: Final = 300


def search_columns(story: PublicStory) -> dict[str, str]:
    """Return the texts of a story that are searched, by the names of `SearchText`'s columns.

    What is stored is held against this. Who changes it writes what is stored anew, in a migration.
    """
    headline, text = story.headline[:_MAX_HEADLINE_LENGTH], words_of(story)
    return {
        "headline": headline,
        "dek": story.dek,
        "text": text,
        "language": story.language,
        "headline_words": indexed(headline, language=story.language),
        "text_words": indexed(text, language=story.language),
    }


def words_of(story: PublicStory) -> str:
    """Return the words that passages are shown of: dek, then the body block after block; the headline stands above them."""
    body = (
        _plain(getattr(block, "text", "")) or caption_words(getattr(block, "caption", ""))
        for block in story.blocks
    )
    return "\n".join(text for text in (story.dek, *body) if text)


# Most blocks of a version are those of the version before it.
_plain: Final = lru_cache(maxsize=256)(plain_text)
