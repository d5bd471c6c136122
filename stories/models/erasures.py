"""Erasures: ordered by one person, approved by another, carried out by `manage.py erase`."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.grounds import Ground
from stories.models.pictures import Picture
from stories.models.publications import Publication
from stories.models.record.ledger import EntryKind
from stories.models.record.revisions import Journal


class ErasureScope(models.TextChoices):
    WORDS = "words", _("words, wherever they stand in the story")
    VERSION = "version", _("a version")
    PICTURE = "picture", _("a picture")
    STORY = "story", _("the whole story")


class ErasureOrder(Journal):
    """An order to erase something of a story. `words` are stored until it is carried out, and erased with it.

    What remains is the tombstone: category, `authority` (such as a court and its file number), `notice` (public) and
    `reason`, none of which may contain the words.
    """

    write_with = "Erasures are ordered by stories.actions.takedown.erasure_orders alone."
    entry_kind = EntryKind.ERASURE_ORDER

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="erasure_orders")
    scope = models.CharField(_("what"), max_length=10, choices=ErasureScope.choices)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, null=True, related_name="+")
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField(_("words"), blank=True, max_length=5000)
    ground = models.CharField(_("category"), max_length=20, choices=Ground.choices)
    authority = models.TextField(_("by what authority"), max_length=1000)
    notice = models.TextField(_("what readers are told"), blank=True, max_length=1000)
    reason = models.TextField(_("reason"), max_length=5000)

    class Meta(Journal.Meta):
        verbose_name = _("order to erase")
        verbose_name_plural = _("orders to erase")
        constraints = [
            models.CheckConstraint(
                name="erasure_order_says_by_what_authority", condition=~models.Q(authority="")
            ),
            models.CheckConstraint(name="erasure_order_says_why", condition=~models.Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.scope}"

    def facts(self) -> dict[str, Any]:
        return {
            "scope": str(self.scope),
            "publication": self.publication_id,
            "picture": self.picture_id,
            "ground": str(self.ground),
        }


class ErasureApproval(Journal):
    """A second person's decision on an order to erase: approved, or refused."""

    write_with = "Orders to erase are decided on by stories.actions.takedown.erasure_orders alone."
    entry_kind = EntryKind.ERASURE_APPROVAL

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="erasure_approvals")
    order = models.OneToOneField(ErasureOrder, on_delete=models.PROTECT, related_name="approval")
    approved = models.BooleanField(_("approved"))
    reason = models.TextField(_("reason"), blank=True, max_length=5000)

    class Meta(Journal.Meta):
        verbose_name = _("decision on an order to erase")
        verbose_name_plural = _("decisions on orders to erase")

    def __str__(self) -> str:
        return f"{self.order_id} {self.approved}"

    def facts(self) -> dict[str, Any]:
        return {"order": self.order_id, "approved": self.approved}


class Erasure(Journal):
    """An erasure carried out. `rows` lists what it changed: model, number, digest before and digest after.

    `order` is None for a never-published draft whose retention period is over.
    """

    write_with = "Erasures are carried out by stories.actions.takedown.erase alone."
    entry_kind = EntryKind.ERASURE

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="erasures")
    order = models.OneToOneField(ErasureOrder, on_delete=models.PROTECT, null=True, related_name="erasure")
    rows: models.JSONField[Any, Any] = models.JSONField(default=list)
    reason = models.TextField(_("reason"), blank=True, max_length=5000)

    class Meta(Journal.Meta):
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return str(self.article_id)

    def facts(self) -> dict[str, Any]:
        return {"order": self.order_id, "erased": self.rows}
