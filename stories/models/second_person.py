"""Decisions that need a second person, made or tried by an account that is tied to the first person's."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.record.ledger import EntryKind
from stories.models.record.revisions import Journal


class SecondPersonCheck(Journal):
    """A decision on what a tied account asked for: `refused`, or made and listed for the auditors.

    `decision_on` and `decided_id` name the event that was decided on by its kind and id. `rights` are the ids of the
    changes of rights that tie the two accounts; none if they share an e-mail address.
    """

    write_with = "Tied accounts are recorded by stories.actions.second_person alone."
    entry_kind = EntryKind.SECOND_PERSON

    article = models.ForeignKey(
        "stories.Article", on_delete=models.PROTECT, related_name="second_person_checks"
    )
    decision_on = models.CharField(_("decision on"), max_length=20)
    decided_id = models.BigIntegerField(_("decision on (number)"), editable=False)
    asker_id = models.BigIntegerField(_("asked for by (number)"), editable=False)
    asker_name = models.CharField(_("asked for by"), max_length=200, editable=False)
    refused = models.BooleanField(_("refused"))
    rights: models.JSONField[Any, Any] = models.JSONField(default=list)
    reason = models.TextField(_("how the accounts are tied"))

    class Meta(Journal.Meta):
        verbose_name = _("decision by a tied account")
        verbose_name_plural = _("decisions by tied accounts")

    def __str__(self) -> str:
        return f"{self.user_name} {self.asker_name}"

    def facts(self) -> dict[str, Any]:
        return {
            "decision": [str(self.decision_on), self.decided_id],
            "asker": [self.asker_id, self.asker_name],
            "refused": self.refused,
            "rights": self.rights,
        }
