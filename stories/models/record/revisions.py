"""Revisions: who changed a story, when and why."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.domain.ledger import canonical_time
from stories.models.record.ledger import EntryKind
from stories.models.record.recording import SALT_BYTES, Guarded, new_salt


class Journal(Guarded):
    """A row that records an event, mostly of a story: inserted once, by an action, and never changed.

    Each has exactly one ledger entry, whose payload repeats `event()` and has a salted digest of the row's text fields.
    So text can be erased without a change of the ledger. The person is stored as id and name, not as a foreign key:
    deleting an account changes no record.
    """

    entry_kind: ClassVar[EntryKind]
    # None for the few kinds of event that belong to no story, such as changes of rights.
    article_id: int | None
    # Each kind of event has its own column, because some require a reason and others do not.
    reason: models.TextField[Any, Any]

    user_id = models.BigIntegerField(_("by (number)"), null=True, editable=False)
    user_name = models.CharField(_("by"), max_length=200, editable=False)
    recorded_at = models.DateTimeField(_("recorded"), editable=False)
    salt = models.BinaryField(max_length=SALT_BYTES, default=new_salt, editable=False)

    class Meta(Guarded.Meta):
        abstract = True

    def facts(self) -> dict[str, Any]:
        """Return the payload of this kind of event alone, as JSON without floats or text that people wrote."""
        return {}

    def event(self) -> dict[str, Any]:
        """Return the payload of this event without the digest of its text: kind, id, time, person, facts."""
        return {
            "kind": str(self.entry_kind),
            "event": self.pk,
            "at": canonical_time(self.recorded_at),
            "article": self.article_id,
            "by": [self.user_id, self.user_name],
            **self.facts(),
        }


class RevisionSource(models.TextChoices):
    """How a revision takes words over from an earlier one."""

    RESTORED = "restored", _("restored from revision")
    # A fix of the live version while there are unpublished edits, which it does not contain.
    MADE_OF = "made-of", _("made of revision")
    # Those edits, reapplied on top of it.
    PUT_BACK = "put-back", _("edits put back from revision")


class Revision(Journal):
    """One change of a whole story. `number` counts from 1 within its article, without gaps."""

    write_with = "Revisions are made by stories.actions.editing.revise alone."
    entry_kind = EntryKind.REVISION

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    reason = models.TextField(_("what changed, and why"), blank=True)
    # What the next editor has to look at: where unpublished edits and a fix changed the same words.
    attention = models.TextField(_("to be looked at"), blank=True)
    # The revision whose words this one takes over: a restored one, or the unpublished edits before a fix.
    source_revision = models.PositiveIntegerField(_("taken from revision"), null=True, editable=False)
    source_kind = models.CharField(max_length=10, blank=True, choices=RevisionSource.choices, editable=False)
    # What it changed and how much, as `domain.diff.change_size` computes it: numbers and field names, no words.
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
