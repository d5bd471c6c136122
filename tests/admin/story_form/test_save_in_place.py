from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from stories.admin.page.in_place import HEADER
from stories.domain.snapshot import QuoteBlock
from stories.models import Article, Revision, User
from stories.models.roles import AUDITOR, MANAGING_EDITOR
from stories.queries.story.snapshots import latest_revision, snapshot_at, working_snapshot
from tests.admin.typing import add_row, address_of, opened, row_of, typed_in
from tests.factories import begin, change, go_live, make_user, note, quote, signed_in, text, wanted

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(editor: User) -> Article:
    return begin(wanted("Council", text("<p>First.</p>"), text("<p>Second.</p>")), user=editor)


def saved(desk: Client, article: Article | None, form: dict[str, Any], user: User) -> Any:
    """Return the response to a form that a page sends and that stays where it is."""
    return desk.post(address_of(article), form | {"_continue": "Save"}, headers={HEADER: str(user.pk)})


def taken_over(form: dict[str, Any], answer: Any) -> dict[str, Any]:
    """Return the form as the page's script leaves it after a save: new numbers, and a key for each row."""
    data = answer.json()
    form = form | {name: str(value) for name, value in data["fields"].items()}
    for prefix, key in data["keys"].items():
        formset, _dash, number = prefix.rpartition("-")
        form[f"{prefix}-part_key"] = key
        form[f"{formset}-INITIAL_FORMS"] = str(max(int(form[f"{formset}-INITIAL_FORMS"]), int(number) + 1))
    return form


def test_a_save_says_what_the_page_has_to_know_and_the_page_goes_on_from_there(
    desk: Client, article: Article, editor: User
) -> None:
    form = opened(desk, article)
    row = add_row(form, "textblock_set", text="<p>Third.</p>")
    answer = saved(desk, article, form, editor)
    data = answer.json()
    assert data["fields"]["base"] == 2
    assert data["keys"][row] == str(working_snapshot(article).blocks[2].key)
    assert not data["fetches"]
    assert [message["html"] for message in data["messages"]] == ["Saved as revision 2."]
    assert "at revision 2" in data["status"]
    assert f"typed_saved_{form['opened']}" in answer.cookies

    form = taken_over(form, answer) | {f"{row}-text": "<p>Third, and more.</p>"}
    form = taken_over(form, saved(desk, article, form, editor))
    assert [getattr(block, "text", "") for block in working_snapshot(article).blocks] == [
        "<p>First.</p>",
        "<p>Second.</p>",
        "<p>Third, and more.</p>",
    ]
    # A page that is loaded again shows the same.
    assert typed_in(desk.get(address_of(article)))["base"] == form["base"]


def test_a_row_that_was_left_blank_between_saved_ones_is_no_block(
    desk: Client, article: Article, editor: User
) -> None:
    form = opened(desk, article)
    add_row(form, "embedblock_set", address="", title="", description="")
    add_row(form, "embedblock_set", address="https://example.org/", title="A page", description="")
    form = taken_over(form, saved(desk, article, form, editor))
    assert form["embedblock_set-INITIAL_FORMS"] == "2"
    answer = saved(desk, article, form | {"headline": "Council again"}, editor)
    assert answer.json()["fields"]["base"] == 3
    assert len(working_snapshot(article).blocks) == 3


def test_a_part_that_does_not_come_back_is_lost_on_the_way_and_not_deleted(
    desk: Client, article: Article, editor: User
) -> None:
    form = opened(desk, article)
    row = add_row(form, "textblock_set", text="<p>Third.</p>")
    form = taken_over(form, saved(desk, article, form, editor))
    form = {name: value for name, value in form.items() if not name.startswith(f"{row}-")}
    form["textblock_set-TOTAL_FORMS"] = form["textblock_set-INITIAL_FORMS"] = "2"
    answer = saved(desk, article, form, editor)
    assert "This form did not arrive as it was sent" in answer.content.decode()
    assert len(working_snapshot(article).blocks) == 3


