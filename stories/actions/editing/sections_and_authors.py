"""Create, rename and delete sections and authors: readers see their names, so each change is in the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypeAlias

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns, name_of
from stories.actions.editing.profiles import EMPTY_PROFILE, write_profile
from stories.actions.errors import Refused
from stories.actions.permissions import require
from stories.actions.record.ledger import Written, append_entries, write_event
from stories.actions.record.references import check_named_rows
from stories.actions.times import current_time
from stories.models import (
    Article,
    Author,
    Byline,
    NameChange,
    NameChangeKind,
    NamedThing,
    ProfileChange,
    Section,
    User,
)
from stories.models.integrity.registry import history_model

SectionOrAuthor: TypeAlias = Section | Author

_THINGS: Final[dict[type[SectionOrAuthor], NamedThing]] = {
    Section: NamedThing.SECTION,
    Author: NamedThing.AUTHOR,
}


@transaction.atomic
def create_section_or_author(*, row: SectionOrAuthor, user: Actor, at: datetime | None = None) -> NameChange:
    """Save a new section or author; return the NameChange. Raises PermissionDenied, ValidationError."""
    _require(user, "add", row)
    row.full_clean()
    written = write_section_or_author(row=row, user=user, at=at or current_time())
    append_entries(written)
    return written.event


def write_section_or_author(*, row: SectionOrAuthor, user: Actor, at: datetime) -> Written[NameChange]:
    """Save a new section or author. The caller has checked the permission, and appends the ledger entry, last."""
    row.save(force_insert=True)
    return _write(row, NameChangeKind.CREATED, user, at)


@transaction.atomic
def rename_section_or_author(
    *, row: SectionOrAuthor, user: Actor, at: datetime | None = None
) -> NameChange | None:
    """Save a section or author under another name; return the NameChange, None if the name is unchanged.

    Raises PermissionDenied, ValidationError; Refused for a slug that does not exist: a slug is a permanent address.
    """
    _require(user, "change", row)
    stored = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
    if stored is None:
        raise Refused(_("There is no “%(slug)s” any more. Somebody deleted it just now.") % {"slug": row.pk})
    if stored.name == row.name:
        return None
    # Its slug is taken by the row itself.
    row.full_clean(validate_unique=False)
    # Alone, since the profile may have changed since the row was read.
    row.save(force_update=True, update_fields=["name"])
    written = _write(row, NameChangeKind.RENAMED, user, at, before=stored.name)
    append_entries(written)
    return written.event


@transaction.atomic
def delete_section_or_author(*, row: SectionOrAuthor, user: Actor, at: datetime | None = None) -> NameChange:
    """Delete a section or author that no story names, at any revision; return the NameChange.

    An author's profile goes with them. Raises PermissionDenied; Refused for one that a story names, for the author of
    an account, and for a section that accounts are limited to: without it they would have no limit.
    """
    _require(user, "delete", row)
    slug = row.pk
    # An account that is limited to it at the same moment waits for this lock, and then finds no such section.
    type(row)._base_manager.select_for_update().filter(pk=slug).first()
    if isinstance(row, Section) and row.limited_accounts.exists():
        raise Refused(
            _(
                "Accounts are limited to the section “%(name)s”, so it can’t be deleted. Give them another section "
                "first: %(people)s."
            )
            % {
                "name": row,
                "people": ", ".join(name_of(person) for person in row.limited_accounts.order_by("pk")),
            }
        )
    if stories_naming(type(row), slug):
        raise Refused(
            _("“%(name)s” is named in the history of stories, so it can’t be deleted.") % {"name": row}
        )
    emptied = _empty_profile(row, user, at or current_time()) if isinstance(row, Author) else None
    written = _write(row, NameChangeKind.DELETED, user, at, before=row.name)
    try:
        row.delete()
        check_named_rows()
    except (ProtectedError, IntegrityError) as protected:
        raise Refused(
            _("“%(name)s” was put over a story just now, so it can’t be deleted.") % {"name": row}
        ) from protected
    append_entries(*([emptied] if emptied else []), written)
    return written.event


def _empty_profile(author: Author, user: Actor, at: datetime) -> Written[ProfileChange] | None:
    """Empty the profile of an author who is to be deleted. Raises Refused for the author of an account."""
    if User.objects.filter(author=author.pk).exists():
        raise Refused(
            _("“%(name)s” is the author of an account, so it can’t be deleted. Change the account first.")
            % {"name": author}
        )
    stored = Author.objects.select_for_update().filter(pk=author.pk).first()
    return write_profile(author=stored, profile=EMPTY_PROFILE, user=user, at=at) if stored else None


def stories_naming(kind: type[SectionOrAuthor], slug: str) -> int:
    """Return how many stories name a section or an author, at any revision. One query."""
    if kind is Section:
        rows, of = history_model(Article).objects.filter(section_id=slug), "id"
    else:
        rows, of = history_model(Byline).objects.filter(author_id=slug), "parent_id"
    return int(rows.order_by().values(of).distinct().count())


def _require(user: Actor, verb: str, row: SectionOrAuthor) -> None:
    require(
        user.has_perm(f"stories.{verb}_{_THINGS[type(row)]}"),
        _("You may not change sections or authors. Ask an editor to."),
    )


def _write(
    row: SectionOrAuthor, change: NameChangeKind, user: Actor, at: datetime | None, *, before: str = ""
) -> Written[NameChange]:
    event = NameChange(
        of=_THINGS[type(row)],
        slug=row.pk,
        change=change,
        before=before,
        name="" if change is NameChangeKind.DELETED else row.name,
        **actor_columns(user, at or current_time()),
    )
    return write_event(event)
