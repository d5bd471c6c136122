"""Authors in the admin."""

from __future__ import annotations

from django.contrib import admin

from stories.admin.in_use import NamedForEver
from stories.models import Author, Byline
from stories.models.registry import history_model


@admin.register(Author)
class AuthorAdmin(NamedForEver):
    def stories_naming(self, slug: str) -> int:
        rows = history_model(Byline).objects.filter(author_id=slug)
        return int(rows.order_by().values("parent_id").distinct().count())
