"""The ledger's head and the days' heads, which anybody can store to check the ledger against later."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stories.domain.ledger import canonical_time
from stories.public.http.consistency import consistent
from stories.public.http.responses import LIVE, SETTLED, absolute, conditional, respond
from stories.queries.ledger.heads import LedgerHead, daily_heads, last_verification, newest_head

# The name by which caches purge these pages.
LEDGER: Final = "ledger"
MOST_DAYS: Final = 7


@require_safe
@consistent
def ledger(request: HttpRequest) -> HttpResponse:
    """Show the ledger's head, how to check it, and the last verification. Three queries besides the frame's."""
    at = timezone.now()
    context = {
        "canonical": reverse("public:ledger"),
        "head": newest_head(),
        "days": daily_heads()[0][:MOST_DAYS],
        "verification": last_verification(),
    }
    return respond(request, "stories/public/ledger.html", context, at=at, keys=(LEDGER,))


@require_safe
@consistent
def heads(request: HttpRequest) -> HttpResponse:
    """Serve the days' heads, newest first, and the present one; `?before=` a day leads to earlier ones. Two queries.

    400 for a day that is none.
    """
    at = timezone.now()
    asked = request.GET.get("before")
    try:
        before = date.fromisoformat(asked) if asked else None
    except ValueError:
        message = "before is no day. Write it as in /ledger/heads.json?before=2026-03-02\n"
        return HttpResponse(message, status=400, content_type="text/plain; charset=utf-8")
    found, earlier = daily_heads(before=before)
    newest = newest_head() if before is None else None
    address = absolute(reverse("public:ledger_heads"))
    document = {
        "about": absolute(reverse("public:ledger")),
        "site": settings.SITE_URL,
        "head": _as_json(newest) if newest else None,
        "heads": [_as_json(head) for head in found],
        "earlier": f"{address}?{urlencode({'before': earlier.isoformat()})}" if earlier else None,
    }
    response = HttpResponse(json.dumps(document, indent=1), content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    cache_control = SETTLED if before else LIVE
    return conditional(request, response, at=at, cache_control=cache_control, keys=(LEDGER,))


def _as_json(head: LedgerHead) -> dict[str, Any]:
    day: dict[str, Any] = {"day": head.day.isoformat()} if head.day else {}
    return day | {
        "sequence": head.sequence,
        "digest": head.digest,
        "recorded_at": canonical_time(head.recorded_at),
    }
