"""Story statuses, by which lists and feeds choose, agree with the journals, or are reported."""

from __future__ import annotations

import pytest

from stories.models import Article
from stories.queries.verification import Kind, Verification
from tests.tampering import execute, tampered

TAMPERINGS = {
    "discarded": (
        "UPDATE stories_storystatus SET discarded = true",
        "says otherwise than its journals: discarded.",
    ),
    "withdrawn": (
        "UPDATE stories_storystatus SET withdrawn = NOT withdrawn",
        "otherwise than its journals: withdrawn.",
    ),
    "never published": (
        "UPDATE stories_storystatus SET first_live_from = NULL, publications = 0",
        "says otherwise than its journals: publications, first_live_from.",
    ),
    "edited by another": (
        "UPDATE stories_storystatus SET edited_by = 'Eve'",
        "than its journals: edited_by.",
    ),
    "gone": ("DELETE FROM stories_storystatus", "is not there: lists and feeds leave the story out."),
}


@pytest.mark.parametrize(("statement", "said"), TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_a_story_status_that_hides_a_story_is_named(article: Article, statement: str, said: str) -> None:
    with tampered():
        execute(statement)
        (message,) = [str(finding) for finding in Verification() if finding.kind is Kind.DESK_CARD]
    assert message.startswith(f"The story’s status of story {article.pk} (in stories_storystatus) ")
    assert said in message
