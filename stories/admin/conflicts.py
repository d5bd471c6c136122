"""Conflicts between two editors, told in plain words."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from stories.actions.settle import place_of
from stories.domain.merge import Conflict
from stories.domain.snapshot import StorySnapshot
from stories.models import Article
from stories.models.registry import PART_MODELS


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldConflict:
    """Where two editors differ, and the three readings as plain text; None where there was no such thing."""

    place: str
    base: str | None
    theirs: str | None
    mine: str | None


def told(
    conflicts: Iterable[Conflict], *, base: StorySnapshot, mine: StorySnapshot, theirs: StorySnapshot
) -> list[ToldConflict]:
    """The conflicts of a merge, in words that an editor knows the places by."""
    return [
        ToldConflict(
            place=_place(conflict, (mine, theirs, base)),
            base=_text(conflict.base),
            theirs=_text(conflict.theirs),
            mine=_text(conflict.mine),
        )
        for conflict in conflicts
    ]


def _place(conflict: Conflict, stories: tuple[StorySnapshot, ...]) -> str:
    model = next(
        (PART_MODELS[type(part)] for story in stories for part in story.parts() if part.key == conflict.key),
        Article,
    )
    names = [next((name for story in stories if (name := place_of(story, conflict.key))), "")]
    labels = {field.name: str(field.verbose_name) for field in model._meta.concrete_fields}
    if label := labels.get(conflict.field):
        # "Text 1, text" would say the same thing twice.
        names += [] if label == str(model._meta.verbose_name) else [label]
    if conflict.paragraph is not None:
        names.append(_("paragraph %(number)s") % {"number": conflict.paragraph})
    return capfirst(", ".join(name for name in names if name)) or _("The order of the parts")


def _text(value: str | None) -> str | None:
    return None if value is None else html.unescape(strip_tags(value)).strip()
