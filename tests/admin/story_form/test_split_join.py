"""Splitting and joining blocks in a story's form: shown at once, saved with the form."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from stories.domain import snapshot as domain
from stories.models import Article, Picture, User
from stories.queries.story.snapshots import latest_revision, working_snapshot
from tests.admin.typing import add_row, address_of, opened, row_of, sent, typed_in
from tests.factories import begin, change, go_live, png, quote, text, wanted

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = "<p>First one.</p>", "<p>Second one.</p>", "<p>Third one.</p>"


def story() -> domain.StorySnapshot:
    return wanted("Council hears objections", text(FIRST + SECOND), text(THIRD), quote())


def reshaped(client: Client, article: Article | None, data: dict[str, Any], value: str) -> Any:
    """Return the page that one of a block's buttons leads to."""
    return client.post(address_of(article), {**data, "_reshape": value})


def says(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def texts(article: Article) -> list[tuple[str, str]]:
    return [(block.kind, getattr(block, "text", "")) for block in working_snapshot(article).blocks]


class TestSplitting:
    def test_a_text_is_split_and_saved_with_the_next_save(self, desk: Client, editor: User) -> None:
        article = begin(story(), user=editor)
        before = working_snapshot(article).blocks
        data = opened(desk, article)
        response = reshaped(desk, article, data, f"split:{row_of(data, before[0].key)}:1:0")
        assert says(response) == "The block was split in two. Nothing is saved yet."
        assert latest_revision(article.pk) == 1
        sent(desk, article, typed_in(response))
        assert texts(article)[:3] == [("text", FIRST), ("text", SECOND), ("text", THIRD)]
        after = working_snapshot(article).blocks
        assert (after[0].key, after[2:]) == (before[0].key, before[1:])

    def test_what_was_typed_is_split_as_it_was_typed(self, desk: Client, editor: User) -> None:
        article = begin(story(), user=editor)
        data = opened(desk, article) | {"headline": "Another headline", "why": "Because."}
        row = row_of(data, working_snapshot(article).blocks[0].key)
        data[f"{row}-text"] = "<p>Typed just <em>now, and</em> more.</p>"
        page = typed_in(reshaped(desk, article, data, f"split:{row}:0:13"))
        assert page["why"] == "Because."
        sent(desk, article, page)
        assert working_snapshot(Article.objects.get()).headline == "Another headline"
        assert texts(article)[:2] == [
            ("text", "<p>Typed just <em>now,</em></p>"),
            ("text", "<p><em>and</em> more.</p>"),
        ]

    def test_a_form_sent_twice_splits_once(self, desk: Client, editor: User) -> None:
        article = begin(story(), user=editor)
        data = opened(desk, article)
        value = f"split:{row_of(data, working_snapshot(article).blocks[0].key)}:1:0"
        first, second = (typed_in(reshaped(desk, article, data, value)) for _ in range(2))
        sent(desk, article, first)
        sent(desk, article, second)
        assert len(texts(article)) == 4

    def test_a_block_that_is_not_saved_yet_is_split_too(self, desk: Client, editor: User) -> None:
        data = opened(desk) | {"headline": "A new mast", "slug": "a-new-mast"}
        row = add_row(data, "textblock_set", text=FIRST + SECOND)
        page = typed_in(reshaped(desk, None, data, f"split:{row}:1:0"))
        assert not Article.objects.exists()
        sent(desk, None, page)
        assert texts(Article.objects.get()) == [("text", FIRST), ("text", SECOND)]

    def test_rows_added_before_and_after_keep_apart(self, desk: Client, editor: User) -> None:
        article = begin(wanted("Council", text(FIRST + SECOND)), user=editor)
        data = opened(desk, article)
        add_row(data, "textblock_set", text="<p></p>")
        added = add_row(data, "textblock_set", text=THIRD)
        page = typed_in(
            reshaped(desk, article, data, f"join:{row_of(data, working_snapshot(article).blocks[0].key)}")
        )
        assert added == "textblock_set-2"
        add_row(page, "textblock_set", text="<p>Fourth.</p>")
        add_row(page, "textblock_set", text="<p>Fifth.</p>")
        sent(desk, article, page)
        assert [each for _, each in texts(article)] == [
            FIRST + SECOND + THIRD,
            "<p>Fourth.</p>",
            "<p>Fifth.</p>",
        ]

    def test_without_a_script_it_is_split_behind_a_paragraph(self, desk: Client, editor: User) -> None:
        article = begin(story(), user=editor)
        data = opened(desk, article)
        row = row_of(data, working_snapshot(article).blocks[0].key)
        page = reshaped(desk, article, data | {f"{row}-split_after": "1"}, f"split:{row}")
        sent(desk, article, typed_in(page))
        assert texts(article)[:2] == [("text", FIRST), ("text", SECOND)]

    def test_the_page_looks_at_the_new_block(self, desk: Client, editor: User) -> None:
        article = begin(story(), user=editor)
        data = opened(desk, article)
        response = reshaped(desk, article, data, "split:textblock_set-0:1:0")
        marked = [line for line in response.content.decode().splitlines() if "data-reshaped" in line]
        assert len(marked) == 1
        assert 'name="textblock_set-1-part_key"' in marked[0]


class TestOtherSurgery:
    def test_a_text_is_joined_with_the_next(self, desk: Client, editor: User) -> None:
        article = begin(story(), user=editor)
        first = working_snapshot(article).blocks[0]
        page = reshaped(desk, article, opened(desk, article), "join:textblock_set-0")
        sent(desk, article, typed_in(page))
        assert texts(article)[0] == ("text", FIRST + SECOND + THIRD)
        assert working_snapshot(article).blocks[0].key == first.key
        assert len(texts(article)) == 2

    def test_a_text_becomes_a_quote_under_its_key(self, desk: Client, editor: User) -> None:
        article = begin(wanted("Council", text("<h2>Head</h2><p>We hear you.</p>")), user=editor)
        (before,) = working_snapshot(article).blocks
        page = reshaped(desk, article, opened(desk, article), "quote:textblock_set-0")
        assert "Headings became paragraphs." in says(page)
        data = typed_in(page)
        data[f"{row_of(data, before.key)}-speaker"] = "Dana Whitlock"
        sent(desk, article, data)
        assert working_snapshot(article).blocks == (quote("<p>Head</p><p>We hear you.</p>", key=before.key),)

    def test_some_paragraphs_become_a_quote(self, desk: Client, editor: User) -> None:
        article = begin(wanted("Council", text(FIRST + SECOND + THIRD)), user=editor)
        page = reshaped(desk, article, opened(desk, article), "quote:textblock_set-0:1:1")
        sent(desk, article, typed_in(page))
        assert texts(article) == [("text", FIRST), ("quote", SECOND), ("text", THIRD)]

    def test_a_quote_becomes_text_and_what_was_dropped_is_reported(self, desk: Client, editor: User) -> None:
        article = begin(wanted("Council", quote("<p>We hear you.</p>")), user=editor)
        (before,) = working_snapshot(article).blocks
        page = reshaped(desk, article, opened(desk, article), "text:quoteblock_set-0")
        assert "Removed with the quote: speaker “Dana Whitlock”." in says(page)
        sent(desk, article, typed_in(page))
        assert working_snapshot(article).blocks == (text("<p>We hear you.</p>", key=before.key),)

    def test_others_edits_are_merged_into_what_was_split(self, desk: Client, editor: User) -> None:
        article = begin(wanted("Council", text(FIRST + "<p>The second one stands here.</p>")), user=editor)
        page = reshaped(desk, article, opened(desk, article), "split:textblock_set-0:1:0")
        theirs = text(
            FIRST + "<p>The second one stands there.</p>", key=working_snapshot(article).blocks[0].key
        )
        change(article, user=editor, blocks=(theirs,))
        sent(desk, article, typed_in(page))
        assert texts(article) == [("text", FIRST), ("text", "<p>The second one stands there.</p>")]


class TestNothingIsLost:
    def test_what_can_not_be_done_says_why(self, desk: Client, editor: User) -> None:
        article = begin(story(), user=editor)
        data = opened(desk, article) | {"headline": "Typed"}
        for value, sentence in (
            ("split:textblock_set-0:0:0", "Text 1: There is nothing before the cursor."),
            ("split:textblock_set-0", "Text 1: "),
            ("split:textblock_set-0:x:y", "This block is no longer in the story"),
            ("join:quoteblock_set-0", "Quote 1: No block follows this one."),
            ("join:textblock_set-1", "Text 2: Only a text joins a text"),
            ("quote:textblock_set-7", "This block is no longer in the story"),
            ("quote:textblock_set-0:5:3", "Text 1: There are no words here"),
            ("anything", "This block is no longer in the story"),
            ("", "This block is no longer in the story"),
        ):
            response = reshaped(desk, article, data, value)
            assert sentence in says(response), value
            assert typed_in(response)["headline"] == "Typed"
            assert latest_revision(article.pk) == 1

    def test_an_invalid_form_comes_back_with_its_errors(self, desk: Client, editor: User) -> None:
        article = begin(story(), user=editor)
        data = opened(desk, article) | {"headline": "", "dek": "Typed."}
        response = reshaped(desk, article, data, "split:textblock_set-0:1:0")
        assert response.context["errors"]
        assert typed_in(response)["dek"] == "Typed."
        assert typed_in(response)["textblock_set-0-text"] == FIRST + SECOND

    def test_a_picture_that_was_chosen_stays(self, desk: Client, editor: User) -> None:
        article = begin(story(), user=editor)
        data = opened(desk, article)
        file = SimpleUploadedFile("mast.png", png(), "image/png")
        add_row(data, "imageblock_set", upload=file, alt_text="A mast.")
        page = reshaped(desk, article, data, "split:textblock_set-0:1:0")
        sent(desk, article, typed_in(page))
        (picture,) = [block for block in working_snapshot(article).blocks if block.kind == "image"]
        assert picture.picture == Picture.objects.get().pk  # type: ignore[attr-defined]

    def test_a_fix_is_reshaped_too(self, desk: Client, editor: User) -> None:
        article = begin(story(), user=editor)
        go_live(article, user=editor)
        address = reverse("admin:stories_article_fix", args=[article.pk])
        data = typed_in(desk.get(address))
        page = desk.post(address, {**data, "_reshape": "split:textblock_set-0:1:0"})
        assert "The block was split in two." in says(page)
        assert typed_in(page)["textblock_set-1-text"] == SECOND
