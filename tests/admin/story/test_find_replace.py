"""Find and replace in a story: in one revision, based on the one that was shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stories.domain.snapshot import NoteKind
from stories.models import Article, Revision, User
from stories.queries.story.snapshots import latest_revision, working_snapshot
from tests.admin.typing import opened, typed_in
from tests.factories import begin, change, go_live, note, quote, signed_in, text, wanted

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def begun(editor: User) -> Article:
    return begin(
        wanted(
            "Smith answers",
            text("<p>Ms. Smi<em>th</em> spoke.</p><p>Then Smith left.</p>"),
            quote("<p>We hear you.</p>", speaker="Smith"),
            update_notes=(note("The name of Smith was put right."),),
        ),
        user=editor,
    )


def address(article: Article) -> str:
    return reverse("admin:stories_article_find", args=[article.pk])


def searched(client: Client, article: Article, **data: str) -> Any:
    return client.get(address(article), {"words": "smith", "instead": "Smyth", **data})


def says(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def ticked(response: Any) -> list[str]:
    return [place.place for place in response.context["places"] if place.ticked]


def posted(client: Client, page: Any, *, without: str = "", **data: Any) -> Any:
    """Post the page as it is, without the places of one name."""
    names = [
        place.found.name
        for place in page.context["places"]
        if place.ticked and not (without and without in place.place)
    ]
    return client.post(page.request["PATH_INFO"], {**typed_in(page), "place": names, **data}, follow=True)


def story_of(article: Article) -> Any:
    return working_snapshot(Article.objects.get(pk=article.pk))


class TestFinding:
    def test_every_place_is_listed_with_its_words(self, desk: Client, editor: User) -> None:
        response = searched(desk, begun(editor))
        assert ticked(response) == [
            "The headline",
            "The slug",
            "Text 1",
            "Text 1",
            "Quote 1, speaker",
            "Update note 1, text",
        ]
        page = response.content.decode()
        assert "<del>Smith</del> <ins>Smyth</ins>" in page
        assert "<del>smith</del> <ins>smyth</ins>" in page

    def test_the_address_of_a_live_story_is_not_ticked(self, desk: Client, editor: User) -> None:
        article = begun(editor)
        go_live(article, user=editor)
        response = searched(desk, article)
        assert "The slug" not in ticked(response)
        assert "address would change" in response.content.decode()

    def test_a_published_note_is_listed_and_stays(self, desk: Client, editor: User) -> None:
        article = begun(editor)
        go_live(article, user=editor)
        response = searched(desk, article)
        (fixed,) = [place for place in response.context["places"] if place.fixed]
        assert not fixed.ticked
        response = desk.post(address(article), {**typed_in(response), "place": fixed.found.name})
        assert "tick the places first" in response.content.decode()

    def test_who_may_not_edit_only_looks(self, auditor: User, editor: User) -> None:
        response = searched(signed_in(auditor), begun(editor))
        assert "Then " in response.content.decode()
        assert 'name="place"' not in response.content.decode()

    def test_nothing_found_says_so(self, desk: Client, editor: User) -> None:
        response = searched(desk, begun(editor), words="Whitlock")
        assert "These words stand nowhere in this story." in response.content.decode()

    def test_words_are_shown_as_they_are(self, desk: Client, editor: User) -> None:
        article = begin(wanted("A <b>bold</b> Smith", slug="bold"), user=editor)
        page = searched(desk, article, words="<b>").content.decode()
        assert "&lt;b&gt;" in page
        assert "<b>bold" not in page

    def test_the_form_saves_before_it_finds(self, desk: Client, editor: User) -> None:
        article = begun(editor)
        data = opened(desk, article) | {"dek": "Typed.", "_find": "Find"}
        response = desk.post(reverse("admin:stories_article_change", args=[article.pk]), data)
        assert response.headers["Location"] == address(article)
        assert story_of(article).dek == "Typed."


class TestReplacing:
    def test_all_ticked_places_change_in_one_revision(self, desk: Client, editor: User) -> None:
        article = begun(editor)
        response = posted(desk, searched(desk, article))
        assert "was replaced by “Smyth” in 6 places, as revision 2. It stands nowhere else." in says(response)
        story = story_of(article)
        assert (story.headline, story.slug) == ("Smyth answers", "smyth-answers")
        assert story.blocks[0].text == "<p>Ms. Smy<em>th</em> spoke.</p><p>Then Smyth left.</p>"
        assert story.blocks[1].speaker == "Smyth"
        assert story.update_notes[0].text == "The name of Smyth was put right."
        assert Revision.objects.get(number=2).reason == "“smith” replaced by “Smyth”."

    def test_what_is_not_ticked_stays_and_is_reported(self, desk: Client, editor: User) -> None:
        article = begun(editor)
        response = posted(desk, searched(desk, article), without="speaker", reason="Her name.")
        assert "It still stands in 1 place." in says(response)
        assert [place.place for place in response.context["places"]] == ["Quote 1, speaker"]
        assert story_of(article).blocks[1].speaker == "Smith"
        assert Revision.objects.get(number=2).reason == "Her name."

    def test_others_edits_elsewhere_are_merged_in(self, desk: Client, editor: User) -> None:
        article = begun(editor)
        page = searched(desk, article)
        change(article, user=editor, dek="By somebody else.")
        posted(desk, page)
        assert (story_of(article).dek, story_of(article).headline) == ("By somebody else.", "Smyth answers")

    def test_a_conflict_replaces_nothing_and_shows_the_story_anew(self, desk: Client, editor: User) -> None:
        article = begun(editor)
        page = searched(desk, article)
        change(article, user=editor, headline="Smith answers again")
        response = posted(desk, page, reason="Her name.")
        assert "Nothing was replaced." in response.context["problem"]
        assert latest_revision(article.pk) == 2
        assert response.context["reason"] == "Her name."
        posted(desk, response)
        assert story_of(article).headline == "Smyth answers again"

    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            ({"place": []}, "tick the places first"),
            ({"instead": " "}, "fill in “Replace with”"),
            ({"base": "99"}, "did not arrive as it was sent"),
            ({"base": "x"}, "did not arrive as it was sent"),
            ({"instead": "x" * 201}, "fill in “Replace with”"),
        ],
    )
    def test_what_can_not_be_done_says_why(
        self, desk: Client, editor: User, data: dict[str, Any], problem: str
    ) -> None:
        article = begun(editor)
        response = posted(desk, searched(desk, article), **data)
        assert problem in response.context["problem"]
        assert latest_revision(article.pk) == 1

    def test_what_the_story_can_not_hold_is_refused(self, desk: Client, editor: User) -> None:
        article = begin(wanted("Smith " + "x" * 180), user=editor)
        response = posted(desk, searched(desk, article, instead="y" * 200))
        assert response.context["problem"]
        assert latest_revision(article.pk) == 1

    def test_sent_twice_it_is_done_once(self, desk: Client, editor: User) -> None:
        article = begun(editor)
        page = searched(desk, article)
        posted(desk, page)
        response = posted(desk, page)
        assert "They read so already." in says(response)
        assert latest_revision(article.pk) == 2


class TestReview:
    def reviewed(self, desk: Client, editor: User, **values: Any) -> str:
        whitlok = text("<p>Dana Whitlok said the mast cost 12,500 euros.</p>")
        article = begin(
            wanted("Whitlok answers", whitlok, quote(speaker="Dana Whitlok"), slug="mast-answers"),
            user=editor,
        )
        go_live(article, user=editor)
        fixed = text(values.pop("html"), key=whitlok.key)
        change(article, user=editor, blocks=(fixed, *story_of(article).blocks[1:]), **values)
        return desk.get(reverse("admin:stories_article_publish", args=[article.pk])).content.decode()

    def test_a_name_that_is_left_elsewhere_is_warned_of(self, desk: Client, editor: User) -> None:
        page = self.reviewed(desk, editor, html="<p>Dana Whitlock said the mast cost 12,500 euros.</p>")
        assert "<q>Dana Whitlok</q>: Quote 1, speaker." in page
        assert "/find/?words=Dana+Whitlok&amp;whole_words=on" in page

    def test_a_name_that_is_right_everywhere_is_not(self, desk: Client, editor: User) -> None:
        page = self.reviewed(
            desk, editor, html="<p>Dana Whitlok said the mast cost 21,500 euros.</p>", headline="It answers"
        )
        assert "left-over" not in page

    def test_what_a_correction_calls_wrong_is_looked_for(self, desk: Client, editor: User) -> None:
        wrong = note("The name was put right.", NoteKind.CORRECTION, was="Whitlok", now="Whitlock")
        page = self.reviewed(desk, editor, html="<p>The mast cost 12,500 euros.</p>", update_notes=(wrong,))
        assert "<q>Whitlok</q>: The headline, Quote 1, speaker." in page

    def test_a_fix_is_warned_of_without_a_link_away(self, desk: Client, editor: User) -> None:
        article = begin(
            wanted("It answers", text("<p>Whitlok spoke.</p>"), quote(speaker="Whitlok")), user=editor
        )
        go_live(article, user=editor)
        where = reverse("admin:stories_article_fix", args=[article.pk])
        data = typed_in(desk.get(where)) | {"textblock_set-0-text": "<p>Whitlock spoke.</p>"}
        page = desk.post(where, data).content.decode()
        assert "<q>Whitlok</q>: Quote 1, speaker." in page
        assert "/find/?words" not in page
