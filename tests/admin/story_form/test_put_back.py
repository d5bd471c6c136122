"""What was typed before is restored as it was typed, without validating, merging or saving it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from stories.domain.snapshot import TextBlock
from stories.models import Article, Revision, User
from stories.queries.story.snapshots import working_snapshot
from tests.admin.reviewing import messages_of
from tests.admin.typing import add_row, address_of, opened, sent, typed_in
from tests.factories import begin, change, text, wanted

pytestmark = pytest.mark.django_db

# 09:00 on the fixed morning.
TYPED_AT = "1772442000000"


@pytest.fixture
def article(editor: User) -> Article:
    return begin(wanted("Council", text()), user=editor)


def put_back(desk: Client, article: Article | None, data: dict[str, Any], **more: Any) -> Any:
    return desk.post(address_of(article), {**data, "_put_back": TYPED_AT, **more})


def test_the_form_comes_back_as_it_was_typed_and_nothing_is_saved(desk: Client, article: Article) -> None:
    data = opened(desk, article)
    data["headline"] = ""
    data["slug"] = "no slug at all"
    add_row(data, "textblock_set", text="<p>Half a sen</p>")
    data["textblock_set-0-DELETE"] = "on"
    answer = put_back(desk, article, data)
    assert messages_of(answer) == "What you typed is back (2 Mar 2026, 09:00). It is not saved yet."
    again = typed_in(answer)
    assert {name: again.get(name) for name in data if name != "csrfmiddlewaretoken"} == {
        name: value for name, value in data.items() if name != "csrfmiddlewaretoken"
    }
    assert b"errorlist" not in answer.content
    assert b"Please correct" not in answer.content
    assert Revision.objects.count() == 1


def test_it_can_be_saved_then_with_what_others_saved_since(
    desk: Client, editor: User, article: Article
) -> None:
    data = opened(desk, article)
    data["headline"] = "Council meets"
    add_row(data, "textblock_set", text="<p>More.</p>")
    change(article, user=editor, dek="Theirs.")
    again = typed_in(put_back(desk, article, data))
    answer = sent(desk, article, again)
    assert answer.status_code == 302
    story = working_snapshot(Article.objects.get())
    assert (story.headline, story.dek) == ("Council meets", "Theirs.")
    assert [block.text for block in story.blocks if isinstance(block, TextBlock)][1] == "<p>More.</p>"


def test_a_story_that_begins_comes_back_too(desk: Client) -> None:
    data = opened(desk)
    row = add_row(data, "textblock_set", text="<p>Words.</p>")
    answer = put_back(desk, None, data)
    assert b"errorlist" not in answer.content
    assert typed_in(answer)[f"{row}-text"] == "<p>Words.</p>"
    assert not Article.objects.exists()


@pytest.mark.parametrize("moment", ["", "x", "9" * 40])
def test_a_moment_that_is_none_and_a_file_that_is_gone_are_reported_in_words(
    desk: Client, article: Article, moment: str
) -> None:
    answer = put_back(desk, article, opened(desk, article), _put_back=moment, _file=["hall.png", "<b>.png"])
    assert messages_of(answer) == (
        "What you typed is back. It is not saved yet. "
        "The picture file “hall.png” could not be kept. Choose it again. "
        "The picture file “<b>.png” could not be kept. Choose it again."
    )
    assert b"<b>.png" not in answer.content


def test_a_part_that_did_not_arrive_is_refused_at_the_save_that_follows(
    desk: Client, article: Article
) -> None:
    data = opened(desk, article)
    data["textblock_set-TOTAL_FORMS"] = data["textblock_set-INITIAL_FORMS"] = "0"
    again = typed_in(put_back(desk, article, data))
    assert b"parts of the story are missing" in sent(desk, article, again).content
    assert Revision.objects.count() == 1


def test_only_a_save_lets_the_browser_forget(desk: Client, article: Article) -> None:
    data = opened(desk, article)
    saved = f"typed_saved_{data['opened']}"
    assert saved not in put_back(desk, article, data).cookies
    assert saved not in sent(desk, article, {**data, "slug": "no slug"}).cookies
    answer = sent(desk, article, {**data, "headline": "Council meets"})
    assert answer.cookies[saved]["path"] == "/admin/"
    assert not answer.cookies[saved]["httponly"]
    assert saved in sent(desk, article, opened(desk, article) | {"opened": data["opened"]}).cookies


def test_a_form_without_a_number_of_its_own_is_saved_all_the_same(desk: Client, article: Article) -> None:
    answer = sent(desk, article, opened(desk, article) | {"opened": "x\r\ny", "headline": "Saved"})
    assert answer.status_code == 302
    assert not [name for name in answer.cookies if name.startswith("typed_saved")]
