"""Write anew what is withheld of a story, and what is searched of it, as its journals say."""

from __future__ import annotations

from stories.actions.publishing.search_text import rewrite_search_text
from stories.models import Publication, Withheld
from stories.models.record.recording import permit
from stories.queries.publishing.withholdings import mask, withheld_from_journals
from stories.queries.story.snapshots import snapshots_at


def rewrite_withheld(article_id: int) -> Withheld:
    """Write anew what is withheld of a story, inside the transaction of the decision that changes it."""
    now = withheld_from_journals(article_id)
    row = Withheld(
        article_id=article_id,
        words=now.words,
        publications=now.publications,
        pictures=now.pictures,
        digest=now.digest,
    )
    with permit(row):
        row.save()
    hide = mask(now.words, now.pictures)
    publications = list(Publication.objects.filter(article=article_id).select_related("revision"))
    stories = snapshots_at(article_id, {publication.revision.number for publication in publications})
    for publication in publications:
        rewrite_search_text(publication, stories[publication.revision.number].public(withheld=hide))
    return row
