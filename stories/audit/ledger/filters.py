"""The filters of the ledger's list: their form, and how its values are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from stories.domain.times import is_plausible
from stories.models import EntryKind, PublicationClass
from stories.queries.ledger.page import LedgerFilters
from stories.queries.ledger.stories import MOST_STORIES, stories_matching
from stories.rendering.ledger_line import SIZE_LABELS

MOST_PEOPLE = 20


class _DayField(forms.DateField):
    """A day on which the newsroom may have done something."""

    widget = forms.DateInput(attrs={"type": "date"})

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and not is_plausible(value, at=timezone.now()):
            raise ValidationError(
                _("No entry can be of that day. Choose one between 1600 and ten years from now.")
            )


class LedgerForm(forms.Form):
    """Every filter of the list; unused ones are empty."""

    person = forms.CharField(
        label=gettext_lazy("Who"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "ledger-people"}),
    )
    story = forms.CharField(
        label=gettext_lazy("Story"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("slug, number or words of the headline")}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What"),
        required=False,
        choices=[("", gettext_lazy("anything")), *EntryKind.choices],
    )
    publication_class = forms.ChoiceField(
        label=gettext_lazy("Class"),
        required=False,
        choices=[("", gettext_lazy("any")), *PublicationClass.choices],
    )
    size = forms.ChoiceField(
        label=gettext_lazy("Size of change"),
        required=False,
        choices=[("", gettext_lazy("any")), *((str(size), label) for size, label in enumerate(SIZE_LABELS))],
    )
    since = _DayField(label=gettext_lazy("From"), required=False)
    until = _DayField(label=gettext_lazy("To"), required=False)
    words = forms.CharField(
        label=gettext_lazy("Words of the reason"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day lies before the first one. Swap the two."))
        return cleaned


@dataclass(frozen=True, kw_only=True)
class ReadFilters:
    """The filters read from a form, with remarks on them. `is_narrowed` is true if any filter is used."""

    query: LedgerFilters
    is_narrowed: bool
    remarks: list[str] = field(default_factory=list)


def read_filters(form: LedgerForm, people: Sequence[tuple[int | None, str]]) -> ReadFilters:
    """Read the filters. Invalid ones are left out, and the form says what is wrong with them. Two queries."""
    form.is_valid()
    values = {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}
    remarks: list[str] = []
    return ReadFilters(
        query=LedgerFilters(
            people=_people(values["person"], people, remarks) if "person" in values else None,
            stories=_stories(values["story"], remarks) if "story" in values else None,
            kind=values.get("kind", ""),
            publication_class=values.get("publication_class", ""),
            size=int(values["size"]) if "size" in values else None,
            since=_midnight(values["since"]) if "since" in values else None,
            until=_midnight(values["until"] + timedelta(days=1)) if "until" in values else None,
            words=values.get("words", ""),
        ),
        is_narrowed=bool(values),
        remarks=remarks,
    )


def _people(
    name: str, people: Sequence[tuple[int | None, str]], remarks: list[str]
) -> list[tuple[int | None, str]]:
    """Return the people of exactly this name, else those whose names hold every word of it."""
    sought = name.casefold()
    exact = [person for person in people if person[1].casefold() == sought]
    found = exact or [
        person for person in people if all(word in person[1].casefold() for word in sought.split())
    ]
    if not found:
        remarks.append(_("Nobody in the ledger is called “%(name)s”.") % {"name": name})
    elif len(found) > MOST_PEOPLE:
        remarks.append(
            _("More than %(most)s people are called so; these are the entries of the first %(most)s.")
            % {"most": MOST_PEOPLE}
        )
    return found[:MOST_PEOPLE]


def _stories(words: str, remarks: list[str]) -> list[int]:
    found = stories_matching(words)
    if not found:
        remarks.append(_("No story has the slug or the headline “%(words)s”.") % {"words": words})
    elif len(found) > MOST_STORIES:
        remarks.append(
            _("More than %(most)s stories fit; these are the entries of the newest %(most)s.")
            % {"most": MOST_STORIES}
        )
    return found[:MOST_STORIES]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
