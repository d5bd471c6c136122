"""The page of an author: stories and profile in one query, without what is withheld."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.actions.editing.pictures import store_picture
from stories.actions.editing.profiles import Profile, change_profile
from stories.actions.takedown.withdrawals import withdraw
from stories.actions.takedown.withholdings import withhold_words
from stories.domain.profiles import PublicProfile
from stories.models import Article, Author, Picture, User
from stories.queries.site.author_page import author_page, profile_picture_is_public
from tests import factories as make
from tests.erasure_orders import erased
from tests.factories import change, minutes
from tests.public.test_pictures import showing

pytestmark = pytest.mark.django_db

LATER = minutes(60)


@pytest.fixture
def picture(managing_editor: User) -> str:
    return store_picture(content=make.png(), user=managing_editor).pk


@pytest.fixture
def ines(managing_editor: User, picture: str) -> Author:
    author = make.make_author()
    profile = Profile(
        bio="Ines married Jo Doe.", picture=picture, alt_text="Ines and Jo Doe", contact="jo.doe@example.org"
    )
    change_profile(author=author, profile=profile, user=managing_editor)
    return author


@pytest.fixture
def articles(ines: Author, managing_editor: User) -> list[Article]:
    """Two stories by Ines; the first speaks of Jo Doe."""
    found = []
    for number, headline in enumerate(("Jo Doe speaks", "Trams are late"), start=1):
        story = make.wanted(headline, bylines=(make.byline(ines),))
        found.append(make.begin(story, user=managing_editor, at=minutes(number)))
        make.go_live(found[-1], user=managing_editor, at=minutes(number))
    return found


def test_stories_and_profile_are_read_in_one_query(
    articles: list[Article], picture: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    author_page("ines-calder", at=LATER, limit=10)
    with django_assert_num_queries(1):
        stories, profile = author_page("ines-calder", at=LATER, limit=10)
    assert [story.headline for story in stories] == ["Trams are late", "Jo Doe speaks"]
    assert profile == PublicProfile(
        bio="Ines married Jo Doe.",
        picture=picture,
        width=40,
        height=30,
        alt_text="Ines and Jo Doe",
        contact="jo.doe@example.org",
    )


def test_an_author_without_profile_or_row_has_an_empty_one(managing_editor: User) -> None:
    author = make.make_author("ada-lind", "Ada Lind")
    article = make.begin(make.wanted(bylines=(make.byline(author),)), user=managing_editor)
    make.go_live(article, user=managing_editor)
    assert author_page("ada-lind", at=LATER, limit=10)[1] == PublicProfile()
    assert author_page("nobody", at=LATER, limit=10) == ([], PublicProfile())


def test_a_name_that_is_withheld_of_a_story_is_in_no_part_of_its_authors_profile(
    articles: list[Article], managing_editor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    withhold_words(
        article=articles[0],
        words="Jo Doe",
        ground="safety",
        reason="Threats to her.",
        user=managing_editor,
        at=LATER,
    )
    with django_assert_num_queries(2):
        stories, profile = author_page("ines-calder", at=LATER, limit=10)
    assert len(stories) == 2
    assert profile.bio == "Ines married [words withheld]."
    assert profile.alt_text == "Ines and [words withheld]"
    assert profile.contact == ""
    assert profile.picture


def test_what_is_withheld_of_others_stories_leaves_a_profile_alone(
    articles: list[Article], managing_editor: User
) -> None:
    other = make.begin(make.wanted("Another Jo Doe"), user=managing_editor)
    make.go_live(other, user=managing_editor)
    withhold_words(
        article=other, words="Jo Doe", ground="safety", reason="Threats to her.", user=managing_editor
    )
    assert author_page("ines-calder", at=LATER, limit=10)[1].bio == "Ines married Jo Doe."


def test_a_picture_is_public_while_its_authors_page_is(
    articles: list[Article], picture: str, managing_editor: User, ines: Author
) -> None:
    assert profile_picture_is_public(picture, at=LATER)
    assert not profile_picture_is_public(picture, at=minutes(0))
    assert not profile_picture_is_public("0" * 64, at=LATER)
    for article in articles:
        withdraw(article=article, user=managing_editor, notice="Down.", reason="As agreed", at=LATER)
    assert not profile_picture_is_public(picture, at=minutes(61))


def test_a_picture_that_its_author_took_away_is_public_no_more(
    articles: list[Article], picture: str, managing_editor: User, ines: Author
) -> None:
    change_profile(author=ines, profile=Profile(bio="Ines."), user=managing_editor)
    assert not profile_picture_is_public(picture, at=LATER)


def test_a_picture_that_was_erased_by_order_is_in_no_profile(articles: list[Article], picture: str) -> None:
    image = Picture.objects.get(pk=picture)
    change(articles[0], user=User.objects.get(), blocks=(showing(image),), at=LATER)
    erased(articles[0], scope="picture", picture=image)
    profile = author_page("ines-calder", at=LATER, limit=10)[1]
    assert (profile.picture, profile.alt_text, profile.width) == ("", "", None)
    assert profile.bio
