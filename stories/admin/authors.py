"""Authors in the admin."""

from __future__ import annotations

from django.contrib import admin

from stories.admin.permanent_slugs import PermanentSlugAdmin
from stories.models import Author


@admin.register(Author)
class AuthorAdmin(PermanentSlugAdmin[Author]):
    pass
