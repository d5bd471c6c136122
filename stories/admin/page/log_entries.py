"""Django's own log of the admin, without contents: it is never cleaned up, so no story text may get into it."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.http import HttpRequest

from stories.admin.model_admin import ModelAdmin, ModelT


class MinimalLogMixin(ModelAdmin[ModelT]):
    """A ModelAdmin whose log entries have the object's number and nothing of its content."""

    def log_addition(self, request: HttpRequest, row: ModelT, message: str) -> LogEntry:
        return self._log(request, row, ADDITION, message)

    def log_change(self, request: HttpRequest, row: ModelT, message: str) -> LogEntry:
        return self._log(request, row, CHANGE, message)

    def construct_change_message(  # type: ignore[override]  # Django allows plain text too
        self, request: HttpRequest, form: forms.Form, formsets: Iterable[object], add: bool = False
    ) -> str:
        return ""

    def _log(self, request: HttpRequest, row: ModelT, flag: int, message: str) -> LogEntry:
        assert request.user.pk is not None
        return LogEntry.objects.create(
            user_id=request.user.pk,
            content_type_id=get_content_type_for_model(row).pk,
            object_id=row.pk,
            object_repr=f"#{row.pk}",
            action_flag=flag,
            change_message=message,
        )
