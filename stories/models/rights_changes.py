"""Changes of rights: who was added to which group, who was given which permission."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.record.ledger import EntryKind
from stories.models.record.revisions import Journal


class RightsChange(Journal):
    """A change of what an account, or a group, may do. Belongs to no story.

    `changes` is a list of [what, name]: ["group-added", "Editor"], ["permission-removed", "stories.publish_article"],
    ["section-added", "politics"], ["factor-added", "totp (digest)"], ["superuser", "yes"], ["deleted", ""] ...
    The sections of an account limit it: the first that is added takes rights from it.
    """

    write_with = "Changes of rights are recorded by stories.actions.record.rights alone."
    entry_kind = EntryKind.RIGHTS
    article_id = None

    of_group = models.BooleanField(_("of a group"), default=False)
    holder_id = models.BigIntegerField(_("of (number)"), null=True, editable=False)
    holder_name = models.CharField(_("of"), max_length=200, editable=False)
    changes: models.JSONField[Any, Any] = models.JSONField(default=list)
    reason = models.TextField(_("reason"), blank=True)

    class Meta(Journal.Meta):
        verbose_name = _("change of rights")
        verbose_name_plural = _("changes of rights")

    def __str__(self) -> str:
        return self.holder_name

    def facts(self) -> dict[str, Any]:
        return {
            "of": ["group" if self.of_group else "user", self.holder_id, self.holder_name],
            "changes": self.changes,
        }
