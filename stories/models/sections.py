"""Sections of the site."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.slugs import SlugField


class Section(models.Model):
    """A section; its slug is its permanent address, and so its key."""

    slug = SlugField(_("slug"), max_length=100, primary_key=True)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
