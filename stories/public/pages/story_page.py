"""The data of a live story's pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from stories.public.http.responses import Overtaken, address_of
from stories.public.pages.fragments import rendered_story
from stories.public.pages.report_error import report_address
from stories.queries.publishing.versions import Version, versions
from stories.queries.publishing.withdrawals import times_down
from stories.queries.site.live_pages import LivePage


def story_page(version: Version, *, at: datetime, was_down: bool) -> dict[str, Any]:
    """Return the context of a live story's page. No query if its HTML is cached; one more if it was ever withdrawn."""
    changes = ""
    if version.number > 1:
        changes = reverse("public:compare", args=[version.slug, version.number - 1, version.number])
    return {
        "version": version,
        "rendered": rendered_story(version),
        "canonical": address_of(version),
        "changes": changes,
        "report": report_address(version),
        "times_down": times_down(version.article_id, at=at) if was_down else [],
    }


def current_versions(page: LivePage, *, at: datetime) -> list[Version]:
    """Return every version of a live story, newest first. One query.

    Raise Overtaken if the story has changed: it was withdrawn, or something of it withheld.
    """
    found = versions(page.article_id, at=at)
    if len(found) != page.number or found[0].fingerprint != page.fingerprint:
        raise Overtaken
    return found