def test_a_block_that_became_a_quote_in_the_page_keeps_its_key(
    desk: Client, article: Article, editor: User
) -> None:
    form = opened(desk, article)
    first = working_snapshot(article).blocks[0]
    form[f"{row_of(form, first.key)}-DELETE"] = "on"
    row = add_row(form, "quoteblock_set", text="<p>First.</p>", speaker="Dana Whitlock", ordering="10")
    form[f"{row}-part_key"] = str(first.key)
    assert saved(desk, article, form, editor).json()["keys"][row] == str(first.key)
    (block,) = (each for each in working_snapshot(article).blocks if isinstance(each, QuoteBlock))
    assert block.key == first.key


def test_the_page_fetches_what_others_saved_and_the_message_waits_for_it(
    desk: Client, article: Article, editor: User
) -> None:
    form = opened(desk, article)
    change(article, user=make_user(MANAGING_EDITOR), dek="Hers.")
    answer = saved(desk, article, form | {"headline": "Council again"}, editor)
    data = answer.json()
    assert data["fetches"]
    assert data["fields"]["base"] == 3
    assert "was merged in" in desk.get(data["address"]).content.decode()


def test_an_answer_that_was_lost_is_given_again(desk: Client, article: Article, editor: User) -> None:
    form = opened(desk, article) | {"headline": "Council again"}
    saved(desk, article, form, editor)
    data = saved(desk, article, form, editor).json()
    assert data["fetches"]
    assert latest_revision(article.pk) == 2
    assert "This was saved already, as revision 2." in desk.get(data["address"]).content.decode()


def test_a_new_story_is_begun_once_and_has_its_address(desk: Client, editor: User) -> None:
    form = opened(desk) | {"headline": "New", "slug": "new"}
    row = add_row(form, "quoteblock_set", text="<p>Said.</p>", speaker="Dana Whitlock")
    first, second = (saved(desk, None, form, editor).json() for _ in range(2))
    article = Article.objects.get()
    assert first["address"] == second["address"] == address_of(article)
    assert first["fetches"]
    assert second["fetches"]
    assert first["keys"][row] == second["keys"][row] == str(snapshot_at(article.pk, 1).blocks[0].key)
    assert Revision.objects.count() == 1


def test_a_conflict_names_the_keys_of_what_was_sent(desk: Client, article: Article, editor: User) -> None:
    form = opened(desk, article)
    row = add_row(form, "textblock_set", text="<p>Third.</p>")
    change(article, user=make_user(MANAGING_EDITOR), headline="Hers")
    answer = saved(desk, article, form | {"headline": "His"}, editor)
    assert row in answer.context["posted_keys"]
    assert '<script id="posted-keys" type="application/json">' in answer.content.decode()
    assert latest_revision(article.pk) == 2


def test_nothing_is_saved_under_the_name_of_somebody_else(desk: Client, article: Article) -> None:
    form = opened(desk, article) | {"headline": "Council again"}
    answer = saved(desk, article, form, make_user(MANAGING_EDITOR))
    assert answer.status_code == 409
    assert answer.json() == {"other": True}
    assert latest_revision(article.pk) == 1


def test_a_save_in_place_of_twenty_blocks_takes_few_queries(
    desk: Client, editor: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    blocks = [text(f"<p>Paragraph {number}.</p>") for number in range(20)]
    article = begin(wanted("Long", *blocks, quote(), update_notes=(note(),)), user=editor)
    go_live(article, user=editor)
    form = opened(desk, article)
    form = taken_over(form, saved(desk, article, form | {"dek": "A dek."}, editor)) | {"dek": "Another."}
    with django_assert_max_num_queries(36):
        saved(desk, article, form, editor)
    assert latest_revision(article.pk) == 3


def test_who_may_not_edit_any_more_is_refused_in_words(desk: Client, article: Article, editor: User) -> None:
    form = opened(desk, article)
    auditor = make_user(AUDITOR)
    assert saved(signed_in(auditor), article, form, auditor).status_code == 403
