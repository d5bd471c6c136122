"""What was typed and not saved: put back into the form that it was typed in.

It is kept by the browser alone, under the number that each form is opened with.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from django.contrib import messages
from django.forms.utils import ErrorDict, ErrorList
from django.http import HttpRequest
from django.utils.translation import gettext as _

from stories.actions.texts import shown_time
from stories.admin.story_form.state import StoryFormState

# Sent with the moment at which the words were typed, in milliseconds since 1970.
BUTTON: Final = "_put_back"
_MOST_FILES: Final = 10


def restore_autosave(model_admin: Any, request: HttpRequest, sheet: StoryFormState) -> StoryFormState:
    """Return the form as it was typed, unchecked and unmerged, at the base that was posted with it."""
    _leave_unchecked(sheet)
    at = _moment(request.POST[BUTTON])
    messages.info(
        request,
        _("What you typed is back (%(time)s). It is not saved yet.") % {"time": shown_time(at)}
        if at
        else _("What you typed is back. It is not saved yet."),
    )
    for name in request.POST.getlist("_file")[:_MOST_FILES]:
        messages.warning(
            request,
            _("The picture file “%(name)s” could not be kept. Choose it again.") % {"name": name[:200]},
        )
    return sheet


def _leave_unchecked(sheet: StoryFormState) -> None:
    """Mark all forms as checked and found right: what is half typed is not wrong yet."""
    forms = [sheet.form, *(row for formset in sheet.formsets for row in formset.forms)]
    for form in forms:
        form._errors, form.cleaned_data = ErrorDict(), {}
    for formset in sheet.formsets:
        formset._errors, formset._non_form_errors = [ErrorDict() for _row in formset.forms], ErrorList()


def _moment(sent: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(sent) / 1000, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None
