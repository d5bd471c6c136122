"""Check stories' publications and addresses against their revisions, and the revisions' numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from django.db.models import Count, Max, OuterRef, Subquery

from stories.models import Article, ImportedStory, OldAddress, Publication, Revision, StoryAddress
from stories.models.integrity.registry import history_model
from stories.queries.verification.findings import Finding, Kind


def check_publications(articles: Sequence[int]) -> Iterator[Finding]:
    """Find what is wrong with the versions, addresses and numbers of some stories. Five queries."""
    yield from _check_numbers(articles)
    slugs = history_model(Article)._base_manager.filter(
        id=OuterRef("article_id"), revision__lte=OuterRef("revision__number")
    )
    rows = (
        Publication.objects.filter(article__in=articles)
        .order_by("article_id", "live_from", "id")
        .annotate(slug=Subquery(slugs.order_by("-history_id").values("slug")[:1]))
        .values("id", "article_id", "base_id", "address_id", "slug", "revision__number", "cancellation__id")
    )
    not_cancelled: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    used: defaultdict[int, set[str]] = defaultdict(set)
    for row in rows:
        used[row["article_id"]].add(row["address_id"])
        if row["address_id"] != row["slug"]:
            yield Finding(
                None,
                Kind.ADDRESS,
                f"The publication {row['id']} of story {row['article_id']} stands under another address than its "
                f"revision {row['revision__number']} names.",
            )
        if row["cancellation__id"] is None:
            not_cancelled[row["article_id"]].append(row)
    for article, versions in not_cancelled.items():
        yield from _check_order(article, versions)
    yield from _check_addresses(articles, used)


def _check_numbers(articles: Sequence[int]) -> Iterator[Finding]:
    revisions = Revision.objects.filter(article__in=articles).order_by().values("article_id")
    for row in revisions.annotate(count=Count("pk"), newest=Max("number")):
        if row["count"] != row["newest"]:
            yield Finding(
                None,
                Kind.NUMBERS,
                f"The revisions of story {row['article_id']} (in stories_revision) have gaps: {row['count']} up to "
                f"number {row['newest']}.",
            )


def _check_order(article: int, versions: Iterable[dict[str, Any]]) -> Iterator[Finding]:
    """Check that each version follows the one that was live before it, and its revision is no earlier."""
    before: dict[str, Any] = {"id": None, "revision__number": 0}
    for earlier, version in pairwise([before, *versions]):
        if version["base_id"] != earlier["id"]:
            what = "does not follow from the version before it"
        elif version["revision__number"] < earlier["revision__number"]:
            what = "is of an earlier revision than the version before it"
        else:
            continue
        yield Finding(
            None,
            Kind.PUBLICATION,
            f"The publication {version['id']} of story {article} {what}, by the time that it went live.",
        )


def _check_addresses(articles: Sequence[int], used: dict[int, set[str]]) -> Iterator[Finding]:
    """Find addresses that no publication claimed, and old ones that differ from those of the imports."""
    for slug, article in StoryAddress.objects.filter(article__in=articles).values_list("slug", "article_id"):
        if slug not in used.get(article, ()):
            yield _finding(article, "stories_storyaddress", slug, "none of its publications claimed it")
    brought: defaultdict[int, set[str]] = defaultdict(set)
    imports = ImportedStory.objects.filter(article__in=articles)
    for article, paths in imports.values_list("article_id", "addresses"):
        brought[article].update(paths)
    for path, article in OldAddress.objects.filter(article__in=articles).values_list("path", "article_id"):
        if path not in brought[article]:
            yield _finding(article, "stories_oldaddress", path, "no import brought it")
        brought[article].discard(path)
    for article, paths in brought.items():
        for path in sorted(paths):
            yield _finding(article, "stories_oldaddress", path, "an import brought it, and it is gone")


def _finding(article: int, table: str, address: str, what: str) -> Finding:
    return Finding(
        None, Kind.ADDRESS, f"The address “{address[:200]}” of story {article} (in {table}): {what}."
    )
