"""Labels of a story's fields and parts as editors know them, and of the values in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from stories.actions.editing.clean import place_of
from stories.domain.snapshot import StorySnapshot
from stories.models import Article
from stories.models.integrity.registry import PART_MODELS
from stories.models.record.recording import TrackedModel
from stories.time_labels import time_label


def label_of_part(stories: Sequence[StorySnapshot], key: UUID | None) -> str:
    """Return the label of a part, as the first of the stories that has it counts: “text 2”; "" for the story itself."""
    return next((name for story in stories if (name := place_of(story, key))), "")


def place_label(
    stories: Sequence[StorySnapshot], key: UUID | None, name: str, paragraph: int | None = None
) -> str:
    """Return a place's label for use in a sentence: “paragraph 3 of text 2”, “the headline”, “quote 1, speaker”."""
    part = label_of_part(stories, key)
    label = label_of(stories, key, name)
    if not part:
        return _("the %(field)s") % {"field": label}
    if paragraph is not None:
        return _("paragraph %(number)s of %(part)s") % {"number": paragraph, "part": part}
    # “Text 1, text” would repeat itself.
    if not label or label == str(model_of(stories, key)._meta.verbose_name):
        return part
    return _("%(part)s, %(field)s") % {"part": part, "field": label}


def label_of(stories: Sequence[StorySnapshot], key: UUID | None, name: str) -> str:
    """Return the form's label of a field, "" if no field has this name."""
    # A section's name is copied into the story; on the form it is the section.
    name = "section" if name == "section_name" else name
    labels = {field.name: str(field.verbose_name) for field in model_of(stories, key)._meta.concrete_fields}
    return labels.get(name, "")


def model_of(stories: Sequence[StorySnapshot], key: UUID | None) -> type[TrackedModel]:
    """Return the model that stores a part, or the story's own."""
    return next(
        (PART_MODELS[type(part)] for story in stories for part in story.parts() if part.key == key), Article
    )


def value_label(model: type[Model], name: str, value: str) -> str:
    """Return a stored value as the form shows it: the label of a choice, a time with its zone, yes or no."""
    field = next((field for field in model._meta.concrete_fields if field.name == name), None)
    if field is None:
        return value
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.get_internal_type() == "BooleanField":
        return _("yes") if value == "True" else _("no")
    if field.get_internal_type() == "DateTimeField" and value:
        return time_label(datetime.fromisoformat(value))
    return value
