"""The demo newsroom: invented people and stories, told through the real actions at times before now."""

from __future__ import annotations

from stories.management.demo.audit import tell_audit, tell_market, tell_withdrawn
from stories.management.demo.comment_desk import tell_roofs
from stories.management.demo.desk import PASSWORD, PEOPLE, Desk, make_people
from stories.management.demo.offers import tell_offers
from stories.management.demo.other_stories import (
    tell_bridge,
    tell_draft,
    tell_ferry,
    tell_library,
    tell_policy,
    tell_reservoir,
)
from stories.management.demo.outside_auditor import tell_outside_auditor
from stories.management.demo.reference_story import REFERENCE_SLUG, tell_reference_story
from stories.models import Author, Section

__all__ = ["PASSWORD", "PEOPLE", "REFERENCE_SLUG", "Desk", "make_people", "tell"]


def tell(desk: Desk) -> None:
    """Write the demo's stories, in every state that a story can be in."""
    for slug, name in (("technology", "Technology"), ("city", "City"), ("climate", "Climate")):
        Section.objects.get_or_create(slug=slug, defaults={"name": name})
    for slug, name in (("ines-calder", "Ines Calder"), ("rosa-lindqvist", "Rosa Lindqvist")):
        Author.objects.get_or_create(slug=slug, defaults={"name": name})
    tell_policy(desk)
    tell_reservoir(desk)
    tell_library(desk)
    tell_bridge(desk)
    tell_reference_story(desk)
    tell_roofs(desk)
    tell_ferry(desk)
    tell_draft(desk)
    tell_offers(desk)
    tell_withdrawn(desk)
    tell_market(desk)
    tell_audit(desk)
    tell_outside_auditor(desk)
