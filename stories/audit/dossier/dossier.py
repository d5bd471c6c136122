"""A story's dossier as a page: who changed which words, when and why, who published it, were readers told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.actors import name_of, site_locale
from stories.actions.permissions import (
    DossierAccess,
    dossier_access,
    may_give_out,
    may_order_dossier,
    may_see_dossier_orders,
)
from stories.audit.dossier.event_descriptions import Fact, describe, details
from stories.audit.pages import page
from stories.domain.diff.change_size import changes_from_json
from stories.domain.diff.compare import StoryDiff, StoryTooLong, diff
from stories.domain.snapshot import StoryContent
from stories.domain.text.whole_number import whole_number
from stories.models import Article, ContactAttempt, EntryKind, LedgerEntry, PublicationClass, Revision
from stories.models.comment_requests import STATUS_LABELS
from stories.models.record.revisions import RevisionSource
from stories.queries.dossier.dossier import (
    AskedParty,
    DossierEntry,
    DossierPage,
    DossierVersion,
    Person,
    asked_parties,
    dossier_page,
    people_of,
)
from stories.queries.dossier.public import PublicVersion, public_page
from stories.queries.ledger.heads import head
from stories.queries.publishing.withdrawals import withdrawal_in_force
from stories.rendering.compare.change_line import change_line
from stories.rendering.compare.changed_words import ChangedWordsSummary, changed_words
from stories.rendering.compare.comparison import RenderedComparison, render_comparison
from stories.rendering.story.notes import NOTE_LABELS
from stories.time_labels import time_label


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """An entry of the ledger, described. Only revisions have a `comparison`, None if the texts are too long."""

    entry: LedgerEntry
    what: str
    reason: str
    facts: list[Fact]
    notes: list[tuple[str, Any]]
    revision: Revision | None
    source: str
    changed: str
    comparison: RenderedComparison | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """The summary's line on a publication: what, by whom, why, published by whom, and whether readers were told."""

    version: DossierVersion
    name: str
    words: ChangedWordsSummary | None
    announcement: str
    notes: list[tuple[str, Any]]


def dossier_view(request: HttpRequest, article_id: int) -> HttpResponse:
    """Show the dossier as far as the user may see it. The number of queries does not grow with the story's history."""
    at = timezone.now()
    article, access = accessible_article(request, article_id, at=at)
    number = _number(request)
    if access is DossierAccess.PUBLIC:
        return _public(request, article, number, at)
    found = dossier_page(article.pk, number, at=at)
    sequence, digest = head()
    return page(
        request,
        "dossier.html",
        _("Dossier"),
        **dossier_context(request, article, access, at),
        is_dossier=True,
        page=found,
        first=found.before + 1,
        last=found.before + len(found.entries),
        versions=[_version_row(each, found, at) for each in found.versions()],
        entries=[_entry_row(each, found, article.pk) for each in found.entries],
        people=[(person, _actions_of(person)) for person in people_of(article.pk)]
        if found.number == 1
        else [],
        asked=[(each, _state(each)) for each in asked_parties(article.pk)] if found.number == 1 else [],
        channels=dict(ContactAttempt.Channel.choices),
        sequence=sequence,
        digest=digest,
    )


def accessible_article(
    request: HttpRequest, article_id: int, *, at: datetime
) -> tuple[Article, DossierAccess]:
    """Return the article of a dossier and what its reader sees of it. Raise Http404 or PermissionDenied."""
    # A user who may see no dossier at all must not learn which stories exist.
    inside = request.user.has_perm("stories.view_ledgerentry")
    article = get_object_or_404(Article, pk=article_id) if inside else Article(pk=article_id)
    access = dossier_access(request.user, article, at=at)
    if access is None:
        raise PermissionDenied(
            _("You were not given this story, or the time is over. Auditors and managing editors give it.")
        )
    return (article if inside else Article.objects.get(pk=article_id)), access


def dossier_context(
    request: HttpRequest, article: Article, access: DossierAccess, at: datetime
) -> dict[str, Any]:
    """Return the context that the pages of one dossier share."""
    return {
        "subtitle": article.headline,
        "article": article,
        "at": at,
        "reader": name_of(request.user),
        "is_inside": access is DossierAccess.HOUSE,
        "may_order": may_order_dossier(request.user, article, at=at),
        "may_give_out": may_give_out(request.user, article),
        "may_see_orders": may_see_dossier_orders(request.user),
    }


def _number(request: HttpRequest) -> int:
    number = whole_number(request.GET.get("page", ""))
    return 1 if number is None else number


# ------------------------------------------------------------------------------------------- the whole dossier


def _entry_row(each: DossierEntry, found: DossierPage, article_id: int) -> EntryRow:
    event = each.event
    revision = event if isinstance(event, Revision) else None
    return EntryRow(
        entry=each.entry,
        what=describe(event) if event is not None else _("a row that is no longer there"),
        reason=event.reason if event is not None else "",
        facts=details(event) if event is not None else [],
        notes=_notes(each.published.notes) if each.published else [],
        revision=revision,
        source=_source_revision(revision, found.writers) if revision else "",
        changed=change_line(changes_from_json(revision.changes)) if revision else "",
        comparison=_comparison(revision, found, article_id) if revision else None,
    )


