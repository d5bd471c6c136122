"""The ledger: the append-only journal that proves the record without containing it."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.domain.ledger import MAGNITUDES
from stories.models.record.recording import Guarded

# The classes of publications without a note to readers, the most serious first.
UNANNOUNCED: Final = ("override", "developing", "transcription", "minor")


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
    WITHHOLDING = "withholding", _("withholding")
    WITHHOLDING_DECISION = "withholding-decision", _("decision on a withholding")
    ERASURE_ORDER = "erasure-order", _("order to erase")
    ERASURE_APPROVAL = "erasure-approval", _("decision on an order to erase")
    ERASURE = "erasure", _("erasure")
    QUESTION = "question", _("question")
    ANSWER = "answer", _("answer")
    SIGN_OFF = "sign-off", _("sign-off")
    DOSSIER_ORDER = "dossier-order", _("request for a full dossier")
    DOSSIER_APPROVAL = "dossier-approval", _("decision on a full dossier")
    DOSSIER_DOWNLOAD = "dossier-download", _("full dossier handed over")
    AUDIT_ACCESS = "audit-access", _("outside auditor’s access")
    RIGHTS = "rights", _("change of rights")
    SECOND_PERSON = "second-person", _("decision by a tied account")
    NAME = "name", _("change of a name")
    PROFILE = "profile", _("change of a profile")
    RESTORED = "restored", _("accepted older copy")


class LedgerEntry(Guarded):
    """One event. `payload` is canonical JSON; `digest` chains it to every entry before it.

    The other columns repeat what the payload says, for look-ups; verification compares them. Each that the audit desk
    filters by has an index that ends with the sequence, so that every page costs the same.
    """

    write_with = "Ledger entries are appended by stories.actions.record.ledger alone."

    sequence = models.BigIntegerField(_("sequence"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=20, choices=EntryKind.choices)
    # The number of the event's row, in the table of its kind.
    event_id = models.BigIntegerField(_("event"))
    article = models.ForeignKey(
        "stories.Article", on_delete=models.PROTECT, null=True, related_name="ledger_entries", db_index=False
    )
    recorded_at = models.DateTimeField(_("recorded"))
    user_id = models.BigIntegerField(_("by (number)"), null=True)
    user_name = models.CharField(_("by"), max_length=200)
    # Only for a publication.
    publication_class = models.CharField(_("class"), max_length=20, blank=True)
    # How many words were added and removed, by order of magnitude: an index into `domain.ledger.MAGNITUDES`.
    size = models.PositiveSmallIntegerField(_("size of change"), default=0)
    payload = models.TextField(_("payload"))
    digest = models.BinaryField(_("digest"), max_length=32)

    class Meta(Guarded.Meta):
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["sequence"]
        permissions = [("audit_ledgerentry", "Can question and sign off ledger entries")]
        indexes = [
            models.Index(name="ledger_by_kind", fields=["kind", "sequence"]),
            models.Index(name="ledger_by_article", fields=["article", "sequence"]),
            models.Index(name="ledger_by_user", fields=["user_id", "user_name", "sequence"]),
            models.Index(name="ledger_by_class", fields=["publication_class", "sequence"]),
            models.Index(name="ledger_by_size", fields=["size", "sequence"]),
            models.Index(name="ledger_by_time", fields=["recorded_at", "sequence"]),
            # What went live without a note, the most serious first: the auditor's first queue.
            models.Index(
                name="ledger_unannounced",
                fields=["publication_class", "size", "sequence"],
                condition=models.Q(publication_class__in=UNANNOUNCED),
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="ledger_event_once", fields=["kind", "event_id"]),
            models.CheckConstraint(name="ledger_from_one", condition=models.Q(sequence__gte=1)),
            models.CheckConstraint(name="ledger_kind_known", condition=models.Q(kind__in=EntryKind.values)),
            models.CheckConstraint(name="ledger_size_known", condition=models.Q(size__lt=len(MAGNITUDES))),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind}"


class EntryText(Guarded):
    """The text of an entry's event, for the audit desk's search; an event without text has no row.

    Separate from the ledger, which has no text: erasing words changes this row, and no entry.
    """

    write_with = "An entry's words are written by stories.actions.record.ledger, and changed by erase alone."

    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, primary_key=True, related_name="words"
    )
    text = models.TextField()

    class Meta(Guarded.Meta):
        verbose_name = _("ledger entry’s words")
        verbose_name_plural = _("ledger entries’ words")

    def __str__(self) -> str:
        return self.text[:60]


class DailyHead(Guarded):
    """The last entry of a day (UTC), stored with the first of the next: others save it to check the ledger later."""

    write_with = "A day's head is entered by stories.actions.record.ledger alone."

    day = models.DateField(_("day"), primary_key=True)
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="+")

    class Meta(Guarded.Meta):
        verbose_name = _("day’s head")
        verbose_name_plural = _("days’ heads")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}"
