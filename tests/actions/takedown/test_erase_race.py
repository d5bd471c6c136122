"""An erasure refreshes the mask of every story with a picture: nobody can decide on one of them meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from stories.actions.editing.pictures import store_picture
from stories.actions.errors import Refused, StoryInvalid
from stories.actions.takedown.erase import erase
from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure
from stories.actions.takedown.withholdings import lift_withholding, withhold_words
from stories.domain.snapshot import ImageBlock
from stories.models import Article, ErasureOrder, Picture, SearchText, StoryMask, User
from stories.models.roles import EDITOR, MANAGING_EDITOR
from stories.queries.publishing.withholdings import current_mask
from stories.queries.verification import Verification
from tests.concurrency.writers import at_once
from tests.factories import begin, change, go_live, make_user, minutes, png, text, wanted

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WHY: dict[str, Any] = {"ground": "court", "reason": "An order of the court."}
SECRET = "Zebulon Quaxby"


@pytest.fixture
def maya() -> User:
    return make_user(MANAGING_EDITOR, name="maya")


@pytest.fixture
def mona() -> User:
    return make_user(MANAGING_EDITOR, name="mona")


@pytest.fixture
def stories(maya: User) -> tuple[Article, Article]:
    """Two live stories with one picture; the second names somebody."""
    emil = make_user(EDITOR)
    picture = store_picture(content=png(), user=emil)

    named = f"<p>{SECRET} met the council.</p>"
    found = [
        begin(wanted("A story", text(), showing(picture)), user=emil, at=minutes(1)),
        begin(wanted("Another that shows it", text(named), showing(picture)), user=emil, at=minutes(2)),
    ]
    for article in found:
        go_live(article, user=emil, at=minutes(3))
    return found[0], found[1]


def showing(picture: Picture) -> ImageBlock:
    return ImageBlock(
        key=text().key, picture=picture.pk, width=picture.width, height=picture.height, alt_text="Red"
    )


@pytest.fixture
def order(stories: tuple[Article, Article], maya: User, mona: User) -> ErasureOrder:
    picture = stories[0].imageblock_set.get().picture
    order = order_erasure(
        article=stories[0], scope="picture", picture=picture, authority="A court", user=maya, **WHY
    )
    approve_erasure(order=order, user=mona)
    return order


def while_erasing(
    monkeypatch: pytest.MonkeyPatch, order: ErasureOrder, other: Article, decide: Callable[[], Any]
) -> None:
    """Carry out an order, and decide on another story between the reading of its journals and the end.

    The erasure continues once the other writer is done, or waits for a lock that only its own end releases.
    """
    was_read, decided = threading.Event(), threading.Event()
    errors: list[BaseException] = []
    journals = current_mask
    erasing = threading.get_ident()

    def read(article_id: int) -> Any:
        found = journals(article_id)
        if article_id == other.pk and threading.get_ident() == erasing:
            was_read.set()
            while not (decided.wait(0.02) or somebody_waits()):
                continue
        return found

    def write() -> None:
        try:
            was_read.wait()
            decide()
        except BaseException as error:
            errors.append(error)
        finally:
            decided.set()
            connection.close()

    monkeypatch.setattr("stories.actions.takedown.story_mask.current_mask", read)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        erase(order=order, at=timezone.now())
    finally:
        was_read.set()
        writer.join()
    assert errors == []


def somebody_waits() -> bool:
    """Return whether another session waits for a lock of this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


def searched(article: Article) -> str:
    return SearchText.objects.get(publication__article=article).text


def test_words_withheld_of_another_story_meanwhile_stay_withheld(
    monkeypatch: pytest.MonkeyPatch,
    stories: tuple[Article, Article],
    order: ErasureOrder,
    maya: User,
) -> None:
    other = stories[1]
    while_erasing(
        monkeypatch, order, other, lambda: withhold_words(article=other, words=SECRET, user=maya, **WHY)
    )
    row = StoryMask.objects.get(pk=other.pk)
    assert (row.words, row.pictures) == ([SECRET], [order.picture_id])
    assert SECRET not in searched(other)
    assert [str(each) for each in Verification()] == []


def test_words_shown_again_in_another_story_meanwhile_are_shown(
    monkeypatch: pytest.MonkeyPatch,
    stories: tuple[Article, Article],
    order: ErasureOrder,
    maya: User,
    mona: User,
) -> None:
    other = stories[1]
    withholding = withhold_words(article=other, words=SECRET, user=maya, **WHY)
    while_erasing(
        monkeypatch,
        order,
        other,
        lambda: lift_withholding(withholding=withholding, user=mona, reason="Settled."),
    )
    assert StoryMask.objects.get(pk=other.pk).words == []
    assert SECRET in searched(other)
    assert [str(each) for each in Verification()] == []


def test_a_picture_is_not_put_into_a_story_while_it_is_erased(
    stories: tuple[Article, Article], order: ErasureOrder, maya: User
) -> None:
    """Whichever comes first, the other is refused with a sentence, and nobody sees an erased picture."""
    third = begin(wanted("A third story", text()), user=maya, at=minutes(4))
    picture = order.picture
    assert picture is not None
    outcomes = at_once(
        lambda: erase(order=order, at=timezone.now()),
        lambda: change(third, user=maya, blocks=(text(), showing(picture)), at=minutes(93)),
    )
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert [type(each) for each in refused] in ([StoryInvalid], [Refused])
    has_it = third.imageblock_set.exists()
    assert has_it == isinstance(outcomes[0], Refused)
    if has_it:
        erase(order=order, at=timezone.now())
    assert [str(each) for each in Verification()] == []


def test_who_waited_for_the_erasure_of_a_picture_is_refused(
    monkeypatch: pytest.MonkeyPatch, stories: tuple[Article, Article], order: ErasureOrder, maya: User
) -> None:
    """The form was checked before; the picture's row is locked until the erasure is done."""
    third = begin(wanted("A third story", text()), user=maya, at=minutes(4))
    picture = order.picture
    assert picture is not None

    def put_in() -> None:
        with pytest.raises(StoryInvalid, match="erased by order"):
            change(third, user=maya, blocks=(text(), showing(picture)), at=minutes(93))

    while_erasing(monkeypatch, order, stories[1], put_in)
    assert not third.imageblock_set.exists()
