"""How slugs look in addresses."""

from __future__ import annotations

from django.urls.converters import StringConverter


class SlugConverter(StringConverter):
    """Letters of any script, digits, hyphens, underscores: what an article's slug may hold, and no more."""

    regex = r"[-\w]+"
