"""Import a story with its versions from an archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, SystemActor, actor_columns, name_of, site_text
from stories.actions.archive.addresses import reaches_old_addresses
from stories.actions.archive.differences import ImportRefused, compare
from stories.actions.archive.pictures import PictureFiles
from stories.actions.archive.versions import archived_snapshot, make_authors_and_sections
from stories.actions.editing.clean import clean_story
from stories.actions.editing.revise import lock, write
from stories.actions.errors import Refused
from stories.actions.permissions import require_import, require_publish, require_within_limit
from stories.actions.publishing.publications import new_notes, record_publication
from stories.actions.publishing.publishing_session import PublishingSession
from stories.actions.times import current_time, problem_with_time
from stories.domain import snapshot as domain
from stories.domain.archive.old_addresses import old_address
from stories.domain.archive.schema import describe_place
from stories.domain.archive.stories import ArchivedStory, ArchivedVersion, ArchiveError
from stories.domain.diff.compare import diff
from stories.domain.significance.measure import measure
from stories.domain.snapshot import NoteKind
from stories.domain.text.mask import NOTHING
from stories.models import (
    Article,
    ImportedStory,
    OldAddress,
    Publication,
    PublicationClass,
    Revision,
    StoryAddress,
)
from stories.models.publications import REASONED
from stories.models.record.recording import append
from stories.queries.publishing.stored_versions import stored_versions
from stories.queries.story.snapshots import WorkingRows, latest_revision, working_rows

# Any number works if nothing else in the database locks on it: "import" on a telephone's keys.
IMPORT_LOCK = 467678


class ImportOutcome(StrEnum):
    IMPORTED = "imported"
    APPENDED = "appended"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What was done with an archived story: how many versions were written, and what was left out of them."""

    outcome: ImportOutcome
    versions: int = 0
    missing_files: int = 0
    missing_alt_texts: int = 0
    unreadable_pictures: tuple[str, ...] = ()
    removed: Counter[str] = field(default_factory=Counter)


@transaction.atomic
def import_story(
    *, story: ArchivedStory, user: Actor, media: Path | None = None, at: datetime | None = None
) -> ImportResult:
    """Import a story, or the versions added to it since its last import; return what was done.

    `media` is the folder with the files of its pictures. Versions keep their own times; the ledger records, with the
    line's digest, that they were imported now.

    Raises PermissionDenied; ImportRefused, naming the version, if the stored story differs, its address belongs to
    another story, or a version can't be stored.
    """
    return _import(story, PictureFiles(media, user=user), user, at or current_time())


def try_import_story(
    *, story: ArchivedStory, user: Actor, media: Path | None = None, at: datetime | None = None
) -> ImportResult:
    """Return what `import_story` would return, or raise what it would raise; write nothing."""
    with transaction.atomic():
        try:
            return _import(story, PictureFiles(media, user=user, store=False), user, at or current_time())
        finally:
            transaction.set_rollback(True)


def _import(story: ArchivedStory, pictures: PictureFiles, user: Actor, at: datetime) -> ImportResult:
    require_import(user)
    _check(story, at)
    _lock_imports()
    found = _find_article(story)
    article = lock(found) if found is not None else None
    stored: Sequence[tuple[Publication, domain.StorySnapshot]] = ()
    if article is not None:
        require_publish(user, article)
        if _is_known(story, article):
            return ImportResult(outcome=ImportOutcome.SKIPPED)
        stored = stored_versions(article.pk)
        compare(story, stored)
        if len(stored) == len(story.versions):
            return ImportResult(outcome=ImportOutcome.SKIPPED)
        _check_imported(article)
        _check_unedited(article, stored)
    writer = _Writer(story, article, stored, pictures, user, at)
    for index in range(len(stored), len(story.versions)):
        try:
            writer.write(index)
        except ArchiveError as error:
            raise ImportRefused(str(error)) from None
        except Refused as refusal:
            raise ImportRefused(f"{describe_place('versions', index)}: {refusal}") from None
    writer.finish()
    return ImportResult(
        outcome=ImportOutcome.APPENDED if stored else ImportOutcome.IMPORTED,
        versions=len(story.versions) - len(stored),
        missing_files=pictures.missing,
        missing_alt_texts=pictures.without_alt_text,
        unreadable_pictures=tuple(pictures.unreadable),
        removed=writer.removed,
    )


