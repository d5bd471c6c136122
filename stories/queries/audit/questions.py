"""Find auditors' questions that wait for an answer."""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from stories.models import Answer, Question

# How many questions the desk's front page lists.
MOST_LISTED: Final = 8


def open_questions() -> QuerySet[Question]:
    """Return the questions without an answer, the longest waiting first."""
    answers = Answer.objects.filter(question=OuterRef("pk"))
    return Question.objects.filter(~Exists(answers)).select_related("article").order_by("pk")


def questions_for(user_id: int, *, of_the_desk: bool) -> list[Question]:
    """Return open questions to somebody, and (`of_the_desk`) those to nobody; MOST_LISTED, and one more. One query."""
    concerned = Q(asked_id=user_id)
    if of_the_desk:
        concerned |= Q(asked_id__isnull=True)
    return list(open_questions().filter(concerned)[: MOST_LISTED + 1])
