"""An outside auditor who was given the reference story: its public part, for a month."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User

from stories.actions.give_access import give_access
from stories.management.demo.reference_story import REFERENCE_SLUG
from stories.models import Article


def give_reference_story(*, to: User, by: User, at: datetime) -> None:
    give_access(
        article=Article.objects.get(slug=REFERENCE_SLUG),
        auditor=to,
        until=at + timedelta(days=30),
        full=False,
        user=by,
        reason="The press council looks into how the quotation was corrected",
        at=at,
    )
