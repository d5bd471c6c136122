"""Who has a story open, for others who open it too."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.comment_requests import DeskModel


class Presence(DeskModel):
    """A person with a story's form open, as of the last time that their browser reported it."""

    article = models.ForeignKey("stories.Article", on_delete=models.CASCADE, related_name="presences")
    user_id = models.BigIntegerField(editable=False)
    user_name = models.CharField(max_length=200, editable=False)
    seen_at = models.DateTimeField()

    class Meta(DeskModel.Meta):
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            models.UniqueConstraint(name="presence_once", fields=["article", "user_id"]),
        ]

    def __str__(self) -> str:
        return self.user_name
