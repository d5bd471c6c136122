"""The errors of a story's form as one list, of which each leads to its field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from django.utils.text import capfirst

from stories.admin.story_form.forms import StoryPartForm
from stories.admin.story_form.formsets import StoryPartFormSet
from stories.admin.story_form.state import StoryFormState


@dataclass(frozen=True, slots=True, kw_only=True)
class FormProblem:
    """An error of a form. `field` is the id of its input, "" if it is about no field."""

    field: str
    place: str
    message: str


def problems_of(state: StoryFormState) -> list[FormProblem]:
    """Return the errors of a form that was sent, in the page's order."""
    if not state.form.is_bound:
        return []
    problems = list(_problems(state.form, ""))
    for formset in state.formsets:
        problems += [
            FormProblem(field="", place="", message=str(message)) for message in formset.non_form_errors()
        ]
        for number, row in enumerate(_in_order(formset), start=1):
            problems += _problems(row, f"{row._meta.model._meta.verbose_name} {number}")
    return problems


def _in_order(formset: StoryPartFormSet) -> list[StoryPartForm]:
    def place(row: StoryPartForm) -> int:
        typed = str(row["ordering"].value())
        return int(typed) if typed.isascii() and typed.isdigit() else 10**9

    return sorted((row for row in formset.forms if not formset._should_delete_form(row)), key=place)


def _problems(form: BaseForm, place: str) -> Iterator[FormProblem]:
    for name, messages in form.errors.items():
        is_field = name != NON_FIELD_ERRORS and not form.fields[name].widget.is_hidden
        # What is about a whole row leads to the row.
        target, label = (str(form.prefix) if place else ""), ""
        if is_field:
            target, label = form[name].id_for_label or str(form[name].auto_id), str(form[name].label)
        for message in messages:
            yield FormProblem(
                field=target,
                place=capfirst(", ".join(filter(None, (place, label)))),
                message=str(message),
            )
