"""Django's own log of the admin, without contents: it is never cleaned up, so no story text may get into it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.http import HttpRequest


class MinimalLogMixin(admin.ModelAdmin):
    """A ModelAdmin whose log entries have the object's number and nothing of its content."""

    def log_addition(self, request: HttpRequest, row: Any, message: Any) -> LogEntry:
        return self._log(request, row, ADDITION, message)

    def log_change(self, request: HttpRequest, row: Any, message: Any) -> LogEntry:
        return self._log(request, row, CHANGE, message)

    def construct_change_message(  # type: ignore[override]  # Django allows plain text too
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> str:
        return ""

    def _log(self, request: HttpRequest, row: Any, flag: int, message: str) -> LogEntry:
        assert request.user.pk is not None
        return LogEntry.objects.create(
            user_id=request.user.pk,
            content_type_id=get_content_type_for_model(row).pk,
            object_id=row.pk,
            object_repr=f"#{row.pk}",
            action_flag=flag,
            change_message=message,
        )
