"""Template filters about languages."""

from __future__ import annotations

from django import template

from stories.rendering import languages

register = template.Library()


@register.filter
def direction(language: str) -> str:
    """Return the direction of a text in this language, for its `dir` attribute."""
    return languages.direction(language)
