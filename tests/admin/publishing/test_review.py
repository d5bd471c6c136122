"""The review page: what would change, how much it weighs, one text, and what is refused beside its field."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from stories.domain.snapshot import NoteKind, RequestStatus
from stories.models import Article, Embargo, Publication, Revision, User
from stories.queries.story.snapshots import working_snapshot
from tests.admin.reviewing import errors_of, messages_of, on, page, review, reword, send
from tests.admin.typing import opened, sent, typed_in
from tests.factories import (
    begin,
    byline,
    change,
    go_live,
    make_author,
    make_section,
    minutes,
    note,
    quote,
    request,
    signed_in,
    text,
    wanted,
)

pytestmark = pytest.mark.django_db

WORDS = "<p>The council met on Monday and counted 12 people in the old hall.</p>"
SAID = "<p>We recieve your letters.</p>"


@pytest.fixture
def article(editor: User) -> Article:
    """Return a live story of a paragraph and a quote."""
    article = begin(wanted("Council", text(WORDS), quote(SAID), slug="council"), user=editor)
    go_live(article, user=editor)
    return article


# -------------------------------------------------------------------------------------- a first publication


def test_a_first_publication_asks_whether_requests_and_sources_are_as_the_page_says(
    desk: Client, editor: User
) -> None:
    source = quote(
        SAID, speaker="", anonymous=True, description="an employee", anonymity_reason="for fear of reprisal"
    )
    article = begin(wanted("Council", source, comment_requests=(request("Corvid Systems"),)), user=editor)
    html = desk.get(page("publish", article)).content.decode()
    assert "an employee" in html
    assert "for fear of reprisal" in html
    assert "Corvid Systems" in html.split("The page says:")[1].split("</q>")[0]
    response = review(desk, article)
    assert "tick this" in errors_of(response, "confirmed")
    assert not Publication.objects.exists()
    response = review(desk, article, confirmed="on")
    assert "Version 1 is live." in response.content.decode()
    assert Publication.objects.get().publication_class == "first"


def test_a_first_publication_lists_what_is_still_missing(desk: Client, editor: User) -> None:
    bare = begin(
        wanted(
            "Council", quote("<p>We hear &amp; see you.</p>", speaker=""), quote(SAID, speaker="Ada Bell")
        ),
        user=editor,
    )
    html = desk.get(page("publish", bare)).content.decode()
    missing = html.split("Still missing")[1].split("</ul>")[0]
    assert "No byline" in missing
    assert "No section" in missing
    assert missing.count("A quote without a speaker") == 1
    assert "“We hear &amp; see you.”" in missing

    signed = wanted("Council 2", section=make_section().slug, bylines=(byline(make_author()),))
    complete = begin(signed, user=editor)
    assert "Still missing" not in desk.get(page("publish", complete)).content.decode()


# ---------------------------------------------------------------------------------------------- the measure


def test_the_page_shows_the_words_and_the_measure_with_its_reasons(
    desk: Client, editor: User, article: Article
) -> None:
    reword(article, editor, "12 people", "21 people")
    html = desk.get(page("publish", article))
    content = html.content.decode()
    assert "12" in content.split("<del>")[1].split("</del>")[0]
    assert "A change of substance." in content
    assert [reason.label for reason in html.context["review"].reasons] == ["A figure"]


def test_the_page_asks_few_questions_of_the_database(
    desk: Client, editor: User, article: Article, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        reword(article, editor, "Monday" if not number else f"day {number}", f"day {number + 1}")
    with django_assert_max_num_queries(40):
        desk.get(page("publish", article))


# ------------------------------------------------------------------------------- one text, and what it is


def test_one_text_is_the_note_the_reason_and_the_line_of_history(
    desk: Client, editor: User, article: Article
) -> None:
    change(article, user=editor, dek="A line more.")
    response = review(desk, article, kind="update", text="We added what the council decided.")
    assert "is live." in response.content.decode()
    publication = Publication.objects.latest("pk")
    assert publication.publication_class == "noted"
    assert publication.reason == publication.revision.reason == "We added what the council decided."
    assert [each.text for each in publication.notes.all()] == ["We added what the council decided."]


def test_a_misspelt_quote_proposes_a_transcription_and_asks_for_its_source(
    desk: Client, editor: User, article: Article
) -> None:
    reword(article, editor, "recieve", "receive", block=1)
    typed = typed_in(desk.get(page("publish", article)))
    assert typed["kind"] == "transcription"
    assert "Dana Whitlock" in typed["text"]
    response = review(desk, article)
    assert "Name the source" in errors_of(response, "source")
    response = review(desk, article, source="the official transcript")
    assert Publication.objects.latest("pk").source == "the official transcript"


def test_an_answer_that_came_proposes_its_note(desk: Client, editor: User) -> None:
    asked = request("Corvid Systems")
    article = begin(wanted("Council", text(WORDS), slug="council", comment_requests=(asked,)), user=editor)
    go_live(article, user=editor)
    block = working_snapshot(article).blocks[0]
    answered = request(
        "Corvid Systems", key=asked.key, status=RequestStatus.RECEIVED, responded_at=minutes(9)
    )
    answer_block = quote("<p>We disagree with all of it.</p>", speaker="Corvid Systems")
    change(article, user=editor, blocks=(block, answer_block), comment_requests=(answered,))
    typed = typed_in(desk.get(page("publish", article)))
    assert typed["kind"] == "comment-added"
    assert typed["text"] == "A comment from Corvid Systems was added."


def test_a_note_without_words_is_refused_beside_the_text(
    desk: Client, editor: User, article: Article
) -> None:
    change(article, user=editor, dek="A line more.")
    response = review(desk, article, kind="update", text=" ")
    assert "Tell readers what changed" in errors_of(response, "text")


def test_without_a_kind_the_refusal_stands_beside_it_and_what_was_typed_stays(
    desk: Client, editor: User, article: Article
) -> None:
    reword(article, editor, "12 people", "21 people")
    response = review(desk, article, cause="moved-on", text="The clerk called back.", source="The clerk")
    assert "Readers would not be told of this change" in errors_of(response, "kind")
    assert typed_in(response)["text"] == "The clerk called back."
    assert typed_in(response)["cause"] == "moved-on"
    assert Publication.objects.count() == 1


def test_minor_is_refused_for_a_change_of_substance_and_an_override_is_offered_to_who_may(
    desk: Client, editor: User, managing_editor: User, article: Article
) -> None:
    change(article, user=editor, headline="Council and mayor")
    response = review(desk, article, kind="minor", text="Nothing much.")
    assert "change of substance" in errors_of(response, "kind")
    assert 'value="override"' not in response.content.decode()
    response = review(desk, article, kind="override", text="Because.")
    assert "not yours to choose" in errors_of(response, "kind")
    maya = signed_in(managing_editor)
    response = review(maya, article, kind="minor", text="Nothing much.")
    assert 'value="override"' in response.content.decode()
    review(maya, article, kind="override", text="The court ordered it; no note may name it.")
    assert Publication.objects.latest("pk").publication_class == "override"


def test_a_changed_figure_asks_what_happened_and_being_wrong_needs_a_correction(
    desk: Client, editor: User, article: Article
) -> None:
    reword(article, editor, "12 people", "21 people")
    typed = typed_in(desk.get(page("publish", article)))
    assert "12 people" in typed["was"]
    assert "21 people" in typed["now"]
    response = review(desk, article, kind="update", text="It was 21.")
    assert "an error of ours" in errors_of(response, "cause")
    response = review(desk, article, kind="update", text="It was 21.", cause="wrong")
    assert "owed a correction" in errors_of(response, "cause")
    review(desk, article, kind="correction", text="21 people came, not 12.", cause="wrong", was="")
    (correction,) = Publication.objects.latest("pk").notes.all()
    assert (correction.kind, correction.was) == ("correction", "")
    assert "21 people" in correction.now


def test_a_typo_is_greyed_where_it_would_be_refused_and_offered_where_it_is_one(
    desk: Client, editor: User, article: Article
) -> None:
    kind = '<input type="radio" name="kind" value="typo"'
    reword(article, editor, "recieve", "receive", block=1)
    slip = desk.get(page("publish", article)).content.decode()
    assert "disabled" not in slip.split(kind)[1].split(">")[0]
    assert "Typo fixed" in slip
    reword(article, editor, "We receive", "We shred", block=1)
    more = desk.get(page("publish", article)).content.decode()
    assert "disabled" in more.split(kind)[1].split(">")[0]
    assert "Typo fixed (not possible here: more changed than a typo)" in more


def disabled_kinds(client: Client, article: Article) -> set[str]:
    """Return the kinds that the review page disables."""
    html = client.get(page("publish", article)).content.decode()
    inputs = re.findall(r'<input type="radio" name="kind" value="([^"]+)"([^>]*)>', html)
    return {value for value, rest in inputs if "disabled" in rest}


@pytest.mark.parametrize(
    ("old", "new", "block", "impossible"),
    [
        ("12 people", "21 people", 0, {"typo", "minor", "transcription"}),
        ("recieve", "receive", 1, {"minor"}),
        ("Monday and", "Monday, and", 0, {"transcription"}),
    ],
)
def test_what_the_gate_would_refuse_is_greyed_and_nothing_else(
    desk: Client, editor: User, article: Article, old: str, new: str, block: int, impossible: set[str]
) -> None:
    reword(article, editor, old, new, block=block)
    assert disabled_kinds(desk, article) == impossible
    for kind in ("typo", "minor", "transcription"):
        response = review(desk, article, kind=kind, text="Two words.", source="The tape.", cause="moved-on")
        assert (response.context.get("form") is not None) == (kind in impossible), kind
        if kind not in impossible:
            break


def test_with_a_note_of_its_own_nothing_is_refused_for_what_it_is_called(
    desk: Client, editor: User, article: Article
) -> None:
    reword(article, editor, "12 people", "21 people", update_notes=(note("21 people came."),))
    assert disabled_kinds(desk, article) == {"typo"}


def test_a_slug_that_was_taken_since_is_said_before_the_last_click(
    desk: Client, editor: User, article: Article
) -> None:
    first = begin(wanted("A draft", text(WORDS), slug="harrow"), user=editor)
    other = begin(wanted("Harrow bridge", text(WORDS), slug="harrow"), user=editor)
    assert "stays the story’s for ever" in desk.get(page("publish", first)).content.decode()
    go_live(other, user=editor)
    html = desk.get(page("publish", first)).content.decode()
    assert "Its address “harrow” is that of another story, “Harrow bridge”, for ever." in html
    assert f'<a href="/admin/stories/article/{first.pk}/change/#id_slug">' in html
    assert "stays the story’s for ever" not in html


def test_several_notes_go_out_at_once(desk: Client, editor: User, article: Article) -> None:
    change(article, user=editor, dek="A line more.")
    more = {"note-0-kind": "typo", "note-0-text": "A name was misspelt.", "note-0-was": "", "note-0-now": ""}
    review(desk, article, kind="update", text="We added a line.", **more)
    notes = Publication.objects.latest("pk").notes.all()
    assert [(each.kind, each.text) for each in notes] == [
        ("update", "We added a line."),
        ("typo", "A name was misspelt."),
    ]


def test_notes_that_the_story_holds_already_count_too(desk: Client, editor: User, article: Article) -> None:
    change(
        article, user=editor, dek="A line more.", update_notes=(note("A line was added.", NoteKind.UPDATE),)
    )
    html = desk.get(page("publish", article))
    assert "A line was added." in html.content.decode()
    assert typed_in(html)["kind"] == "in-story"
    review(desk, article)
    publication = Publication.objects.latest("pk")
    assert publication.publication_class == "noted"
    assert [each.text for each in publication.notes.all()] == ["A line was added."]


# ----------------------------------------------------------------------------------------------------- when


def test_it_is_scheduled_and_the_page_says_so(desk: Client, editor: User) -> None:
    article = begin(user=editor)
    tomorrow = timezone.now() + timedelta(days=1)
    response = review(desk, article, confirmed="on", when="later", **on(tomorrow, "live_from"))
    assert "Revision 1 is scheduled" in response.content.decode()
    assert not Publication.objects.live(at=timezone.now()).exists()


def test_a_time_is_asked_for_and_a_past_one_refused_beside_it(desk: Client, editor: User) -> None:
    article = begin(user=editor)
    response = review(desk, article, confirmed="on", when="later")
    assert "Say on which day" in errors_of(response, "live_from")
    response = review(
        desk, article, confirmed="on", when="later", **on(minutes(0) - timedelta(9000), "live_from")
    )
    assert "is past" in errors_of(response, "live_from")
    assert not Publication.objects.exists()


def test_an_embargo_typed_here_is_set_with_the_publication(desk: Client, editor: User) -> None:
    article = begin(user=editor)
    end = on((timezone.now() + timedelta(days=2)).replace(microsecond=0), "live_from")
    response = review(desk, article, confirmed="on", when="embargo", **end)
    assert "to whom" in errors_of(response, "promised")
    assert not Embargo.objects.exists()
    review(desk, article, confirmed="on", when="embargo", promised="The museum", **end)
    embargo, publication = Embargo.objects.get(), Publication.objects.get()
    assert (embargo.reason, embargo.until) == ("The museum", publication.live_from)


def test_a_refused_publication_sets_no_embargo(desk: Client, editor: User, article: Article) -> None:
    change(article, user=editor, headline="Council and mayor")
    end = on(timezone.now() + timedelta(days=2), "live_from")
    review(desk, article, kind="minor", text="No.", when="embargo", promised="The museum", **end)
    assert not Embargo.objects.exists()


# ----------------------------------------------------------------------------------------- changed meanwhile


def test_a_story_saved_meanwhile_is_shown_again_with_everything_typed(
    desk: Client, editor: User, reporter: User, article: Article
) -> None:
    change(article, user=editor, dek="A line more.")
    typed = typed_in(desk.get(page("publish", article))) | {"kind": "update", "text": "We added a line."}
    change(article, user=editor, dek="A line more, and more.")
    response = send(desk, "publish", article, typed)
    assert Publication.objects.count() == 1
    assert "Emil Editor saved revision 3 while you were reviewing" in response.content.decode()
    again = typed_in(response)
    assert (again["kind"], again["text"], again["revision"]) == ("update", "We added a line.", "3")
    send(desk, "publish", article, again)
    assert Publication.objects.latest("pk").revision.number == 4


def test_what_was_reviewed_is_published_if_the_editor_chooses_it(
    desk: Client, editor: User, article: Article
) -> None:
    change(article, user=editor, dek="Ready.")
    typed = typed_in(desk.get(page("publish", article))) | {"kind": "update", "text": "We added a line."}
    change(article, user=editor, dek="Not ready yet.")
    again = typed_in(send(desk, "publish", article, typed))
    send(desk, "publish", article, again | {"revision": "2"})
    publication = Publication.objects.latest("pk")
    assert publication.card.dek == "Ready."
    assert working_snapshot(Article.objects.get(pk=article.pk)).dek == "Not ready yet."


def test_a_version_that_went_live_meanwhile_is_said_too(
    desk: Client, editor: User, managing_editor: User, article: Article
) -> None:
    change(article, user=editor, dek="One.")
    typed = typed_in(desk.get(page("publish", article))) | {"kind": "update", "text": "We added a line."}
    review(signed_in(managing_editor), article, kind="update", text="Added by another.")
    change(article, user=editor, dek="Two.")
    response = send(desk, "publish", article, typed)
    assert "Another version went live while you were reviewing" in response.content.decode()
    assert typed_in(response)["text"] == "We added a line."
    assert Publication.objects.count() == 2


def test_there_is_nothing_to_publish_where_all_is_live(desk: Client, article: Article) -> None:
    assert "There is nothing to publish" in desk.get(page("publish", article)).content.decode()


def test_who_may_not_publish_is_turned_away(editor: User, reporter: User, auditor: User) -> None:
    article = begin(user=reporter)
    for person in (reporter, auditor):
        client = signed_in(person)
        assert client.get(page("publish", article)).status_code == 403
        assert (
            client.post(page("publish", article), {"step": "publish", "confirmed": "on"}).status_code == 403
        )
    assert not Publication.objects.exists()


def test_the_form_says_that_a_revision_waits(desk: Client, article: Article) -> None:
    sent(desk, article, opened(desk, article) | {"dek": "A line more."})
    content = desk.get(page("change", article)).content.decode()
    assert "1 edit since is not" in content
    assert Revision.objects.filter(article=article).count() == 2
    assert messages_of(desk.get(page("change", article))) == ""
