"""A story's texts through its revisions: each place with the texts it had, as HTML, without repetitions."""

from __future__ import annotations

import pytest

from stories.actions.editing.restore import restore
from stories.domain.blame.moves import TextLocation
from stories.models import ImageBlock, QuoteBlock, TextBlock, User
from stories.queries.blame.word_history import as_html, text_history_of
from stories.queries.story.snapshots import latest_revision
from tests.factories import begin, change, quote, text, wanted

pytestmark = pytest.mark.django_db

HEADLINE = TextLocation(None, "headline")


def test_each_place_has_its_texts_by_the_revision_that_wrote_them(editor: User) -> None:
    block = text("<p>One.</p>")
    article = begin(wanted("Council & staff", block, slug="council"), user=editor)
    change(article, user=editor, dek="More")
    change(article, user=editor, blocks=())
    history = text_history_of(article.pk)
    assert history.texts[HEADLINE] == [(1, "Council &amp; staff")]
    assert history.texts[TextLocation(None, "dek")] == [(2, "More")]
    assert history.texts[TextLocation(block.key, "text")] == [(1, "<p>One.</p>"), (3, "")]


def test_a_block_that_became_a_quote_keeps_its_words(editor: User) -> None:
    block = text("<p>One.</p>")
    article = begin(wanted("Council", block), user=editor)
    change(article, user=editor, blocks=(quote("<p>One.</p>", key=block.key),))
    assert text_history_of(article.pk).texts[TextLocation(block.key, "text")] == [(1, "<p>One.</p>")]


def test_it_knows_which_revision_was_made_of_which(editor: User) -> None:
    article = begin(user=editor)
    change(article, user=editor, headline="Another")
    restore(article=article, revision=1, seen=latest_revision(article.pk), user=editor)
    history = text_history_of(article.pk)
    assert history.sources == {3: 1}
    assert [words for _revision, words in history.texts[HEADLINE]] == [
        "Council hears objections",
        "Another",
        "Council hears objections",
    ]


def test_plain_fields_are_escaped_running_text_is_not_and_a_caption_has_its_links() -> None:
    assert as_html(QuoteBlock, "speaker", "A & B") == "A &amp; B"
    assert as_html(TextBlock, "text", "<p>A &amp; B</p>") == "<p>A &amp; B</p>"
    assert 'href="https://example.org/"' in as_html(ImageBlock, "caption", "[Here](https://example.org/)")
