"""Pages that change the rights of accounts and groups: each change is recorded with the user who made it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.http import HttpRequest, HttpResponse

from stories.actions.record.rights import rights_changes_by
from stories.admin.model_admin import ModelAdmin, ModelT


class RecordedRightsMixin(ModelAdmin[ModelT]):
    """A ModelAdmin whose changes of rights are recorded under the signed-in user."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with _recorded(request):
            return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with _recorded(request):
            return super().delete_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with _recorded(request):
            return super().changelist_view(request, *args, **kwargs)


def _recorded(request: HttpRequest) -> AbstractContextManager[None]:
    # A page that is only read needs no transaction.
    return rights_changes_by(request.user) if request.method == "POST" else nullcontext()
