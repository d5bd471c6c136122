"""The slug column: letters of every script with their marks, normalized."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from stories.domain.text.slugs import is_slug, normal_slug


def validate_slug(value: str) -> None:
    """Raise ValidationError for an invalid slug; Django's own rule refuses the vowel signs of Hindi and Thai."""
    if not is_slug(value):
        raise ValidationError(
            _(
                "“%(slug)s” can’t be an address. Write letters of any script with their signs, digits, hyphens and "
                "underscores, without spaces."
            ),
            code="invalid",
            params={"slug": value},
        )


class SlugFormField(forms.SlugField):
    """A slug as it is typed."""

    default_validators = [validate_slug]

    def __init__(self, *, allow_unicode: bool = True, **kwargs: Any) -> None:
        # Set afterwards: otherwise Django would replace our validator with its own.
        super().__init__(**kwargs)
        self.allow_unicode = allow_unicode

    def to_python(self, value: Any) -> Any:
        cleaned = super().to_python(value)
        return normal_slug(cleaned) if isinstance(cleaned, str) else cleaned


class SlugField(models.SlugField):
    """A slug of any script; two that differ only in their encoding are the same."""

    default_validators = [validate_slug]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Set afterwards: otherwise Django would replace our validator with its own.
        super().__init__(*args, **{**kwargs, "allow_unicode": False})
        self.allow_unicode = True

    def to_python(self, value: Any) -> Any:
        cleaned = super().to_python(value)
        return normal_slug(cleaned) if isinstance(cleaned, str) else cleaned

    def deconstruct(self) -> Any:
        """Return it as Django's own column: what a slug may contain does not concern the database or migrations."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.SlugField", args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": SlugFormField, **kwargs})
