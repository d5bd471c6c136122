"""Withdraw a story, or reinstate it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.permissions import require_withdraw
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.admin.page.decision import ReasonForm, decide, posted
from stories.admin.page.frame import article_or_404
from stories.admin.page.status import status_of
from stories.models import Article


class WithdrawForm(ReasonForm):
    notice = forms.CharField(
        label=gettext_lazy("Notice to readers"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("They find it at the story’s addresses, in the place of the story."),
    )
    field_order = ["notice", "reason"]


def withdraw_view(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int) -> HttpResponse:
    """Withdraw a published story, or bring a withdrawn one back."""
    article = article_or_404(model_admin, request, article_id)
    require_withdraw(request.user, article)
    status = status_of(article, at=timezone.now())
    if status.withdrawal is not None:

        def bring_back(values: dict[str, Any]) -> str:
            reinstate(article=article, user=request.user, reason=values["reason"])
            return _("The story is back, with every version that it had.")

        return decide(
            model_admin,
            request,
            article,
            title=_("Bring the story back"),
            explanation=_(
                "It stands at its addresses again as it did, all versions of it. Readers are not told why."
            ),
            button=_("Bring it back"),
            form=ReasonForm(**posted(request)),
            act=bring_back,
            decides=f"reinstate-{status.withdrawal.pk}",
            status=status,
        )

    def take_down(values: dict[str, Any]) -> str:
        withdraw(article=article, user=request.user, notice=values["notice"], reason=values["reason"])
        return _("The story is withdrawn. Its addresses answer with your notice.")

    return decide(
        model_admin,
        request,
        article,
        title=_("Withdraw the story"),
        explanation=_(
            "All versions of it go down, and its addresses answer with your notice. The record keeps everything, and "
            "you can bring the story back. Where it can be put right, a correction or a retraction serves readers "
            "better."
        ),
        button=_("Withdraw the story"),
        form=WithdrawForm(**posted(request)),
        act=take_down,
        decides="withdraw",
        status=status,
        grave=True,
    )
