"""Restore what was typed and not saved into the form that it was typed in.

The browser alone stores it, under the number that each form is opened with.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from django.contrib import messages
from django.forms.utils import ErrorDict, ErrorList
from django.http import HttpRequest
from django.utils.translation import gettext as _

from stories.admin.story_form.state import StoryFormMaker, StoryFormState
from stories.time_labels import time_label

# Its value is when the words were typed, in milliseconds since 1970.
BUTTON: Final = "_put_back"
_MOST_FILES: Final = 10


def restore_autosave(
    model_admin: StoryFormMaker, request: HttpRequest, state: StoryFormState
) -> StoryFormState:
    """Return the form as it was typed, unchecked and unmerged, at the base that was posted with it."""
    _leave_unchecked(state)
    at = _moment(request.POST[BUTTON])
    messages.info(
        request,
        _("What you typed is back (%(time)s). It is not saved yet.") % {"time": time_label(at)}
        if at
        else _("What you typed is back. It is not saved yet."),
    )
    for name in request.POST.getlist("_file")[:_MOST_FILES]:
        messages.warning(
            request,
            _("The picture file “%(name)s” could not be kept. Choose it again.") % {"name": name[:200]},
        )
    return state


def _leave_unchecked(state: StoryFormState) -> None:
    """Mark all forms as valid without validating: what is half typed is not wrong yet."""
    # Django's stubs leave these attributes out.
    forms: list[Any] = [state.form, *(row for formset in state.formsets for row in formset.forms)]
    for form in forms:
        form._errors, form.cleaned_data = ErrorDict(), {}
    formsets: list[Any] = [*state.formsets]
    for formset in formsets:
        formset._errors, formset._non_form_errors = [ErrorDict() for _row in formset.forms], ErrorList()


def _moment(sent: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(sent) / 1000, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None
