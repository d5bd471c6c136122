"""Input that a database rejects, such as a NUL or a huge number in an address: nothing is found, and nothing fails."""

from __future__ import annotations

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db import DataError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls.converters import IntConverter

from stories.admin.model_admin import ModelAdmin, ModelT

NUL = "\x00"


class NumberConverter(IntConverter):
    """A whole number that every database can store."""

    regex = "[0-9]{1,18}"


class BadInputMixin(ModelAdmin[ModelT]):
    """A ModelAdmin that treats input a database rejects as not found."""

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> ModelT | None:
        return None if NUL in object_id else super().get_object(request, object_id, from_field)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        try:
            return super().get_changelist_instance(request)
        except (DataError, OverflowError) as error:
            # Django then shows the list without these filters.
            raise IncorrectLookupParameters(error) from error

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ModelT], search_term: str
    ) -> tuple[QuerySet[ModelT], bool]:
        return super().get_search_results(request, queryset, search_term.replace(NUL, ""))
