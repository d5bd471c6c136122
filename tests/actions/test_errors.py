"""What an action says when it refuses: sentences for the person who tried."""

from __future__ import annotations

from uuid import uuid4

from stories.actions.errors import ErasedSince, MergeConflict, Problem, PublishRefused, Refused, StoryInvalid
from stories.domain.merge.merge import merge
from tests.factories import text, wanted


def test_every_problem_of_a_story_is_said_with_its_place() -> None:
    refusal = StoryInvalid(
        iter(
            [
                Problem(uuid4(), "speaker", "quote 2", "An anonymous quote carries no name."),
                Problem(None, "headline", "", "It needs a headline."),
            ]
        )
    )
    assert str(refusal) == "quote 2: An anonymous quote carries no name. It needs a headline."
    assert [problem.field for problem in refusal.problems] == ["speaker", "headline"]


def test_a_conflict_says_in_how_many_places_others_changed_the_story() -> None:
    one, two = text("<p>One.</p>"), text("<p>Two.</p>")
    base = wanted("Council", one, two)
    mine = wanted("Council", text("<p>Mine.</p>", key=one.key), text("<p>Mine too.</p>", key=two.key))
    theirs = wanted("Council", text("<p>Theirs.</p>", key=one.key), text("<p>Theirs too.</p>", key=two.key))
    conflicts = merge(base, mine, theirs).conflicts
    assert len(conflicts) == 2
    assert "changed 2 of the same places" in str(MergeConflict(conflicts))
    assert "changed the same place" in str(MergeConflict(conflicts[:1]))


def test_a_refused_publication_names_the_argument_that_has_to_change() -> None:
    assert PublishRefused("Choose a time to come.", about="live_from").about == "live_from"
    assert PublishRefused("It is withdrawn.").about == ""


def test_whoever_catches_a_refusal_catches_all_of_them() -> None:
    for refusal in (ErasedSince(), PublishRefused("No."), StoryInvalid([]), MergeConflict([])):
        assert isinstance(refusal, Refused)
