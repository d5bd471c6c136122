"""What is withheld of stories now, against the journals that it follows from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import OuterRef, Subquery

from stories.models import Withheld, Withholding, WithholdingDecision
from stories.queries.verification.findings import Finding, Kind


def check_withheld(articles: Sequence[int]) -> Iterator[Finding]:
    """Every story of which something else is withheld than was decided. Two queries."""
    newest = WithholdingDecision.objects.filter(withholding=OuterRef("pk")).order_by("-pk")
    standing = (
        Withholding.objects.filter(article__in=articles)
        .annotate(lifted=Subquery(newest.values("lifted")[:1]))
        .exclude(lifted=True)
    )
    wanted: defaultdict[int, tuple[set[str], set[int]]] = defaultdict(lambda: (set(), set()))
    for article, words, publication in standing.values_list("article_id", "words", "publication_id"):
        if publication is None:
            wanted[article][0].add(words)
        else:
            wanted[article][1].add(publication)
    found = {row.article_id: row for row in Withheld.objects.filter(article__in=articles)}
    for article in sorted(wanted.keys() | found.keys()):
        row = found.get(article) or Withheld(article_id=article)
        if (set(row.words), set(row.publications)) != wanted[article]:
            yield Finding(
                None,
                Kind.WITHHELD,
                f"What is withheld of story {article} now (in stories_withheld) is not what was decided.",
            )
