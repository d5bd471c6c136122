"""Search live stories."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from stories.domain.text.passages import END, START
from stories.domain.text.whole_number import whole_number
from stories.public.http.consistency import consistent
from stories.public.http.responses import SETTLED, address_of, respond
from stories.queries.publishing.versions import Version
from stories.queries.site.search import MOST_CHARACTERS, MOST_COUNTED, SearchPage, search as find
from stories.rendering.search_passage import marked_passage

# Nobody looks further, and a later page costs the database all earlier ones.
MOST_PAGES = 50
# The order in which the newest come first, in addresses.
NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Result:
    """A story with the words: its version, its address, and a passage with the words marked."""

    version: Version
    address: str
    passage: SafeString


@require_safe
@consistent
def search(request: HttpRequest) -> HttpResponse:
    """Show the search form and what was found, the best or the newest first."""
    at = timezone.now()
    query = " ".join(request.GET.get("q", "")[:MOST_CHARACTERS].split())
    page = _page(request.GET.get("page", ""))
    order = NEWEST if request.GET.get("order") == NEWEST else ""
    found = find(query, at=at, page=page, newest_first=bool(order)) if query else SearchPage()
    here = reverse("public:search")

    def address(page: int, order: str) -> str:
        values = {"q": query, "order": order, "page": page if page > 1 else ""}
        return f"{here}?{urlencode({name: value for name, value in values.items() if value})}"

    context = {
        "asked": query,
        "results": [
            Result(each.version, address_of(each.version), marked_passage(each.passage, start=START, end=END))
            for each in found.results
        ],
        "count": found.count if found.is_counted else 0,
        "most_counted": MOST_COUNTED,
        "newest_first": bool(order),
        "other_order": address(1, "" if order else NEWEST),
        "newer": address(page - 1, order) if page > 1 else "",
        "older": address(page + 1, order) if found.has_more and page < MOST_PAGES else "",
        "most_characters": MOST_CHARACTERS,
        "canonical": here,
    }
    return respond(request, "stories/public/search.html", context, at=at, cache_control=SETTLED)


def _page(text: str) -> int:
    return min(max(whole_number(text, digits=3) or 1, 1), MOST_PAGES)
