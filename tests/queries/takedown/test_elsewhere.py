"""Corrected words in other stories are found as whole words in every script, and never as a part of a word."""

from __future__ import annotations

import pytest

from stories.models import User
from stories.queries.takedown.elsewhere import stories_containing
from stories.queries.takedown.occurrences import other_stories_with
from tests.factories import begin, go_live, minutes, text, wanted

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "sentence", "other_sentence"),
    [
        ("अनिल", "अनिल ने कहा", "अनिला ने कहा"),
        ("राम", "राम ने कहा", "सीताराम ने कहा"),
        ("王伟", "昨天王伟说", "昨天王韦说"),
        ("मीना", "मीना, बोली", "मीनाक्षी बोली"),
        ("Jo Doe", "as Jo Doe said", "as Jo Doering said"),
    ],
)
def test_other_stories_are_found_by_the_whole_word_alone(
    managing_editor: User, words: str, sentence: str, other_sentence: str
) -> None:
    for number, paragraph in enumerate((sentence, other_sentence)):
        story = wanted(f"Story {number}", text(f"<p>{paragraph}</p>"), slug=f"story-{number}")
        go_live(begin(story, user=managing_editor), user=managing_editor, at=minutes(number))
    for found in (
        stories_containing([words], excluding=0, at=minutes(9)),
        other_stories_with(words, excluding=0, at=minutes(9)),
    ):
        assert [story.slug for story in found] == ["story-0"]
        assert words in found[0].excerpts[0]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Ёлкин", "сказал ЁЛКИН вчера"),
        ("ΝΊΚΟΣ", "είπε ο Νίκος χθες"),
        ("서울", "서울에서 말했다"),
        ("ÉLAN", "with élan"),
    ],
)
def test_other_stories_are_found_in_any_case_and_with_korean_endings_on_both_databases(
    managing_editor: User, words: str, told: str
) -> None:
    go_live(begin(wanted("A story", text(f"<p>{told}</p>")), user=managing_editor), user=managing_editor)
    assert len(stories_containing([words], excluding=0, at=minutes(9))) == 1
