"""Fix what is live: an urgent fix never waits for a half-done rewrite, and never touches it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from stories.domain.snapshot import NoteKind
from stories.models import Article, Publication, Revision, User
from stories.queries.publishing.versions import live_version, public_story
from stories.queries.story.snapshots import working_snapshot
from tests.admin.reviewing import page, reword, send
from tests.admin.typing import typed_in
from tests.factories import begin, change, go_live, note, quote, signed_in, text, wanted

pytestmark = pytest.mark.django_db

ONE = text("<p>The council met in the old hall.</p>")
SAID = quote("<p>We recieve your letters.</p>")


@pytest.fixture
def article(editor: User) -> Article:
    """Return a live story whose headline and first paragraph are being rewritten."""
    article = begin(wanted("Council", ONE, SAID, slug="council"), user=editor)
    go_live(article, user=editor)
    reword(article, editor, "the old hall", "the old hall, and then somewhere", headline="Half a headline")
    return article


def fix_form(client: Client, article: Article) -> dict[str, Any]:
    return typed_in(client.get(page("fix", article)))


def reviewed(client: Client, article: Article, **typed: str) -> Any:
    """Open the review of a fix by the form's button."""
    return client.post(
        page("fix", article), fix_form(client, article) | typed | {"_review": "Review this fix"}
    )


def live_story() -> Any:
    version = live_version("council", at=timezone.now())
    assert version is not None
    return public_story(version)


def test_the_form_opens_at_what_is_live_whatever_waits(desk: Client, article: Article) -> None:
    response = desk.get(page("fix", article))
    content = response.content.decode()
    assert "You are fixing what readers see now" in content
    assert "1 edit that waits stays untouched" in content
    assert typed_in(response)["headline"] == "Council"


def test_reviewing_saves_nothing_and_publishing_leaves_the_rewrite_alone(
    desk: Client, article: Article
) -> None:
    response = reviewed(desk, article, **{"quoteblock_set-0-text": "<p>We receive your letters.</p>"})
    typed = typed_in(response)
    assert typed["kind"] == "transcription"
    assert Revision.objects.filter(article=article).count() == 2
    done = send(desk, "fix", article, typed | {"source": "the official transcript"})
    assert "is live." in done.content.decode()
    assert [getattr(block, "text", "") for block in live_story().blocks] == [
        ONE.text,
        "<p>We receive your letters.</p>",
    ]
    assert live_story().headline == "Council"
    waits = working_snapshot(Article.objects.get(pk=article.pk))
    assert waits.headline == "Half a headline"
    assert [getattr(block, "text", "") for block in waits.blocks] == [
        "<p>The council met in the old hall, and then somewhere.</p>",
        "<p>We receive your letters.</p>",
    ]


def test_where_both_touch_the_same_words_the_next_page_says_where_to_look(
    desk: Client, article: Article
) -> None:
    response = reviewed(desk, article, headline="The council met")
    typed = typed_in(response) | {"kind": "update", "text": "The headline says more."}
    done = send(desk, "fix", article, typed).content.decode()
    assert "The waiting text was kept" in done
    assert page("change", article) in done
    assert "The waiting text was kept" in desk.get(page("change", article)).content.decode()
    data = typed_in(desk.get(page("change", article)))
    desk.post(page("change", article), data | {"headline": "A whole headline", "_continue": "Save"})
    assert "The waiting text was kept" not in desk.get(page("change", article)).content.decode()


def test_what_is_refused_keeps_the_fix_and_what_was_typed(desk: Client, article: Article) -> None:
    response = reviewed(desk, article, headline="The council met")
    refused = send(desk, "fix", article, typed_in(response) | {"kind": "minor", "text": "A headline."})
    again = typed_in(refused)
    assert "change of substance" in " ".join(refused.context["form"].errors["kind"])
    assert again["text"] == "A headline."
    send(desk, "fix", article, again | {"kind": "update"})
    assert live_story().headline == "The council met"


def test_back_to_the_text_keeps_the_fix(desk: Client, article: Article) -> None:
    typed = typed_in(reviewed(desk, article, headline="The council met"))
    back = send(desk, "fix", article, typed, step="back")
    assert typed_in(back)["headline"] == "The council met"
    again = desk.post(page("fix", article), typed_in(back) | {"dek": "More.", "_review": "Review"})
    send(desk, "fix", article, typed_in(again) | {"kind": "update", "text": "We added more."})
    assert (live_story().headline, live_story().dek) == ("The council met", "More.")


def test_a_kept_review_goes_on_after_the_sign_in_ran_out(desk: Client, article: Article) -> None:
    typed = typed_in(reviewed(desk, article, headline="The council met")) | {
        "kind": "update",
        "text": "So far",
    }
    assert "/login/" in send(Client(), "fix", article, typed).redirect_chain[0][0]
    resumed = send(desk, "fix", article, typed, step="review")
    assert typed_in(resumed)["text"] == "So far"
    assert Publication.objects.count() == 1


def test_another_persons_review_is_not_gone_on_with(
    desk: Client, managing_editor: User, article: Article
) -> None:
    typed = typed_in(reviewed(desk, article, headline="The council met"))
    other = send(signed_in(managing_editor), "fix", article, typed | {"kind": "update", "text": "Mine now"})
    assert "Nothing was published" in other.content.decode()
    broken = send(desk, "fix", article, typed | {"wanted": typed["wanted"] + "x"})
    assert "Nothing was published" in broken.content.decode()
    assert Publication.objects.count() == 1


def test_a_fix_is_merged_with_a_version_that_went_live_meanwhile(
    desk: Client, editor: User, article: Article
) -> None:
    typed = typed_in(reviewed(desk, article, headline="The council met")) | {
        "kind": "update",
        "text": "A line",
    }
    added = (note("A line more.", NoteKind.UPDATE),)
    change(article, user=editor, headline="Council", blocks=(ONE, SAID), dek="New dek", update_notes=added)
    go_live(article, user=editor, at=timezone.now())
    again = send(desk, "fix", article, typed)
    assert "Another version went live while you were reviewing" in again.content.decode()
    send(desk, "fix", article, typed_in(again))
    assert (live_story().headline, live_story().dek) == ("The council met", "New dek")


def test_where_that_version_touches_the_same_words_the_form_comes_back_with_both(
    desk: Client, editor: User, article: Article
) -> None:
    typed = typed_in(reviewed(desk, article, headline="The council met")) | {
        "kind": "update",
        "text": "A line",
    }
    change(
        article, user=editor, update_notes=(note("A new headline.", NoteKind.UPDATE),), headline="A council"
    )
    go_live(article, user=editor, at=timezone.now())
    back = send(desk, "fix", article, typed)
    assert "touches the same words" in back.content.decode()
    assert typed_in(back)["headline"] == "The council met"
    assert "A council" in back.content.decode()


def test_editors_keep_its_short_address(desk: Client, article: Article, reporter: User) -> None:
    assert desk.get("/admin/fix/council/").headers["Location"] == page("fix", article)
    assert desk.get("/admin/fix/unknown/").status_code == 404
    assert "/login/" in Client().get("/admin/fix/council/").headers["Location"]


def test_what_is_not_live_is_not_fixed(desk: Client, editor: User) -> None:
    draft = begin(user=editor)
    response = desk.get(page("fix", draft), follow=True)
    assert "nothing to fix" in response.content.decode()


def test_the_list_and_the_form_lead_to_it(desk: Client, article: Article) -> None:
    assert page("fix", article) in desk.get(page("change", article)).content.decode()
    assert page("fix", article) in desk.get("/admin/stories/article/").content.decode()
