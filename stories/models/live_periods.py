"""What is derived from publications for readers: when each is live, who is credited, and its story as data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stories.models.publications import Publication

# The end of a period that nothing ends yet: a time, so that an index can compare it.
NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
_LISTED: Final = Q(withdrawn=False, withheld=False)


class DerivedRow(models.Model):
    """A row that follows from the record and proves nothing: it may be deleted, and written again."""

    class Meta:
        abstract = True


class LivePeriod(DerivedRow):
    """The time in which a publication is what readers see of its story: from `live_from` until the next one's.

    A publication that is cancelled has none. Nothing here depends on the time at which it is read: what is live at a
    moment are the periods around it. `actions.record.live_periods` writes it from the journals; it proves nothing.
    """

    publication = models.OneToOneField(
        Publication, on_delete=models.CASCADE, primary_key=True, related_name="period"
    )
    article = models.ForeignKey(
        "stories.Article", on_delete=models.CASCADE, related_name="periods", db_index=False
    )
    kind = models.CharField(max_length=10)
    section = models.CharField(max_length=100, blank=True)
    # Of the version, counted from 1.
    number = models.PositiveIntegerField()
    live_from = models.DateTimeField()
    live_until = models.DateTimeField()
    # When the story appeared, and when by then a change of it was last announced to readers.
    first_live_from = models.DateTimeField()
    updated_at = models.DateTimeField()
    # Whether it brought a note, or a developing story's line.
    noted = models.BooleanField()
    # Whether the story is withdrawn now, and the publication withheld or erased.
    withdrawn = models.BooleanField()
    withheld = models.BooleanField()

    class Meta(DerivedRow.Meta):
        verbose_name = _("live period")
        verbose_name_plural = _("live periods")
        indexes = [
            models.Index(name="period_of_article", fields=["article", "live_from"]),
            models.Index(
                name="period_listed",
                fields=["kind", "-first_live_from", "-article", "live_until"],
                condition=_LISTED,
            ),
            models.Index(
                name="period_of_section",
                fields=["section", "-first_live_from", "-article", "live_until"],
                condition=_LISTED,
            ),
            models.Index(name="period_noted", fields=["-live_from"], condition=_LISTED & Q(noted=True)),
            models.Index(name="period_withheld", fields=["article"], condition=Q(withheld=True)),
        ]

    def __str__(self) -> str:
        return str(self.publication_id)


class LiveCredit(DerivedRow):
    """An author in the bylines of a publication that readers may see, without credits that are withheld."""

    period = models.ForeignKey(LivePeriod, on_delete=models.CASCADE, related_name="credits")
    author = models.CharField(max_length=100)
    # As in the period: an author's list is one scan of an index.
    article = models.ForeignKey("stories.Article", on_delete=models.CASCADE, related_name="+", db_index=False)
    first_live_from = models.DateTimeField()

    class Meta(DerivedRow.Meta):
        verbose_name = _("live credit")
        verbose_name_plural = _("live credits")
        indexes = [
            models.Index(name="credit_of_author", fields=["author", "-first_live_from", "-article"]),
        ]

    def __str__(self) -> str:
        return f"{self.author} {self.period_id}"


class PublishedStory(DerivedRow):
    """The story of a publication as readers may see it, as data: so that its pages need no history.

    Without what is withheld: it is replaced, in the same transaction, whenever that changes, and absent while the
    publication is withheld or its story withdrawn. A page whose row is absent, or of another `form`, is made from
    history.
    """

    publication = models.OneToOneField(
        Publication, on_delete=models.CASCADE, primary_key=True, related_name="published_story"
    )
    # What identifies the form of the data, and the replacements of withheld words.
    form = models.CharField(max_length=64)
    data = models.TextField()

    class Meta(DerivedRow.Meta):
        verbose_name = _("published story")
        verbose_name_plural = _("published stories")

    def __str__(self) -> str:
        return str(self.publication_id)
