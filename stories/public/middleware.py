"""Who reads a story is answered first: before anything that would ask who they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from stories.domain.text.slugs import IN_ADDRESS
from stories.public.views.stories import story

# The address of a story in `urls`, which answers to every other way of asking for it.
_STORY: Final = re.compile(rf"/stories/({IN_ADDRESS})/")


class StoryPageMiddleware:
    """Middleware that answers with a story's page, and lets all else go on.

    It stands before sessions, sign-in, messages and forms: a story's page is the same for everybody, and those would
    cost its readers more than the page does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = _STORY.fullmatch(request.path_info) if request.method == "GET" else None
        if found is None:
            return self._get_response(request)
        response = story(request, slug=found[1])
        # Where this is left out, the server sends the page in pieces.
        response["Content-Length"] = str(len(response.content))
        return response
