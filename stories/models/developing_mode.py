"""Stories that are marked as developing for readers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.domain.ledger import canonical_time
from stories.models.record.ledger import EntryKind
from stories.models.record.revisions import Journal

# Nobody remembers to switch it off at the end of a long night.
ENDS_BY_ITSELF_AFTER = timedelta(hours=6)


class DevelopingMode(Journal):
    """Developing mode switched on, extended (`until`) or off (`until` empty); the newest row counts."""

    write_with = "Developing mode is set by stories.actions.publishing.developing_mode alone."
    entry_kind = EntryKind.DEVELOPING

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="developing_modes")
    until = models.DateTimeField(_("until"), null=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta(Journal.Meta):
        verbose_name = _("developing mode")
        verbose_name_plural = _("developing modes")

    def __str__(self) -> str:
        return f"{self.article_id} {self.until}"

    def facts(self) -> dict[str, Any]:
        return {"until": canonical_time(self.until) if self.until else None}
