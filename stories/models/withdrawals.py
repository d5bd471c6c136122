"""Withdrawn stories and discarded drafts: neither deletes a word of the record."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.record.ledger import EntryKind
from stories.models.record.revisions import Journal


class Withdrawal(Journal):
    """A published story withdrawn (`withdrawn`), or reinstated; the newest row counts.

    While it is withdrawn, its addresses answer 410 with the `notice`, which is public; the `reason` is not.
    """

    write_with = "Withdrawals are made by stories.actions.takedown.withdrawals alone."
    entry_kind = EntryKind.WITHDRAWAL

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="withdrawals")
    withdrawn = models.BooleanField(_("withdrawn"))
    notice = models.TextField(_("notice to readers"), blank=True)
    reason = models.TextField(_("reason"))

    class Meta(Journal.Meta):
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        constraints = [
            models.CheckConstraint(
                name="withdrawal_tells_readers",
                condition=models.Q(withdrawn=False) | ~models.Q(notice=""),
            ),
            models.CheckConstraint(name="withdrawal_says_why", condition=~models.Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.withdrawn}"

    def facts(self) -> dict[str, Any]:
        return {"withdrawn": self.withdrawn}


class Discard(Journal):
    """A never-published draft discarded (`discarded`) or recovered; the newest row counts."""

    write_with = "Drafts are discarded by stories.actions.editing.drafts alone."
    entry_kind = EntryKind.DISCARD

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="discards")
    discarded = models.BooleanField(_("discarded"))
    reason = models.TextField(_("reason"), blank=True)

    class Meta(Journal.Meta):
        verbose_name = _("discarded draft")
        verbose_name_plural = _("discarded drafts")

    def __str__(self) -> str:
        return f"{self.article_id} {self.discarded}"

    def facts(self) -> dict[str, Any]:
        return {"discarded": self.discarded}
