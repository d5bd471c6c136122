"""Auditors' remarks on the ledger's entries: a question and its answer, or a sign-off."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.record.ledger import EntryKind, LedgerEntry
from stories.models.record.revisions import Journal


class Question(Journal):
    """An auditor's question (`reason`) about an entry, addressed to the person who made it."""

    write_with = "Questions are asked by stories.actions.audit.questions alone."
    entry_kind = EntryKind.QUESTION

    article = models.ForeignKey(
        "stories.Article", on_delete=models.PROTECT, null=True, related_name="questions"
    )
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="questions")
    asked_id = models.BigIntegerField(_("put to (number)"), null=True, editable=False)
    asked_name = models.CharField(_("put to"), max_length=200, blank=True, editable=False)
    reason = models.TextField(_("question"), max_length=5000)

    class Meta(Journal.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        indexes = [models.Index(name="question_by_asked", fields=["asked_id"])]

    def __str__(self) -> str:
        return self.reason[:60]

    def facts(self) -> dict[str, Any]:
        return {"about": self.entry_id, "asked": [self.asked_id, self.asked_name]}


class Answer(Journal):
    """An answer (`reason`) to an auditor's question."""

    write_with = "Questions are answered by stories.actions.audit.questions alone."
    entry_kind = EntryKind.ANSWER

    article = models.ForeignKey(
        "stories.Article", on_delete=models.PROTECT, null=True, related_name="answers"
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    reason = models.TextField(_("answer"), max_length=5000)

    class Meta(Journal.Meta):
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return self.reason[:60]

    def facts(self) -> dict[str, Any]:
        return {"question": self.question_id}


class SignOff(Journal):
    """An auditor's confirmation that an entry is in order, with an optional remark."""

    write_with = "Entries are signed off by stories.actions.audit.questions alone."
    entry_kind = EntryKind.SIGN_OFF

    article = models.ForeignKey(
        "stories.Article", on_delete=models.PROTECT, null=True, related_name="sign_offs"
    )
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="sign_offs")
    reason = models.TextField(_("remark"), blank=True, max_length=5000)

    class Meta(Journal.Meta):
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")

    def __str__(self) -> str:
        return str(self.entry_id)

    def facts(self) -> dict[str, Any]:
        return {"about": self.entry_id}
