"""Forms of the comment desk: the list's filters, an attempt, deadline and contact, a decision on terms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy, pgettext, pgettext_lazy

from stories.actions.comment_desk.desk_records import USABLE, record_fingerprint
from stories.admin.page.moments import moment_field
from stories.domain.snapshot import RequestStatus
from stories.models import ContactAttempt, DeskRecord, Terms
from stories.models.comment_requests import STATUS_LABELS
from stories.queries.comment_desk.requests import (
    ALL,
    LONG_AGO,
    NONE,
    OPEN_TOO_LONG,
    OVERDUE,
    TODAY,
    WEEK,
    RequestFilters,
)

Channel = ContactAttempt.Channel
TRIED, ANSWERED_US = "tried", "answered"

TERMS_WORDS = {
    Terms.ON_THE_RECORD: gettext_lazy("on the record"),
    Terms.BACKGROUND: gettext_lazy("on background: usable, and not under their name"),
    Terms.OFF_THE_RECORD: gettext_lazy("off the record: nothing of what they say is kept"),
    Terms.DISPUTED: gettext_lazy("disputed: they say only now that what they said before was off the record"),
}


def text_area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField"})


def this_minute() -> datetime:
    """Return the time that a form starts with. To the minute, so that a form sent twice says the same."""
    return timezone.localtime().replace(second=0, microsecond=0)


class OffRecordForm(forms.Form):
    """A form that drops words said off the record, even when it is shown again."""

    # The field that an answer's words are typed into.
    words_field = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dropped_words = False
        if self.is_bound and self.data.get(self.add_prefix("terms")) == Terms.OFF_THE_RECORD:
            name = self.add_prefix(self.words_field)
            self.dropped_words = bool(self.data.get(name, "").strip())
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data[name] = ""  # type: ignore[index]

    def clean(self) -> dict[str, Any]:
        if self.dropped_words:
            raise ValidationError(
                _(
                    "Off the record keeps the time and the fact alone. What was typed of what they said was not kept, "
                    "and is gone from this page. Save again to log that it happened."
                )
            )
        return self.cleaned_data


class AttemptForm(OffRecordForm):
    """One attempt to reach a party, or one time they were in touch."""

    words_field = "summary"
    prefix = "attempt"

    what = forms.ChoiceField(
        label=gettext_lazy("What happened"),
        choices=[
            (TRIED, gettext_lazy("We tried to reach them")),
            (ANSWERED_US, gettext_lazy("They were in touch")),
        ],
        widget=forms.RadioSelect,
        initial=TRIED,
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), choices=Channel.choices, initial=Channel.EMAIL.value
    )
    at = moment_field(label=gettext_lazy("When"), initial=this_minute)
    terms = forms.ChoiceField(
        label=gettext_lazy("Terms"), widget=forms.RadioSelect, initial=Terms.ON_THE_RECORD.value
    )
    summary = forms.CharField(
        label=gettext_lazy("What came of it"),
        required=False,
        max_length=5000,
        widget=text_area(2),
        help_text=gettext_lazy("Never who a source is that is not to be named: that is not kept here."),
    )

    def __init__(self, *args: Any, record: DeskRecord | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = list(TERMS_WORDS.items())
        if record is None or record.terms not in USABLE:
            # There is nothing to dispute.
            terms.pop()
        self.fields["terms"].choices = terms  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("terms") == Terms.DISPUTED:
            # Only they can dispute terms, so they were in touch.
            values["what"] = ANSWERED_US
        return values

    def log_values(self) -> dict[str, Any]:
        """Return the arguments of `log_attempt`."""
        values = {name: self.cleaned_data[name] for name in ("channel", "at", "terms", "summary")}
        return values | {"answered": self.cleaned_data["what"] == ANSWERED_US}


class RecordForm(forms.Form):
    """Deadline and contact, with the record that the page showed."""

    prefix = "record"

    deadline = moment_field(label=gettext_lazy("Deadline"), required=False)
    contact = forms.CharField(
        label=gettext_lazy("Contact"),
        required=False,
        max_length=2000,
        widget=text_area(2),
        help_text=gettext_lazy(
            "Press office, spokesperson. Never a confidential source: their identity is not kept here."
        ),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, record: DeskRecord | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**self.initial, "seen": record_fingerprint(record)}
        if record is not None:
            self.initial = {**self.initial, "deadline": record.deadline, "contact": record.contact}

    def mark_seen(self, theirs: DeskRecord | None) -> None:
        """Count another person's record as seen, so that the next save is not refused for it."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data[self.add_prefix("seen")] = record_fingerprint(theirs)  # type: ignore[index]


class DeadlineForm(forms.Form):
    """A deadline alone, for the list."""

    prefix = "deadline"

    at = moment_field(label=gettext_lazy("Deadline"), required=False)


class DecisionForm(forms.Form):
    """An editor's decision on disputed terms."""

    prefix = "decision"

    terms = forms.ChoiceField(
        label=gettext_lazy("On what terms"),
        widget=forms.RadioSelect,
        choices=[
            (Terms.ON_THE_RECORD.value, gettext_lazy("on the record: it can be used")),
            (Terms.BACKGROUND.value, gettext_lazy("background: it can be used, and not under their name")),
            (
                Terms.OFF_THE_RECORD.value,
                gettext_lazy("off the record: the statement, and what was noted of their answers, is erased"),
            ),
        ],
    )
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=2000,
        widget=text_area(2),
        help_text=gettext_lazy("It stays with the record. Do not repeat what they said."),
    )


class RequestFilterForm(forms.Form):
    """The filters of the list of requests."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    deadline = forms.ChoiceField(
        label=gettext_lazy("Deadline"),
        required=False,
        choices=[
            ("", gettext_lazy("any")),
            (OVERDUE, gettext_lazy("overdue")),
            (TODAY, gettext_lazy("today")),
            (WEEK, gettext_lazy("within seven days")),
            (NONE, gettext_lazy("none")),
        ],
    )
    asked = forms.ChoiceField(
        label=gettext_lazy("Asked"),
        required=False,
        choices=[
            ("", pgettext_lazy("times", "at any time")),
            (
                LONG_AGO,
                format_lazy(gettext_lazy("{days} days ago or earlier"), days=OPEN_TOO_LONG.days),
            ),
        ],
    )
    party = forms.CharField(label=pgettext_lazy("asked for comment", "Who"), required=False, max_length=100)
    story = forms.CharField(label=gettext_lazy("Story"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(status.value, label) for status, label in STATUS_LABELS.items()]
        self.fields["state"].choices = [*states, (ALL, pgettext("states", "any"))]  # type: ignore[attr-defined]

    def filters(self) -> RequestFilters:
        """Return the filters that were given, without those that make no sense."""
        self.is_valid()
        values = self.cleaned_data
        return RequestFilters(
            state=values.get("state") or RequestStatus.PENDING.value,
            deadline=values.get("deadline", ""),
            asked=values.get("asked", ""),
            party=values.get("party", ""),
            story=values.get("story", ""),
        )
