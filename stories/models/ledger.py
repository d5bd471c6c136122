"""The ledger: the append-only journal that proves the record without holding it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.recording import Guarded


class EntryKind(models.TextChoices):
    REVISION = "revision", _("revision")
    PUBLICATION = "publication", _("publication")
    CANCELLATION = "cancellation", _("cancellation")
    EMBARGO = "embargo", _("embargo")
    DEVELOPING = "developing", _("developing mode")
    WITHDRAWAL = "withdrawal", _("withdrawal")
    DISCARD = "discard", _("discarded draft")
    ASSIGNMENT = "assignment", _("assignment")
    REVIEW_REQUEST = "review-request", _("review request")
    IMPORT = "import", _("import")


class LedgerEntry(Guarded):
    """One event. `payload` is canonical JSON; `digest` chains it to every entry before it.

    The columns beside the payload repeat what it says, for look-ups; verification compares them.
    """

    write_with = "Ledger entries are appended by stories.actions.append_entry alone."

    sequence = models.BigIntegerField(_("sequence"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=20, choices=EntryKind.choices)
    article = models.ForeignKey(
        "stories.Article", on_delete=models.PROTECT, null=True, related_name="ledger_entries"
    )
    recorded_at = models.DateTimeField(_("recorded"))
    payload = models.TextField(_("payload"))
    digest = models.BinaryField(_("digest"), max_length=32)

    class Meta(Guarded.Meta):
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["sequence"]
        constraints = [
            models.CheckConstraint(name="ledger_from_one", condition=models.Q(sequence__gte=1)),
            models.CheckConstraint(name="ledger_kind_known", condition=models.Q(kind__in=EntryKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind}"
