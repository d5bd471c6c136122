"""Revisions: who changed a story, when and why."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.domain.ledger import canonical_time
from stories.models.record.ledger import EntryKind
from stories.models.record.recording import SALT_BYTES, Guarded, new_salt


class Journal(Guarded):
    """A row that says what happened, mostly to a story: inserted once, by an action, and never changed.

    Each has exactly one ledger entry, whose payload repeats `event()` and holds a salted digest of what the row
    says in words: its text fields. So words can be erased without a change of the ledger. The person is kept as
    number and name, not as a foreign key: deleting an account changes no record.
    """

    entry_kind: ClassVar[EntryKind]
    # None for the few kinds of event that are of no story: what becomes of people's rights.
    article_id: int | None
    # Each kind of event has its own column for it, as some must say why and others may.
    reason: models.TextField[Any, Any]

    user_id = models.BigIntegerField(_("by (number)"), null=True, editable=False)
    user_name = models.CharField(_("by"), max_length=200, editable=False)
    recorded_at = models.DateTimeField(_("recorded"), editable=False)
    salt = models.BinaryField(max_length=SALT_BYTES, default=new_salt, editable=False)

    class Meta(Guarded.Meta):
        abstract = True

    def facts(self) -> dict[str, Any]:
        """What the ledger says of this kind of event alone, as JSON without floats; no words that people wrote."""
        return {}

    def event(self) -> dict[str, Any]:
        """What the ledger says of this event beside a digest of its words: what, which, when, by whom, its facts."""
        return {
            "kind": str(self.entry_kind),
            "event": self.pk,
            "at": canonical_time(self.recorded_at),
            "article": self.article_id,
            "by": [self.user_id, self.user_name],
            **self.facts(),
        }


class RevisionSource(models.TextChoices):
    """In which way a revision takes words over from an earlier one."""

    RESTORED = "restored", _("restored from revision")
    # A fix of what is live while edits wait: they are not in it.
    MADE_OF = "made-of", _("made of revision")
    # Those edits, put back on top of it.
    PUT_BACK = "put-back", _("edits put back from revision")


class Revision(Journal):
    """One change of a whole story. `number` counts from 1 within its article, without gaps."""

    write_with = "Revisions are made by stories.actions.editing.revise alone."
    entry_kind = EntryKind.REVISION

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    reason = models.TextField(_("what changed, and why"), blank=True)
    # What the next editor has to look at: where waiting edits and an urgent fix touched the same words.
    attention = models.TextField(_("to be looked at"), blank=True)
    # The revision whose words this one takes over: one that was restored, or edits that waited under a fix.
    source_revision = models.PositiveIntegerField(_("taken from revision"), null=True, editable=False)
    source_kind = models.CharField(max_length=10, blank=True, choices=RevisionSource.choices, editable=False)
    # What it changed and how much, as `domain.diff.change_size` tells it: numbers and names of things, and no words.
    changes: models.JSONField[Any, Any] = models.JSONField(default=list, editable=False)

    class Meta(Journal.Meta):
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(name="revision_number_once", fields=["article", "number"]),
            models.CheckConstraint(name="revision_number_from_one", condition=models.Q(number__gte=1)),
            models.CheckConstraint(
                name="revision_takes_from_earlier",
                condition=models.Q(source_revision__isnull=True)
                | models.Q(source_revision__gte=1, source_revision__lt=models.F("number")),
            ),
            models.CheckConstraint(
                name="revision_says_how_it_takes",
                condition=models.Q(source_revision__isnull=True, source_kind="")
                | models.Q(source_revision__isnull=False, source_kind__in=RevisionSource.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}/{self.number}"

    def facts(self) -> dict[str, Any]:
        return {
            "revision": self.number,
            "taken": [self.source_revision, str(self.source_kind)],
            "changes": self.changes,
        }
