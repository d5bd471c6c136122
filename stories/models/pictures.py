"""Pictures, each kept once under the hash of its content."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.domain.pictures import widths_of


class Picture(models.Model):
    """A picture's file: named by the SHA-256 of its bytes, after location data was taken out of them.

    Because the name is the content's, replacing a picture in a story never touches the one that an
    older version shows. `actions.store_picture` makes them.
    """

    digest = models.CharField(_("SHA-256"), max_length=64, primary_key=True, editable=False)
    format = models.CharField(_("format"), max_length=10, editable=False)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return self.digest[:12]

    def file_name(self, width: int | None = None) -> str:
        """The name in storage of this picture at a width in pixels, or of the original."""
        size = "original" if width is None or width >= self.width else str(width)
        return f"pictures/{self.digest[:2]}/{self.digest}/{size}.{self.format}"

    def widths(self) -> list[int]:
        """Every width in pixels at which there is a file, the original's last."""
        return widths_of(self.width)
