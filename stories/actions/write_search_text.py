"""Write what is searched of a publication, and write it anew."""

from __future__ import annotations

from stories.domain.html import plain_text
from stories.domain.snapshot import PublicStory
from stories.models import Publication, SearchText
from stories.models.recording import append, permit


def write_search_text(publication: Publication, story: PublicStory) -> None:
    """Write the words of a new publication that are searched; `story` is what readers may see of it. One query."""
    append(_search_text(publication, story))


def rewrite_search_text(publication: Publication, story: PublicStory) -> None:
    """Write them anew, where readers may see more or less of it from now on. One query, two where there were none."""
    row = _search_text(publication, story)
    with permit(row):
        row.save()


def _search_text(publication: Publication, story: PublicStory) -> SearchText:
    return SearchText(
        publication=publication,
        headline=story.headline[:300],
        dek=story.dek,
        text=words_of(story),
        language=story.language,
    )


def words_of(story: PublicStory) -> str:
    """The words that passages are shown of: dek, then the body block after block; the headline stands above them."""
    body = (plain_text(getattr(block, "text", "")) or getattr(block, "caption", "") for block in story.blocks)
    return "\n".join(text for text in (story.dek, *body) if text)
