"""Changes of authors' profiles: readers see bio, picture and contact on the author's page."""

from __future__ import annotations

from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.domain.ledger import row_digest
from stories.models.authors import Author
from stories.models.record.ledger import EntryKind
from stories.models.record.revisions import Journal

# The columns of an author that are the profile, in the order of its digest.
PROFILE_COLUMNS: Final = ("bio", "picture_id", "alt_text", "contact")


class ProfileChange(Journal):
    """A change of an author's profile. Belongs to no story.

    It has no text of the profile, only a digest, whose salt is the author's and is replaced at the next change: what a
    person takes back of theirs is gone. `parts` names the columns that changed; `digest` is empty for an empty profile.
    """

    write_with = "Profiles of authors are changed by stories.actions.editing.profiles alone."
    entry_kind = EntryKind.PROFILE
    article_id = None

    slug = models.CharField(_("author"), max_length=100, editable=False, db_index=True)
    parts: models.JSONField[Any, Any] = models.JSONField(_("what changed"), default=list, editable=False)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)
    reason = models.TextField(_("reason"), blank=True, max_length=5000)

    class Meta(Journal.Meta):
        verbose_name = _("change of a profile")
        verbose_name_plural = _("changes of profiles")

    def __str__(self) -> str:
        return self.slug

    def facts(self) -> dict[str, Any]:
        return {"author": self.slug, "parts": self.parts, "profile": self.digest}


def profile_digest(author: Author) -> str:
    """Return the digest in hex of an author's profile, "" if it is empty."""
    values = [getattr(author, column) or "" for column in PROFILE_COLUMNS]
    if not any(values):
        return ""
    return row_digest(bytes(author.profile_salt), "author", [author.pk, *values])
