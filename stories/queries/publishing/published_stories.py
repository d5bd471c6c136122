"""The story of a version as readers see it: from its row, or else from history."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from stories.domain.snapshot import PublicStory
from stories.domain.stored_story import FORM, read_story
from stories.models import PublishedStory
from stories.queries.publishing.versions import Version, mask_of_fingerprint, public_stories


def published_form(mask_digest: str) -> str:
    """Return the form of published stories, for a story's mask: its replacements are in the site's language."""
    return f"{FORM}.{mask_digest[:16]}.{settings.LANGUAGE_CODE}" if mask_digest else FORM


def published_story(version: Version) -> PublicStory:
    """Return the story as readers see it in a version. One query. Raises VersionWithheld."""
    return published_stories([version])[version.publication_id]


def published_stories(versions: Iterable[Version]) -> dict[int, PublicStory]:
    """Return the stories of versions as readers see them, by publication. One query. Raises VersionWithheld.

    For those without a row in the present form, one query a tracked model more.
    """
    wanted = {version.publication_id: version for version in versions}
    rows = PublishedStory.objects.filter(publication__in=wanted).values_list("publication_id", "form", "data")
    found = {pk: (form, data) for pk, form, data in rows}
    stories: dict[int, PublicStory] = {}
    for pk, version in wanted.items():
        form, data = found.get(pk, ("", ""))
        if form == published_form(mask_of_fingerprint(version.fingerprint)):
            stories[pk] = read_story(data)
    missing = [version for pk, version in wanted.items() if pk not in stories]
    by_history = public_stories(missing)
    return stories | {version.publication_id: by_history[version.article_id] for version in missing}
