"""Cancel a publication before its time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.permissions import require_publish
from stories.actions.publishing.cancellations import cancel
from stories.admin.page.decision import decide, posted
from stories.admin.page.frame import article_or_404
from stories.admin.page.status import status_of
from stories.models import Article
from stories.time_labels import time_label


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is it cancelled?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


def cancel_view(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int) -> HttpResponse:
    """Cancel the publication that is pending."""
    article = article_or_404(model_admin, request, article_id)
    require_publish(request.user, article)
    status = status_of(article, at=timezone.now())
    pending = status.pending
    if pending is None:
        messages.info(request, _("Nothing of this story is scheduled, so there is nothing to cancel."))
        return HttpResponseRedirect(reverse("admin:stories_article_change", args=[article.pk]))

    def act(values: dict[str, Any]) -> str:
        cancel(publication=pending, user=request.user, reason=values["reason"])
        return _("The publication was cancelled. What is live stays as it is.")

    return decide(
        model_admin,
        request,
        article,
        title=_("Cancel what is scheduled"),
        explanation=_(
            "Revision %(number)s goes live by itself on %(time)s. Cancelled, its edits stay in the story and wait."
        )
        % {"number": pending.revision.number, "time": time_label(pending.live_from)},
        button=_("Cancel this publication"),
        form=CancelForm(**posted(request)),
        act=act,
        decides=f"cancel-{pending.pk}",
        status=status,
    )
