"""How slugs stand in addresses."""

from __future__ import annotations

from django.urls.converters import StringConverter

from stories.domain.text.slugs import IN_ADDRESS


class SlugConverter(StringConverter):
    """What a slug may hold, in whatever form it is asked for; `missing` leads from another form to the one there is."""

    regex = IN_ADDRESS
