"""No action saves a story that was read before an erasure: erasing makes no revision that would reveal it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from stories.actions.archive.differences import ImportRefused
from stories.actions.archive.import_story import import_story
from stories.actions.editing.pictures import store_picture
from stories.actions.editing.restore import restore
from stories.actions.editing.revise import revise
from stories.actions.errors import ErasedSince, StoryInvalid
from stories.actions.publishing.fix import fix
from stories.actions.takedown.erase import erase
from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure
from stories.domain.archive.stories import load
from stories.domain.snapshot import ImageBlock, NoteKind
from stories.models import Article, Picture, Revision, StoryMask, User
from stories.models.roles import EDITOR, MANAGING_EDITOR
from stories.queries.story.snapshots import latest_revision, snapshot_at, working_snapshot
from tests import factories as make
from tests.archives import line, version

pytestmark = pytest.mark.django_db

NAME = "Zebulon Quaxby"


@pytest.fixture
def emil() -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def article(emil: User) -> Article:
    article = make.begin(make.wanted("A party", make.text(f"<p>They met {NAME}.</p>")), user=emil)
    make.go_live(article, user=emil)
    return article


def erase_words(article: Article, words: str = NAME) -> None:
    order = order_erasure(
        article=article,
        scope="words",
        words=words,
        ground="court",
        authority="District Court, 4 O 12/26",
        reason="An order of the court.",
        user=make.make_user(MANAGING_EDITOR, name=f"orders {words}"),
        at=make.minutes(10),
    )
    approve_erasure(
        order=order, user=make.make_user(MANAGING_EDITOR, name=f"approves {words}"), at=make.minutes(11)
    )
    erase(order=order, at=make.minutes(12))


def saved(article: Article, story: Any, user: User, base: int = 1) -> Revision | None:
    return revise(article=article, story=replace(story, headline="Another"), base=base, user=user)


@pytest.mark.parametrize("read", ["snapshot", "working copy", "made"])
def test_what_was_read_before_an_erasure_is_not_saved(article: Article, emil: User, read: str) -> None:
    before = {
        "snapshot": lambda: snapshot_at(article.pk, 1),
        "working copy": lambda: working_snapshot(article),
        "made": lambda: make.wanted("A party", make.text(f"<p>They met {NAME}.</p>")),
    }[read]()
    erase_words(article)
    with pytest.raises(ErasedSince, match="erased by order since you opened it"):
        saved(article, before, emil)
    assert latest_revision(article.pk) == 1
    assert NAME not in repr(working_snapshot(article))


def test_what_is_read_after_it_is_saved_until_the_next(article: Article, emil: User) -> None:
    erase_words(article)
    between = snapshot_at(article.pk, 1)
    assert saved(article, between, emil) is not None
    erase_words(article, "They met")
    with pytest.raises(ErasedSince):
        saved(article, between, emil, base=2)


def test_before_any_erasure_a_story_may_be_made_of_nothing(article: Article, emil: User) -> None:
    assert saved(article, make.wanted("A party"), emil) is not None


def test_a_fix_that_was_begun_before_an_erasure_is_not_published(article: Article, emil: User) -> None:
    before = replace(snapshot_at(article.pk, 1), headline="Another party")
    erase_words(article)
    note = make.note("The headline was changed.", NoteKind.UPDATE)
    with pytest.raises(ErasedSince):
        fix(article=article, story=before, base=1, user=emil, notes=[note], at=make.minutes(20))
    assert latest_revision(article.pk) == 1


def test_restoring_an_erased_revision_restores_the_placeholder(article: Article, emil: User) -> None:
    make.change(article, user=emil, headline="Another party")
    erase_words(article)
    restore(article=article, revision=1, seen=2, user=emil)
    story = working_snapshot(Article.objects.get(pk=article.pk))
    assert NAME not in repr(story)
    assert "[words erased]" in repr(story)


def test_an_archive_from_before_an_erasure_adds_nothing() -> None:
    emil = make.make_user(EDITOR)
    body = f"<p>They met {NAME} in the garden.</p>"
    import_story(story=load(line(version(9, body=body))), user=emil, at=make.MORNING)
    article = Article.objects.get()
    erase_words(article)
    grown = load(line(version(9, body=body), version(10, body=f"{body}<p>More.</p>")))
    with pytest.raises(ImportRefused, match="is not as it is here"):
        import_story(story=grown, user=emil, at=make.minutes(60))
    assert NAME not in repr(working_snapshot(article))


@pytest.fixture
def picture(article: Article, emil: User) -> Picture:
    """A picture that the story once had, and that was erased after its removal."""
    picture = store_picture(content=make.png(), user=emil)
    make.change(article, user=emil, blocks=(showing(picture),), at=make.minutes(1))
    make.change(article, user=emil, blocks=(make.text(),), at=make.minutes(2))
    order = order_erasure(
        article=article,
        scope="picture",
        picture=picture,
        ground="court",
        authority="District Court, 4 O 12/26",
        reason="An order of the court.",
        user=make.make_user(MANAGING_EDITOR, name="orders"),
        at=make.minutes(10),
    )
    approve_erasure(order=order, user=make.make_user(MANAGING_EDITOR, name="approves"), at=make.minutes(11))
    erase(order=order, at=make.minutes(12))
    return picture


def showing(picture: Picture) -> ImageBlock:
    return ImageBlock(key=uuid4(), picture=picture.pk, alt_text="A dam")


def test_an_erased_picture_is_put_into_no_story_that_never_had_it(picture: Picture, emil: User) -> None:
    other = make.begin(make.wanted("Another story"), user=emil, at=make.minutes(13))
    with pytest.raises(StoryInvalid) as refused:
        make.change(other, user=emil, blocks=(make.text(), showing(picture)), at=make.minutes(14))
    (problem,) = refused.value.problems
    assert (problem.place, problem.message) == (
        "picture 1",
        "This picture was erased by order. Choose another one.",
    )
    with pytest.raises(StoryInvalid):
        make.begin(make.wanted("A third story", showing(picture)), user=emil, at=make.minutes(14))
    assert latest_revision(other.pk) == 1


def test_a_revision_with_a_picture_that_was_erased_since_can_be_restored(
    article: Article, picture: Picture, emil: User
) -> None:
    """The story had it, so readers see in its place that it was erased."""
    restore(article=article, revision=2, seen=3, user=emil)
    assert article.imageblock_set.get().picture == picture
    assert StoryMask.objects.get(pk=article.pk).pictures == [picture.pk]
