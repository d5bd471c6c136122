"""The parts of a story in its form: blocks in one order, and the lists beside them."""

from __future__ import annotations

from typing import Any

from content_editor.admin import ContentEditorInline
from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _, gettext_lazy

from stories.admin.forms import (
    BylineForm,
    ImageBlockForm,
    StoryPartForm,
    UpdateNoteForm,
    say_label,
)
from stories.admin.formsets import StoryPartFormSet
from stories.models import Byline, CommentRequest, EmbedBlock, ImageBlock, QuoteBlock, TextBlock, UpdateNote

_BLOCK = ("region", "ordering", "part_key")


class StoryPartInline(admin.options.InlineModelAdmin):
    """Rows that are never saved as rows. Who may edit the story may edit its parts: the story's admin asks."""

    form: type[forms.ModelForm[Any]] = StoryPartForm
    formset: Any = StoryPartFormSet
    extra = 0
    is_block = False
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and type(field.widget) is AdminTextareaWidget:
            field.widget.attrs["rows"] = 2
        if isinstance(field, forms.SplitDateTimeField):
            say_label(field)
        return field


class BlockInline(StoryPartInline, ContentEditorInline):
    is_block = True


class TextBlockInline(BlockInline):
    model = TextBlock
    icon = "notes"
    color = "var(--block-text)"
    fieldsets = [(None, {"fields": ["text", *_BLOCK]})]


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
                    ("source", "source_url", "said_on"),
                    *_BLOCK,
                ]
            },
        )
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


class BylineInline(StoryPartInline, admin.TabularInline):
    model = Byline
    form = BylineForm
    autocomplete_fields = ["author"]
    fields = ["author", "credited_as", "ordering", "part_key"]
    # Left empty, the name is the author's as it is now.
    verbose_name_plural = gettext_lazy("bylines")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "ordering":
            field.required, field.label = False, _("place")
            field.widget.attrs["class"] = "byline-place"
        if db_field.name == "credited_as":
            field.help_text = _("Left empty, the author’s name.")
        if db_field.name in ("ordering", "credited_as"):
            say_label(field)
        return field


class CommentRequestInline(StoryPartInline, admin.StackedInline):
    model = CommentRequest
    readonly_fields = ["desk"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("party", "status", "shown"),
                    ("requested_at", "responded_at"),
                    "sentence",
                    "desk",
                    "ordering",
                    "part_key",
                ]
            },
        )
    ]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return _without_order(db_field, super().formfield_for_dbfield(db_field, request, **kwargs))

    @admin.display(description=gettext_lazy("for the desk"))
    def desk(self, row: CommentRequest) -> str:
        if not row.parent_id or not row.party:
            return _("Save the story first; then its deadline, contacts and attempts can be kept here.")
        address = reverse("admin:stories_article_desk", args=[row.parent_id, row.key])
        return format_html('<a href="{}">{}</a>', address, _("Deadline, contacts and attempts"))


class UpdateNoteInline(StoryPartInline, admin.StackedInline):
    model = UpdateNote
    form = UpdateNoteForm
    fieldsets = [(None, {"fields": [("kind", "amended"), "text", ("was", "now"), "ordering", "part_key"]})]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return _without_order(db_field, super().formfield_for_dbfield(db_field, request, **kwargs))


def _without_order(db_field: Any, field: Any) -> Any:
    """These stand in the order in which they were added: nobody needs to number them."""
    if db_field.name == "ordering":
        field.required, field.widget = False, forms.HiddenInput()
    return field
