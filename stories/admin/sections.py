"""Sections in the admin."""

from __future__ import annotations

from django.contrib import admin

from stories.admin.in_use import NamedForEver
from stories.models import Article, Section
from stories.models.registry import history_model


@admin.register(Section)
class SectionAdmin(NamedForEver):
    def stories_naming(self, slug: str) -> int:
        rows = history_model(Article).objects.filter(section_id=slug)
        return int(rows.order_by().values("id").distinct().count())
