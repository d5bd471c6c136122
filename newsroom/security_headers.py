"""Tell browsers, with every answer, what its page may load, and which of their abilities it needs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Final

from content_editor.admin import importmap as map_of_content_editor
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django_prose_editor.widgets import importmap as map_of_prose_editor

# Django's own pages for programmers, which bring their styles and scripts in the page.
_DEBUG_PAGES: Final = frozenset({400, 403, 404, 500})


class SecurityHeadersMiddleware:
    """Middleware that puts a Content-Security-Policy, a Permissions-Policy and nosniff on every answer.

    It comes first, since others answer requests themselves. The policies have no nonces: pages are kept in caches, and
    a nonce that is kept protects nobody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._public = serialize(settings.SECURE_CSP)
        self._permissions = ", ".join(f"{feature}=()" for feature in settings.UNUSED_FEATURES)

    @cached_property
    def _desk_path(self) -> str:
        return reverse("admin:index")

    @cached_property
    def _desk(self) -> str:
        """The policy of the desk, whose editor names its modules in an import map, which browsers read inline alone."""
        policy: Mapping[str, Sequence[str]] = settings.SECURE_CSP_DESK
        return serialize({**policy, "script-src": [*policy["script-src"], *import_map_hashes()]})

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        response["X-Content-Type-Options"] = "nosniff"
        response["Permissions-Policy"] = self._permissions
        if not (settings.DEBUG and response.status_code in _DEBUG_PAGES):
            policy = self._desk if request.path_info.startswith(self._desk_path) else self._public
            # A preview is framed by the page that asks for it.
            is_framed = response.get("X-Frame-Options") == "SAMEORIGIN"
            framed_by = "'self'" if is_framed else "'none'"
            response["Content-Security-Policy"] = f"{policy}; frame-ancestors {framed_by}"
        return response


def serialize(policy: Mapping[str, Sequence[str]]) -> str:
    """Return a policy as its header has it; a directive without values stands alone."""
    return "; ".join(" ".join((name, *values)) for name, values in policy.items())


def import_map_hashes() -> list[str]:
    """Return the hashes of the import maps of the editor's two packages, alone and merged in either order.

    None if static files were not collected, without which no page of the desk is made either.
    """
    prose, content = map_of_prose_editor, map_of_content_editor
    try:
        maps = [str(each.render()) for each in (prose, content, prose | content, content | prose)]
    except ValueError:
        return []
    texts = [each.partition(">")[2].rpartition("<")[0] for each in maps]
    digests = [hashlib.sha256(text.encode()).digest() for text in texts]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
