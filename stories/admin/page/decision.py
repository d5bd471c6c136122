"""Pages that ask for one decision on a story each: a form, and a sentence once it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.errors import Refused
from stories.admin.page.double_submit import is_decided, refuse_decided
from stories.admin.page.erased_since import clear_autosave
from stories.admin.page.frame import page_context
from stories.admin.page.status import StatusDetails, status_of
from stories.models import Article


class ReasonForm(forms.Form):
    """The reason of a decision. Each page says which decision."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("For the desk and the record; readers do not see it. Never who a source is."),
    )


def decide(
    model_admin: ModelAdmin[Article],
    request: HttpRequest,
    article: Article,
    *,
    title: str,
    explanation: str,
    button: str,
    form: forms.Form,
    act: Callable[[dict[str, Any]], str],
    decides: str = "",
    status: StatusDetails | None = None,
    **context: object,
) -> HttpResponse:
    """Show a page that asks for one decision on a story: what it does, its form, its button.

    `act` takes the cleaned data, carries the decision out, and returns a sentence on what was done. What it
    refuses is shown above the form, which keeps everything typed. `decides` names the decision, if the same page asks
    for another one once it is made, so that a page sent twice does not undo what it did.
    """
    if request.method == "POST" and is_decided(request, decides):
        return refuse_decided(request, article)
    if request.method == "POST" and form.is_valid():
        try:
            done = act(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            done_at = reverse("admin:stories_article_change", args=[article.pk])
            return clear_autosave(request, HttpResponseRedirect(done_at))
    return TemplateResponse(
        request,
        "admin/stories/page/decision.html",
        {
            **page_context(model_admin, request, article, title),
            "explanation": explanation,
            "button": button,
            "decides": decides,
            "form": form,
            "status": status or status_of(article, at=timezone.now()),
            "media": model_admin.media + form.media,
            **context,
        },
    )


def posted(request: HttpRequest) -> dict[str, Any]:
    """Return the arguments that bind a form to what was posted, if anything was."""
    return {"data": request.POST} if request.method == "POST" else {}


def nothing_to_publish(
    model_admin: ModelAdmin[Article], request: HttpRequest, article: Article, status: StatusDetails
) -> HttpResponse:
    """Show why there is nothing to review, with the text that was typed for it if somebody else was faster."""
    return TemplateResponse(
        request,
        "admin/stories/page/nothing_to_publish.html",
        {
            **page_context(model_admin, request, article, _("Review and publish")),
            "status": status,
            "typed": request.POST.get("text", ""),
        },
    )
