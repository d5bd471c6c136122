"""Review and publish what waits, compared with what is live."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from stories.actions.permissions import require_publish
from stories.actions.publishing.publish import publish
from stories.admin.page.decision import nothing_to_publish
from stories.admin.page.double_submit import published_already, redirect_to_publication
from stories.admin.page.frame import article_or_404, number_in
from stories.admin.page.status import StatusDetails, status_of
from stories.admin.publishing.review_context import build_reviewed_change, changed_meanwhile
from stories.admin.publishing.review_page import Review, begin_review
from stories.models import Article, Publication, Revision
from stories.queries.story.snapshots import snapshot_at


def review_view(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int) -> HttpResponse:
    """Review what waits, and publish it: now, at a time, or under an embargo."""
    article = article_or_404(model_admin, request, article_id)
    require_publish(request.user, article)
    status = status_of(article, at=timezone.now())
    if request.POST.get("step") == "publish" and (earlier := _published_before(request, article)) is not None:
        return redirect_to_publication(request, earlier)
    if status.waiting == 0 or status.withdrawal or status.discarded:
        return nothing_to_publish(model_admin, request, article, status)
    if request.method != "POST":
        number = _revision(status, number_in(request.GET, "revision"))
        return _reviewed(model_admin, request, article, status, number).show(fresh=True)
    number = _revision(status, number_in(request.POST, "revision"))
    if changed_meanwhile(status, seen=number_in(request.POST, "seen"), live=number_in(request.POST, "live")):
        review = _reviewed(model_admin, request, article, status, status.revision, posted=True)
        return review.show(meanwhile=_meanwhile_message(request, article, status))
    review = _reviewed(model_admin, request, article, status, number, posted=True)

    def publish_reviewed(values: dict[str, Any]) -> Publication:
        return _publish(request, article, review, values, number=number)

    return review.submit(publish_reviewed)


def _published_before(request: HttpRequest, article: Article) -> Publication | None:
    live, revision = (number_in(request.POST, name) for name in ("live", "revision"))
    return published_already(request, article, live=live, revision=revision)


def _reviewed(
    model_admin: ModelAdmin[Article],
    request: HttpRequest,
    article: Article,
    status: StatusDetails,
    number: int,
    *,
    posted: bool = False,
) -> Review:
    earlier = _revision(status, number_in(request.POST, "reviewed")) if posted else number
    review = begin_review(
        model_admin,
        request,
        article,
        build_reviewed_change(status, story=snapshot_at(article.pk, number)),
        is_fix=False,
        carried={
            "revision": number,
            "reviewed": earlier,
            "seen": status.revision,
            "live": status.live_revision,
        },
        data=request.POST if posted else None,
    )
    if earlier < status.revision and posted:
        review.form.offer_earlier(newest=status.revision, reviewed=earlier)
    return review


def _publish(
    request: HttpRequest, article: Article, review: Review, values: dict[str, Any], *, number: int
) -> Publication:
    form, at = review.form, timezone.now()
    promise = ""
    if form.under_embargo and not _is_set_already(review, form.goes_live()):
        promise = form.cleaned_data["promised"]
    return publish(
        article=article,
        revision=number,
        user=request.user,
        live_from=form.goes_live(),
        promised=promise,
        at=at,
        **values,
    )


def _is_set_already(review: Review, live_from: datetime | None) -> bool:
    embargo = review.reviewed_change.status.embargo
    return embargo is not None and embargo.until == live_from


def _revision(status: StatusDetails, requested: int) -> int:
    """Return the requested revision if it can be published, else the newest."""
    return requested if status.live_revision < requested <= status.revision else status.revision


def _meanwhile_message(request: HttpRequest, article: Article, status: StatusDetails) -> str:
    if number_in(request.POST, "live") != status.live_revision:
        return _(
            "Another version went live while you were reviewing. Nothing of yours was published, and what you typed "
            "is kept. The difference shown here is the new one: look at it, then publish."
        )
    seen = number_in(request.POST, "seen")
    saved = Revision.objects.filter(article=article, number__gt=seen).order_by("number")
    names = list(dict.fromkeys(saved.values_list("user_name", flat=True)))
    return ngettext(
        "%(names)s saved revision %(number)s while you were reviewing. Nothing was published, and what you typed is "
        "kept. The difference shown here is the new one: look at it, then publish.",
        "%(names)s saved this story up to revision %(number)s while you were reviewing. Nothing was published, and "
        "what you typed is kept. The difference shown here is the new one: look at it, then publish.",
        status.revision - seen,
    ) % {"names": ", ".join(names) or _("Somebody"), "number": status.revision}
