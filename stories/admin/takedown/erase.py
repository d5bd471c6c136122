"""Order that something is erased for good, and approve another person's order; a command carries it out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.actors import Actor
from stories.actions.errors import Refused
from stories.actions.permissions import require_erase
from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure, refuse_erasure
from stories.actions.takedown.withholdings import LONGEST, clean_words
from stories.admin.page.decision import ReasonForm, posted
from stories.admin.page.frame import article_or_404, page_context
from stories.admin.page.status import status_of
from stories.admin.takedown.withhold import GROUND_CHOICES, occurrences_context
from stories.domain.text.whole_number import whole_number
from stories.models import (
    Article,
    ErasureApproval,
    ErasureOrder,
    ErasureScope,
    ImageBlock,
    Picture,
    Publication,
)
from stories.models.integrity.registry import history_model
from stories.queries.takedown.erasable import changes_of_order, counted
from stories.queries.takedown.occurrences import find_occurrences


class EraseForm(ReasonForm):
    """The terms of an erasure, which stay on record."""

    ground = forms.ChoiceField(label=gettext_lazy("Category"), choices=GROUND_CHOICES, required=False)
    authority = forms.CharField(
        label=gettext_lazy("By what authority"),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy(
            "A court and its file number, or who asked. It stays for ever, and readers may see it."
        ),
    )
    notice = forms.CharField(
        label=gettext_lazy("What readers are told"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )
    field_order = ["ground", "authority", "notice", "reason"]


def erase_view(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int) -> HttpResponse:
    """Show what would be erased, and order it."""
    article = article_or_404(model_admin, request, article_id)
    require_erase(request.user, article)
    data = request.POST or request.GET
    draft = _draft_of(article, data)
    form = EraseForm(**posted(request))
    problem = _problem(article, draft) if draft is not None else ""
    if request.method == "POST" and form.is_valid() and draft is not None:
        try:
            order = order_erasure(
                article=article,
                scope=draft.scope,
                words=draft.words,
                publication=draft.publication,
                picture=draft.picture,
                user=request.user,
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Ordered. Nothing is erased yet: another managing editor approves it first.")
            )
            return HttpResponseRedirect(reverse("admin:stories_article_erasure", args=[article.pk, order.pk]))
    has_preview = draft is not None and not problem
    versions = Publication.objects.not_cancelled().filter(article=article).order_by("live_from")
    return TemplateResponse(
        request,
        "admin/stories/takedown/erase.html",
        {
            **page_context(model_admin, request, article, _("Erase for good")),
            "status": status_of(article, at=timezone.now()),
            "draft": draft,
            "versions": list(enumerate(versions, start=1))[::-1],
            "pictures": _pictures(article),
            "longest": LONGEST,
            "problem": problem,
            **(_preview(article, draft, request.user) if has_preview and draft is not None else {}),
            "form": form,
            "orders": _orders(article),
            "media": model_admin.media + form.media,
        },
    )


def erasure_view(
    model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int, number: int
) -> HttpResponse:
    """Let a second person approve an order or refuse it; afterwards show what became of it."""
    article = article_or_404(model_admin, request, article_id)
    require_erase(request.user, article)
    order = get_object_or_404(
        ErasureOrder.objects.select_related("publication", "picture"), pk=number, article=article
    )
    form = ReasonForm(**posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            if request.POST.get("decision") == "refuse":
                refuse_erasure(order=order, user=request.user, reason=reason)
                done = _("Refused. Nothing is erased.")
            else:
                approve_erasure(order=order, user=request.user, reason=reason)
                done = _("Approved. Whoever runs the server carries it out: manage.py erase %(number)s") % {
                    "number": order.pk
                }
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return HttpResponseRedirect(request.path)
    erasure = getattr(order, "erasure", None)
    return TemplateResponse(
        request,
        "admin/stories/takedown/erasure.html",
        {
            **page_context(model_admin, request, article, _("Order to erase")),
            "status": status_of(article, at=timezone.now()),
            "order": order,
            "approval": ErasureApproval.objects.filter(order=order).first(),
            "erasure": erasure,
            "is_own": order.user_id == request.user.pk,
            **({} if erasure is not None else _preview(article, order, request.user)),
            "form": form,
            "media": model_admin.media + form.media,
        },
    )


def _draft_of(article: Article, data: QueryDict) -> ErasureOrder | None:
    """Return what a page asks for as an unsaved order, None if it asks for nothing yet."""
    scope = data.get("scope", "")
    if scope not in ErasureScope.values:
        return None
    versions = list(Publication.objects.not_cancelled().filter(article=article).order_by("live_from"))
    chosen = whole_number(data.get("version", "")) or 0
    return ErasureOrder(
        article=article,
        scope=scope,
        words=" ".join(data.get("words", "")[: 2 * LONGEST].split()) if scope == ErasureScope.WORDS else "",
        publication=versions[chosen - 1] if 1 <= chosen <= len(versions) else None,
        picture=Picture.objects.filter(pk=data.get("picture", "")).first(),
    )


def _problem(article: Article, draft: ErasureOrder) -> str:
    """Return why nothing can be shown of what is asked for, "" if it can."""
    if draft.scope == ErasureScope.VERSION and draft.publication is None:
        return _("Choose the version.")
    if draft.scope == ErasureScope.PICTURE and draft.picture is None:
        return _("Choose a picture that this story shows or has shown.")
    if draft.scope == ErasureScope.WORDS:
        try:
            clean_words(article, draft.words)
        except Refused as refusal:
            return str(refusal)
    return ""


def _preview(article: Article, order: ErasureOrder, user: Actor) -> dict[str, Any]:
    """Return all that would be erased: counts by kind of row; for words, also each place with them."""
    found = find_occurrences(article, order.words, at=timezone.now()) if order.words else None
    return {"counts": counted(changes_of_order(order)), **occurrences_context(found, user)}


def _pictures(article: Article) -> list[tuple[str, str]]:
    """Return the pictures that a story shows or has shown, each by its digest and alt text."""
    rows = history_model(ImageBlock).objects.filter(parent_id=article.pk, picture_id__isnull=False)
    return sorted(dict(rows.order_by("history_id").values_list("picture_id", "alt_text")).items())


def _orders(article: Article) -> QuerySet[ErasureOrder]:
    return ErasureOrder.objects.filter(article=article).select_related("approval", "erasure").order_by("-pk")
