"""Saves that leave their page in place: the same POST, answered with what the page has to change.

What shows the form again, a refusal or a conflict, is answered with that page: the script takes from it what differs.
"""

from __future__ import annotations

from uuid import uuid4

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape

from stories.admin.page.frame import story_permissions
from stories.admin.page.status import status_of
from stories.admin.story_form.formsets import fingerprint_of_keys
from stories.admin.story_form.state import StoryFormState
from stories.domain.snapshot import CommentRequest
from stories.models import Article, Revision
from stories.queries.story.snapshots import latest_revision


def posted_keys(state: StoryFormState) -> dict[str, str]:
    """Return the keys of the parts that were sent, by the prefixes of their rows."""
    return {str(row.prefix): str(row.row_key) for row in state.submitted_rows()}


def saved_in_place(
    request: HttpRequest, saved: Article, state: StoryFormState, revision: Revision | None
) -> HttpResponse:
    """Return what a page that stays has to know of a save.

    It fetches itself again if the story is new, or holds what was not sent: words of others, or choices in a conflict.
    """
    base = latest_revision(saved.pk) if revision is None else revision.number
    address = reverse("admin:stories_article_change", args=[saved.pk])
    known = {part.key for part in state.story.parts()}
    expected = state.base if revision is None else state.base + 1
    fetches = (
        base != expected
        or address != request.path
        or state.conflict_state is not None
        # Its row has a link to the desk's record now.
        or any(row.kind is CommentRequest and row.row_key not in known for row in state.submitted_rows())
    )
    keys = posted_keys(state)
    answer: dict[str, object] = {
        "address": address,
        "keys": keys,
        "fields": {
            "base": base,
            "opened": uuid4(),
            "shown": fingerprint_of_keys(keys),
        },
        "pictures": {
            row.prefix: row.cleaned_data["digest"]
            for row in state.submitted_rows()
            if row.cleaned_data.get("upload")
        },
        "fetches": fetches,
    }
    if not fetches:
        answer["messages"] = [
            {"tags": message.tags, "html": conditional_escape(message.message)}
            for message in get_messages(request)
        ]
        answer["status"] = render_to_string(
            "admin/stories/page/status.html",
            {
                "article": saved,
                "status": status_of(saved, at=timezone.now()),
                "change": True,
                **story_permissions(request.user, saved),
            },
            request,
        )
    return JsonResponse(answer)
