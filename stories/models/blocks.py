"""The models of the kinds of blocks, each under the class name that the kind has in `stories.domain.blocks`."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from stories.models.pictures import Picture
from stories.models.record.recording import StoryPart
from stories.models.rich_text import QuoteTextField, RichTextField


class BlockModel(StoryPart):
    """What every kind of block has besides its key and order: the region that content-editor requires."""

    region = models.CharField(max_length=10, default="main", editable=True)

    class Meta(StoryPart.Meta):
        abstract = True


class TextBlock(BlockModel):
    """Running text."""

    text = RichTextField(_("text"), blank=True)

    class Meta(BlockModel.Meta):
        verbose_name = _("text")
        verbose_name_plural = _("text")

    def __str__(self) -> str:
        return Truncator(strip_tags(self.text)).words(8)


class QuoteBlock(BlockModel):
    """Somebody's words, set apart; named, or anonymous with the reason that readers are given."""

    text = QuoteTextField(_("words"), blank=True)
    speaker = models.CharField(_("speaker"), max_length=200, blank=True)
    speaker_title = models.CharField(_("speaker's title"), max_length=300, blank=True)
    source = models.CharField(
        _("source"),
        max_length=500,
        blank=True,
        help_text=_("As in “transcript obtained by ...”. Readers see this; never who gave it to you."),
    )
    source_url = models.URLField(_("link to the source"), max_length=1000, blank=True)
    said_on = models.DateField(_("said on"), null=True, blank=True)
    anonymous = models.BooleanField(_("anonymous"), default=False)
    description = models.CharField(
        _("who it is, as readers may know"),
        max_length=300,
        blank=True,
        help_text=_("As in “an employee”. Never a name: who a source is does not belong in this system."),
    )
    anonymity_reason = models.CharField(
        _("why they are not named"),
        max_length=300,
        blank=True,
        help_text=_("Readers see this. Nothing by which somebody could tell who it is."),
    )

    class Meta(BlockModel.Meta):
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        constraints = [
            models.CheckConstraint(
                name="quote_anonymous_or_named",
                condition=(
                    models.Q(anonymous=True, speaker="", speaker_title="")
                    & ~models.Q(description="")
                    & ~models.Q(anonymity_reason="")
                )
                | models.Q(anonymous=False, description="", anonymity_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return Truncator(strip_tags(self.text)).words(8)

    def clean(self) -> None:
        problems: dict[str, Any] = {}
        if self.anonymous:
            if self.speaker:
                problems["speaker"] = _(
                    "An anonymous quote carries no name. Empty this, or untick “anonymous”."
                )
            if self.speaker_title:
                problems["speaker_title"] = _(
                    "An anonymous quote carries no title. Put it in the description."
                )
            if not self.description:
                problems["description"] = _("Say who it is, as far as readers may know: “an employee”.")
            if not self.anonymity_reason:
                problems["anonymity_reason"] = _("Say why they are not named: “for fear of reprisal”.")
        else:
            for field in ("description", "anonymity_reason"):
                if getattr(self, field):
                    problems[field] = _("This belongs to anonymous quotes. Empty it, or tick “anonymous”.")
        if problems:
            raise ValidationError(problems)


class ImageBlock(BlockModel):
    """A picture, or the address of one whose file an import did not have."""

    picture = models.ForeignKey(
        Picture, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("picture"), related_name="+"
    )
    width = models.PositiveIntegerField(_("width"), null=True, blank=True, editable=False)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True, editable=False)
    address = models.CharField(_("link"), max_length=2000, blank=True, editable=False)
    alt_text = models.CharField(
        _("alt text"),
        max_length=2000,
        blank=True,
        help_text=_("What the picture shows, for readers who can’t see it."),
    )
    caption = models.TextField(_("caption"), blank=True, max_length=5000)
    credit = models.CharField(_("credit"), max_length=300, blank=True)

    class Meta(BlockModel.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        indexes = [
            models.Index(
                name="image_lacking",
                fields=["-id"],
                condition=models.Q(picture__isnull=True) | models.Q(alt_text=""),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="image_is_ours_or_elsewhere",
                condition=models.Q(picture__isnull=False, address="", width__gt=0, height__gt=0)
                | (models.Q(picture__isnull=True) & ~models.Q(address="")),
            ),
        ]

    def __str__(self) -> str:
        return Truncator(self.alt_text or self.caption or self.address).words(8)

    def clean(self) -> None:
        if bool(self.picture_id) == bool(self.address):
            raise ValidationError({"picture": _("Choose a picture file.")})


class EmbedBlock(BlockModel):
    """An outside page, shown as a link card and loaded only when a reader asks for it."""

    address = models.URLField(_("link"), max_length=2000)
    title = models.CharField(_("title"), max_length=300, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)

    class Meta(BlockModel.Meta):
        verbose_name = _("link card")
        verbose_name_plural = _("link cards")
        constraints = [
            models.CheckConstraint(name="embed_has_address", condition=~models.Q(address="")),
        ]

    def __str__(self) -> str:
        return self.title or self.address
