"""The forms of a review: what to say of a change, and when it goes live."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from stories.admin.page.moments import SplitMomentField
from stories.admin.page.note_kinds import WeightyKindsMarked
from stories.admin.publishing.review_context import ReviewedChange
from stories.admin.story_form.forms import add_zone_to_label, set_aria_label
from stories.domain.snapshot import NoteKind, UpdateNote
from stories.models import Cause, PublicationClass
from stories.models.update_notes import KIND_LABELS
from stories.note_labels import NOTE_KIND_LABELS

NOW, LATER, EMBARGO = "now", "later", "embargo"
# No text is typed: the story's own new notes say it all.
IN_STORY: Final = "in-story"

CLASS_HELP = {
    PublicationClass.MINOR: gettext_lazy("Minor: spelling, or a few words of style"),
    PublicationClass.TRANSCRIPTION: gettext_lazy(
        "Transcription: spelling or punctuation in a quotation, checked against its source"
    ),
    PublicationClass.DEVELOPING: gettext_lazy(
        "Developing: the text below is one line in the list of versions"
    ),
    PublicationClass.OVERRIDE: gettext_lazy(
        "Override: a change of substance without a note. The auditors see who decided it, and why"
    ),
}
CAUSES = [
    (Cause.WRONG.value, gettext_lazy("An error of ours: readers get a correction")),
    (Cause.MOVED_ON.value, gettext_lazy("News since")),
]
PENDING = [
    ("cancel", gettext_lazy("Cancel it: its edits stay in the story")),
    ("rebase", gettext_lazy("Keep it, with this change added: it still goes live at its time")),
]
_LARGE = {"class": "vLargeTextField"}


class KindSelect(WeightyKindsMarked, forms.RadioSelect):
    """Radio buttons, of which those in `impossible` are disabled, so that nobody chooses what would be refused."""

    impossible: frozenset[str] = frozenset()

    def create_option(self, name: str, value: object, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value in self.impossible:
            option["attrs"]["disabled"] = True
        return option


class ReviewForm(forms.Form):
    """One text, and what it is: a note to readers, or the reason for publishing without one."""

    # The numbers that the page showed: the revision to publish, the one first reviewed, the newest then, the live one.
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reviewed = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    live = forms.IntegerField(required=False, widget=forms.HiddenInput)
    wanted = forms.CharField(required=False, widget=forms.HiddenInput)

    cause = forms.ChoiceField(
        label=gettext_lazy("Is this an error of ours, or news?"),
        required=False,
        choices=CAUSES,
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        required=False,
        widget=KindSelect,
        error_messages={
            "invalid_choice": gettext_lazy("This is not yours to choose. Choose one of the kinds shown.")
        },
    )
    text = forms.CharField(
        label=gettext_lazy("Note to readers"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={**_LARGE, "rows": 3}),
    )
    was = forms.CharField(
        label=gettext_lazy("It said (optional)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={**_LARGE, "rows": 2}),
        help_text=gettext_lazy("No more than a newcomer needs: repeating a falsehood spreads it."),
    )
    now = forms.CharField(
        label=gettext_lazy("Corrected to"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={**_LARGE, "rows": 2}),
    )
    source = forms.CharField(
        label=gettext_lazy("Source checked"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs=_LARGE),
        help_text=gettext_lazy("The official transcript, the recording …"),
    )
    pending = forms.ChoiceField(
        label=gettext_lazy("What happens to the scheduled version?"),
        required=False,
        choices=PENDING,
        widget=forms.RadioSelect,
    )
    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[
            (NOW, gettext_lazy("Now")),
            (LATER, gettext_lazy("At a time")),
            (EMBARGO, gettext_lazy("Under an embargo")),
        ],
        widget=forms.RadioSelect,
    )
    live_from = SplitMomentField(label=gettext_lazy("Goes live on"), required=False)
    promised = forms.CharField(
        label=gettext_lazy("Embargo promised to whom?"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs=_LARGE),
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy(
            "I have looked: the requests are as the page says, and each anonymous source has a reason."
        ),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        reviewed_change: ReviewedChange,
        developing: bool,
        may_override: bool,
        is_fix: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.reviewed_change = reviewed_change
        self.note_kinds = [kind.value for kind in NoteKind]
        choices: list[tuple[str, Any]] = [(kind.value, NOTE_KIND_LABELS[kind].review) for kind in NoteKind]
        if reviewed_change.notes:
            self.note_kinds.insert(0, IN_STORY)
            choices.insert(0, (IN_STORY, _("What the story’s own new notes say, listed above")))
        silent = [PublicationClass.MINOR, PublicationClass.TRANSCRIPTION]
        silent += [PublicationClass.DEVELOPING] if developing else []
        silent += [PublicationClass.OVERRIDE] if may_override else []
        choices += [(each.value, CLASS_HELP[each]) for each in silent]
        impossible = reviewed_change.impossible
        choices = [(kind, impossible.get(kind, label)) for kind, label in choices]
        self.fields["kind"].widget.impossible = frozenset(impossible)
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        self._leave_out(is_fix)
        if "live_from" in self.fields:
            add_zone_to_label(self.fields["live_from"])
            set_aria_label(self.fields["live_from"])

    def _leave_out(self, is_fix: bool) -> None:
        """Drop the fields that this publication does not need."""
        unneeded = set()
        if self.reviewed_change.is_first:
            unneeded |= {"cause", "kind", "was", "now", "source"}
            self.fields["text"].label = _("Note for the desk (optional)")
        else:
            unneeded.add("confirmed")
            self.fields["text"].help_text = _(
                "Readers see it as the note, and the history as the reason. Without a note, only the history has it."
            )
        if not self.reviewed_change.asks_what_happened:
            unneeded.add("cause")
        if self.reviewed_change.status.pending is None:
            unneeded.add("pending")
        if is_fix:
            unneeded |= {"when", "live_from", "promised"}
        for name in unneeded:
            del self.fields[name]

    def offer_earlier(self, *, newest: int, reviewed: int) -> None:
        """Let the user choose between the revision they reviewed and the newest, which the page shows."""
        self.fields["revision"] = forms.TypedChoiceField(
            label=_("Publish which revision?"),
            coerce=int,
            choices=[
                (newest, _("Revision %(number)s, as it is shown here") % {"number": newest}),
                (reviewed, _("Revision %(number)s, as you had reviewed it") % {"number": reviewed}),
            ],
            widget=forms.RadioSelect,
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self._is_note(values.get("kind", "")) and not values.get("text", "").strip():
            self.add_error("text", _("Tell readers what changed. A sentence is enough."))
        if self.reviewed_change.is_first and not values.get("confirmed"):
            self.add_error(
                "confirmed", _("Look at the requests and the sources on this page, then tick this.")
            )
        waits = values.get("when") in (LATER, EMBARGO)
        if waits and not values.get("live_from") and "live_from" not in self.errors:
            self.add_error("live_from", _("Say on which day and at which time it goes live."))
        if values.get("when") == EMBARGO and not values.get("promised", "").strip():
            self.add_error("promised", _("Say to whom the embargo was promised."))
        return values

    def _is_note(self, kind: str) -> bool:
        return kind in list(NoteKind)

    def typed_note(self) -> UpdateNote | None:
        """Return the note that the text makes, None if it is no note. Only weighty ones have `was` and `now`."""
        values = self.cleaned_data
        if not self._is_note(values.get("kind", "")):
            return None
        kind = NoteKind(values["kind"])
        return UpdateNote(
            key=uuid4(),
            kind=kind,
            text=values["text"].strip(),
            was=values["was"].strip() if kind.weighty else "",
            now=values["now"].strip() if kind.weighty else "",
        )

    def publish_values(self) -> dict[str, Any]:
        """Return the keyword arguments of `publish` and `fix`, without the notes."""
        values = self.cleaned_data
        kind = values.get("kind", "")
        silent = kind if kind and kind != IN_STORY and not self._is_note(kind) else ""
        return {
            "publication_class": silent,
            "reason": values["text"].strip(),
            "source": values.get("source", "") if silent == PublicationClass.TRANSCRIPTION else "",
            "cause": values.get("cause", ""),
            "pending": values.get("pending", ""),
        }

    def goes_live(self) -> datetime | None:
        """Return when it goes live, None for now."""
        values = self.cleaned_data
        return values["live_from"] if values.get("when") in (LATER, EMBARGO) else None

    @property
    def under_embargo(self) -> bool:
        return self.cleaned_data.get("when") == EMBARGO

    def refuse(self, about: str, message: str) -> None:
        """Show an action's refusal at the field that it is about, or above the form."""
        field = FIELD_OF_ARGUMENT.get(about, about)
        self.add_error(field if field in self.fields else None, message)

    def note_radios(self) -> Iterator[Any]:
        """Return the radio buttons of kinds that are notes to readers."""
        return (radio for radio in self["kind"] if radio.data["value"] in self.note_kinds)

    def silent_radios(self) -> Iterator[Any]:
        """Return the radio buttons of kinds that only the record shows."""
        return (radio for radio in self["kind"] if radio.data["value"] not in self.note_kinds)


