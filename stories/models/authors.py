"""The people in bylines."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.pictures import Picture
from stories.models.record.recording import SALT_BYTES, new_salt
from stories.models.slugs import SlugField


class Author(models.Model):
    """A person; the slug is their permanent address, and so their key.

    Bio, picture and contact are their profile, which readers see on the author's page. `actions.editing.profiles`
    changes it.
    """

    slug = SlugField(_("slug"), max_length=100, primary_key=True)
    name = models.CharField(_("name"), max_length=200)
    bio = models.TextField(_("bio"), blank=True, max_length=3000)
    picture = models.ForeignKey(
        Picture, verbose_name=_("picture"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    alt_text = models.CharField(_("what the picture shows"), max_length=300, blank=True)
    contact = models.CharField(_("contact"), max_length=300, blank=True)
    # Replaced at each change of the profile, so that no digest proves what it said before.
    profile_salt = models.BinaryField(max_length=SALT_BYTES, default=new_salt, editable=False)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["name"]
        constraints = [
            # Readers who can't see the picture are told what it shows.
            models.CheckConstraint(
                name="author_picture_has_alt_text",
                condition=models.Q(picture__isnull=True, alt_text="")
                | (models.Q(picture__isnull=False) & ~models.Q(alt_text="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
