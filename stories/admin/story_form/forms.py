"""The forms of a story and of its parts. They parse and validate; nothing here saves a model."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import fields
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms.models import construct_instance
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext, gettext_lazy as _

from stories.actions.editing.pictures import store_picture
from stories.actions.errors import Refused
from stories.admin.page.frame import PictureField
from stories.admin.story_form.to_snapshot import SubmittedPart
from stories.domain import snapshot as domain
from stories.models import Article
from stories.models.integrity.registry import PART_MODELS

# Fields whose words are in the story's language.
_SPELT = frozenset(
    "headline dek disclosure text caption alt_text title description anonymity_reason speaker_title sentence was "
    "now".split()
)
KINDS: dict[Any, type[domain.Part]] = {model: kind for kind, model in PART_MODELS.items()}


class UnsavedForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's takes none when the code runs
    """A model form that queries nothing: the action checks constraints and references."""

    # The fields at which problems of fields outside the form are shown.
    shown_at: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _SPELT & self.fields.keys():
            # Browsers check no single-line input unless asked to.
            self.fields[name].widget.attrs["spellcheck"] = "true"

    def _post_clean(self) -> None:
        self.instance = construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)
        exclude: set[str] = self._get_validation_exclusions()  # type: ignore[attr-defined]
        exclude |= {field.name for field in self._meta.model._meta.concrete_fields if field.is_relation}
        try:
            self.instance.full_clean(exclude=exclude, validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            for field, errors in error.error_dict.items():
                # A field that is empty has one error, not two.
                if field not in self.errors:
                    self.add_problem(field, errors)

    def add_problem(self, field: str, errors: str | Sequence[ValidationError]) -> None:
        """Show a problem at a field of this form, or above the form if it has no such field."""
        field = self.shown_at.get(field, field)
        is_visible = field in self.fields and not self.fields[field].widget.is_hidden
        self.add_error(field if is_visible else None, errors)


def add_zone_to_label(field: forms.Field) -> None:
    """Add the time zone to the label of a time."""
    field.label = gettext("%(label)s (%(zone)s)") % {
        "label": field.label,
        "zone": timezone.get_current_timezone_name(),
    }


def set_aria_label(field: forms.Field) -> None:
    """Name a field's inputs for screen readers, if they have no label each."""
    if isinstance(field.widget, forms.SplitDateTimeWidget):
        day, hour = field.widget.widgets
        day.attrs["aria-label"] = gettext("%(label)s, date") % {"label": field.label}
        hour.attrs["aria-label"] = gettext("%(label)s, time") % {"label": field.label}
    else:
        field.widget.attrs["aria-label"] = field.label


