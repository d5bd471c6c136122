"""Check the names of sections and authors, which readers see on every page, against the entries of their changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Exists, OuterRef, Subquery

from stories.models import Author, NameChange, NameChangeKind, NamedThing, Section
from stories.queries.verification.findings import Finding, Kind, changed

_THINGS: Final[dict[NamedThing, Any]] = {NamedThing.SECTION: Section, NamedThing.AUTHOR: Author}


def check_names() -> Iterator[Finding]:
    """Find sections and authors whose name differs from their newest entry, or that are gone or back without one.

    Those created before such entries existed have none to compare with. Four queries.
    """
    for thing, model in _THINGS.items():
        changes = NameChange._base_manager.filter(of=thing)
        newest = changes.filter(slug=OuterRef("pk")).order_by("-pk")
        rows = model._base_manager.annotate(
            recorded=Subquery(newest.values("name")[:1]), change=Subquery(newest.values("change")[:1])
        ).exclude(change=None)
        for slug, name, recorded, change in rows.values_list("pk", "name", "recorded", "change").iterator():
            if change == NameChangeKind.DELETED:
                yield _finding(model, slug, "is there, and the ledger says that it was deleted.")
            elif name != recorded:
                change_of_name = changed("name", recorded, name)
                yield _finding(model, slug, "is called otherwise than the ledger says.", change_of_name)
        later = changes.filter(slug=OuterRef("slug"), pk__gt=OuterRef("pk"))
        there = model._base_manager.filter(pk=OuterRef("slug"))
        gone = changes.exclude(change=NameChangeKind.DELETED).filter(~Exists(later), ~Exists(there))
        for slug in gone.order_by("pk").values_list("slug", flat=True).iterator():
            yield _finding(model, slug, "is gone, and the ledger does not say so.")


def _finding(model: Any, slug: str, what: str, *changes: Any) -> Finding:
    named = f"The {model._meta.model_name} {slug} (in {model._meta.db_table})"
    return Finding(None, Kind.NAME, f"{named} {what}", changes)