# The form's fields for arguments of actions that have other names.
FIELD_OF_ARGUMENT: Final = {"publication_class": "kind", "reason": "text"}


class FurtherNoteForm(forms.Form):
    """One more note of the same publication."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[(kind.value, label) for kind, label in KIND_LABELS.items()]
    )
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=5000, widget=forms.Textarea(attrs={**_LARGE, "rows": 2})
    )
    was = forms.CharField(label=gettext_lazy("It said (optional)"), required=False, max_length=2000)
    now = forms.CharField(label=gettext_lazy("Corrected to"), required=False, max_length=2000)

    def has_changed(self) -> bool:
        # A kind alone is no note.
        return any(name != "kind" for name in self.changed_data)

    def note(self) -> UpdateNote:
        values = self.cleaned_data
        return UpdateNote(
            key=uuid4(),
            kind=NoteKind(values["kind"]),
            text=values["text"].strip(),
            was=values["was"].strip(),
            now=values["now"].strip(),
        )


FurtherNotes = forms.formset_factory(FurtherNoteForm, extra=1, max_num=20)


def notes_of(form: ReviewForm, further: forms.BaseFormSet[FurtherNoteForm]) -> list[UpdateNote]:
    """Return the notes typed into a review's forms. The forms must be valid."""
    first = form.typed_note()
    more = [each.note() for each in further if each.has_changed()]
    return [*([first] if first else []), *more]
