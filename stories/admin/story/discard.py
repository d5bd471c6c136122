"""Discard a draft, or recover it."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.editing.drafts import discard, recover
from stories.actions.permissions import require_edit
from stories.admin.page.decision import ReasonForm, decide, posted
from stories.admin.page.frame import article_or_404
from stories.admin.page.status import status_of
from stories.models import Article


def discard_view(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int) -> HttpResponse:
    """Discard a draft that was never published, or recover one that is discarded."""
    article = article_or_404(model_admin, request, article_id)
    require_edit(request.user, article)
    status = status_of(article, at=timezone.now())

    def discard_draft(values: dict[str, Any]) -> str:
        discard(article=article, user=request.user, reason=values["reason"])
        return _("The draft is discarded. The record keeps it; the list shows it under “Discarded drafts”.")

    def recover_draft(values: dict[str, Any]) -> str:
        recover(article=article, user=request.user, reason=values["reason"])
        return _("The draft is back.")

    if status.discarded:
        return decide(
            model_admin,
            request,
            article,
            title=_("Recover the draft"),
            explanation=_("It is shown in the list again, with every revision that it had."),
            button=_("Recover the draft"),
            form=ReasonForm(**posted(request)),
            act=recover_draft,
            decides="recover",
            status=status,
        )
    return decide(
        model_admin,
        request,
        article,
        title=_("Discard the draft"),
        explanation=_(
            "It leaves the list. Nothing is deleted: the record keeps every word, and it can be recovered."
        ),
        button=_("Discard the draft"),
        form=ReasonForm(**posted(request)),
        act=discard_draft,
        decides="discard",
        status=status,
        grave=True,
    )
