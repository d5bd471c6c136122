"""The people in bylines."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.slugs import SlugField


class Author(models.Model):
    """A person; the slug is their permanent address, and so their key."""

    slug = SlugField(_("slug"), max_length=100, primary_key=True)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
