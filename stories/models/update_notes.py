"""Notes to readers on what changed."""

from __future__ import annotations

from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from stories.domain.snapshot import NoteKind
from stories.models.record.recording import StoryPart
from stories.note_labels import NOTE_KIND_LABELS

KIND_LABELS = {kind: labels.desk for kind, labels in NOTE_KIND_LABELS.items()}


class UpdateNote(StoryPart):
    """A reader-facing note. Once published it is amended by a further note, never edited."""

    kind = models.CharField(
        _("kind"), max_length=20, choices=[(kind.value, label) for kind, label in KIND_LABELS.items()]
    )
    text = models.TextField(_("text"), max_length=5000)
    was = models.TextField(
        _("what was wrong"),
        blank=True,
        max_length=2000,
        help_text=_("No more than a newcomer needs: repeating a falsehood spreads it."),
    )
    now = models.TextField(_("corrected to"), blank=True, max_length=2000)
    amends = models.UUIDField(_("amends the note"), null=True, blank=True, editable=False)

    class Meta(StoryPart.Meta):
        verbose_name = _("update note")
        verbose_name_plural = _("update notes")
        indexes = [
            models.Index(name="note_by_kind", fields=["kind", "-id"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="note_kind_known", condition=models.Q(kind__in=[kind.value for kind in NoteKind])
            ),
            models.CheckConstraint(name="note_has_text", condition=~models.Q(text="")),
        ]

    def __str__(self) -> str:
        return Truncator(self.text).words(8)
