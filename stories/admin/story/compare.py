"""Compare any two revisions of a story."""

from __future__ import annotations

from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.admin.page.frame import article_or_404, comparison_of, number_param, page_context
from stories.models import Article, Revision
from stories.queries.publishing.versions import live_publication
from stories.queries.story.snapshots import latest_revision, snapshot_pair


def choose_view(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int) -> HttpResponse:
    """Redirect from the form that picks two revisions to their comparison, the older first."""
    article = article_or_404(model_admin, request, article_id)
    newest = latest_revision(article.pk)
    chosen = sorted(number_param(request, name) or newest for name in ("a", "b"))
    return HttpResponseRedirect(reverse("admin:stories_article_compare", args=[article.pk, *chosen]))


def compare_view(
    model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int, first: int, second: int
) -> HttpResponse:
    """Show what differs between two revisions, word by word."""
    article = article_or_404(model_admin, request, article_id)
    try:
        before, after = snapshot_pair(article.pk, first, second)
    except Revision.DoesNotExist as missing:
        raise Http404 from missing
    found = Revision.objects.filter(article=article, number__in=(first, second))
    revisions = {revision.number: revision for revision in found}
    if set(revisions) != {first, second}:
        raise Http404
    live = live_publication(article, at=timezone.now())
    return TemplateResponse(
        request,
        "admin/stories/story/compare.html",
        {
            **page_context(
                model_admin,
                request,
                article,
                _("Revisions %(first)s and %(second)s compared") % {"first": first, "second": second},
            ),
            "first": revisions[first],
            "second": revisions[second],
            "comparison": comparison_of(before, after),
            "newest": latest_revision(article.pk),
            "live_revision": live.revision.number if live else 0,
        },
    )
