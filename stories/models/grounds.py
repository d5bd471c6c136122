"""Why words are hidden from readers: the categories that are published for erased words."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ground(models.TextChoices):
    """Why words are withheld or erased: the category in the record."""

    COURT = "court", _("a court’s order")
    RIGHTS = "rights", _("a person’s rights")
    SAFETY = "safety", _("somebody’s safety")
    SOURCE = "source", _("protection of a source")
    LEGAL = "legal", _("legal review")
    ERROR = "error", _("a grave error")
    RETENTION = "retention", _("kept for as long as drafts are kept")