def _check(story: ArchivedStory, at: datetime) -> None:
    for index, version in enumerate(story.versions):
        place = describe_place("versions", index)
        if index and version.publication_class == PublicationClass.FIRST:
            raise ImportRefused(
                _("%(place)s: only the first version can be of class “first”.") % {"place": place}
            )
        requests = enumerate(version.comment_requests, start=1)
        times = {f"{place}: “live_from”": version.live_from} | {
            f"{describe_place('versions', index)}, comment request {number}: “{name}”": moment
            for number, request in requests
            for name in ("requested_at", "responded_at")
            if (moment := getattr(request, name)) is not None
        }
        for where, moment in times.items():
            if problem := problem_with_time(moment, at=at):
                raise ImportRefused(f"{where}: {problem}")
        if version.live_from > at and index + 1 < len(story.versions):
            raise ImportRefused(
                _("%(place)s: “live_from” is still to come; only the last version may wait for its time.")
                % {"place": place}
            )


def _lock_imports() -> None:
    """Wait until no other story is being imported, and block other imports until this transaction ends.

    Two imports may bring the same story, and the second must find it stored; or the same pictures in a different order,
    and would deadlock. On SQLite the transaction itself is the lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


def _find_article(story: ArchivedStory) -> Article | None:
    """Return the stored story that the archive means: by its source id, else by its slug."""
    if story.source_id:
        known = ImportedStory.objects.filter(source_id=story.source_id).select_related("article").first()
        if known is not None:
            return known.article
    address = StoryAddress.objects.filter(slug=story.slug).select_related("article").first()
    if address is None:
        return None
    came_from = ImportedStory.objects.filter(article=address.article).exclude(source_id="").first()
    if story.source_id and (came_from is None or came_from.source_id != story.source_id):
        raise ImportRefused(
            _(
                "The slug “%(slug)s” is taken by another story, for ever. Give this story another slug in the "
                "archive, then import it again."
            )
            % {"slug": story.slug}
        )
    return address.article


def _is_known(story: ArchivedStory, article: Article) -> bool:
    """Return whether this very line was imported, and nothing was published since."""
    versions = Publication.objects.not_cancelled().filter(article=article).count()
    known = ImportedStory.objects.filter(article=article, line_digest=story.digest).exists()
    return known and versions == len(story.versions)


def _check_imported(article: Article) -> None:
    """Raise ImportRefused for a story written here: an archive's versions go live without our rules on notes."""
    if not ImportedStory.objects.filter(article=article).exists():
        raise ImportRefused(
            _("This story was written here, so an archive adds no versions to it. Publish them here instead.")
        )


def _check_unedited(article: Article, stored: Sequence[tuple[Publication, domain.StorySnapshot]]) -> None:
    """Raise ImportRefused if the story has unpublished edits: they would go live with the archive's next version."""
    if stored and working_rows(article).story != stored[-1][1]:
        raise ImportRefused(
            _("This story has unpublished edits here. Publish or undo them, then import its new versions.")
        )


