"""Authors in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.permissions import may_edit_profile
from stories.admin.permanent_slugs import PermanentSlugAdmin
from stories.models import Author

if TYPE_CHECKING:
    from django.contrib.admin.options import _FieldGroups  # a type of Django's stubs alone


@admin.register(Author)
class AuthorAdmin(PermanentSlugAdmin[Author]):
    def get_fields(self, request: HttpRequest, obj: Author | None = None) -> _FieldGroups:
        if obj is not None and may_edit_profile(request.user, obj):
            return ["name", "slug", "profile"]
        return ["name", "slug"]

    def get_readonly_fields(self, request: HttpRequest, obj: Author | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "profile"]

    @admin.display(description=gettext_lazy("profile"))
    def profile(self, author: Author) -> str:
        address = reverse("desk:profile", args=[author.pk])
        return format_html('<a href="{}">{}</a>', address, _("Bio, picture and contact"))
