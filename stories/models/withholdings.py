"""What the public may not see for now: a version, or words wherever they occur in a story."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.grounds import Ground
from stories.models.publications import Publication
from stories.models.record.ledger import EntryKind
from stories.models.record.recording import Guarded
from stories.models.record.revisions import Journal

# The time within which a second person confirms or lifts a withholding.
DECIDE_WITHIN: Final = timedelta(hours=24)


class Withholding(Journal):
    """A version (`publication`) or words (`words`) hidden from the public, until a decision lifts that.

    `notice` is what readers are told, a neutral sentence if it is empty: an order can forbid to say why.
    """

    write_with = "What is withheld is decided by stories.actions.takedown.withholdings alone."
    entry_kind = EntryKind.WITHHOLDING

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="withholdings")
    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, null=True, related_name="withholdings"
    )
    words = models.TextField(_("words"), blank=True, max_length=5000)
    ground = models.CharField(_("category"), max_length=20, choices=Ground.choices)
    notice = models.TextField(_("what readers are told"), blank=True, max_length=1000)
    reason = models.TextField(_("reason"), max_length=5000)

    class Meta(Journal.Meta):
        verbose_name = _("withholding")
        verbose_name_plural = _("withholdings")
        constraints = [
            models.CheckConstraint(
                name="withholding_of_version_or_words",
                condition=models.Q(publication__isnull=False, words="")
                | models.Q(publication__isnull=True) & ~models.Q(words=""),
            ),
            models.CheckConstraint(name="withholding_says_why", condition=~models.Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.publication_id or '“…”'}"

    def facts(self) -> dict[str, Any]:
        return {"publication": self.publication_id, "ground": str(self.ground)}

    @property
    def decide_by(self) -> datetime:
        """When a second person has to have confirmed or lifted it."""
        return self.recorded_at + DECIDE_WITHIN

    def is_overdue(self, *, at: datetime) -> bool:
        """Return whether a second person should have decided by a time."""
        return self.decide_by <= at


class WithholdingDecision(Journal):
    """A second person's decision on a withholding: confirmed, or `lifted`. The newest row counts."""

    write_with = "Withholdings are decided on by stories.actions.takedown.withholdings alone."
    entry_kind = EntryKind.WITHHOLDING_DECISION

    article = models.ForeignKey(
        "stories.Article", on_delete=models.PROTECT, related_name="withholding_decisions"
    )
    withholding = models.ForeignKey(Withholding, on_delete=models.PROTECT, related_name="decisions")
    lifted = models.BooleanField(_("lifted"))
    reason = models.TextField(_("reason"), blank=True, max_length=5000)

    class Meta(Journal.Meta):
        verbose_name = _("decision on a withholding")
        verbose_name_plural = _("decisions on withholdings")

    def __str__(self) -> str:
        return f"{self.withholding_id} {self.lifted}"

    def facts(self) -> dict[str, Any]:
        return {"withholding": self.withholding_id, "lifted": self.lifted}


class StoryMask(Guarded):
    """All that is withheld of a story now, in one row: derived from its journals, read with every version.

    `publications` are those withheld or erased, `pictures` those of its pictures that are erased. `digest` is of all
    three, for cache keys; a story of which nothing is withheld has no row, or one with empty lists and an empty digest.
    """

    write_with = "What is withheld now is written by stories.actions.takedown.story_mask alone."

    article = models.OneToOneField(
        "stories.Article", on_delete=models.PROTECT, primary_key=True, related_name="withheld"
    )
    words: models.JSONField[Any, Any] = models.JSONField(default=list)
    publications: models.JSONField[Any, Any] = models.JSONField(default=list)
    pictures: models.JSONField[Any, Any] = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)

    class Meta(Guarded.Meta):
        verbose_name = _("what is withheld of a story")
        verbose_name_plural = _("what is withheld of stories")

    def __str__(self) -> str:
        return str(self.article_id)