class ArticleForm(UnsavedForm):
    """The story's own fields, and the edit's reason."""

    why = forms.CharField(
        label=_("What changed, and why?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=_("For the desk and the record; readers do not see it. Never who a source is."),
    )
    # The revision that this form was opened at. What others saved since is merged in.
    base = forms.CharField(required=False, widget=forms.HiddenInput)
    # The story's newest erasure when this form was opened. The form is refused if there is a newer one.
    erasure = forms.CharField(required=False, widget=forms.HiddenInput)
    # New rows take their keys from it, so that a form sent twice does not add them twice.
    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    # A signature of the parts that the page showed: one that does not come back was lost on the way, not deleted.
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Article
        fields: ClassVar = [
            "kind",
            "headline",
            "dek",
            "slug",
            "section",
            "language",
            "dateline",
            "disclosure",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("dek", "disclosure"):
            self.fields[name].widget.attrs["rows"] = 2
        if self.instance._state.adding and not self.is_bound:
            self.fields["headline"].widget.attrs["autofocus"] = True

    def story_values(self) -> dict[str, Any]:
        """Return the story's own fields as typed, by the names of the dataclass."""
        # The admin extends the form with fields that are not the story's.
        values = {name: self.cleaned_data[name] for name in self.Meta.fields if name in domain.STORY_FIELDS}
        return values | {"section": values["section"].pk if values["section"] else ""}


class StoryPartForm(UnsavedForm):
    """A part of a story: `instance` is a row that is never saved, `row_key` the part's key."""

    # Not named `key`: the model's field of that name is not editable, and Django would refuse it here.
    part_key = forms.CharField(required=False, widget=forms.HiddenInput)
    user: Any = None
    row_key: UUID

    # Fields that the page sets: a row with nothing else in it was not filled in.
    automatic_fields = frozenset({"part_key", "ordering", "region", "id"})

    def has_changed(self) -> bool:
        return any(
            name not in self.automatic_fields and not self._left_blank(name) for name in self.changed_data
        )

    def _left_blank(self, name: str) -> bool:
        # The rich text editor sends an empty paragraph for an empty text.
        typed = self.data.get(self.add_prefix(name), "") if name == "text" else None
        return typed is not None and not self.initial.get(name) and not strip_tags(str(typed)).strip()

    @property
    def kind(self) -> type[domain.Part]:
        return KINDS[self._meta.model]

    def part_values(self) -> dict[str, Any]:
        """Return the part's fields as typed, by the names of the dataclass."""
        names = [field.name for field in fields(self.kind) if field.name != "key"]
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def submitted_part(self) -> SubmittedPart:
        """Return the part as typed, with its key and position. The form must be valid."""
        return SubmittedPart(
            kind=self.kind,
            key=self.row_key,
            order=self.cleaned_data.get("ordering"),
            values=self.part_values(),
        )


class BylineForm(StoryPartForm):
    def part_values(self) -> dict[str, Any]:
        return super().part_values() | {"author": self.cleaned_data["author"].pk}


class ImageBlockForm(StoryPartForm):
    """A picture: a file to upload, or the digest of a stored one."""

    shown_at: ClassVar = {"picture": "upload"}

    upload = forms.FileField(
        label=_("Picture file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("JPEG, PNG, WebP or GIF. Where it was taken is removed before it is kept."),
    )
    digest = PictureField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["digest"] = self.instance.picture_id or ""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if upload := values.get("upload"):
            try:
                picture = store_picture(content=upload.read(), user=self.user)
            except (Refused, PermissionDenied) as error:
                self.add_error("upload", str(error))
            else:
                values["digest"] = picture.pk
                # If the form is shown again because of another error, it keeps its picture.
                self.data[self.add_prefix("digest")] = picture.pk  # type: ignore[index]
        if values.get("digest"):
            self.instance.picture_id, self.instance.address = values["digest"], ""
            if not values.get("alt_text") and "alt_text" not in self.errors:
                self.add_error(
                    "alt_text", gettext("Say what the picture shows, for readers who can’t see it.")
                )
        elif "upload" in self.errors:
            # Avoids a second error, that there is no picture.
            self.instance.address = "-"
        return values

    def part_values(self) -> dict[str, Any]:
        values = super().part_values()
        if digest := self.cleaned_data.get("digest"):
            values |= {"picture": digest, "address": ""}
        return values


class UpdateNoteForm(StoryPartForm):
    """A note, and the earlier note of the same story that it amends."""

    amended = forms.TypedChoiceField(
        label=_("amends the note"), required=False, coerce=UUID, empty_value=None, choices=[("", "—")]
    )
    published_keys: Callable[[], Collection[UUID]] = frozenset

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("was", "now"):
            # For :placeholder-shown in the style sheet.
            self.fields[name].widget.attrs["placeholder"] = " "

    def part_values(self) -> dict[str, Any]:
        return super().part_values() | {"amends": self.cleaned_data["amended"]}

    @property
    def is_published(self) -> bool:
        """Return whether readers have seen this note, or are to see it."""
        return self.row_key in self.published_keys()

    def offer_notes_to_amend(self, notes: list[domain.UpdateNote]) -> None:
        """Offer the story's other notes as those that this one may amend."""
        self.initial["amended"] = self.instance.amends or ""
        self.fields["amended"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((str(note.key), Truncator(note.text).chars(60)) for note in notes if note.key != self.row_key),
        ]
