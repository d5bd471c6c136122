"""Check the profiles of authors, which readers see, against the entries of their changes."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Subquery

from stories.models import Author, ProfileChange, profile_digest
from stories.queries.verification.findings import Finding, Kind


def check_profiles() -> Iterator[Finding]:
    """Find authors whose profile is not what their newest entry proves, or who are gone with theirs. Two queries."""
    changes = ProfileChange._base_manager.order_by("-pk")
    recorded = changes.filter(slug=OuterRef("pk")).values("digest")[:1]
    for author in Author._base_manager.annotate(recorded=Subquery(recorded)).order_by("pk").iterator():
        if profile_digest(author) != (author.recorded or ""):
            how = "is not what the ledger says" if author.recorded else "is there, and no entry says so"
            yield _finding(author.pk, how)
    later = changes.filter(slug=OuterRef("slug"), pk__gt=OuterRef("pk"))
    there = Author._base_manager.filter(pk=OuterRef("slug"))
    gone = changes.exclude(digest="").filter(~Exists(later), ~Exists(there))
    for slug in gone.order_by("pk").values_list("slug", flat=True).iterator():
        yield _finding(slug, "is gone, and the ledger does not say so")


def _finding(slug: str, how: str) -> Finding:
    return Finding(
        None, Kind.PROFILE, f"The profile of the author {slug} (in {Author._meta.db_table}) {how}."
    )
