"""Write what is searched of a publication."""

from __future__ import annotations

from stories.domain.html import plain_text
from stories.domain.snapshot import PublicStory
from stories.models import Publication, SearchText
from stories.models.recording import permit


def write_search_text(publication: Publication, story: PublicStory) -> None:
    """Write or rewrite the words of a publication that are searched; `story` is what readers may see of it."""
    row = SearchText(
        publication=publication,
        headline=story.headline[:300],
        dek=story.dek,
        text=words_of(story),
        language=story.language,
    )
    with permit(row):
        row.save()


def words_of(story: PublicStory) -> str:
    """The words that readers see of a story: headline, dek, then its body block after block."""
    body = (plain_text(getattr(block, "text", "")) or getattr(block, "caption", "") for block in story.blocks)
    return "\n".join(text for text in (story.headline, story.dek, *body) if text)
