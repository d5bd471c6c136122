"""Which way a language is written."""

from __future__ import annotations

from django.conf import settings


def direction(language: str) -> str:
    """ "rtl" or "ltr", for the `dir` attribute of a text with this language tag."""
    return "rtl" if language.split("-")[0].lower() in settings.LANGUAGES_BIDI else "ltr"
