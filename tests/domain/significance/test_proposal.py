"""What the review page proposes before anybody types."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from stories.domain.diff.compare import diff
from stories.domain.significance.measure import measure
from stories.domain.significance.proposal import Proposal, ProposedSentence, Sentence, WasNow, propose
from stories.domain.snapshot import (
    Block,
    CommentRequest,
    NoteKind,
    QuoteBlock,
    RequestStatus,
    StorySnapshot,
    TextBlock,
)

LAST = "<p>We’ve asked Corvid Systems and the Liberty Union for comment and will update if we hear back.</p>"
SHORTER = "<p>We’ve asked Corvid Systems for comment and will update if we hear back.</p>"
CORVID = CommentRequest(key=UUID(int=11), party="Corvid Systems")
UNION = CommentRequest(key=UUID(int=12), party="Liberty Union")
SAID = "<p>We recieve every objection, and we anser it.</p>"


def paragraph(sentence: str, number: int = 1) -> TextBlock:
    return TextBlock(key=UUID(int=number), text=f"<p>It was a long day in the town. {sentence}</p>")


def story(*blocks: Block, requests: tuple[CommentRequest, ...] = ()) -> StorySnapshot:
    return StorySnapshot(headline="Council hears objections", blocks=blocks, comment_requests=requests)


def proposed(old: StorySnapshot, new: StorySnapshot) -> Proposal:
    found = diff(old, new)
    return propose(old, new, found, measure(found))


def in_text(old: str, new: str) -> Proposal:
    return proposed(story(paragraph(old)), story(paragraph(new)))


def quote(text: str = SAID, speaker: str = "Dana Whitlock", number: int = 2) -> QuoteBlock:
    return QuoteBlock(key=UUID(int=number), text=text, speaker=speaker)


def test_nothing_is_offered_where_nothing_changed() -> None:
    assert in_text("They met.", "They met.") == Proposal()


def test_an_answer_whose_words_are_in_the_story_is_a_comment_added() -> None:
    old = story(paragraph("They met."), TextBlock(key=UUID(int=3), text=LAST), requests=(CORVID, UNION))
    new = story(
        paragraph("They met."),
        quote("<p>This watches everyone.</p>", "Ruth Abara"),
        TextBlock(key=UUID(int=3), text=SHORTER),
        requests=(CORVID, replace(UNION, status=RequestStatus.RECEIVED)),
    )
    assert proposed(old, new) == Proposal(
        note_kind=NoteKind.COMMENT_ADDED,
        text=(ProposedSentence(sentence=Sentence.COMMENT_ADDED, params={"party": "Liberty Union"}),),
    )


def test_an_answer_in_a_new_paragraph_is_a_comment_added_too() -> None:
    old = story(paragraph("They met."), requests=(UNION,))
    new = story(
        paragraph("They met."),
        paragraph("The union calls it a threat to all of them.", 4),
        requests=(replace(UNION, status=RequestStatus.RECEIVED),),
    )
    assert proposed(old, new).note_kind is NoteKind.COMMENT_ADDED


def test_an_answer_of_which_nothing_is_in_the_story_is_not() -> None:
    old = story(paragraph("They met."), requests=(UNION,))
    new = story(paragraph("They met."), requests=(replace(UNION, status=RequestStatus.RECEIVED),))
    assert proposed(old, new) == Proposal(note_kind=NoteKind.UPDATE)


def test_a_party_that_declines_is_reported_with_its_own_sentence() -> None:
    old = story(paragraph("They met."), requests=(UNION,))
    new = story(paragraph("They met."), requests=(replace(UNION, status=RequestStatus.DECLINED),))
    assert proposed(old, new).text == (
        ProposedSentence(sentence=Sentence.COMMENT_DECLINED, params={"party": "Liberty Union"}),
    )


def test_a_request_that_readers_do_not_see_is_not_reported() -> None:
    hidden = replace(UNION, shown=False)
    old = story(paragraph("They met."), requests=(hidden,))
    new = story(paragraph("They met."), requests=(replace(hidden, status=RequestStatus.DECLINED),))
    assert proposed(old, new) == Proposal()


def test_a_figure_changed_next_to_an_answer_still_asks_what_happened() -> None:
    old = story(paragraph("They sold 12 cameras."), requests=(UNION,))
    new = story(
        paragraph("They sold 21 cameras."), quote(), requests=(replace(UNION, status=RequestStatus.RECEIVED),)
    )
    found = proposed(old, new)
    assert found.note_kind is NoteKind.COMMENT_ADDED
    assert found.asks_what_happened
    assert found.corrections == (WasNow(was="sold 12 cameras", now="sold 21 cameras"),)


def test_misspellings_in_a_quote_are_a_transcription() -> None:
    right = SAID.replace("recieve", "receive").replace("anser", "answer")
    assert proposed(story(quote()), story(quote(right))) == Proposal(
        note_kind=NoteKind.TYPO,
        publication_class="transcription",
        text=(
            ProposedSentence(
                sentence=Sentence.SPELLING_IN_QUOTE, params={"speaker": "Dana Whitlock", "count": "2"}
            ),
        ),
    )


def test_misspellings_of_two_speakers_name_neither() -> None:
    right = SAID.replace("recieve", "receive")
    old = story(quote(), quote(speaker="Ann Lee", number=5))
    new = story(quote(right), quote(right, speaker="Ann Lee", number=5))
    (sentence,) = proposed(old, new).text
    assert sentence.params == {"speaker": "", "count": "2"}


def test_a_misspelling_in_the_running_text_is_minor_or_a_typo_note() -> None:
    found = in_text("They recieve a letter.", "They receive a letter.")
    assert (found.note_kind, found.publication_class) == (NoteKind.TYPO, "minor")
    assert found.text == (
        ProposedSentence(sentence=Sentence.SPELLING, params={"old": "recieve", "new": "receive"}),
    )


def test_several_misspellings_are_counted() -> None:
    (sentence,) = in_text("They recieve teh letter.", "They receive the letter.").text
    assert sentence == ProposedSentence(sentence=Sentence.SPELLINGS, params={"count": "2"})


def test_spacing_alone_is_typography() -> None:
    (sentence,) = in_text("They  met.", "They met.").text
    assert sentence == ProposedSentence(sentence=Sentence.TYPOGRAPHY)


def test_a_few_words_are_minor() -> None:
    found = in_text("They began the talk.", "They started the talk.")
    assert (found.publication_class, found.asks_what_happened) == ("minor", False)


def test_a_changed_figure_asks_what_happened_and_offers_the_correction() -> None:
    found = in_text("The crash caused 12 deaths in the north.", "The crash caused 21 deaths in the north.")
    assert found == Proposal(
        asks_what_happened=True,
        corrections=(WasNow(was="crash caused 12 deaths", now="crash caused 21 deaths"),),
    )


def test_a_changed_name_and_a_changed_speaker_ask_too() -> None:
    assert in_text("They blame Mr Smith.", "They blame Mr Smyth.").corrections == (
        WasNow(was="blame Mr Smith", now="blame Mr Smyth"),
    )
    found = proposed(story(quote()), story(quote(speaker="Ann Lee")))
    assert found.asks_what_happened
    assert found.corrections == (WasNow(was="Dana Whitlock", now="Ann Lee"),)


def test_a_figure_that_only_came_does_not_ask() -> None:
    found = in_text("They sold cameras.", "They sold 12 cameras.")
    assert (found.note_kind, found.publication_class, found.asks_what_happened) == (
        NoteKind.UPDATE,
        "",
        False,
    )


def test_a_new_paragraph_needs_a_note_and_is_an_update() -> None:
    old, new = (
        story(paragraph("They met.")),
        story(paragraph("They met."), paragraph("They left at once.", 4)),
    )
    assert proposed(old, new) == Proposal(note_kind=NoteKind.UPDATE)
