"""Publications, and the rows that readers' lists are built from."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from stories.domain.ledger import canonical_time
from stories.domain.snapshot import NoteKind
from stories.models.addresses import StoryAddress
from stories.models.record.ledger import EntryKind
from stories.models.record.recording import SALT_BYTES, Guarded, GuardedQuerySet, new_salt
from stories.models.record.revisions import Journal, Revision
from stories.models.withdrawals import Withdrawal


class PublicationClass(models.TextChoices):
    FIRST = "first", _("first published")
    NOTED = "noted", _("with a note")
    MINOR = "minor", _("minor")
    TRANSCRIPTION = "transcription", _("transcription")
    DEVELOPING = "developing", _("developing")
    OVERRIDE = "override", _("override")
    IMPORTED = "imported", _("imported")


# Classes without a note, which need a reason for the auditor.
REASONED = ("minor", "transcription", "developing", "override")


class Cause(models.TextChoices):
    """Why a figure, a name or an attribution changed: the review asks for it after such a change."""

    WRONG = "wrong", _("an error of ours")
    MOVED_ON = "moved-on", _("news since")


class PublicationQuerySet(GuardedQuerySet):
    def not_cancelled(self) -> PublicationQuerySet:
        """Return the publications that were not cancelled."""
        return self.filter(cancellation__isnull=True)

    def live(self, *, at: datetime) -> PublicationQuerySet:
        """Return the publications that have gone live by then: the versions."""
        return self.not_cancelled().filter(live_from__lte=at)

    def public(self, *, at: datetime) -> PublicationQuerySet:
        """Return the publications that readers may see: live, of a story that is not withdrawn."""
        newest = Withdrawal.objects.filter(article=OuterRef("article")).order_by("-pk")
        down = Coalesce(Subquery(newest.values("withdrawn")[:1]), False)
        return self.live(at=at).alias(down=down).filter(down=False)

    def pending(self, *, at: datetime) -> PublicationQuerySet:
        """Return the publications that are still to go live."""
        return self.not_cancelled().filter(live_from__gt=at)


class Publication(Journal):
    """A revision that goes live at `live_from`, past or future. Once it has, it is a version."""

    write_with = "Publications are made by stories.actions.publishing.publish alone."
    entry_kind = EntryKind.PUBLICATION

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="publications")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="publications")
    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    address = models.ForeignKey(StoryAddress, on_delete=models.PROTECT, related_name="publications")
    live_from = models.DateTimeField(_("live from"))
    publication_class = models.CharField(_("class"), max_length=20, choices=PublicationClass.choices)
    reason = models.TextField(_("reason"), blank=True)
    # What a transcription was checked against.
    source = models.TextField(_("source checked"), blank=True)
    cause = models.CharField(_("what happened"), max_length=10, blank=True, choices=Cause.choices)

    objects: ClassVar[Any] = models.Manager.from_queryset(PublicationQuerySet)()

    class Meta(Journal.Meta):
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["live_from", "id"]
        indexes = [
            models.Index(name="publication_by_time", fields=["live_from"]),
            models.Index(name="publication_by_article", fields=["article", "live_from"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="publication_class_known",
                condition=models.Q(publication_class__in=PublicationClass.values),
            ),
            models.CheckConstraint(
                name="publication_says_why",
                condition=~models.Q(publication_class__in=REASONED) | ~models.Q(reason=""),
            ),
            models.CheckConstraint(
                name="publication_transcription_was_checked",
                condition=~models.Q(publication_class="transcription") | ~models.Q(source=""),
            ),
            models.CheckConstraint(
                name="publication_first_has_no_base",
                condition=~models.Q(publication_class="first") | models.Q(base__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.live_from:%Y-%m-%d %H:%M}"

    def facts(self) -> dict[str, Any]:
        return {
            "revision_event": self.revision_id,
            "base": self.base_id,
            "live_from": canonical_time(self.live_from),
            "class": str(self.publication_class),
            "address": self.address_id,
            "cause": self.cause,
        }


class Cancellation(Journal):
    """The decision that a publication does not go live after all, made before its time."""

    write_with = "Cancellations are made by stories.actions.publishing.cancellations alone."
    entry_kind = EntryKind.CANCELLATION

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="cancellations")
    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, related_name="cancellation")
    reason = models.TextField(_("reason"))

    class Meta(Journal.Meta):
        verbose_name = _("cancellation")
        verbose_name_plural = _("cancellations")

    def __str__(self) -> str:
        return str(self.publication_id)

    def facts(self) -> dict[str, Any]:
        return {"publication": self.publication_id}


class Embargo(Journal):
    """A promise not to publish an article before a time; the newest row counts, `until` empty lifts it."""

    write_with = "Embargoes are set by stories.actions.publishing.embargoes alone."
    entry_kind = EntryKind.EMBARGO

    article = models.ForeignKey("stories.Article", on_delete=models.PROTECT, related_name="embargoes")
    until = models.DateTimeField(_("until"), null=True)
    reason = models.TextField(_("promised to whom, and why"), blank=True)

    class Meta(Journal.Meta):
        verbose_name = _("embargo")
        verbose_name_plural = _("embargoes")

    def __str__(self) -> str:
        return f"{self.article_id} {self.until}"

    def facts(self) -> dict[str, Any]:
        return {"until": canonical_time(self.until) if self.until else None}


class PublicationRow(Guarded):
    """A row derived from what a publication contains, so that lists need no snapshot.

    The publication's ledger entry has a digest of its card, notes and pictures together.
    """

    write_with = "What a publication shows is written by stories.actions.publishing.publications alone."

    class Meta(Guarded.Meta):
        abstract = True


class PublicationCard(PublicationRow):
    """What lists of stories show of a publication."""

    publication = models.OneToOneField(
        Publication, on_delete=models.PROTECT, primary_key=True, related_name="card"
    )
    kind = models.CharField(max_length=10)
    headline = models.CharField(max_length=300)
    dek = models.TextField(blank=True)
    section = models.CharField(max_length=100, blank=True, db_index=True)
    section_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=35)
    # [[author's slug, name as credited], ...]
    bylines: models.JSONField[Any, Any] = models.JSONField(default=list)
    words_added = models.PositiveIntegerField(default=0)
    words_removed = models.PositiveIntegerField(default=0)
    # How significant the change is, "" if it was not measured: for a first or an imported version.
    significance = models.CharField(max_length=20, blank=True, db_index=True)
    salt = models.BinaryField(max_length=SALT_BYTES, default=new_salt, editable=False)

    class Meta(PublicationRow.Meta):
        verbose_name = _("publication’s card")
        verbose_name_plural = _("publications’ cards")

    def __str__(self) -> str:
        return self.headline


class SearchText(PublicationRow):
    """The searchable text of a publication, without withheld words.

    Derived, and in no digest: it is replaced when words are withheld, or no longer withheld.
    """

    write_with = "Texts to search are written by stories.actions.publishing.search_text alone."

    publication = models.OneToOneField(
        Publication, on_delete=models.PROTECT, primary_key=True, related_name="search_text"
    )
    headline = models.CharField(max_length=300)
    dek = models.TextField(blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=35)
    # The words of both in the form in which they are searched, see `domain.text.search_form`.
    headline_words = models.TextField(blank=True, default="")
    text_words = models.TextField(blank=True, default="")

    class Meta(PublicationRow.Meta):
        verbose_name = _("text to search")
        verbose_name_plural = _("texts to search")

    def __str__(self) -> str:
        return self.headline


class PublishedNote(PublicationRow):
    """A note that a publication brought to readers: one row for each note that it added."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="notes")
    key = models.UUIDField()
    kind = models.CharField(
        max_length=20, choices=[(kind.value, kind.value) for kind in NoteKind], db_index=True
    )
    text = models.TextField()
    was = models.TextField(blank=True)
    now = models.TextField(blank=True)
    amends = models.UUIDField(null=True)

    class Meta(PublicationRow.Meta):
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="published_note_once", fields=["publication", "key"]),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class PublishedPicture(PublicationRow):
    """A picture that a publication contains, which makes its address public."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="pictures")
    picture = models.ForeignKey("stories.Picture", on_delete=models.PROTECT, related_name="publications")

    class Meta(PublicationRow.Meta):
        constraints = [
            models.UniqueConstraint(name="published_picture_once", fields=["publication", "picture"]),
        ]

    def __str__(self) -> str:
        return self.picture_id
