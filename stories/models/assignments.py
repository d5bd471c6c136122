"""Stories assigned to somebody."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.record.ledger import EntryKind
from stories.models.record.revisions import Journal


class Assignment(Journal):
    """A story assigned to a person, or taken from its assignee (`assignee_id` empty); the newest row counts."""

    write_with = "Assignments are made by stories.actions.editing.assignments alone."
    entry_kind = EntryKind.ASSIGNMENT

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="assignments")
    assignee_id = models.BigIntegerField(_("assigned to (number)"), null=True, editable=False)
    assignee_name = models.CharField(_("assigned to"), max_length=200, blank=True, editable=False)
    reason = models.TextField(_("reason"), blank=True)

    class Meta(Journal.Meta):
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self) -> str:
        return f"{self.article_id} {self.assignee_name}"

    def facts(self) -> dict[str, Any]:
        return {"assignee": [self.assignee_id, self.assignee_name]}
