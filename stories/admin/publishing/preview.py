"""Preview a story in the readers' page, for the desk alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin

from stories.actions.actors import site_locale
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
from stories.rendering.story.notes import ReaderNote
from stories.rendering.story.story import render_story


@xframe_options_sameorigin
def preview_view(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int) -> HttpResponse:
    """Show a story as readers would see it: a revision, or a fix under review, with the notes typed so far."""
    article = article_or_404(model_admin, request, article_id)
    with site_locale():
        return _preview(request, article, at=timezone.now())


def _preview(request: HttpRequest, article: Article, *, at: datetime) -> HttpResponse:
    mask = mask_of(article.pk)
    story = _story_to_preview(request, article).public(withheld=mask)
    typed = [mask.masked(note) for note in _typed_notes(request.POST)]
    earlier = versions(article.pk, at=at)
    version = _version(article, story, earlier, mask, at=at)
    sections = live_sections(at=at)
    rendered = render_story(
        _without_dead_links(story, sections, at=at),
        _notes_to_render([*story.update_notes, *typed], version, earlier, at=at),
        picture_address=desk_picture,
    )
    context = {
        "version": version,
        "rendered": rendered,
        # Before the first version, a story has no public pages to link to.
        "has_versions": bool(earlier),
        "sections": sections,
        "pages": [(page.slug, page.headline, page.language) for page in live_pages(at=at)],
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }
    response = HttpResponse(render_to_string("admin/stories/publishing/preview.html", context))
    response["Cache-Control"] = "private, no-store"
    return response


def _story_to_preview(request: HttpRequest, article: Article) -> StorySnapshot:
    if signed := request.POST.get("wanted"):
        try:
            story = unsign_snapshot(signed, article_id=article.pk, user_id=request.user.pk).story
        except BadSnapshotSignature as error:
            raise Http404 from error
        refuse_erased(story, newest_erasure(article.pk))
        return story
    newest = latest_revision(article.pk)
    requested = number_in(request.POST or request.GET, "revision") or newest
    if requested > newest:
        raise Http404
    return snapshot_at(article.pk, requested)


def _without_dead_links(
    story: PublicStory, sections: Iterable[tuple[str, str]], *, at: datetime
) -> PublicStory:
    """Return the story without links to a section or authors that have no live page yet."""
    live_slugs = {slug for slug, _name in sections}
    return replace(
        story,
        section=story.section if story.section in live_slugs else "",
        bylines=tuple(
            byline
            if byline.author and live_stories(at=at, limit=1, author=byline.author)
            else replace(byline, author="")
            for byline in story.bylines
        ),
    )


def _typed_notes(data: QueryDict) -> Iterator[UpdateNote]:
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
    notes: list[UpdateNote], version: Version, earlier: list[Version], *, at: datetime
) -> Iterator[ReaderNote]:
    numbers = {each.publication_id: each for each in earlier}
    note_versions = {
        note.key: numbers[note.publication_id] for note in published_notes(version.article_id, at=at)
    }
    for note in notes:
        noted_version = note_versions.get(note.key, version)
        yield ReaderNote(
            key=note.key,
            kind=note.kind,
            text=note.text,
            was=note.was,
            now=note.now,
            amends=note.amends,
            # This version has no address yet.
            slug="" if noted_version is version else noted_version.slug,
            version=noted_version.number,
            live_from=noted_version.live_from,
        )


def _version(
    article: Article, story: PublicStory, earlier: list[Version], mask: Mask, *, at: datetime
) -> Version:
    """Return the version that this would be if it went live now."""
    return Version(
        number=len(earlier) + 1,
        publication_id=0,
        article_id=article.pk,
        revision=0,
        live_from=at,
        publication_class=PublicationClass.NOTED if earlier else PublicationClass.FIRST,
        fingerprint="",
        # A slug that the story was never live under leads nowhere yet.
        slug=earlier[0].slug if earlier else story.slug,
        kind=story.kind,
        headline=story.headline,
        dek=story.dek,
        section=story.section,
        section_name=story.section_name,
        language=story.language,
        bylines=tuple((byline.author, byline.credited_as) for byline in story.bylines),
        words_added=0,
        words_removed=0,
        first_live_from=earlier[-1].live_from if earlier else at,
        updated_at=at,
        developing_until=developing_until(article.pk, at=at),
        line="",
        mask=mask,
        withheld=False,
    )