def _comparison(revision: Revision, found: DossierPage, article_id: int) -> RenderedComparison | None:
    difference = diff_or_none(found.snapshots[revision.number - 1], found.snapshots[revision.number])
    if difference is None:
        return None

    def picture(digest: str, width: int) -> str:
        return reverse("audit:dossier_picture", args=[article_id, digest])

    return render_comparison(
        difference,
        picture_address=picture,
        one_of_many=f"revision-{revision.number}-",
        reader_locale=site_locale,
    )


def diff_or_none(before: StoryContent, after: StoryContent) -> StoryDiff | None:
    """Return the differences, None if the stories are too long to be compared."""
    try:
        return diff(before, after)
    except StoryTooLong:
        return None


def _version_row(version: DossierVersion, found: DossierPage, at: datetime) -> VersionRow:
    publication = version.published.publication
    after = found.snapshots[publication.revision.number]
    words = None
    if publication.base is not None:
        difference = diff_or_none(found.snapshots[publication.base.revision.number], after)
        words = changed_words(difference) if difference is not None else None
    return VersionRow(
        version=version,
        name=_version_name(version, at),
        words=words,
        announcement=_announcement(version),
        notes=_notes(version.published.notes),
    )


def _version_name(version: DossierVersion, at: datetime) -> str:
    publication = version.published.publication
    if hasattr(publication, "cancellation"):
        return _("Cancelled before its time")
    if publication.live_from > at:
        return _("Still to go live")
    return _("Version %(number)s") % {"number": version.published.version}


def _announcement(version: DossierVersion) -> str:
    """Say whether readers were told of the change, which is what a dossier is mostly opened for."""
    publication = version.published.publication
    return {
        PublicationClass.FIRST: _("It was new to them."),
        PublicationClass.NOTED: _("Yes, by a note:"),
        PublicationClass.MINOR: _("No. It was published as a minor change, for the reason given."),
        PublicationClass.TRANSCRIPTION: _("No. The words of a quotation were checked against a source."),
        PublicationClass.DEVELOPING: _("By a line in the list of versions, while the story was developing."),
        PublicationClass.OVERRIDE: _("No. %(name)s published a change of substance without a note.")
        % {"name": publication.user_name},
        PublicationClass.IMPORTED: _("It came from elsewhere; what readers were told then is not known."),
    }[PublicationClass(publication.publication_class)]


def _notes(notes: list[Any]) -> list[tuple[str, Any]]:
    return [(str(NOTE_LABELS[note.kind]), note) for note in notes]


def _actions_of(person: Person) -> str:
    labels = dict(EntryKind.choices)
    return ", ".join(f"{labels.get(kind, kind)}: {count}" for kind, count in person.kinds.items())


def _state(asked: AskedParty) -> str:
    if asked.request is None:
        return _("no longer in the story")
    return str(STATUS_LABELS[asked.request.status])  # type: ignore[index]


def _source_revision(revision: Revision, writers: Mapping[int, str]) -> str:
    """Return from whose revision a revision was taken, "" if from none."""
    if revision.source_revision is None:
        return ""
    texts = {
        RevisionSource.RESTORED: _("Restored from revision %(number)s, of %(name)s."),
        RevisionSource.MADE_OF: _("Made of revision %(number)s, of %(name)s, without the edits that waited."),
        RevisionSource.PUT_BACK: _("The edits that waited, put back from revision %(number)s, of %(name)s."),
    }[RevisionSource(revision.source_kind)]
    return texts % {"number": revision.source_revision, "name": writers.get(revision.source_revision, "")}


# ---------------------------------------------------------------------------------------------- the public part


def _public(request: HttpRequest, article: Article, number: int, at: datetime) -> HttpResponse:
    found = public_page(article.pk, number, at=at)
    sequence, digest = head()
    return page(
        request,
        "dossier_public.html",
        _("Dossier, public part"),
        **dossier_context(request, article, DossierAccess.PUBLIC, at)
        # Readers may not have seen the working copy's headline.
        | {"subtitle": found.versions[-1].version.headline if found.versions else ""},
        is_dossier=True,
        page=found,
        withdrawal=withdrawal_in_force(article.pk),
        versions=[
            (each, _notes(each.notes), _public_comparison(each), time_label(each.version.live_from))
            for each in found.versions
        ],
        sequence=sequence,
        digest=digest,
    )


def _public_comparison(each: PublicVersion) -> RenderedComparison | None:
    if each.before is None or each.story is None:
        return None
    difference = diff_or_none(each.before, each.story)
    if difference is None:
        return None
    return render_comparison(
        difference, one_of_many=f"version-{each.version.number}-", reader_locale=site_locale
    )
