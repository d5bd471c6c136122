"""The addresses that stories went live under."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.record.recording import Guarded


class StoryAddress(Guarded):
    """A slug that an article claimed when it was published: unique, and never another story's."""

    write_with = "Addresses are claimed by stories.actions.publishing.publish alone."

    slug = models.CharField(_("slug"), max_length=200, primary_key=True, editable=False)
    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="addresses")

    class Meta(Guarded.Meta):
        verbose_name = _("story address")
        verbose_name_plural = _("story addresses")

    def __str__(self) -> str:
        return self.slug


class OldAddress(Guarded):
    """A path that a story had before it was imported; answered with a redirect."""

    write_with = "Old addresses are entered by stories.actions.archive.import_story alone."

    path = models.CharField(_("path"), max_length=500, primary_key=True, editable=False)
    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="old_addresses")

    class Meta(Guarded.Meta):
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self) -> str:
        return self.path
