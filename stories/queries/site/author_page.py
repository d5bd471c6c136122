"""The page of an author: their stories, and their profile with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, Func, OuterRef, Subquery
from django.db.models.functions import JSONObject

from stories.domain.profiles import PublicProfile
from stories.domain.text.mask import Mask
from stories.models import Author, Publication, StoryMask
from stories.queries.publishing.versions import Version, credited_to, live_stories, live_stories_by
from stories.queries.publishing.withholdings import erased_pictures, mask


class _Object(JSONObject):
    """A JSON object, without Django's check that SQLite can make one: it begins a transaction, and views are in one."""

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return Func.as_sql(self, compiler, connection, **context)


def author_page(
    author: str, *, at: datetime, limit: int, before: tuple[datetime, int] | None = None
) -> tuple[list[Version], PublicProfile]:
    """Return the newest stories that credit an author, and the author's profile.

    What is withheld of a story that credits the author is withheld of the profile too. One query; a second one if
    anything of the site is withheld.
    """
    found = live_stories_by(
        author,
        at=at,
        limit=limit,
        before=before,
        profile=Subquery(_stored_profile(author)),
        any_withheld=Exists(StoryMask.objects.exclude(digest="")),
    )
    if not found or found[0][1].profile is None:
        return [version for version, _row in found], PublicProfile()
    row = found[0][1]
    hide = _mask_of(author) if row.any_withheld else None
    return [version for version, _row in found], _public(row.profile, hide)


def profile_picture_is_public(digest: str, *, at: datetime) -> bool:
    """Return whether the picture with this digest is on the page of an author. One query, and one an author of it."""
    authors = Author.objects.filter(picture=digest).order_by("pk").values_list("pk", flat=True)
    return any(live_stories(at=at, limit=1, author=author) for author in authors)


def _stored_profile(author: str) -> Any:
    """Return an author's profile as one JSON value, which fits into the query of the stories."""
    erased = erased_pictures().filter(order__picture=OuterRef("picture"))
    return (
        Author.objects.filter(pk=author)
        .annotate(
            data=_Object(
                bio="bio",
                picture="picture_id",
                width="picture__width",
                height="picture__height",
                alt_text="alt_text",
                contact="contact",
                picture_erased=Exists(erased),
            )
        )
        .values("data")
    )


def _mask_of(author: str) -> Mask:
    """Return the mask of all words that are withheld of stories that credit an author. One query."""
    # Few stories have a mask, so that not every publication of the site is read.
    masked = Publication.objects.filter(article__withheld__digest__gt="").order_by()
    masks = StoryMask.objects.filter(article__in=credited_to(masked, author).values("article"))
    return mask([word for words in masks.values_list("words", flat=True) for word in words])


def _public(stored: Mapping[str, Any], hide: Mask | None) -> PublicProfile:
    has_picture = bool(stored["picture"]) and not stored["picture_erased"]
    profile = PublicProfile(
        bio=stored["bio"],
        picture=stored["picture"] if has_picture else "",
        width=stored["width"] if has_picture else None,
        height=stored["height"] if has_picture else None,
        alt_text=stored["alt_text"] if has_picture else "",
        contact=stored["contact"],
    )
    if hide is None:
        return profile
    shown = hide.masked(profile)
    # Half a contact leads nowhere.
    is_hidden = shown.contact != profile.contact or hide.in_address(profile.contact)
    return replace(shown, contact="") if is_hidden else shown
