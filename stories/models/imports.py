"""Stories that were imported, and what identifies them in a second import."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.record.ledger import EntryKind
from stories.models.record.revisions import Journal


class ImportedStory(Journal):
    """One imported line of an archive: its story, its id at the source, its SHA-256 in hex.

    A story that grew at the source and was imported again has several; they agree on the `source_id`.
    """

    write_with = "Imports are recorded by stories.actions.archive.import_story alone."
    entry_kind = EntryKind.IMPORT

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="imports")
    source_id = models.CharField(_("source's id"), max_length=500, blank=True, db_index=True)
    reason = models.TextField(_("reason"), blank=True)
    # Its previous addresses: the paths of its `OldAddress` rows.
    addresses: models.JSONField[Any, Any] = models.JSONField(default=list)
    line_digest = models.CharField(_("line's SHA-256"), max_length=64)

    class Meta(Journal.Meta):
        verbose_name = _("imported story")
        verbose_name_plural = _("imported stories")

    def __str__(self) -> str:
        return f"{self.article_id} {self.source_id}"

    def facts(self) -> dict[str, Any]:
        return {"source_id": self.source_id, "line": self.line_digest, "addresses": self.addresses}
