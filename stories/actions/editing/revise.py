"""Write revisions: nothing else changes a story."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns
from stories.actions.editing.clean import check_published_notes, clean_story, place_of
from stories.actions.errors import ErasedSince, MergeConflict, Problem, Refused, StoryInvalid
from stories.actions.permissions import require_edit, require_move, require_start
from stories.actions.record.ledger import Written, append_entries, covered, write_event
from stories.actions.record.references import check_named_rows
from stories.actions.times import current_time
from stories.domain import snapshot as domain
from stories.domain.diff.change_size import changes_between, changes_to_json
from stories.domain.merge.merge import merge
from stories.domain.ordering import assign_numbers
from stories.models import Article, ImageBlock, PartKey, Picture, Revision
from stories.models.integrity.registry import PART_MODELS, history_model
from stories.models.record.recording import (
    Stamp,
    StoryPart,
    TrackedModel,
    append_all,
    record_delete,
    record_save,
)
from stories.models.record.revisions import RevisionSource
from stories.queries.publishing.addresses import free_slug, holder_of
from stories.queries.publishing.withholdings import erased_pictures
from stories.queries.story.snapshots import (
    COLUMNS,
    STORY_COLUMNS,
    WorkingRows,
    latest_state,
    snapshot_at,
    working_rows,
)


@dataclass(frozen=True)
class Changes:
    """The rows that a revision writes or deletes, each once."""

    saved: list[TrackedModel]
    deleted: list[TrackedModel]

    def __bool__(self) -> bool:
        return bool(self.saved or self.deleted)


@transaction.atomic
def revise(
    *,
    article: Article | None,
    story: domain.StorySnapshot,
    base: int,
    user: Actor,
    reason: str = "",
    at: datetime | None = None,
    rows: WorkingRows | None = None,
    also_write: Callable[[Revision], None] | None = None,
) -> Revision | None:
    """Make a story read as submitted; return the new Revision, or None if nothing changes.

    `article` is None, and `base` 0, for a new story. `story` is what the author submits; `base` is the number of the
    revision that the author started from: what was saved since is merged in. `reason` says what changed and why; it is
    internal. `rows` are the working copy's rows, read by the caller after checking that `base` was the newest revision:
    they are used, and changed, if it still is. `also_write` is called with the new revision before the ledger entry is
    appended, to write further rows in the same transaction.

    Raises PermissionDenied, StoryInvalid (each problem with its place), MergeConflict (what was saved since changes
    the same words), ErasedSince (something was erased since `story` was read), Refused (a base that is not the
    story's).
    """
    if article is None:
        require_start(user)
        written = _begin(story=story, base=base, user=user, reason=reason, at=at or current_time())
        return _append_entry(written, also_write)
    locked = lock(article)
    # The clock is read under the lock: whoever waited for the lock acts after its previous holder.
    at = at or current_time()
    require_edit(user, locked)
    number, erasure = latest_state(locked.pk)
    refuse_erased(story, erasure)
    # Every change makes a revision, so rows read without the lock are current if there is no newer one.
    fresh = rows is not None and base == number and rows.article.pk == locked.pk
    rows = replace(rows, article=locked) if rows is not None and fresh else working_rows(locked)
    base_story = story_at_base(locked, rows, number, base)
    cleaned = clean_story(story, base_story, locked)
    if base != number:
        merged = merge(base_story, cleaned, rows.story)
        if merged.conflicts:
            raise MergeConflict(merged.conflicts)
        cleaned = clean_story(merged.story, rows.story, locked)
    require_move(user, locked, to=cleaned.section or None)
    check_published_notes(locked, cleaned, rows.story)
    _check_slug(cleaned, rows.story, article=locked.pk)
    return _append_entry(
        write(rows=rows, story=cleaned, number=number + 1, user=user, reason=reason, at=at), also_write
    )


def _append_entry(
    written: Written[Revision] | None, also_write: Callable[[Revision], None] | None
) -> Revision | None:
    if written is None:
        return None
    if also_write is not None:
        also_write(written.event)
    append_entries(written)
    return written.event


def lock(article: Article) -> Article:
    """Return the current article, locked until the transaction ends: the first lock that every action takes."""
    return Article.objects.select_for_update().get(pk=article.pk)


def refuse_erased(story: domain.StorySnapshot, newest: int) -> None:
    """Raise ErasedSince for a story that was read before the newest erasure, by its number (0: there was none).

    Erasing makes no revision, so neither base nor merge would reveal it. A story that was never read may be of any age.
    """
    if newest and story.erasure != newest:
        raise ErasedSince


def story_at_base(article: Article, rows: WorkingRows, number: int, base: int) -> domain.StorySnapshot:
    """Return the story that somebody started from: the working copy, unless something was saved since."""
    if base == number:
        return rows.story
    if not 1 <= base < number:
        raise Refused(
            _("This story has %(number)s revisions; an edit of revision %(base)s can’t be saved to it.")
            % {"number": number, "base": base}
        )
    return snapshot_at(article.pk, base)


def _begin(
    *, story: domain.StorySnapshot, base: int, user: Actor, reason: str, at: datetime
) -> Written[Revision]:
    if base != 0:
        raise Refused(_("A story that begins has no earlier revision to start from."))
    rows = WorkingRows(article=Article(), parts={}, story=domain.EMPTY)
    cleaned = clean_story(story, domain.EMPTY)
    _check_slug(cleaned, rows.story, article=None)
    written = write(rows=rows, story=cleaned, number=1, user=user, reason=reason, at=at)
    assert written is not None  # a story without a headline was refused before
    return written


def _check_slug(story: domain.StorySnapshot, before: domain.StorySnapshot, *, article: int | None) -> None:
    """Raise StoryInvalid for a new slug that is another story's address: it could never be published.

    A slug that another story took later is refused on publishing; until then other edits can be saved.
    """
    if story.slug == before.slug:
        return
    if (holder := holder_of(story.slug, excluding=article)) is not None:
        message = _(
            "“%(slug)s” is the address of “%(headline)s”, for ever. Choose another slug, such as “%(free)s”."
        ) % {"slug": story.slug, "headline": holder.headline, "free": free_slug(story.slug)}
        raise StoryInvalid([Problem(None, "slug", "", message)])


def write(
    *,
    rows: WorkingRows,
    story: domain.StorySnapshot,
    number: int,
    user: Actor,
    reason: str,
    at: datetime,
    attention: str = "",
    source: tuple[RevisionSource, int] | None = None,
) -> Written[Revision] | None:
    """Write the changed rows as one revision; return None if nothing changes. The caller appends the entry, last.

    The caller must hold the story's lock and pass a cleaned story. `attention` is a message for the next
    editor; `source` is how the revision takes over the words of an earlier one, and that one's number.
    """
    changes = _changes(rows, story)
    if not changes:
        return None
    _validate(changes, story)
    _refuse_erased_pictures(rows, story)
    stamp = Stamp(revision=number, at=at)
    article = rows.article
    if article.pk is None:
        # The Revision has a foreign key to its article, so a new article is saved before it.
        record_save(article, stamp)
        changes.saved.remove(article)
    revision = Revision(
        article=article,
        number=number,
        **actor_columns(user, at),
        reason=reason,
        attention=attention,
        source_revision=source[1] if source else None,
        source_kind=source[0] if source else "",
        changes=changes_to_json(changes_between(rows.story, story)),
    )
    write_event(revision)
    _claim_keys(article, story, rows)
    for row in changes.deleted:
        record_delete(row, stamp)
    for row in changes.saved:
        if isinstance(row, StoryPart):
            row.parent = article
        record_save(row, stamp)
    if _named(story) - _named(rows.story):
        _require_named_rows()
    return Written(revision, rows=covered(stamp.rows))


def _refuse_erased_pictures(rows: WorkingRows, story: domain.StorySnapshot) -> None:
    """Raise StoryInvalid for a picture that is new in the story and was erased, even if only a moment ago.

    Locks the new pictures' rows until the transaction ends: an erasure locks the same rows, and then checks again which
    stories have the picture. A picture that the story had before its erasure may come back: it is masked there.
    """
    digests = {part.picture for part in _images(story)} - {part.picture for part in _images(rows.story)}
    if not digests:
        return
    pictures = Picture.objects.select_for_update(no_key=True).filter(pk__in=digests).order_by("pk")
    # Queried only now: the picture may have been erased while we waited for the lock.
    erased = set(
        erased_pictures()
        .filter(order__picture__in=[picture.pk for picture in pictures])
        .values_list("order__picture", flat=True)
    )
    if not erased:
        return
    had = history_model(ImageBlock)._base_manager.filter(parent_id=rows.article.pk, picture_id__in=erased)
    erased -= set(had.values_list("picture_id", flat=True))
    message = _("This picture was erased by order. Choose another one.")
    problems = [
        Problem(part.key, "picture", place_of(story, part.key), message)
        for part in _images(story)
        if part.picture in erased
    ]
    if problems:
        raise StoryInvalid(problems)


def _images(story: domain.StorySnapshot) -> list[domain.ImageBlock]:
    return [block for block in story.blocks if isinstance(block, domain.ImageBlock) and block.picture]


def _named(story: domain.StorySnapshot) -> set[tuple[str, str]]:
    """Return the section and the authors that a story names."""
    return {("section", story.section), *(("author", byline.author) for byline in story.bylines)}


def _require_named_rows() -> None:
    """Raise Refused if a section or an author that the story names was deleted at the same time."""
    try:
        check_named_rows()
    except IntegrityError as gone:
        raise Refused(
            _(
                "A section or an author of this story was deleted just now. Choose another one, then save again."
            )
        ) from gone


def _claim_keys(article: Article, story: domain.StorySnapshot, rows: WorkingRows) -> None:
    """Claim the keys of new parts for this story, for life. `clean_story` has checked that they are free."""
    new = {
        part.key: name
        for name in domain.PART_FIELDS
        for part in getattr(story, name)
        if part.key not in rows.parts
    }
    if not new:
        return
    known = set(PartKey.objects.filter(article=article, key__in=new).values_list("key", flat=True))
    try:
        append_all(
            [
                PartKey(key=key, article=article, holder=holder)
                # Sorted, so that two stories with the same keys don't deadlock.
                for key, holder in sorted(new.items())
                if key not in known
            ]
        )
    except IntegrityError as taken:
        # Two new stories with the same key, saved at the same moment.
        raise Refused(_("Another story was saved with the same parts just now. Save again.")) from taken


def _changes(rows: WorkingRows, story: domain.StorySnapshot) -> Changes:
    """Return the rows to write so that the working copy equals the story."""
    saved: list[TrackedModel] = []
    deleted: list[TrackedModel] = []
    if _assign(rows.article, story, STORY_COLUMNS) or rows.article.pk is None:
        saved.append(rows.article)
    present_keys: set[UUID] = set()
    for name in domain.PART_FIELDS:
        parts: tuple[domain.Part, ...] = getattr(story, name)
        found = [_row_for(rows, part) for part in parts]
        numbers = assign_numbers([row.ordering if row is not None else None for row in found])
        for part, present, number in zip(parts, found, numbers, strict=True):
            row = present if present is not None else PART_MODELS[type(part)]()
            changed = _assign(row, part, COLUMNS[type(part)])
            if changed or row.pk is None or row.ordering != number:
                row.ordering = number
                saved.append(row)
            if present is not None:
                present_keys.add(part.key)
    deleted.extend(row for key, row in rows.parts.items() if key not in present_keys)
    return Changes(saved=saved, deleted=deleted)


def _row_for(rows: WorkingRows, part: domain.Part) -> StoryPart | None:
    """Return the row that stores a part: the row with its key, unless the part became another kind."""
    row = rows.parts.get(part.key)
    return row if isinstance(row, PART_MODELS[type(part)]) else None


def _assign(row: TrackedModel, values: object, pairs: tuple[tuple[str, str], ...]) -> bool:
    """Set a row's columns to a part's values; return whether any differed."""
    changed = False
    for name, attribute in pairs:
        value = getattr(values, name)
        if name in ("section", "picture"):
            value = value or None
        elif isinstance(value, str):
            # The domain's enumerations are stored as plain text.
            value = str(value)
        if getattr(row, attribute) != value:
            setattr(row, attribute, value)
            changed = True
    return changed


def _validate(changes: Changes, story: domain.StorySnapshot) -> None:
    """Raise StoryInvalid with every problem of the rows to be saved, by place."""
    problems: list[Problem] = []
    for row in changes.saved:
        key = row.key if isinstance(row, StoryPart) else None
        # `clean_story` checks references once per story, and uniqueness by key: no query per row here.
        references = {field.name for field in row._meta.concrete_fields if field.is_relation}
        problems += _too_long(row, place_of(story, key))
        try:
            row.full_clean(exclude=references, validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            place_name = place_of(story, key)
            problems += [
                Problem(key, "" if field == "__all__" else field, _label(row, field, place_name), message)
                for field, messages in error.message_dict.items()
                for message in messages
            ]
    if problems:
        raise StoryInvalid(problems)


def _too_long(row: TrackedModel, place_name: str) -> list[Problem]:
    """Return the texts that exceed their column's `max_length`, which Django enforces in forms but not in models."""
    return [
        Problem(
            row.key if isinstance(row, StoryPart) else None,
            field.name,
            _label(row, field.name, place_name),
            _("It has %(found)s characters; it may have %(most)s. Shorten it.")
            % {"found": f"{len(getattr(row, field.attname)):,}", "most": f"{field.max_length:,}"},
        )
        for field in row._meta.concrete_fields
        if isinstance(field, models.TextField) and field.max_length
        if len(getattr(row, field.attname)) > field.max_length
    ]


def _label(row: TrackedModel, field: str, place_name: str) -> str:
    if field == "__all__":
        return place_name
    column: Any = row._meta.get_field(field)
    name = str(column.verbose_name)
    return f"{place_name}, {name}" if place_name else name
