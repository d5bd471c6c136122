"""The inlines of a story's form: blocks in one order, and lists of bylines, comment requests and notes."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from content_editor.admin import ContentEditorInline
from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.db.models import DateTimeField
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _, gettext_lazy

from stories.admin.page.moments import SplitMomentField, SplitMomentWidget
from stories.admin.page.note_kinds import NoteKindSelect
from stories.admin.story_form.forms import (
    BylineForm,
    ImageBlockForm,
    StoryPartForm,
    UpdateNoteForm,
    add_zone_to_label,
    set_aria_label,
)
from stories.admin.story_form.formsets import StoryPartFormSet
from stories.admin.story_form.list_formsets import BylineFormSet, CommentRequestFormSet, UpdateNoteFormSet
from stories.domain.snapshot import Block
from stories.models import (
    Article,
    Byline,
    CommentRequest,
    EmbedBlock,
    ImageBlock,
    QuoteBlock,
    TextBlock,
    UpdateNote,
)
from stories.models.blocks import BlockModel
from stories.models.integrity.registry import BLOCK_MODELS

_BLOCK = ("region", "ordering", "part_key")


class StoryPartInline(admin.options.InlineModelAdmin):  # type: ignore[type-arg]  # Django's takes none when the code runs
    """An inline that saves no rows. Whoever may edit the story, which its admin checks, may edit its parts."""

    form: type[forms.ModelForm[Any]] = StoryPartForm
    formset: Any = StoryPartFormSet
    extra = 0
    is_block = False
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return True

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if isinstance(db_field, DateTimeField):
            kwargs["form_class"], kwargs["widget"] = SplitMomentField, SplitMomentWidget
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and type(field.widget) is AdminTextareaWidget:
            field.widget.attrs["rows"] = 2
        if isinstance(field, forms.SplitDateTimeField):
            add_zone_to_label(field)
            set_aria_label(field)
        return field


class BlockInline(StoryPartInline, ContentEditorInline):  # type: ignore[misc]  # it ships no types
    is_block = True
    template = "admin/stories/story_form/block_inline.html"
    # For the kinds that have no look of their own.
    icon = "widgets"
    color = "var(--block-text)"


class TextBlockInline(BlockInline):
    model = TextBlock
    icon = "notes"
    fieldsets = [(None, {"fields": ["text", *_BLOCK]})]

    def get_extra(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> int:
        # A new story starts with an empty text.
        return 1 if obj is None else 0


class QuoteBlockInline(BlockInline):
    model = QuoteBlock
    icon = "format_quote"
    color = "var(--block-quote)"
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "text",
                    "anonymous",
                    ("speaker", "speaker_title"),
                    ("description", "anonymity_reason"),
                    *_BLOCK,
                ]
            },
        ),
        (
            gettext_lazy("Where and when it was said"),
            {"fields": [("source", "source_url", "said_on")], "classes": ["collapse"]},
        ),
    ]


class ImageBlockInline(BlockInline):
    model = ImageBlock
    form = ImageBlockForm
    icon = "image"
    color = "var(--block-picture)"
    readonly_fields = ["preview"]
    fieldsets = [
        (None, {"fields": ["preview", "upload", "alt_text", "caption", "credit", "digest", *_BLOCK]})
    ]

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "caption" and field is not None:
            field.help_text = _("Write a link as [words](https://example.org).")
        return field

    @admin.display(description=gettext_lazy("picture"))
    def preview(self, block: ImageBlock) -> str:
        if block.picture_id:
            address = reverse("admin:stories_article_picture", args=[block.picture_id])
            return format_html('<img class="picture-preview" src="{}" alt="{}">', address, block.alt_text)
        if block.address:
            return format_html(
                '<span class="picture-elsewhere">{} <a href="{}" rel="noreferrer">{}</a></span>',
                _("This picture stands elsewhere, and its file is not ours:"),
                block.address,
                block.address,
            )
        return _("No picture yet.")


class EmbedBlockInline(BlockInline):
    model = EmbedBlock
    icon = "link"
    color = "var(--block-embed)"
    fieldsets = [(None, {"fields": ["address", "title", "description", *_BLOCK]})]


def plain_inline(kind: type[Block], model: type[BlockModel]) -> type[BlockInline]:
    """Return the inline of a kind of block that has none of its own: all its fields, one below the other."""
    names = [field.name for field in fields(kind) if field.name != "key"]
    layout = [(None, {"fields": [*names, *_BLOCK]})]
    return type(f"{kind.__name__}Inline", (BlockInline,), {"model": model, "fieldsets": layout})


_OWN: Final[dict[str, type[BlockInline]]] = {
    "text": TextBlockInline,
    "quote": QuoteBlockInline,
    "image": ImageBlockInline,
    "embed": EmbedBlockInline,
}
# In the order of the kinds.
BLOCK_INLINES: Final = tuple(
    _OWN.get(kind.kind) or plain_inline(kind, model) for kind, model in BLOCK_MODELS.items()
)


class StoryListInline(StoryPartInline, admin.StackedInline):  # type: ignore[type-arg]  # Django's takes none when the code runs
    """A list of parts in compact rows. `row_template` renders a row, `preview_template` what readers will see."""

    template = "admin/stories/story_form/parts_inline.html"
    row_template = ""
    preview_template = ""

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "ordering" and field is not None:
            # Left empty, a row comes last. With scripts, buttons replace the number.
            field.required, field.label = False, _("place")
        return field


class BylineInline(StoryListInline):
    model = Byline
    form = BylineForm
    formset: Any = BylineFormSet
    row_template = "admin/stories/story_form/byline_row.html"
    autocomplete_fields = ["author"]
    fields = ["author", "credited_as", "ordering", "part_key"]
    verbose_name_plural = gettext_lazy("bylines")

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "credited_as" and field is not None:
            field.help_text = _("Left empty, the author’s name.")
        return field


class CommentRequestInline(StoryListInline):
    model = CommentRequest
    formset: Any = CommentRequestFormSet
    row_template = "admin/stories/story_form/request_row.html"
    preview_template = "admin/stories/story_form/request_changes.html"
    fields = [
        "party",
        "status",
        "shown",
        "asked_how",
        "requested_at",
        "responded_at",
        "sentence",
        "ordering",
        "part_key",
    ]


class UpdateNoteInline(StoryListInline):
    model = UpdateNote
    form = UpdateNoteForm
    formset: Any = UpdateNoteFormSet
    row_template = "admin/stories/story_form/note_row.html"
    preview_template = "admin/stories/story_form/note_changes.html"
    fields = ["kind", "amended", "text", "was", "now", "ordering", "part_key"]

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name == "kind":
            kwargs["widget"] = NoteKindSelect
        return super().formfield_for_dbfield(db_field, request, **kwargs)
