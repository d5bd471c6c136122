"""The keys of stories' parts: each belongs to one part, across kinds and stories, for life."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.record.recording import Guarded


class PartKey(Guarded):
    """A key that a part of a story has or had; it outlives the part, which may come back.

    `holder` is the field of the story that contains it: a block may become another kind of block, but never a byline.
    """

    write_with = "Keys are entered by stories.actions.editing.revise alone."

    key = models.UUIDField(_("key"), primary_key=True)
    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="part_keys")
    holder = models.CharField(_("holder"), max_length=20)

    class Meta(Guarded.Meta):
        verbose_name = _("part’s key")
        verbose_name_plural = _("parts’ keys")

    def __str__(self) -> str:
        return str(self.key)
