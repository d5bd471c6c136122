"""A demo outside auditor with access to the reference story: its public part, for a month."""

from __future__ import annotations

from datetime import timedelta

from stories.actions.audit.dossier_access import give_access
from stories.management.demo.desk import DemoDesk
from stories.management.demo.reference_story import REFERENCE_SLUG
from stories.models import Article


def add_outside_auditor(desk: DemoDesk) -> None:
    give_access(
        article=Article.objects.get(slug=REFERENCE_SLUG),
        auditor=desk.oda,
        until=desk.now + timedelta(days=30),
        full=False,
        user=desk.maya,
        reason="The press council looks into how the quotation was corrected",
        at=desk.now,
    )
