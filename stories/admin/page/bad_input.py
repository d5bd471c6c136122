"""Addresses that no page of ours links to: they find nothing, and break nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db import DataError
from django.http import HttpRequest
from django.urls.converters import IntConverter

NUL = "\x00"


class NumberConverter(IntConverter):
    """A whole number that every database can hold."""

    regex = "[0-9]{1,18}"


class BadInputMixin(admin.ModelAdmin):
    """A ModelAdmin that takes what a database can't for something that is not there."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        return None if NUL in object_id else super().get_object(request, object_id, from_field)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        try:
            return super().get_changelist_instance(request)
        except (DataError, OverflowError) as error:
            # Django shows the list without these filters then.
            raise IncorrectLookupParameters(error) from error

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        return super().get_search_results(request, queryset, search_term.replace(NUL, ""))
