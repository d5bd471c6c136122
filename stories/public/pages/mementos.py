"""The addresses of a story and its versions for Memento clients."""

from __future__ import annotations

from django.urls import reverse

from stories.domain.memento import Memento, Original
from stories.public.http.responses import absolute, address_of
from stories.queries.publishing.versions import Version
from stories.queries.site.live_pages import LivePage


def original_of(version: Version | LivePage) -> Original:
    """Return the addresses by which clients find a story's versions."""
    return Original(
        address=absolute(address_of(version)),
        timegate=absolute(reverse("public:timegate", args=[version.slug])),
        timemap=absolute(reverse("public:timemap", args=[version.slug])),
    )


def memento_of(version: Version, *, slug: str) -> Memento:
    """Return a version as a Memento, under its story's present slug."""
    address = reverse("public:version", args=[slug, version.number])
    return Memento(absolute(address), version.live_from)
