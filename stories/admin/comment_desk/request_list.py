"""The list of the comment desk: the requests of all stories, the longest overdue first."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.permissions import (
    COMMENT_DESK_ONLY,
    may_see_all_desk_records,
    may_work_desks,
    stories_of,
)
from stories.admin.comment_desk.forms import RequestFilterForm, this_minute
from stories.admin.page.bad_input import NUL
from stories.domain.snapshot import RequestStatus
from stories.domain.text.whole_number import whole_number
from stories.models import Article, ContactAttempt, DeskRecord
from stories.models.comment_requests import STATUS_LABELS
from stories.queries.comment_desk.requests import RequestFilters, lines_of, requests_at_desk

PAGE_LENGTH = 50
# An answer has a statement, which is typed on the request's own page.
OUTCOMES_WITHOUT_STATEMENT = (RequestStatus.NO_RESPONSE, RequestStatus.DECLINED, RequestStatus.WITHDRAWN)


class RequestLine(Protocol):
    """A request as `lines_of` finds it, with the labels that the list adds."""

    status: str
    deadline: datetime | None
    tried_by: str | None
    parent: Article
    state: str
    is_overdue: bool
    channel: str
    may_work: bool


def list_view(model_admin: ModelAdmin[DeskRecord], request: HttpRequest) -> HttpResponse:
    """List requests: all of them for whoever sees all desk records, for a reporter those of their own stories."""
    if not request.user.has_perm("stories.view_deskrecord"):
        raise PermissionDenied(COMMENT_DESK_ONLY)
    at = timezone.now()
    data = {
        name: str(value).replace(NUL, "")
        for name, value in request.GET.items()
        if name in RequestFilterForm.base_fields
    }
    data["state"] = data.get("state") or RequestStatus.PENDING.value
    form = RequestFilterForm(data)
    filters = form.filters()
    own = None if may_see_all_desk_records(request.user) else stories_of(request.user)
    page = Paginator(requests_at_desk(filters, at=at, stories=own), PAGE_LENGTH).get_page(
        _page_number(request)
    )
    lines = lines_of(list(page.object_list))
    workable = may_work_desks(request.user, [line.parent for line in lines])
    for line in lines:
        _add_labels(line, at)
        line.may_work = line.parent.pk in workable
    return TemplateResponse(
        request,
        "admin/stories/comment_desk/list.html",
        {
            **model_admin.admin_site.each_context(request),
            "title": _("Comment desk"),
            "opts": model_admin.opts,
            "form": form,
            "is_narrowed": filters != RequestFilters(),
            "page": page,
            "lines": lines,
            "query": "&".join(
                part for part in request.GET.urlencode().split("&") if part and not part.startswith("page=")
            ),
            "now": this_minute(),
            "channels": ContactAttempt.Channel.choices,
            "outcomes": [(status.value, STATUS_LABELS[status]) for status in OUTCOMES_WITHOUT_STATEMENT],
            "media": model_admin.media,
        },
    )


def _add_labels(line: RequestLine, at: datetime) -> None:
    """Set the labels that the template shows of a line."""
    line.state = str(STATUS_LABELS[RequestStatus(line.status)])
    line.is_overdue = (
        line.status == RequestStatus.PENDING.value and line.deadline is not None and line.deadline < at
    )
    line.channel = str(ContactAttempt.Channel(line.tried_by).label) if line.tried_by else ""


def _page_number(request: HttpRequest) -> int:
    return whole_number(request.GET.get("page", "")) or 1
