"""What templates ask of languages."""

from __future__ import annotations

from django import template

from stories.rendering import languages

register = template.Library()


@register.filter
def direction(language: str) -> str:
    """Return which way a text in this language runs, for its `dir` attribute."""
    return languages.direction(language)
