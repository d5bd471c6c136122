"""Requests for a story's full dossier, and outside auditors' access to stories."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.domain.ledger import canonical_time
from stories.models.record.ledger import EntryKind
from stories.models.record.revisions import Journal


class DossierOrder(Journal):
    """A request for a story's full dossier as a file; the public one needs none."""

    write_with = "Full dossiers are asked for by stories.actions.audit.dossier_orders alone."
    entry_kind = EntryKind.DOSSIER_ORDER

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="dossier_orders")
    reason = models.TextField(_("reason"), max_length=5000)

    class Meta(Journal.Meta):
        verbose_name = _("request for a full dossier")
        verbose_name_plural = _("requests for full dossiers")

    def __str__(self) -> str:
        return str(self.article_id)


class DossierApproval(Journal):
    """A second person's decision on a request for a full dossier: approved, or refused."""

    write_with = "Requests for dossiers are decided on by stories.actions.audit.dossier_orders alone."
    entry_kind = EntryKind.DOSSIER_APPROVAL

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="dossier_approvals")
    order = models.OneToOneField(DossierOrder, on_delete=models.PROTECT, related_name="approval")
    approved = models.BooleanField(_("approved"))
    reason = models.TextField(_("reason"), blank=True, max_length=5000)

    class Meta(Journal.Meta):
        verbose_name = _("decision on a full dossier")
        verbose_name_plural = _("decisions on full dossiers")

    def __str__(self) -> str:
        return f"{self.order_id} {self.approved}"

    def facts(self) -> dict[str, Any]:
        return {"order": self.order_id, "approved": self.approved}


class DossierDownload(Journal):
    """A full dossier handed over: one row for each time that its file was made."""

    write_with = "Full dossiers are handed over by stories.actions.audit.dossier_orders alone."
    entry_kind = EntryKind.DOSSIER_DOWNLOAD

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="dossier_downloads")
    order = models.ForeignKey(DossierOrder, on_delete=models.PROTECT, related_name="downloads")
    reason = models.TextField(_("reason"), blank=True, max_length=5000)

    class Meta(Journal.Meta):
        verbose_name = _("full dossier handed over")
        verbose_name_plural = _("full dossiers handed over")

    def __str__(self) -> str:
        return str(self.order_id)

    def facts(self) -> dict[str, Any]:
        return {"order": self.order_id}


class AuditAccess(Journal):
    """An outside auditor's access to a story until a time (`until`), or its end (`until` empty).

    The newest row of an auditor and a story counts. `full` shows what the newsroom sees of it, otherwise only the
    public part.
    """

    write_with = "Outside auditors are given stories by stories.actions.audit.dossier_access alone."
    entry_kind = EntryKind.AUDIT_ACCESS

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="audit_accesses")
    auditor_id = models.BigIntegerField(_("auditor (number)"), editable=False)
    auditor_name = models.CharField(_("auditor"), max_length=200, editable=False)
    until = models.DateTimeField(_("until"), null=True)
    full = models.BooleanField(_("full"), default=False)
    reason = models.TextField(_("reason"), blank=True, max_length=5000)

    class Meta(Journal.Meta):
        verbose_name = _("outside auditor’s access")
        verbose_name_plural = _("outside auditors’ access")
        indexes = [models.Index(name="audit_access_by_auditor", fields=["auditor_id", "article"])]

    def __str__(self) -> str:
        return f"{self.auditor_name} {self.article_id}"

    def facts(self) -> dict[str, Any]:
        return {
            "auditor": [self.auditor_id, self.auditor_name],
            "until": canonical_time(self.until) if self.until else None,
            "full": self.full,
        }
