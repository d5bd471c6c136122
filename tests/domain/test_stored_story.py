"""A story comes back from its stored form as it was."""

from __future__ import annotations

import json

from hypothesis import given

from stories.domain.snapshot import StorySnapshot
from stories.domain.stored_story import read_story, stored_story
from stories.domain.text.mask import NOTHING
from tests.domain.strategies import stories


@given(stories())
def test_any_story_comes_back_as_it_was(story: StorySnapshot) -> None:
    public = story.public(withheld=NOTHING)
    assert read_story(stored_story(public)) == public


@given(stories())
def test_words_are_stored_as_they_are_written(story: StorySnapshot) -> None:
    """So that a search through the tables for erased words would find them."""
    public = story.public(withheld=NOTHING)
    text = stored_story(public)
    assert json.dumps(public.headline, ensure_ascii=False) in text
