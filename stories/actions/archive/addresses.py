"""Check which old addresses can redirect to a story on this site."""

from __future__ import annotations

from django.urls import Resolver404, ResolverMatch, resolve


def reaches_old_addresses(address: str) -> bool:
    """Return whether a request for an old address, in its canonical form, gets to the look-up of old addresses.

    That is any path without a page of ours, the path of a story, section or author that does not exist yet, and the
    front page with a query.
    """
    path, _mark, query = address.partition("?")
    if path == "/":
        return bool(query)
    return all(_falls_through(match) for each in (path, f"{path}/") if (match := _match(each)) is not None)


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _falls_through(match: ResolverMatch) -> bool:
    return match.view_name == "public:elsewhere" or (
        match.namespaces == ["public"] and "slug" in match.kwargs
    )
