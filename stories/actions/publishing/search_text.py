"""Write a publication's searchable text, and replace it."""

from __future__ import annotations

from stories.domain.search_text import search_columns
from stories.domain.snapshot import PublicStory
from stories.models import Publication, SearchText
from stories.models.record.recording import append, permit


def write_search_text(publication: Publication, story: PublicStory) -> None:
    """Write the searchable text of a new publication; `story` is what readers may see of it. One query."""
    append(_search_text(publication, story))


def rewrite_search_text(publication: Publication, story: PublicStory) -> None:
    """Replace the searchable text when readers may see more or less of it. One query, two if there was none."""
    row = _search_text(publication, story)
    with permit(row):
        row.save()


def _search_text(publication: Publication, story: PublicStory) -> SearchText:
    return SearchText(publication=publication, **search_columns(story))
