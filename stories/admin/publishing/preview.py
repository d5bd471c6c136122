"""What readers will see, in the page that they see it in; for nobody's eyes but the desk's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin

from stories.actions.editing.revise import refuse_erased
from stories.admin.page.frame import article_or_404, desk_picture, number_in
from stories.admin.story_form.signed_snapshot import BadSnapshotSignature, unsign_snapshot
from stories.domain.snapshot import NoteKind, PublicStory, StorySnapshot, UpdateNote
from stories.domain.text.mask import Mask
from stories.models import Article, PublicationClass
from stories.queries.publishing.developing_mode import developing_until
from stories.queries.publishing.versions import (
    Version,
    live_pages,
    live_sections,
    live_stories,
    published_notes,
    versions,
)
from stories.queries.publishing.withholdings import mask_of
from stories.queries.story.snapshots import latest_revision, snapshot_at
from stories.queries.takedown.erasures import newest_erasure
from stories.rendering.story.notes import ShownNote
from stories.rendering.story.story import render_story


@xframe_options_sameorigin
def preview_view(model_admin: Any, request: HttpRequest, article_id: int) -> HttpResponse:
    """Show a story as readers would see it: a revision, or a fix under review, with the notes typed so far."""
    article = article_or_404(model_admin, request, article_id)
    at = timezone.now()
    hide = mask_of(article.pk)
    story = _story_to_preview(request, article).public(withheld=hide)
    typed = [hide.masked(note) for note in _typed_notes(request.POST)]
    so_far = versions(article.pk, at=at)
    version = _version(article, story, so_far, hide, at=at)
    sections = live_sections(at=at)
    rendered = render_story(
        _without_dead_links(story, sections, at=at),
        _notes_to_render([*story.update_notes, *typed], version, so_far, at=at),
        picture_address=desk_picture,
    )
    context = {
        "version": version,
        "rendered": rendered,
        # Before its first version, readers find nothing of a story.
        "has_versions": bool(so_far),
        "sections": sections,
        "pages": [(page.slug, page.headline, page.language) for page in live_pages(at=at)],
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }
    response = HttpResponse(render_to_string("admin/stories/publishing/preview.html", context))
    response["Cache-Control"] = "private, no-store"
    return response


def _story_to_preview(request: HttpRequest, article: Article) -> StorySnapshot:
    if sealed := request.POST.get("wanted"):
        try:
            story = unsign_snapshot(sealed, article_id=article.pk, user_id=request.user.pk).story
        except BadSnapshotSignature as error:
            raise Http404 from error
        refuse_erased(story, newest_erasure(article.pk))
        return story
    newest = latest_revision(article.pk)
    asked = number_in(request.POST or request.GET, "revision") or newest
    if asked > newest:
        raise Http404
    return snapshot_at(article.pk, asked)


def _without_dead_links(
    story: PublicStory, sections: Iterable[tuple[str, str]], *, at: datetime
) -> PublicStory:
    """Return the story without links to a section or authors that have no live page yet."""
    alive = {slug for slug, _name in sections}
    return replace(
        story,
        section=story.section if story.section in alive else "",
        bylines=tuple(
            byline
            if byline.author and live_stories(at=at, limit=1, author=byline.author)
            else replace(byline, author="")
            for byline in story.bylines
        ),
    )


def _typed_notes(data: Any) -> Iterator[UpdateNote]:
    """Return the notes as far as they are typed. A preview requires no field."""
    count = min(number_in(data, "note-TOTAL_FORMS"), 20)
    for prefix in ("", *(f"note-{number}-" for number in range(count))):
        kind, text = data.get(f"{prefix}kind", ""), data.get(f"{prefix}text", "").strip()
        if kind in list(NoteKind) and text:
            yield UpdateNote(
                key=uuid4(),
                kind=NoteKind(kind),
                text=text,
                was=data.get(f"{prefix}was", ""),
                now=data.get(f"{prefix}now", ""),
            )


def _notes_to_render(
    notes: list[UpdateNote], version: Version, so_far: list[Version], *, at: datetime
) -> Iterator[ShownNote]:
    numbers = {each.publication_id: each for each in so_far}
    brought = {note.key: numbers[note.publication_id] for note in published_notes(version.article_id, at=at)}
    for note in notes:
        by = brought.get(note.key, version)
        yield ShownNote(
            key=note.key,
            kind=note.kind,
            text=note.text,
            was=note.was,
            now=note.now,
            amends=note.amends,
            # What this version would bring leads nowhere yet.
            slug="" if by is version else by.slug,
            version=by.number,
            live_from=by.live_from,
        )


def _version(
    article: Article, story: PublicStory, so_far: list[Version], hide: Mask, *, at: datetime
) -> Version:
    """Return the version that this would be if it went live now."""
    return Version(
        number=len(so_far) + 1,
        publication_id=0,
        article_id=article.pk,
        revision=0,
        live_from=at,
        publication_class=PublicationClass.NOTED if so_far else PublicationClass.FIRST,
        fingerprint="",
        # Under one that it was never live under, readers find nothing yet.
        slug=so_far[0].slug if so_far else story.slug,
        kind=story.kind,
        headline=story.headline,
        dek=story.dek,
        section=story.section,
        section_name=story.section_name,
        language=story.language,
        bylines=tuple((byline.author, byline.credited_as) for byline in story.bylines),
        words_added=0,
        words_removed=0,
        first_live_from=so_far[-1].live_from if so_far else at,
        updated_at=at,
        developing_until=developing_until(article.pk, at=at),
        line="",
        mask=hide,
        withheld=False,
    )
