"""Django's ModelAdmin with the type of its model, which Django's own class can't carry when the code runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from django.contrib import admin
from django.db.models import Model

ModelT = TypeVar("ModelT", bound=Model)

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
else:

    class ModelAdmin(admin.ModelAdmin, Generic[ModelT]):
        """A ModelAdmin whose subclasses can say of which model: `ModelAdmin[Article]`."""


__all__ = ["ModelAdmin", "ModelT"]
