"""Sections and authors: slugs never change, those in use can't be deleted, and every change is in the ledger."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import ngettext

from stories.actions.editing.sections_and_authors import (
    create_section_or_author,
    delete_section_or_author,
    rename_section_or_author,
    stories_naming,
)
from stories.admin.page.bad_input import BadInputMixin
from stories.models import Author, Section

NamedT = TypeVar("NamedT", Section, Author)


class PermanentSlugAdmin(BadInputMixin[NamedT]):
    """A ModelAdmin of sections or authors, which stories refer to by slug."""

    fields = ["name", "slug"]
    list_display = ["name", "slug"]
    search_fields = ["name", "slug"]
    actions = None

    class Media:
        js = ["stories/desk/slug.js"]

    def get_readonly_fields(self, request: HttpRequest, obj: NamedT | None = None) -> list[str]:
        return ["slug"] if obj is not None else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: NamedT | None = None) -> dict[str, Any]:
        return {} if obj is not None else {"slug": ["name"]}

    def save_model(
        self, request: HttpRequest, obj: NamedT, form: forms.ModelForm[NamedT], change: bool
    ) -> None:
        if change:
            rename_section_or_author(row=obj, user=request.user)
        else:
            create_section_or_author(row=obj, user=request.user)

    def log_addition(self, request: HttpRequest, obj: NamedT, message: object) -> None:  # type: ignore[override]
        """Write nothing to Django's log: the ledger has it, and its entry has to be the transaction's last write."""

    def log_change(self, request: HttpRequest, obj: NamedT, message: object) -> None:  # type: ignore[override]
        """Write nothing to Django's log, as for an addition."""

    def delete_model(self, request: HttpRequest, obj: NamedT) -> None:
        delete_section_or_author(row=obj, user=request.user)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found = self.get_object(request, unquote(object_id))
        count = stories_naming(self.model, found.pk) if found is not None else 0
        if not count or not self.has_delete_permission(request, found):
            return super().delete_view(request, object_id, extra_context)
        messages.error(
            request,
            ngettext(
                "“%(name)s” is named in the history of %(count)s story, so it can’t be deleted. Nothing was changed.",
                "“%(name)s” is named in the history of %(count)s stories, so it can’t be deleted. "
                "Nothing was changed.",
                count,
            )
            % {"name": found, "count": count},
        )
        address = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(address, args=[object_id]))
