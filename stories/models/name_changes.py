"""Sections and authors that were created, renamed or deleted: readers see their names on every page."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.record.ledger import EntryKind
from stories.models.record.revisions import Journal


class NamedThing(models.TextChoices):
    SECTION = "section", _("section")
    AUTHOR = "author", _("author")


class NameChangeKind(models.TextChoices):
    CREATED = "created", _("created")
    RENAMED = "renamed", _("renamed")
    DELETED = "deleted", _("deleted")


class NameChange(Journal):
    """A section or an author that was created, renamed or deleted. Belongs to no story."""

    write_with = (
        "Names of sections and authors are changed by stories.actions.editing.sections_and_authors alone."
    )
    entry_kind = EntryKind.NAME
    article_id = None

    of = models.CharField(_("of"), max_length=10, choices=NamedThing.choices, editable=False)
    slug = models.CharField(_("slug"), max_length=100, editable=False)
    change = models.CharField(_("change"), max_length=10, choices=NameChangeKind.choices, editable=False)
    before = models.TextField(_("name before"), blank=True, max_length=200)
    name = models.TextField(_("name"), blank=True, max_length=200)
    reason = models.TextField(_("reason"), blank=True, max_length=5000)

    class Meta(Journal.Meta):
        verbose_name = _("change of a name")
        verbose_name_plural = _("changes of names")

    def __str__(self) -> str:
        return f"{self.of} {self.slug}"

    def facts(self) -> dict[str, Any]:
        return {"of": [str(self.of), self.slug], "change": str(self.change)}
