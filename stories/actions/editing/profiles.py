"""Change the profile of an author, which readers see on the author's page: bio, picture, contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns
from stories.actions.editing.pictures import write_picture
from stories.actions.errors import Refused
from stories.actions.outbox.enqueue import enqueue_purge_of
from stories.actions.permissions import require_profile
from stories.actions.record.ledger import Written, append_entries, write_event
from stories.actions.texts import clean_text
from stories.actions.times import current_time
from stories.domain.contacts import contact_address
from stories.domain.surrogate_keys import author_key, picture_key
from stories.models import Author, Picture, ProfileChange, profile_digest
from stories.models.profile_changes import PROFILE_COLUMNS
from stories.models.record.recording import new_salt
from stories.queries.publishing.withholdings import is_erased


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What readers see of an author beside the name; `picture` is the digest of a stored picture, "" for none."""

    bio: str = ""
    picture: str = ""
    alt_text: str = ""
    contact: str = ""


EMPTY_PROFILE = Profile()


def profile_of(author: Author) -> Profile:
    """Return the profile that an author has."""
    return Profile(
        bio=author.bio,
        picture=author.picture_id or "",
        alt_text=author.alt_text,
        contact=author.contact,
    )


def store_profile_picture(*, author: Author, content: bytes, user: Actor) -> Picture:
    """Store a file as a picture that a profile may have; return the Picture. Raises as `store_picture` does."""
    require_profile(user, author)
    return write_picture(content)


@transaction.atomic
def change_profile(
    *,
    author: Author,
    profile: Profile,
    user: Actor,
    base: str | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> ProfileChange | None:
    """Give an author a profile; return the ProfileChange, None if it is the same.

    `base` is the digest of the profile that the person saw, None if they saw none. Raises PermissionDenied;
    ValidationError, by field; Refused for an author who is gone, and for a profile that somebody else changed since.
    """
    require_profile(user, author)
    stored = Author.objects.select_for_update().filter(pk=author.pk).first()
    if stored is None:
        raise Refused(
            _("There is no “%(slug)s” any more. Somebody deleted it just now.") % {"slug": author.pk}
        )
    cleaned = _clean(profile, stored)
    if base is not None and base != profile_digest(stored) and cleaned != profile_of(stored):
        raise Refused(
            _(
                "Somebody else changed this profile since you opened it, so nothing was saved. Open it in another "
                "window, look at what it says now, and copy over what you typed."
            )
        )
    written = write_profile(author=stored, profile=cleaned, user=user, reason=reason, at=at or current_time())
    if written is None:
        return None
    append_entries(written)
    return written.event


def write_profile(
    *, author: Author, profile: Profile, user: Actor, reason: str = "", at: datetime
) -> Written[ProfileChange] | None:
    """Write a clean profile. The caller has locked the author, checked the permission, and appends the entry, last."""
    before = {column: getattr(author, column) for column in PROFILE_COLUMNS}
    author.bio, author.alt_text, author.contact = profile.bio, profile.alt_text, profile.contact
    author.picture_id = profile.picture or None
    parts = [
        column.removesuffix("_id") for column in PROFILE_COLUMNS if getattr(author, column) != before[column]
    ]
    if not parts:
        return None
    author.profile_salt = new_salt()
    author.save(update_fields=[*PROFILE_COLUMNS, "profile_salt"], force_update=True)
    pictures = {before["picture_id"], author.picture_id} - {None}
    enqueue_purge_of([author_key(author.pk), *map(picture_key, sorted(pictures))], at=at)
    return write_event(
        ProfileChange(
            slug=author.pk,
            parts=parts,
            digest=profile_digest(author),
            reason=reason,
            **actor_columns(user, at),
        )
    )


def _clean(profile: Profile, stored: Author) -> Profile:
    """Return a profile as it can be stored. Raises ValidationError."""
    texts = {
        field.name: field for field in Author._meta.fields if field.name in ("bio", "alt_text", "contact")
    }
    labels = {name: str(field.verbose_name) for name, field in texts.items()}
    clean = Profile(
        bio=clean_text(profile.bio, labels["bio"]),
        picture=profile.picture,
        alt_text=" ".join(clean_text(profile.alt_text, labels["alt_text"]).split())
        if profile.picture
        else "",
        contact=clean_text(profile.contact, labels["contact"]),
    )
    problems: dict[str, str] = {}
    for name, field in texts.items():
        most = field.max_length
        if most is not None and len(getattr(clean, name)) > most:
            problems[name] = _("This has more than %(most)s characters. Shorten it.") % {"most": f"{most:,}"}
    if clean.contact and not contact_address(clean.contact):
        problems["contact"] = _(
            "Write an e-mail address, an address that begins with https://, or a handle such as "
            "@name@example.social."
        )
    if clean.picture and clean.picture != stored.picture_id:
        if is_erased(clean.picture):
            problems["picture"] = _(
                "This picture was erased by order, and is not taken again. Choose another one."
            )
        elif not Picture.objects.filter(pk=clean.picture).exists():
            problems["picture"] = _("This picture is not stored. Choose it again.")
    if clean.picture and not clean.alt_text:
        problems["alt_text"] = _("Say what the picture shows, for readers who can’t see it.")
    if problems:
        raise ValidationError(problems)
    return clean
