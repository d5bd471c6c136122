"""Restore a story to how it read at an earlier revision."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.editing.restore import restore, restored_story
from stories.actions.errors import Refused
from stories.actions.permissions import require_edit
from stories.admin.page.decision import posted
from stories.admin.page.erased_since import clear_autosave
from stories.admin.page.frame import article_or_404, comparison_of, page_context
from stories.admin.page.status import status_of
from stories.admin.story.history import about_revision
from stories.models import Article, Revision
from stories.queries.story.snapshots import latest_revision, snapshot_at, working_snapshot


class RestoreForm(forms.Form):
    """The reason, and the newest revision that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "For the desk and the record; readers do not see it. Never who a source is. Left empty, it says which "
            "revision was restored."
        ),
    )


def restore_view(
    model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int, number: int
) -> HttpResponse:
    """Show what restoring a revision would change, and restore it."""
    article = article_or_404(model_admin, request, article_id)
    require_edit(request.user, article)
    revision = get_object_or_404(Revision, article=article, number=number)
    newest = latest_revision(article.pk)
    form = RestoreForm(**posted(request), initial={"seen": newest})
    if request.method == "POST" and form.is_valid():
        try:
            restored = restore(
                article=article,
                revision=number,
                seen=form.cleaned_data["seen"],
                user=request.user,
                reason=form.cleaned_data["reason"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            # The refused page shows the newest revision, so that a second try is based on it.
            form.data = {**request.POST.dict(), "seen": str(newest)}
        else:
            messages.success(request, _done(article, number, restored))
            done_at = reverse("admin:stories_article_change", args=[article.pk])
            return clear_autosave(request, HttpResponseRedirect(done_at))
    now = working_snapshot(article)
    comparison = comparison_of(now, restored_story(article, snapshot_at(article.pk, number), now))
    return TemplateResponse(
        request,
        "admin/stories/story/restore.html",
        {
            **page_context(
                model_admin, request, article, _("Restore revision %(number)s") % {"number": number}
            ),
            **about_revision(article, revision),
            "form": form,
            "comparison": comparison,
            "is_same": comparison is not None and not comparison.body,
            "since": newest - number,
            "status": status_of(article, at=timezone.now()),
        },
    )


def _done(article: Article, number: int, restored: Revision) -> SafeString:
    return format_html(
        '{} <a href="{}">{}</a>',
        _("The story reads as at revision %(number)s again; that is revision %(new)s.")
        % {"number": number, "new": restored.number},
        reverse("admin:stories_article_changes", args=[article.pk, restored.number]),
        _("What this changed"),
    )
