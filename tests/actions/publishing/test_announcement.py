"""No stealth edits: what readers are owed when a live story changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from stories.actions.errors import PublishRefused, Refused
from stories.actions.publishing.developing_mode import start_developing
from stories.actions.publishing.publish import publish
from stories.domain.snapshot import NoteKind
from stories.models import Article, Publication, Revision, User
from stories.models.roles import EDITOR, MANAGING_EDITOR
from stories.queries.publishing.versions import published_notes
from stories.queries.story.snapshots import latest_revision, working_snapshot
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db

AT = make.minutes(10)
FIGURE = "<p>The council said that 12 people had been hurt.</p>"


@pytest.fixture
def emil() -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def article(emil: User) -> Article:
    """A live story with a figure and a quote."""
    words = "<p>We recieve your letters, all of them.</p>"
    article = make.begin(
        make.wanted("Council hears objections", make.text(FIGURE), make.quote(words)), user=emil
    )
    make.go_live(article, user=emil)
    return article


def edit(article: Article, user: User, block: int, old: str, new: str) -> None:
    body = list(working_snapshot(Article.objects.get(pk=article.pk)).blocks)
    body[block] = replace(body[block], text=body[block].text.replace(old, new))  # type: ignore[attr-defined,call-arg]
    make.change(article, user=user, at=make.minutes(5), blocks=tuple(body))


def publish_change(article: Article, user: User, **values: object) -> Publication:
    return publish(article=article, revision=latest_revision(article.pk), user=user, at=AT, **values)  # type: ignore[arg-type]


def test_a_change_of_substance_is_not_minor(article: Article, emil: User) -> None:
    edit(article, emil, 0, "hurt", "hurt, arrested and held overnight without a lawyer")
    with pytest.raises(PublishRefused, match="change of substance"):
        publish_change(article, emil, publication_class="minor", reason="Details")
    assert Publication.objects.count() == 1


def test_a_changed_figure_asks_what_happened(article: Article, emil: User) -> None:
    edit(article, emil, 0, "12", "21")
    note = make.note("The number of people hurt was updated.", NoteKind.UPDATE)
    with pytest.raises(PublishRefused, match="Is that an error of ours, or news since"):
        publish_change(article, emil, notes=[note])
    with pytest.raises(PublishRefused, match="owed a correction"):
        publish_change(article, emil, notes=[note], cause="wrong")
    moved_on = publish_change(article, emil, notes=[note], cause="moved-on")
    assert (moved_on.publication_class, moved_on.cause) == ("noted", "moved-on")


def test_a_correction_answers_for_itself(article: Article, emil: User) -> None:
    edit(article, emil, 0, "12", "21")
    note = make.note("21 people were hurt, not 12.", NoteKind.CORRECTION, was="12", now="21")
    publication = publish_change(article, emil, notes=[note], cause="wrong")
    assert publication.publication_class == "noted"
    assert publication.card.significance == "substantive"


def test_one_text_is_note_reason_and_line_of_history(article: Article, emil: User) -> None:
    edit(article, emil, 0, "hurt", "lightly hurt")
    publication = publish_change(
        article, emil, notes=[make.note("We added how badly people were hurt.", NoteKind.UPDATE)]
    )
    (published,) = published_notes(article.pk, at=AT)
    revision = Revision.objects.get(article=article, number=3)
    assert published.text == publication.reason == revision.reason == "We added how badly people were hurt."
    assert publication.revision == revision
    assert list(Verification()) == []


def test_several_notes_go_out_with_one_publication(article: Article, emil: User) -> None:
    edit(article, emil, 0, "12", "21")
    notes = [make.note("21, not 12.", NoteKind.CORRECTION), make.note("A typo was fixed.")]
    publish_change(article, emil, notes=notes)
    assert [note.text for note in published_notes(article.pk, at=AT)] == ["21, not 12.", "A typo was fixed."]


def test_a_misspelling_in_a_quote_is_a_transcription_once_it_is_checked(article: Article, emil: User) -> None:
    edit(article, emil, 1, "recieve", "receive")
    with pytest.raises(PublishRefused, match="change of substance"):
        publish_change(article, emil, publication_class="minor", reason="Typo")
    with pytest.raises(PublishRefused, match="Name the source"):
        publish_change(article, emil, publication_class="transcription", reason="Typo")
    checked = publish_change(
        article, emil, publication_class="transcription", reason="Typo", source="the official transcript"
    )
    assert (checked.publication_class, checked.source) == ("transcription", "the official transcript")


def test_other_words_in_a_quote_are_no_transcription(article: Article, emil: User) -> None:
    edit(article, emil, 1, "all of them", "some of them")
    with pytest.raises(PublishRefused, match="no transcription"):
        publish_change(
            article, emil, publication_class="transcription", reason="Typo", source="the official transcript"
        )


def test_an_override_is_a_managing_editors_and_says_why(article: Article, emil: User) -> None:
    edit(article, emil, 0, "12", "21")
    with pytest.raises(PermissionDenied, match="Only a managing editor"):
        publish_change(article, emil, publication_class="override", reason="By order of a court")
    maya = make.make_user(MANAGING_EDITOR)
    with pytest.raises(PublishRefused, match="needs a reason"):
        publish_change(article, maya, publication_class="override")
    publication = publish_change(article, maya, publication_class="override", reason="By order of a court")
    assert (publication.publication_class, publication.user_name) == ("override", "Maya Managing")


def test_developing_is_a_class_while_the_mode_is_on_alone(article: Article, emil: User) -> None:
    edit(article, emil, 0, "</p>", " More soon, the council says.</p>")
    with pytest.raises(PublishRefused, match="Developing mode is off"):
        publish_change(
            article, emil, publication_class="developing", reason="The council adds to it", cause="moved-on"
        )
    start_developing(article=article, user=emil, at=make.minutes(1))
    with pytest.raises(PublishRefused, match="needs a reason"):
        publish_change(article, emil, publication_class="developing", cause="moved-on")
    publication = publish_change(
        article, emil, publication_class="developing", reason="The council adds to it", cause="moved-on"
    )
    assert publication.publication_class == "developing"


def test_a_correction_still_is_one_while_a_story_develops(article: Article, emil: User) -> None:
    start_developing(article=article, user=emil, at=make.minutes(1))
    edit(article, emil, 0, "12", "21")
    with pytest.raises(PublishRefused, match="owed a correction"):
        publish_change(article, emil, publication_class="developing", reason="21", cause="wrong")
    note = make.note("21, not 12.", NoteKind.CORRECTION)
    assert publish_change(article, emil, notes=[note]).publication_class == "noted"


@pytest.mark.parametrize(
    "values", [{"publication_class": "noted"}, {"publication_class": "x"}, {"cause": "x"}]
)
def test_what_nobody_can_choose_is_refused(article: Article, emil: User, values: dict[str, str]) -> None:
    edit(article, emil, 0, "12", "21")
    with pytest.raises(PublishRefused, match=r"can’t be chosen|Say which it is"):
        publish_change(article, emil, reason="As agreed", **values)


def test_a_refused_publication_leaves_no_note_behind(article: Article, emil: User) -> None:
    edit(article, emil, 0, "12", "21")
    with pytest.raises(PublishRefused):
        publish_change(article, emil, notes=[make.note("Updated.", NoteKind.UPDATE)])
    assert latest_revision(article.pk) == 2
    assert working_snapshot(Article.objects.get(pk=article.pk)).update_notes == ()


def test_a_typo_is_no_name_for_a_changed_figure(article: Article, emil: User) -> None:
    edit(article, emil, 0, "12", "21")
    with pytest.raises(PublishRefused, match="More changed than a typo"):
        publish_change(article, emil, notes=[make.note("Typo fixed.", NoteKind.TYPO)], cause="moved-on")


@pytest.mark.parametrize("nothing", [".", "\u2800"])
def test_a_note_without_a_letter_is_refused(article: Article, emil: User, nothing: str) -> None:
    edit(article, emil, 0, "hurt", "lightly hurt")
    with pytest.raises(Refused, match=r"says in words|cannot be blank"):
        publish_change(article, emil, notes=[make.note(nothing, NoteKind.UPDATE)])


def test_not_even_an_override_hides_that_we_were_wrong(article: Article) -> None:
    maya = make.make_user(MANAGING_EDITOR)
    edit(article, maya, 0, "12", "21")
    with pytest.raises(PublishRefused, match="owed a correction"):
        publish_change(article, maya, publication_class="override", cause="wrong", reason="Never mind")


def test_a_comma_in_somebodys_words_is_checked_too(article: Article, emil: User) -> None:
    edit(article, emil, 1, "letters, all", "letters all")
    with pytest.raises(PublishRefused, match="publish as a transcription"):
        publish_change(article, emil, publication_class="minor", reason="Comma")


def test_a_change_in_running_text_is_no_transcription(article: Article, emil: User) -> None:
    edit(article, emil, 0, "hurt", "lightly hurt")
    with pytest.raises(PublishRefused, match="no transcription"):
        publish_change(
            article, emil, publication_class="transcription", reason="As agreed", source="The minutes"
        )


def test_a_change_of_substance_cut_into_slices_is_still_one(emil: User) -> None:
    slices = [
        "spoke at length",
        "spoke angrily at length",
        "ranted angrily at length",
        "ranted angrily for hours on end",
    ]
    block = make.text(f"<p>The mayor {slices[0]} to the staff.</p>")
    article = make.begin(make.wanted("Slices", block), user=emil)
    make.go_live(article, user=emil)
    for number, words in enumerate(slices[1:3], start=1):
        cut = replace(block, text=f"<p>The mayor {words} to the staff.</p>")
        make.change(article, user=emil, blocks=(cut,))
        make.go_live(article, user=emil, at=make.minutes(number), publication_class="minor", reason="Wording")
    last = replace(block, text=f"<p>The mayor {slices[3]} to the staff.</p>")
    make.change(article, user=emil, blocks=(last,))
    with pytest.raises(PublishRefused, match="Together with the minor versions"):
        make.go_live(article, user=emil, at=make.minutes(9), publication_class="minor", reason="Wording")


NOTHING = {
    "a Hangul filler": "\u3164",
    "a halfwidth Hangul filler": "\uffa0",
    "Hangul jamo fillers": "\u115f\u1160",
    "variation selectors": "\ufe0f\ufe0f",
    "marks alone": "\u0301\u0308",
    "a braille blank": "\u2800",
    "a letter": "x",
    "a raised figure": "¹",
    "a dash": "—",
    "an emoji": "🙂",
    "a word": "Updated.",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_a_note_that_says_nothing_is_no_note(article: Article, emil: User, text: str) -> None:
    edit(article, emil, 0, "hurt", "hurt, and took bribes for nine years")
    with pytest.raises(Refused):
        publish_change(article, emil, notes=[make.note(text, NoteKind.UPDATE)])
    assert Publication.objects.count() == 1


@pytest.mark.parametrize("reason", ["\u3164", "x", "¹", ".", "🙂", "12"])
@pytest.mark.parametrize("chosen", ["minor", "override"])
def test_a_reason_that_says_nothing_is_none(article: Article, chosen: str, reason: str) -> None:
    maya = make.make_user(MANAGING_EDITOR)
    edit(article, maya, 0, "hurt", "lightly hurt")
    with pytest.raises(PublishRefused, match="needs a reason"):
        publish_change(article, maya, publication_class=chosen, reason=reason)


def test_a_source_that_says_nothing_is_none(article: Article, emil: User) -> None:
    edit(article, emil, 1, "recieve", "receive")
    with pytest.raises(PublishRefused, match="Name the source"):
        publish_change(article, emil, publication_class="transcription", reason="Typo", source="\u3164x")


@pytest.mark.parametrize(
    "change",
    [
        {"headline": "Council rejects objections"},
        {"blocks": (make.text(FIGURE), make.quote("<p>We lied to you, and I regret it.</p>"))},
        {
            "blocks": (
                make.text(FIGURE),
                make.quote("<p>We recieve your letters, all of them.</p>", speaker="Ada Moss"),
            )
        },
        {"comment_requests": (make.request("Corvid Systems", sentence="Corvid hung up on us."),)},
        {"dek": "Another line altogether"},
    ],
    ids=["headline", "quote", "speaker", "request", "dek"],
)
def test_a_typo_is_no_name_for_what_is_more_than_a_slip(
    article: Article, emil: User, change: dict[str, Any]
) -> None:
    make.change(article, user=emil, at=make.minutes(5), **change)
    with pytest.raises(PublishRefused, match="More changed than a typo"):
        publish_change(article, emil, notes=[make.note("Fixed a typo.", NoteKind.TYPO)], cause="moved-on")
    assert Publication.objects.count() == 1


def test_a_slip_is_a_typo(article: Article, emil: User) -> None:
    edit(article, emil, 1, "recieve", "receive")
    publish_change(article, emil, notes=[make.note("Fixed a typo.", NoteKind.TYPO)])
    assert Publication.objects.count() == 2
