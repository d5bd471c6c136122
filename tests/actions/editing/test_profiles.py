"""Profiles of authors: who may change them, what is refused, what the ledger holds and what it does not."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from pytest_django import Settings

from stories.actions.editing.pictures import store_picture
from stories.actions.editing.profiles import (
    EMPTY_PROFILE,
    Profile,
    change_profile,
    profile_of,
    store_profile_picture,
)
from stories.actions.editing.sections_and_authors import delete_section_or_author, rename_section_or_author
from stories.actions.errors import Refused
from stories.domain.surrogate_keys import author_key, picture_key
from stories.models import Author, EntryText, LedgerEntry, OutboxMessage, ProfileChange, User, profile_digest
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db

BIO = "Ines covers the council.\n\nBefore that, she mended trams."


@pytest.fixture
def ines(reporter: User) -> Author:
    """The author that the reporter is."""
    author = make.make_author()
    User.objects.filter(pk=reporter.pk).update(author=author)
    return author


def test_an_author_and_who_may_change_authors_change_a_profile(
    ines: Author, reporter: User, editor: User
) -> None:
    change_profile(author=ines, profile=Profile(bio=BIO), user=reporter)
    change_profile(
        author=ines, profile=Profile(contact="ines@example.org"), user=editor, reason="As she asked"
    )
    ines.refresh_from_db()
    assert profile_of(ines) == Profile(contact="ines@example.org")
    rows = ProfileChange.objects.order_by("pk").values_list("user_name", "slug", "parts", "reason")
    assert list(rows) == [
        ("Rosa Reporter", "ines-calder", ["bio"], ""),
        ("Emil Editor", "ines-calder", ["bio", "contact"], "As she asked"),
    ]
    assert list(Verification()) == []


def test_nobody_else_changes_it(ines: Author, auditor: User) -> None:
    other = make.make_user("Reporter", name="rolf", author=make.make_author("rolf", "Rolf"))
    for user in (auditor, other):
        with pytest.raises(PermissionDenied, match="somebody else’s profile"):
            change_profile(author=ines, profile=Profile(bio=BIO), user=user)
        with pytest.raises(PermissionDenied):
            store_profile_picture(author=ines, content=make.png(), user=user)
    assert not ProfileChange.objects.exists()


def test_a_closed_account_changes_it_no_more(ines: Author, reporter: User) -> None:
    User.objects.filter(pk=reporter.pk).update(is_active=False)
    with pytest.raises(PermissionDenied):
        change_profile(author=ines, profile=Profile(bio=BIO), user=User.objects.get(pk=reporter.pk))


def test_no_word_of_a_profile_is_in_the_ledger_or_stays_once_it_is_taken_back(
    ines: Author, reporter: User
) -> None:
    change_profile(author=ines, profile=Profile(bio=BIO, contact="ines@example.org"), user=reporter)
    first = ProfileChange.objects.get()
    salted = Author.objects.get()
    assert first.digest == profile_digest(salted) != ""
    change_profile(author=ines, profile=EMPTY_PROFILE, user=reporter)
    assert profile_of(Author.objects.get()) == EMPTY_PROFILE
    assert ProfileChange.objects.latest("pk").digest == ""
    # The salt of the first digest is gone: whoever guesses the words can't prove them.
    assert bytes(Author.objects.get().profile_salt) != bytes(salted.profile_salt)
    payloads = "".join(LedgerEntry.objects.values_list("payload", flat=True))
    assert "trams" not in payloads
    assert "example.org" not in payloads
    assert not EntryText.objects.exists()
    assert list(Verification()) == []


def test_the_same_profile_again_is_no_change(ines: Author, reporter: User) -> None:
    assert change_profile(author=ines, profile=EMPTY_PROFILE, user=reporter) is None
    change_profile(author=ines, profile=Profile(bio=BIO), user=reporter)
    assert change_profile(author=ines, profile=Profile(bio=f" {BIO}\r\n"), user=reporter) is None


@pytest.mark.parametrize(
    ("profile", "field", "says"),
    [
        (Profile(contact="javascript:alert(1)"), "contact", "Write an e-mail address"),
        (Profile(contact="call me"), "contact", "Write an e-mail address"),
        (Profile(bio="x" * 3001), "bio", "more than 3,000 characters"),
        (Profile(picture="0" * 64, alt_text="Ines"), "picture", "not stored"),
        (Profile(picture="0" * 64), "alt_text", "Say what the picture shows"),
    ],
)
def test_what_readers_could_not_use_is_refused(
    ines: Author, reporter: User, profile: Profile, field: str, says: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        change_profile(author=ines, profile=profile, user=reporter)
    assert says in refused.value.message_dict[field][0]
    assert not LedgerEntry.objects.exists()


def test_a_picture_comes_with_what_it_shows_and_goes_with_it(ines: Author, reporter: User) -> None:
    picture = store_profile_picture(author=ines, content=make.png(), user=reporter)
    shown = Profile(picture=picture.pk, alt_text="Ines at  her desk")
    change_profile(author=ines, profile=shown, user=reporter)
    ines.refresh_from_db()
    assert (ines.picture_id, ines.alt_text) == (picture.pk, "Ines at her desk")
    assert ProfileChange.objects.get().parts == ["picture", "alt_text"]
    change_profile(author=ines, profile=Profile(alt_text="Ines at her desk"), user=reporter)
    ines.refresh_from_db()
    assert profile_of(ines) == EMPTY_PROFILE


def test_a_form_from_before_somebody_elses_change_is_refused(
    ines: Author, reporter: User, editor: User
) -> None:
    base = profile_digest(ines)
    change_profile(author=ines, profile=Profile(bio=BIO), user=editor, base=base)
    with pytest.raises(Refused, match="Somebody else changed this profile"):
        change_profile(author=ines, profile=Profile(bio="Ines."), user=reporter, base=base)
    # The same again, as from a form that is sent twice, is in order.
    assert change_profile(author=ines, profile=Profile(bio=BIO), user=editor, base=base) is None


def test_caches_drop_the_page_and_both_pictures(ines: Author, reporter: User, settings: Settings) -> None:
    settings.PURGE_URL = "https://cache.example/purge"
    one = store_picture(content=make.png(), user=reporter)
    two = store_picture(content=make.png(50, 50), user=reporter)
    change_profile(author=ines, profile=Profile(picture=one.pk, alt_text="Ines"), user=reporter)
    change_profile(author=ines, profile=Profile(picture=two.pk, alt_text="Ines"), user=reporter)
    keys = [message.payload["keys"] for message in OutboxMessage.objects.order_by("pk")]
    assert keys == [
        [author_key("ines-calder"), picture_key(one.pk)],
        [author_key("ines-calder"), *sorted((picture_key(one.pk), picture_key(two.pk)))],
    ]


def test_an_author_of_an_account_is_not_deleted_and_one_with_a_profile_goes_with_it(
    ines: Author, reporter: User, manager: User
) -> None:
    change_profile(author=ines, profile=Profile(bio=BIO), user=reporter)
    with pytest.raises(Refused, match="is the author of an account"):
        delete_section_or_author(row=ines, user=manager)
    User.objects.filter(pk=reporter.pk).update(author=None)
    delete_section_or_author(row=ines, user=manager)
    assert not Author.objects.exists()
    kinds = LedgerEntry.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["profile", "profile", "name"]
    assert list(Verification()) == []


def test_a_new_name_leaves_a_profile_that_changed_meanwhile(
    ines: Author, reporter: User, editor: User
) -> None:
    stale = Author.objects.get()
    change_profile(author=ines, profile=Profile(bio=BIO), user=reporter)
    stale.name = "Inés Calder"
    rename_section_or_author(row=stale, user=editor)
    assert (Author.objects.get().name, Author.objects.get().bio) == ("Inés Calder", BIO)
    assert list(Verification()) == []


@pytest.fixture
def manager(db: None) -> User:
    """Somebody who may delete authors, which no role may."""
    return make.make_user(None, name="head", is_superuser=True, is_staff=True)