class _Writer:
    """Writes a story's versions one after the other, in one publishing session.

    `rows` are the working copy as the version before reads, `revision` is the newest, `base` the last publication.
    """

    def __init__(
        self,
        story: ArchivedStory,
        article: Article | None,
        stored: Sequence[tuple[Publication, domain.StorySnapshot]],
        pictures: PictureFiles,
        user: Actor,
        at: datetime,
    ) -> None:
        self.story = story
        self.pictures = pictures
        self.removed: Counter[str] = Counter()
        self.rows_are_stale = False
        self.base = stored[-1][0] if stored else None
        self.number = latest_revision(article.pk) if article else 0
        self.revision: Revision | None = None
        self.rows = working_rows(article) if article else WorkingRows(Article(), {}, domain.EMPTY)
        self.session = PublishingSession(self.rows.article, user, at)
        if article:
            self.revision = Revision.objects.get(article=article, number=self.number)
        try:
            for change in make_authors_and_sections(story.versions[len(stored) :], user=user, at=at):
                self.session.collect(change)
        except Refused as refusal:
            raise ImportRefused(str(refusal)) from None

    def write(self, index: int) -> None:
        """Write the version at `index` (from 0) as a revision, and publish it."""
        if self.rows_are_stale:
            self.rows = working_rows(self.rows.article)
            self.rows_are_stale = False
        before = self.rows.story
        editor = SystemActor(self.story.versions[index].editor or name_of(self.session.user))
        cleaned = self._write_revision(index, editor)
        self._publish(self.story.versions[index], before, cleaned, editor)

    def _write_revision(self, index: int, editor: SystemActor) -> domain.StorySnapshot:
        """Write a revision unless the version reads like the one before it; return the clean story."""
        version, before = self.story.versions[index], self.rows.story
        snapshot, removed = archived_snapshot(self.story, index, before)
        self.removed += removed
        snapshot = replace(snapshot, blocks=tuple(self.pictures.put_into(block) for block in snapshot.blocks))
        article = self.rows.article
        cleaned = clean_story(snapshot, before, article if article.pk else None)
        require_within_limit(self.session.user, cleaned.section, cleaned.section_name or version.section_name)
        if version.section_name:
            cleaned = replace(cleaned, section_name=version.section_name)
        written = write(
            rows=self.rows,
            story=cleaned,
            number=self.number + 1,
            user=editor,
            reason=version.reason,
            at=self.session.at,
        )
        if written is not None:
            self.revision = self.session.collect(written)
            self.number = self.revision.number
            self.rows_are_stale = True
        return cleaned

    def _publish(
        self,
        version: ArchivedVersion,
        before: domain.StorySnapshot,
        story: domain.StorySnapshot,
        editor: SystemActor,
    ) -> None:
        """Publish the newest revision, again if the version reads like the one before it."""
        assert self.revision is not None
        public, known = story.public(withheld=NOTHING), before.public(withheld=NOTHING)
        change = diff(known, public) if self.base is not None else None
        notes = new_notes(public, known)
        publication_class = PublicationClass(version.publication_class)
        # Nobody here published what a first import brings; what a later one adds, or calls a typo, is measured.
        is_measured = (
            publication_class != PublicationClass.IMPORTED
            or (self.base is not None and self.base.recorded_at != self.session.at)
            or any(note.kind is NoteKind.TYPO for note in notes)
        )
        publication = record_publication(
            article=self.rows.article,
            revision=self.revision,
            story=public,
            notes=notes,
            base=self.base,
            change=change,
            measured=measure(change) if change and is_measured else None,
            user=editor,
            publication_class=publication_class,
            reason=_reason(version),
            live_from=version.live_from,
            at=self.session.at,
        )
        self.base = self.session.collect(publication)

    def finish(self) -> None:
        """Claim the old addresses, and record the import in the ledger."""
        # Sorted, so that two imports that claim the same addresses don't deadlock.
        paths = {old_address(given): given for given in self.story.addresses}
        for path in sorted(paths):
            self._claim_old_address(path, given=paths[path])
        count = len(self.story.versions)
        self.session.record(
            ImportedStory(
                article=self.rows.article,
                source_id=self.story.source_id,
                reason=f"{self.story.slug}, {count} {'version' if count == 1 else 'versions'}",
                addresses=sorted(paths),
                line_digest=self.story.digest,
                **actor_columns(self.session.user, self.session.at),
            )
        )
        self.session.close()

    def _claim_old_address(self, path: str, *, given: str) -> None:
        """Let a path lead to the story. Raises ImportRefused with the address as `given` if it leads elsewhere."""
        article = self.rows.article
        if not reaches_old_addresses(path):
            raise ImportRefused(
                _(
                    "The old address “%(path)s” is that of a page of this site, so it can’t lead to the story. "
                    "Take it out of the archive."
                )
                % {"path": given}
            )
        address = OldAddress.objects.filter(path=path).first()
        if address is None:
            address = OldAddress(path=path, article=article)
            append(address)
        if address.article_id != article.pk:
            raise ImportRefused(
                _("The old address “%(path)s” belongs to another story. Take it out of one of the two.")
                % {"path": given}
            )


def _reason(version: ArchivedVersion) -> str:
    """Return why a version went live without a note, if its class requires a reason."""
    if version.publication_class == PublicationClass.DEVELOPING:
        reason = version.line or version.reason
    else:
        reason = version.reason
    if reason or version.publication_class not in REASONED:
        return reason
    return site_text(lambda: _("Imported; the reason is kept where it came from."))
