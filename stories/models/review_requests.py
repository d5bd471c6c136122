"""Stories offered for publication by somebody who may not publish."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.record.ledger import EntryKind
from stories.models.record.revisions import Journal, Revision


class ReviewRequest(Journal):
    """A revision offered for publication (`offered`), or the offer taken back or declined; the newest row counts.

    An offer is done once its revision, or a later one, is published.
    """

    write_with = "Review requests are made by stories.actions.publishing.review_requests alone."
    entry_kind = EntryKind.REVIEW_REQUEST

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="review_requests")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="review_requests")
    offered = models.BooleanField(_("sent for review"))
    reason = models.TextField(_("what to know of it"), blank=True)

    class Meta(Journal.Meta):
        verbose_name = _("review request")
        verbose_name_plural = _("review requests")

    def __str__(self) -> str:
        return f"{self.article_id} {self.offered}"

    def facts(self) -> dict[str, Any]:
        return {"revision_event": self.revision_id, "offered": self.offered}
