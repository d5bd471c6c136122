"""Two editors of one story: merges are reported, conflicts shown and resolved, and nothing typed is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from stories.admin.story_form.conflict_state import CHOICE
from stories.domain import snapshot as domain
from stories.models import Article, Publication, Revision, User
from stories.queries.story.snapshots import latest_revision, working_snapshot
from tests.admin.reviewing import page, send
from tests.admin.typing import add_row, address_of, opened, row_of, sent, typed_in
from tests.factories import (
    begin,
    byline,
    change,
    embed,
    go_live,
    make_author,
    make_section,
    note,
    quote,
    request,
    signed_in,
    text,
    wanted,
)

pytestmark = pytest.mark.django_db

ONE = text("<p>The council met on Monday in the old hall.</p><p>Nobody spoke against the plan.</p>")
TWO = text("<p>A vote is to follow on Friday, its speaker says.</p>")
SAID = quote("<p>We hear you.</p>", speaker="Dana Whitlock")
CARD = embed()


@pytest.fixture
def article(editor: User) -> Article:
    """Return a draft that the editor began."""
    return begin(wanted("Council", ONE, SAID, TWO, CARD, dek="It met.", slug="council"), user=editor)


def by(block: domain.TextBlock, old: str, new: str) -> domain.TextBlock:
    return replace(block, text=block.text.replace(old, new))


def save_as(user: User, article: Article, *blocks: domain.Block, **values: Any) -> None:
    """Save the story as another user, with other blocks or other fields."""
    if blocks:
        values["blocks"] = blocks
    change(article, user=user, **values)


def saved(desk: Client, article: Article, data: dict[str, Any]) -> str:
    """Return the messages of the page after a save, as text."""
    response = desk.post(address_of(article), data | {"_continue": "Save"}, follow=True)
    assert response.redirect_chain, "nothing was saved"
    return plain(response.content.decode())


def plain(content: str) -> str:
    content = content.replace('<span class="unseen"> inserted: </span>', "").replace(
        '<span class="unseen"> deleted: </span>', ""
    )
    return " ".join(strip_tags(content).split())


def choices_in(data: dict[str, Any]) -> dict[str, str]:
    return {name: value for name, value in data.items() if name.startswith(CHOICE)}


def now(article: Article) -> domain.StorySnapshot:
    return working_snapshot(Article.objects.get(pk=article.pk))


def texts(article: Article) -> list[str]:
    return [getattr(block, "text", "") for block in now(article).blocks]


class TestMergeMessages:
    def test_whose_edit_to_which_paragraph_was_kept(
        self, desk: Client, article: Article, managing_editor: User
    ) -> None:
        mine = opened(desk, article)
        theirs = by(ONE, "Nobody spoke", "Two people spoke")
        save_as(managing_editor, article, theirs, SAID, TWO, CARD, headline="Council met")
        mine[f"{row_of(mine, TWO.key)}-text"] = "<p>A vote is to follow on Sunday, its speaker says.</p>"
        message = saved(desk, article, mine)
        assert (
            "Saved as revision 3. What Maya Managing saved since you opened the story was merged in."
            in message
        )
        assert "Maya Managing changed the headline. Council met" in message
        assert "Maya Managing changed paragraph 2 of text 1." in message
        assert "NobodyTwo people spoke against" in message
        assert texts(article)[0] == theirs.text
        assert "Sunday" in texts(article)[2]

    def test_each_place_is_reported_with_who_changed_it(
        self, desk: Client, article: Article, managing_editor: User, reporter: User
    ) -> None:
        mine = opened(desk, article)
        third = User.objects.create_user(
            "tom", "tom@example.org", display_name="Tom Third", is_superuser=True
        )
        save_as(managing_editor, article, ONE, replace(SAID, speaker="Dana Whitlow"), TWO, CARD)
        save_as(
            third, article, by(ONE, "Monday", "Tuesday"), replace(SAID, speaker="Dana Whitlow"), TWO, CARD
        )
        mine["dek"] = "It met again."
        message = saved(desk, article, mine)
        assert "What Maya Managing and Tom Third saved" in message
        assert "Maya Managing changed quote 1, speaker." in message
        assert "Tom Third changed paragraph 1 of text 1." in message

    def test_what_was_added_removed_and_moved_is_reported(
        self, desk: Client, article: Article, managing_editor: User
    ) -> None:
        mine = opened(desk, article)
        added = text("<p>Added by them.</p>")
        save_as(managing_editor, article, ONE, TWO, added, comment_requests=(request("Rights Watch"),))
        save_as(
            managing_editor, article, by(ONE, "</p><p>Nobody spoke against the plan.</p>", "</p>"), added, TWO
        )
        mine["dek"] = "It met again."
        message = saved(desk, article, mine)
        for sentence in (
            "Maya Managing removed a paragraph of text 1. Nobody spoke against the plan.",
            "Maya Managing added text 2. Added by them.",
            "Maya Managing removed quote 1. We hear you.",
            "Maya Managing removed link card 1. The transcript",
            "Maya Managing added comment request 1. Rights Watch",
        ):
            assert sentence in message

    def test_a_block_that_was_moved_is_reported(
        self, desk: Client, article: Article, managing_editor: User
    ) -> None:
        mine = opened(desk, article)
        save_as(managing_editor, article, CARD, ONE, SAID, TWO)
        mine["dek"] = "It met again."
        assert "Maya Managing moved link card 1." in saved(desk, article, mine)

    def test_ones_own_save_in_another_window_is_said_to_be_that(self, desk: Client, article: Article) -> None:
        mine, other = opened(desk, article), opened(desk, article)
        sent(desk, article, other | {"headline": "Council met"})
        message = saved(desk, article, mine | {"dek": "It met again."})
        assert "You, in another window, changed the headline." in message

    def test_script_in_what_others_wrote_is_inert(
        self, desk: Client, article: Article, managing_editor: User
    ) -> None:
        mine = opened(desk, article)
        save_as(managing_editor, article, headline="<script>alert(1)</script>")
        response = desk.post(address_of(article), mine | {"dek": "More", "_continue": "Save"}, follow=True)
        assert "alert(1)" in plain(response.content.decode())
        assert "<script>alert(1)" not in response.content.decode()

    def test_many_places_are_reported_in_brief(
        self, desk: Client, article: Article, managing_editor: User
    ) -> None:
        mine = opened(desk, article)
        many = [text(f"<p>Paragraph {number} of many.</p>") for number in range(20)]
        save_as(managing_editor, article, ONE, SAID, TWO, CARD, *many)
        message = saved(desk, article, mine | {"dek": "More"})
        assert "And 8 places more." in message

    def test_what_the_others_saved_can_be_compared(
        self, desk: Client, article: Article, managing_editor: User
    ) -> None:
        mine = opened(desk, article)
        save_as(managing_editor, article, headline="Council met")
        response = desk.post(address_of(article), mine | {"dek": "More", "_continue": "Save"}, follow=True)
        address = f"/admin/stories/article/{article.pk}/history/compare/1...2/"
        assert address in response.content.decode()
        assert "Council" in desk.get(address).content.decode()


@pytest.fixture
def conflict(desk: Client, article: Article, managing_editor: User) -> dict[str, Any]:
    """Return the form after a conflict with changes to one paragraph and the headline."""
    mine = opened(desk, article)
    mine[f"{row_of(mine, ONE.key)}-text"] = by(ONE, "Monday", "Tuesday").text
    mine |= {"headline": "Council, by me", "dek": "Dek, by me", "why": "My reason."}
    save_as(
        managing_editor, article, by(ONE, "Monday", "Sunday"), SAID, TWO, CARD, headline="Council, by them"
    )
    response = sent(desk, article, mine)
    assert response.status_code == 200
    return typed_in(response)


class TestChoosing:
    def test_the_three_readings_are_shown_word_by_word(
        self, desk: Client, article: Article, managing_editor: User
    ) -> None:
        mine = opened(desk, article)
        mine[f"{row_of(mine, ONE.key)}-text"] = by(ONE, "Monday", "Tuesday").text
        save_as(managing_editor, article, by(ONE, "Monday", "Sunday"), SAID, TWO, CARD)
        response = sent(desk, article, mine)
        (choice,) = response.context["conflict_panel"].conflicts
        assert (choice.place, choice.who) == ("Text 1, paragraph 1", "Maya Managing")
        assert f"{choice.anchor}-text" in typed_in(response)
        (reading,) = choice.readings
        assert plain(reading.base) == "The council met on Monday in the old hall."
        assert "deleted: </span>Monday</del>" in reading.theirs
        assert "inserted: </span>Sunday</ins>" in reading.theirs
        assert "inserted: </span>Tuesday</ins>" in reading.mine
        assert [option.value for option in choice.options] == ["mine", "theirs", "both"]

    def test_without_a_choice_mine_stands(
        self, desk: Client, article: Article, conflict: dict[str, Any]
    ) -> None:
        assert list(choices_in(conflict).values()) == ["mine", "mine"]
        saved(desk, article, conflict)
        story = now(article)
        assert (story.headline, story.dek) == ("Council, by me", "Dek, by me")
        assert "Tuesday" in texts(article)[0]
        assert Revision.objects.get(article=article, number=3).reason == "My reason."

    def test_theirs_stands_where_it_is_chosen_and_there_alone(
        self, desk: Client, article: Article, conflict: dict[str, Any]
    ) -> None:
        headline, paragraph = choices_in(conflict)
        saved(desk, article, conflict | {paragraph: "theirs"})
        story = now(article)
        assert (story.headline, story.dek) == ("Council, by me", "Dek, by me")
        assert texts(article)[0] == by(ONE, "Monday", "Sunday").text
        assert headline.endswith("headline")

    def test_both_stand_as_two_paragraphs_theirs_first(
        self, desk: Client, article: Article, conflict: dict[str, Any]
    ) -> None:
        _headline, paragraph = choices_in(conflict)
        saved(desk, article, conflict | {paragraph: "both"})
        assert texts(article)[0] == (
            "<p>The council met on Sunday in the old hall.</p><p>The council met on Tuesday in the old hall.</p>"
            "<p>Nobody spoke against the plan.</p>"
        )

    def test_what_was_typed_elsewhere_since_is_saved_with_the_choice(
        self, desk: Client, article: Article, conflict: dict[str, Any]
    ) -> None:
        headline, _paragraph = choices_in(conflict)
        row = row_of(conflict, TWO.key)
        conflict |= {headline: "theirs", f"{row}-text": "<p>A vote follows.</p>", "dek": "Dek, typed since"}
        add_row(conflict, "textblock_set", text="<p>A new block.</p>")
        saved(desk, article, conflict)
        story = now(article)
        assert (story.headline, story.dek) == ("Council, by them", "Dek, typed since")
        assert {"<p>A vote follows.</p>", "<p>A new block.</p>"} <= set(texts(article))

    def test_typing_over_what_a_choice_would_replace_loses_neither(
        self, desk: Client, article: Article, conflict: dict[str, Any]
    ) -> None:
        headline, paragraph = choices_in(conflict)
        response = sent(desk, article, conflict | {headline: "theirs", "headline": "Typed since"})
        assert response.status_code == 200
        assert latest_revision(article.pk) == 2
        again = typed_in(response)
        assert again["headline"] == "Typed since"
        assert again[headline] == "theirs"
        choice = {each.name: each.typed_over for each in response.context["conflict_panel"].conflicts}
        assert choice == {headline: True, paragraph: False}
        assert "You typed here since this was shown" in response.content.decode()
        saved(desk, article, again | {headline: "mine"})
        assert now(article).headline == "Typed since"

    def test_the_story_can_be_seen_with_the_choices_before_it_is_saved(
        self, desk: Client, article: Article, conflict: dict[str, Any]
    ) -> None:
        headline, paragraph = choices_in(conflict)
        row = row_of(conflict, TWO.key)
        chosen = conflict | {headline: "theirs", paragraph: "both", f"{row}-text": "<p>Typed since.</p>"}
        response = desk.post(address_of(article), chosen | {"_resolve": "1"})
        assert latest_revision(article.pk) == 2
        seen = typed_in(response)
        assert seen["headline"] == "Council, by them"
        assert seen[f"{row_of(seen, ONE.key)}-text"].count("The council met") == 2
        assert seen[f"{row_of(seen, TWO.key)}-text"] == "<p>Typed since.</p>"
        assert seen["why"] == "My reason."
        assert choices_in(seen) == {headline: "theirs", paragraph: "both"}

        undone = typed_in(desk.post(address_of(article), seen | {headline: "mine", "_resolve": "1"}))
        assert undone["headline"] == "Council, by me"
        assert undone[f"{row_of(undone, ONE.key)}-text"].count("The council met") == 2

        saved(desk, article, undone)
        assert now(article).headline == "Council, by me"
        assert texts(article)[0].count("The council met") == 2
        assert "<p>Typed since.</p>" in texts(article)

    def test_another_step_on_the_way_keeps_the_conflict_and_its_choices(
        self, desk: Client, article: Article, conflict: dict[str, Any]
    ) -> None:
        _headline, paragraph = choices_in(conflict)
        step = f"quote:{row_of(conflict, TWO.key)}"
        response = desk.post(address_of(article), conflict | {paragraph: "both", "_reshape": step})
        again = typed_in(response)
        assert again[paragraph] == "both"
        saved(desk, article, again | {f"{row_of(again, TWO.key)}-speaker": "Its speaker"})
        assert texts(article)[0].count("The council met") == 2
        assert isinstance(now(article).blocks[2], domain.QuoteBlock)

    def test_a_form_with_a_mistake_comes_back_with_its_choices(
        self, desk: Client, article: Article, conflict: dict[str, Any]
    ) -> None:
        _headline, paragraph = choices_in(conflict)
        row = add_row(conflict, "quoteblock_set", text="<p>Words.</p>", anonymous="on", description="a clerk")
        for button in ("_continue", "_resolve"):
            response = desk.post(address_of(article), conflict | {paragraph: "both", button: "x"})
            assert "Say why they are not named" in response.content.decode()
            assert typed_in(response)[paragraph] == "both"
        again = typed_in(response) | {f"{row}-anonymity_reason": "for fear of reprisal"}
        saved(desk, article, again)
        assert texts(article)[0].count("The council met") == 2

    def test_a_third_save_meanwhile_is_merged_in_the_same_way(
        self, desk: Client, article: Article, managing_editor: User, conflict: dict[str, Any]
    ) -> None:
        headline, paragraph = choices_in(conflict)
        theirs = by(ONE, "Monday", "Sunday")
        save_as(managing_editor, article, theirs, SAID, by(TWO, "Friday", "Thursday"), CARD)
        message = saved(desk, article, conflict | {headline: "theirs", paragraph: "both"})
        assert "Maya Managing changed paragraph 1 of text 2." in message
        assert now(article).headline == "Council, by them"
        assert texts(article)[0].count("The council met") == 2
        assert "Thursday" in texts(article)[2]

    def test_and_where_it_conflicts_again_the_choices_made_are_kept(
        self, desk: Client, article: Article, managing_editor: User, conflict: dict[str, Any]
    ) -> None:
        headline, paragraph = choices_in(conflict)
        save_as(managing_editor, article, dek="Dek, by them")
        response = sent(desk, article, conflict | {headline: "theirs", paragraph: "both"})
        (choice,) = response.context["conflict_panel"].conflicts
        assert choice.place == "Dek"
        again = typed_in(response)
        assert again["headline"] == "Council, by them"
        saved(desk, article, again | {choice.name: "theirs"})
        story = now(article)
        assert (story.headline, story.dek) == ("Council, by them", "Dek, by them")
        assert texts(article)[0].count("The council met") == 2

    @pytest.mark.parametrize("broken", ["nonsense", "", "x" * 5000])
    def test_choices_that_did_not_arrive_whole_leave_what_was_typed(
        self, desk: Client, article: Article, conflict: dict[str, Any], broken: str
    ) -> None:
        _headline, paragraph = choices_in(conflict)
        saved(desk, article, conflict | {paragraph: "both", "dispute": broken})
        assert texts(article)[0] == by(ONE, "Monday", "Tuesday").text

    def test_choices_of_another_base_are_not_carried_out(
        self, desk: Client, article: Article, managing_editor: User, conflict: dict[str, Any]
    ) -> None:
        _headline, paragraph = choices_in(conflict)
        save_as(managing_editor, article, dek="It sat.")
        response = sent(desk, article, conflict | {paragraph: "both", "base": "3"})
        assert response.status_code == 302
        assert texts(article)[0] == by(ONE, "Monday", "Tuesday").text

    def test_a_section_and_its_name_are_chosen_together(
        self, desk: Client, article: Article, managing_editor: User
    ) -> None:
        ours, theirs = make_section("labor", "Labor"), make_section("science", "Science")
        mine = opened(desk, article) | {"section": ours.pk}
        save_as(managing_editor, article, section=theirs.pk)
        response = sent(desk, article, mine)
        (choice,) = response.context["conflict_panel"].conflicts
        assert (choice.place, choice.anchor) == ("Section", "id_section")
        assert [plain(str(each)) for each in (choice.readings[0].theirs, choice.readings[0].mine)] == [
            "Science",
            "Labor",
        ]
        saved(desk, article, typed_in(response) | {choice.name: "theirs", "dek": "More"})
        assert (now(article).section, now(article).section_name) == ("science", "Science")

    def test_another_persons_dispute_is_none_of_ones_own(
        self, article: Article, managing_editor: User, conflict: dict[str, Any]
    ) -> None:
        _headline, paragraph = choices_in(conflict)
        other = signed_in(managing_editor)
        saved(other, article, conflict | {paragraph: "both"})
        assert texts(article)[0] == by(ONE, "Monday", "Tuesday").text

    def test_what_others_changed_elsewhere_is_reported_with_the_conflict(
        self, desk: Client, article: Article, managing_editor: User
    ) -> None:
        mine = opened(desk, article) | {"headline": "Council, by me"}
        save_as(managing_editor, article, ONE, SAID, by(TWO, "Friday", "Thursday"), CARD, headline="By them")
        response = sent(desk, article, mine)
        assert "Maya Managing changed paragraph 1 of text 2." in plain(response.content.decode())


class TestDeletions:
    def conflict(self, desk: Client, article: Article, user: User) -> dict[str, Any]:
        """Return the form after a conflict in which the others deleted the edited text."""
        mine = opened(desk, article)
        mine[f"{row_of(mine, TWO.key)}-text"] = "<p>A vote, by me.</p>"
        save_as(user, article, ONE, SAID, CARD)
        response = sent(desk, article, mine)
        (choice,) = response.context["conflict_panel"].conflicts
        assert [option.label for option in choice.options] == [
            "Keep it, as you have it",
            "Let it go, as they did",
        ]
        assert (choice.place, choice.who) == ("Text 2", "Maya Managing")
        return typed_in(response)

    def test_the_text_that_they_deleted_and_i_edited_is_kept(
        self, desk: Client, article: Article, managing_editor: User
    ) -> None:
        saved(desk, article, self.conflict(desk, article, managing_editor))
        assert texts(article)[2] == "<p>A vote, by me.</p>"
        assert now(article).blocks[2].key == TWO.key

    def test_or_let_go(self, desk: Client, article: Article, managing_editor: User) -> None:
        data = self.conflict(desk, article, managing_editor)
        (name,) = choices_in(data)
        saved(desk, article, data | {name: "theirs", "dek": "Dek, by me"})
        assert now(article).blocks == (ONE, SAID, CARD)

    def test_the_text_that_i_deleted_and_they_edited_comes_back_where_it_is_chosen(
        self, desk: Client, article: Article, managing_editor: User
    ) -> None:
        mine = opened(desk, article)
        mine[f"{row_of(mine, TWO.key)}-DELETE"] = "on"
        theirs = by(TWO, "Friday", "Sunday")
        save_as(managing_editor, article, ONE, SAID, theirs, CARD)
        response = sent(desk, article, mine)
        (choice,) = response.context["conflict_panel"].conflicts
        assert [option.label for option in choice.options] == [
            "Leave it out, as you did",
            "Take it back, as they have it",
        ]
        saved(desk, article, typed_in(response) | {choice.name: "theirs"})
        assert now(article).blocks == (ONE, SAID, theirs, CARD)

    def test_a_form_whose_every_part_vanished_meanwhile_is_no_crash(
        self, desk: Client, editor: User, managing_editor: User
    ) -> None:
        full = wanted(
            "Whole",
            ONE,
            bylines=(byline(make_author()),),
            comment_requests=(request(),),
            update_notes=(note(), note("Another.")),
        )
        article = begin(full, user=editor)
        mine = opened(desk, article)
        mine[f"{row_of(mine, ONE.key)}-text"] = "<p>By me.</p>"
        mine["commentrequest_set-0-party"] = "By me"
        mine["byline_set-0-credited_as"] = "By me"
        mine["updatenote_set-0-text"] = "By me."
        save_as(
            managing_editor,
            article,
            text("<p>Other.</p>"),
            bylines=(),
            comment_requests=(),
            update_notes=(),
        )
        response = sent(desk, article, mine)
        assert [each.place for each in response.context["conflict_panel"].conflicts] == [
            "Text 1",
            "Byline 1, credited as",
            "Comment request 1, who is asked",
            "Update note 1, text",
        ]
        saved(desk, article, typed_in(response))
        story = now(article)
        assert story.bylines[0].credited_as == "By me"
        assert story.comment_requests[0].party == "By me"
        assert story.update_notes[0].text == "By me."

    def test_a_note_that_amends_one_that_is_gone_is_refused_and_stays_typed(
        self, desk: Client, editor: User, managing_editor: User
    ) -> None:
        amended = note()
        article = begin(wanted("Whole", ONE, update_notes=(amended,)), user=editor)
        mine = opened(desk, article)
        add_row(mine, "updatenote_set", kind="clarification", text="More.", amended=str(amended.key))
        save_as(managing_editor, article, update_notes=())
        response = sent(desk, article, mine)
        assert "The note that it amends is not there." in response.content.decode()
        assert typed_in(response)["updatenote_set-1-text"] == "More."


class TestInWords:
    def test_a_moved_block_is_described_by_its_places(
        self, desk: Client, article: Article, managing_editor: User
    ) -> None:
        mine = opened(desk, article)
        mine[f"{row_of(mine, CARD.key)}-ordering"] = "1"
        save_as(managing_editor, article, ONE, CARD, SAID, TWO)
        response = sent(desk, article, mine)
        (choice,) = response.context["conflict_panel"].conflicts
        (reading,) = choice.readings
        assert (choice.place, reading.label) == ("The order of the blocks", "Link card 1")
        assert (reading.base, reading.theirs, reading.mine) == ("place 4", "place 2", "place 1")
        saved(desk, article, typed_in(response) | {choice.name: "theirs", "dek": "More"})
        assert now(article).blocks == (ONE, CARD, SAID, TWO)

    def test_a_state_is_described_by_its_label(
        self, desk: Client, editor: User, managing_editor: User
    ) -> None:
        asked = request(status=domain.RequestStatus.PENDING)
        article = begin(wanted("Asked", ONE, comment_requests=(asked,)), user=editor)
        mine = opened(desk, article) | {"commentrequest_set-0-status": "declined"}
        save_as(
            managing_editor,
            article,
            comment_requests=(replace(asked, status=domain.RequestStatus.NO_RESPONSE),),
        )
        (choice,) = sent(desk, article, mine).context["conflict_panel"].conflicts
        assert choice.place == "Comment request 1, state"
        (reading,) = choice.readings
        assert "no response" in plain(reading.theirs).lower()
        assert "Declined" in reading.mine or "declined" in reading.mine

    def test_script_in_a_conflict_is_inert(
        self, desk: Client, article: Article, managing_editor: User
    ) -> None:
        script = "<script>alert(1)</script>"
        mine = opened(desk, article) | {"headline": f"Mine {script}", "dek": "<b>Mine</b>"}
        save_as(managing_editor, article, headline=f"Theirs {script}", dek="<b>Theirs</b>")
        content = sent(desk, article, mine).content.decode()
        panel = content.split('class="conflicts"')[1].split("</section>")[0]
        assert "alert" in panel
        assert "<script" not in panel
        assert "<b>" not in panel


class TestAFix:
    @pytest.fixture
    def live(self, article: Article, editor: User) -> Article:
        go_live(article, user=editor)
        return article

    def conflict(self, desk: Client, article: Article, editor: User) -> dict[str, Any]:
        typed = typed_in(desk.get(page("fix", article)))
        typed[f"{row_of(typed, ONE.key)}-text"] = by(ONE, "Monday", "Tuesday").text
        typed |= {"headline": "Council, by me"}
        added = (note("The day was wrong.", domain.NoteKind.CORRECTION),)
        save_as(
            editor,
            article,
            by(ONE, "Monday", "Sunday"),
            SAID,
            TWO,
            CARD,
            headline="Council, by them",
            update_notes=added,
        )
        go_live(article, user=editor, at=timezone.now())
        response = desk.post(page("fix", article), typed | {"_review": "Review"})
        assert "touches the same words" in response.content.decode()
        return typed_in(response)

    def test_the_choice_goes_into_the_review(self, desk: Client, live: Article, editor: User) -> None:
        data = self.conflict(desk, live, editor)
        headline, paragraph = choices_in(data)
        chosen = data | {headline: "theirs", paragraph: "both", "_review": "Review"}
        review = typed_in(desk.post(page("fix", live), chosen))
        done = send(desk, "fix", live, review | {"kind": "update", "text": "More is known."})
        assert "is live." in done.content.decode()
        assert now(live).headline == "Council, by them"
        assert texts(live)[0].count("The council met") == 2
        assert Publication.objects.filter(article=live).count() == 3

    def test_and_can_be_seen_before(self, desk: Client, live: Article, editor: User) -> None:
        data = self.conflict(desk, live, editor)
        headline, _paragraph = choices_in(data)
        response = desk.post(page("fix", live), data | {headline: "theirs", "_resolve": "1"})
        assert "You are fixing what readers see now" in response.content.decode()
        assert typed_in(response)["headline"] == "Council, by them"

    def test_typing_over_a_choice_is_reported_there_too(
        self, desk: Client, live: Article, editor: User
    ) -> None:
        data = self.conflict(desk, live, editor)
        headline, _paragraph = choices_in(data)
        typed = data | {headline: "theirs", "headline": "Typed since", "_review": "Review"}
        response = desk.post(page("fix", live), typed)
        assert "You typed here since this was shown" in response.content.decode()
        assert typed_in(response)["headline"] == "Typed since"
