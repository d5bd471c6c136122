"""Authors in the admin."""

from __future__ import annotations

from django.contrib import admin

from stories.admin.permanent_slugs import NamedForEver
from stories.models import Author


@admin.register(Author)
class AuthorAdmin(NamedForEver):
    pass
