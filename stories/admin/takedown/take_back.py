"""Take back what one published a moment ago."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.actors import site_text
from stories.actions.permissions import require_publish
from stories.actions.takedown.take_back import may_take_back, take_back_until, take_back_version
from stories.admin.page.decision import ReasonForm, decide, posted
from stories.admin.page.double_submit import refuse_decided
from stories.admin.page.frame import article_or_404
from stories.admin.page.status import status_of
from stories.models import Article, Publication
from stories.time_labels import time_label, zoned_time_label


class TakeBackForm(ReasonForm):
    note = forms.CharField(
        label=gettext_lazy("What readers find"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
    field_order = ["note", "reason"]


def take_back_view(
    model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int, publication_id: int
) -> HttpResponse:
    """Ask why a version is taken back, and say what becomes of it."""
    article = article_or_404(model_admin, request, article_id)
    require_publish(request.user, article)
    publication = get_object_or_404(
        Publication.objects.select_related("base", "revision"), pk=publication_id, article=article
    )
    at = timezone.now()
    status = status_of(article, at=at)
    if status.live is None or status.live.pk != publication.pk or status.withdrawal is not None:
        return refuse_decided(request, article)
    until = take_back_until(publication)
    if request.method != "POST" and not may_take_back(request.user, article, publication, at=at):
        messages.info(
            request,
            _(
                "Who published a version may take it back within a few minutes. That is over, or it was published by "
                "somebody else. Fix what is live instead."
            ),
        )
        return HttpResponseRedirect(reverse("admin:stories_article_change", args=[article.pk]))
    is_first = publication.base is None

    def act(values: dict[str, Any]) -> str:
        take_back_version(
            publication=publication, note=values["note"], user=request.user, reason=values["reason"]
        )
        if is_first:
            return _("The story is taken back. Its address answers with your notice.")
        return _("The version is taken back. Readers find the text from before it, with your note.")

    if is_first:
        title = _("Take the story back")
        explanation = _(
            "Readers find your notice at its address in place of the story. The record keeps it, every managing editor "
            "is notified, and one of them can bring it back. You may do this until %(time)s."
        )
        note = site_text(lambda: _("This story was taken back shortly after it was published."))
    else:
        title = _("Take the version back")
        explanation = _(
            "A further version goes live with the text from before yours and a note that says so. Yours stays in the "
            "list of versions, every managing editor is notified, and your text can be restored from the history. You "
            "may do this until %(time)s."
        )
        note = site_text(
            lambda: (
                _("The version of %(time)s was taken back. The story reads again as it did before.")
                % {"time": zoned_time_label(publication.live_from)}
            )
        )
    return decide(
        model_admin,
        request,
        article,
        title=title,
        explanation=explanation % {"time": time_label(until) if until else ""},
        button=title,
        form=TakeBackForm(**posted(request), initial={"note": note}),
        act=act,
        decides=f"take-back-{publication.pk}",
        status=status,
        grave=True,
        is_taking_back=True,
    )
