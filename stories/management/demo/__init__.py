"""The demo newsroom: invented people and stories, created through the real actions at times before now."""

from __future__ import annotations

from stories.management.demo.audit import add_audit, add_market, add_withdrawn
from stories.management.demo.comment_desk import add_roofs
from stories.management.demo.desk import PASSWORD, PEOPLE, DemoDesk, make_people
from stories.management.demo.offers import add_offers
from stories.management.demo.other_stories import (
    add_bridge,
    add_draft,
    add_ferry,
    add_library,
    add_policy,
    add_reservoir,
)
from stories.management.demo.outside_auditor import add_outside_auditor
from stories.management.demo.profiles import add_profiles
from stories.management.demo.reference_story import REFERENCE_SLUG, add_reference_story
from stories.models import Author, Section

__all__ = ["PASSWORD", "PEOPLE", "REFERENCE_SLUG", "DemoDesk", "load_demo", "make_people"]


def load_demo(desk: DemoDesk) -> None:
    """Write the demo's stories, in every state that a story can be in."""
    for slug, name in (("technology", "Technology"), ("city", "City"), ("climate", "Climate")):
        Section.objects.get_or_create(slug=slug, defaults={"name": name})
    for slug, name in (("ines-calder", "Ines Calder"), ("rosa-lindqvist", "Rosa Lindqvist")):
        Author.objects.get_or_create(slug=slug, defaults={"name": name})
    add_policy(desk)
    add_reservoir(desk)
    add_library(desk)
    add_bridge(desk)
    add_reference_story(desk)
    add_roofs(desk)
    add_ferry(desk)
    add_draft(desk)
    add_offers(desk)
    add_withdrawn(desk)
    add_market(desk)
    add_audit(desk)
    add_outside_auditor(desk)
    add_profiles(desk)
