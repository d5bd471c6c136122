"""Which old addresses can lead anywhere here."""

from __future__ import annotations

from django.urls import Resolver404, ResolverMatch, resolve


def may_be_asked_for(address: str) -> bool:
    """Whether who asks for an old address, in its one form, comes to where old addresses are looked up.

    That is any path at which nothing of ours stands, a story's, section's or author's of which there is none yet, and
    the front page with a query.
    """
    path, _mark, query = address.partition("?")
    if path == "/":
        return bool(query)
    return all(_leads_on(match) for each in (path, f"{path}/") if (match := _match(each)) is not None)


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _leads_on(match: ResolverMatch) -> bool:
    return match.view_name == "public:elsewhere" or (
        match.namespaces == ["public"] and "slug" in match.kwargs
    )
