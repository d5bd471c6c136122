"""Widgets that offer the kinds of notes."""

from __future__ import annotations

from typing import Any

from django import forms

from stories.domain.snapshot import WEIGHTY_NOTES


class WeightyKindsMarked(forms.widgets.ChoiceWidget):
    """Marks weighty kinds, for which the style sheets open the fields for what was wrong and what is right."""

    def create_option(self, name: str, value: object, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value in WEIGHTY_NOTES:
            option["attrs"]["data-weighty"] = True
        return option


class NoteKindSelect(WeightyKindsMarked, forms.Select):
    """A list of the kinds of notes."""
