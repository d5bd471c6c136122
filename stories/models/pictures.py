"""Pictures, each stored once under the hash of its content."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.domain.pictures import widths_of
from stories.models.record.recording import Guarded


class Picture(models.Model):
    """A picture's file, named by the SHA-256 of its bytes, after location data was removed.

    Because the name depends on the content, replacing a picture in a story never touches the one in an older version.
    `actions.editing.pictures` creates them.
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
        """Return the name in storage of this picture at a width in pixels, or of the original."""
        size = "original" if width is None or width >= self.width else str(width)
        return f"pictures/{self.digest[:2]}/{self.digest}/{size}.{self.format}"

    def widths(self) -> list[int]:
        """Return every width in pixels for which there is a file, the original's last."""
        return widths_of(self.width)


class PictureSize(Guarded):
    """The SHA-256 of a picture's file at one of its smaller widths: what readers mostly receive.

    The original is named by its own hash. A smaller file is made from it, by a library whose versions may produce
    different bytes: so its hash is stored. It is not part of the record: the database's owner can replace file and hash
    together, and only the version that made the file can prove it, by making it again.
    """

    write_with = "A picture's smaller files are made by stories.actions.editing.pictures alone."

    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="sizes")
    width = models.PositiveIntegerField(_("width"))
    digest = models.CharField(_("SHA-256"), max_length=64)

    class Meta(Guarded.Meta):
        verbose_name = _("picture’s smaller file")
        verbose_name_plural = _("pictures’ smaller files")
        ordering = ["picture", "width"]
        constraints = [models.UniqueConstraint(name="picture_size_once", fields=["picture", "width"])]

    def __str__(self) -> str:
        return f"{self.picture_id[:12]} {self.width}"
