"""The URL converter of slugs."""

from __future__ import annotations

from django.urls.converters import StringConverter

from stories.domain.text.slugs import IN_ADDRESS


class SlugConverter(StringConverter):
    """A slug in any Unicode form. The `missing` view redirects from other forms to the normal one."""

    regex = IN_ADDRESS
