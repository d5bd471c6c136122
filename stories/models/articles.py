"""The working copy of a story. Readers never see these rows, only publications of them."""

from __future__ import annotations

from typing import ClassVar

from content_editor.models import Region
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.domain.snapshot import StoryKind
from stories.models.authors import Author
from stories.models.record.recording import StoryPart, TrackedModel
from stories.models.sections import Section
from stories.models.slugs import SlugField

language_tag = RegexValidator(
    r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$",
    _("This is no language tag. Write it as in “en”, “es” or “pt-BR”."),
)

KIND_LABELS = {StoryKind.STORY: _("story"), StoryKind.PAGE: _("page")}


class Article(TrackedModel):
    """A story's working copy, or that of a page such as the corrections policy."""

    regions: ClassVar = [Region(key="main", title=_("Body"))]
    # The number of the story's newest erasure, 0 if it has none. Set only if it was read with the story.
    newest_erasure: int

    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=[(kind.value, label) for kind, label in KIND_LABELS.items()],
        default=StoryKind.STORY.value,
    )
    headline = models.CharField(_("headline"), max_length=300)
    dek = models.TextField(_("dek"), blank=True, max_length=2000, help_text=_("The line under the headline."))
    slug = SlugField(
        _("slug"),
        max_length=200,
        help_text=_(
            "The end of the story’s web address. It is claimed when the story is published, and never reused."
        ),
    )
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("section")
    )
    section_name = models.CharField(_("section's name then"), max_length=200, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=35, default="en", validators=[language_tag])
    dateline = models.CharField(_("dateline"), max_length=200, blank=True)
    disclosure = models.TextField(
        _("disclosure"),
        blank=True,
        max_length=2000,
        help_text=_("What readers should know about our interests."),
    )

    class Meta(TrackedModel.Meta):
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        permissions = [
            ("change_own_draft", "Can change the drafts they began"),
            ("publish_article", "Can publish articles"),
            ("override_article", "Can publish a substantive change without a note"),
            ("withdraw_article", "Can withdraw articles"),
            ("withhold_article", "Can withhold versions and passages from the public"),
            ("erase_article", "Can order and approve erasures"),
            ("export_dossier", "Can ask for and approve full dossiers"),
            ("see_given_stories", "Can see the stories that they were given as an outside auditor"),
        ]
        constraints = [
            models.CheckConstraint(
                name="article_kind_known", condition=models.Q(kind__in=[kind.value for kind in StoryKind])
            ),
            models.CheckConstraint(name="article_has_headline", condition=~models.Q(headline="")),
            models.CheckConstraint(name="article_has_slug", condition=~models.Q(slug="")),
        ]

    def __str__(self) -> str:
        return self.headline

    def clean(self) -> None:
        if not self.headline.strip():
            raise ValidationError({"headline": _("A story needs a headline.")})


class Byline(StoryPart):
    """A credit on an article, with the name as it was printed at the time."""

    author = models.ForeignKey(Author, on_delete=models.PROTECT, verbose_name=_("author"))
    credited_as = models.CharField(_("credited as"), max_length=200, blank=True)

    class Meta(StoryPart.Meta):
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        constraints = [
            models.CheckConstraint(name="byline_has_name", condition=~models.Q(credited_as="")),
        ]

    def __str__(self) -> str:
        return self.credited_as
