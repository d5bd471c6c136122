"""Older copies of the database that were restored, and accepted as what the newsroom goes on with."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.record.ledger import EntryKind
from stories.models.record.revisions import Journal


class Restoration(Journal):
    """A restored copy that was accepted although entries after it had been published. Belongs to no story.

    `lost` is the newest head that was published and that the copy does not have, `kept` the copy's own newest entry,
    which this one follows. `generation` tells heads from before and after it apart.
    """

    write_with = "Restored copies are accepted by stories.actions.record.restoration alone."
    entry_kind = EntryKind.RESTORED
    article_id = None

    lost_sequence = models.BigIntegerField(_("entry that was published"), editable=False)
    lost_digest = models.CharField(_("its digest"), max_length=64, editable=False)
    kept_sequence = models.BigIntegerField(_("entry that the copy ends with"), editable=False)
    kept_digest = models.CharField(_("its digest"), max_length=64, editable=False)
    generation = models.PositiveIntegerField(_("generation"), editable=False)
    reason = models.TextField(_("reason"), max_length=5000)

    class Meta(Journal.Meta):
        verbose_name = _("accepted older copy")
        verbose_name_plural = _("accepted older copies")

    def __str__(self) -> str:
        return f"{self.lost_sequence} -> {self.kept_sequence}"

    def facts(self) -> dict[str, Any]:
        return {
            "lost": [self.lost_sequence, self.lost_digest],
            "kept": [self.kept_sequence, self.kept_digest],
            "generation": self.generation,
        }
