"""Formsets of a story's parts, made from plain data and never saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.core.signing import Signer
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.functional import cached_property

from stories.actions.errors import Problem
from stories.admin.story_form.forms import KINDS, ArticleForm, StoryPartForm, UpdateNoteForm, set_aria_label
from stories.domain import snapshot as domain
from stories.models import Article
from stories.models.integrity.registry import PART_MODELS
from stories.models.record.recording import StoryPart
from stories.queries.story.snapshots import COLUMNS, STORY_COLUMNS

if TYPE_CHECKING:
    InlineFormSet = forms.BaseInlineFormSet[StoryPart, Article, StoryPartForm]
else:  # Django's takes no parameters when the code runs
    InlineFormSet = forms.BaseInlineFormSet


class StoryPartFormSet(InlineFormSet):
    """The rows of one kind of part, matched by their keys.

    The formset gets the parts as they were when the form was opened, and queries nothing: a row that another editor
    deleted or changed meanwhile stays as it was typed, and the merge decides.
    """

    user: Any = None
    # Attributes of Django's that its stubs leave out.
    model: type[StoryPart]
    _pk_field: Any
    _should_delete_form: Any

    def __init__(self, *args: Any, story: domain.StorySnapshot = domain.EMPTY, **kwargs: Any) -> None:
        self.story = story
        kind = KINDS[self.model]
        self.rows = {
            part.key: part_row(part, 10 * number)
            for name in domain.PART_FIELDS
            for number, part in enumerate(getattr(story, name), start=1)
            if type(part) is kind
        }
        super().__init__(*args, **kwargs)

    def initial_form_count(self) -> int:
        count = super().initial_form_count()
        # Posted numbers can be forged: at most as many rows were shown as came back.
        return max(0, min(count, self.total_form_count())) if self.is_bound else count

    def is_complete(self) -> bool:
        """Return whether the posted numbers of rows are consistent."""
        posted: Any = self.management_form
        if not posted.is_valid():
            return False
        return bool(0 <= posted.cleaned_data["INITIAL_FORMS"] <= posted.cleaned_data["TOTAL_FORMS"])

    def rendered_keys(self) -> list[str]:
        """Return the keys of the rows that the page showed; those that were posted, if the form was."""
        numbers = range(self.initial_form_count())
        if not self.is_bound:
            return [str(self._key_at(number)) for number in numbers]
        return [key for number in numbers if (key := self._posted_key(number))]

    def get_queryset(self) -> list[StoryPart]:  # type: ignore[override]  # the rows are not stored as shown
        """Return the rows that the form was shown with, in order: what the admin's template calls originals."""
        if not self.is_bound:
            return list(self.rows.values())
        return [self._row_at(number) for number in range(self.initial_form_count())]

    def _key_at(self, number: int) -> UUID:
        if not self.is_bound:
            return list(self.rows)[number]
        try:
            return UUID(self._posted_key(number))
        except ValueError:
            return new_key(str(self.data.get("opened", "")), self.add_prefix(number))

    def _posted_key(self, number: int) -> str:
        return str(self.data.get(f"{self.add_prefix(number)}-part_key", ""))

    def _was_shown(self, number: int) -> bool:
        """Return whether a row was shown, and not added: in a page that stays after a save, they are mixed."""
        return number < self.initial_form_count() and (not self.is_bound or bool(self._posted_key(number)))

    def _row_at(self, number: int) -> StoryPart:
        key = self._key_at(number)
        return self.rows.get(key) or self.model(key=key)

    def _construct_form(self, i: int, **kwargs: Any) -> StoryPartForm:
        # Skips the model formset's own method, which looks rows up by primary key.
        row = self._row_at(i) if self.is_bound or i < len(self.rows) else self.model(key=uuid4())
        if not self._was_shown(i):
            kwargs |= {"empty_permitted": True, "use_required_attribute": False}
        form: StoryPartForm = super(forms.BaseModelFormSet, self)._construct_form(i, instance=row, **kwargs)  # type: ignore[misc]
        form.row_key, form.user = row.key, self.user
        row.parent_id = self.instance.pk
        if row.key in self.rows:
            form.initial["part_key"] = row.key
        if isinstance(form, UpdateNoteForm):
            form.offer_notes_to_amend(list(self.story.update_notes))
        return form

    @cached_property
    def empty_form(self) -> StoryPartForm:
        """The row that the page's buttons copy. Django's admin asks for it several times a page."""
        form = super().empty_form
        if isinstance(form, UpdateNoteForm):
            form.row_key = uuid4()
            form.offer_notes_to_amend(list(self.story.update_notes))
        return form

    def add_fields(self, form: StoryPartForm, index: int | None) -> None:
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            set_aria_label(form.fields[DELETION_FIELD_NAME])
        # The template renders it; nothing reads it.
        form.fields[self._pk_field.name] = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> None:
        """Check nothing: keys are checked with the whole story, and row numbers of the database are not used."""

    @property
    def submitted_forms(self) -> list[StoryPartForm]:
        """The rows that are neither ticked for deletion nor left blank."""
        return [
            form
            for number, form in enumerate(self.forms)
            if not self._should_delete_form(form) and (self._was_shown(number) or form.has_changed())
        ]


def part_row(part: domain.Part, ordering: int) -> StoryPart:
    """Return a part as an unsaved row of its model, for a form to show."""
    values = {attribute: getattr(part, name) for name, attribute in COLUMNS[type(part)]}
    if isinstance(part, domain.ImageBlock):
        values["picture_id"] = part.picture or None
    return PART_MODELS[type(part)](ordering=ordering, **values)


def article_row(article: Article | None, story: domain.StorySnapshot) -> Article:
    """Return a story's own fields as an unsaved row, for a form to show."""
    values = {attribute: getattr(story, name) for name, attribute in STORY_COLUMNS}
    row = Article(pk=article.pk if article else None, **values | {"section_id": story.section or None})
    row._state.adding = article is None
    return row


def form_fingerprint(formsets: Sequence[StoryPartFormSet]) -> str:
    """Return a signature of the keys that the page shows. Order does not count, since the browser may change it."""
    return _signature(f"{formset.prefix}:{key}" for formset in formsets for key in formset.rendered_keys())


def fingerprint_of_keys(keys: Mapping[str, str]) -> str:
    """Return the signature of a page that shows these keys, by the prefixes of their rows."""
    return _signature(f"{prefix.rpartition('-')[0]}:{key}" for prefix, key in keys.items())


def _signature(keys: Iterable[str]) -> str:
    return Signer(salt="stories.admin.shown").signature(" ".join(sorted(keys)))


def new_key(opened: str, place: str) -> UUID:
    """Return the key of a row that a form adds: the same each time the same form is sent."""
    try:
        return UUID(bytes=_hashed(UUID(opened), place), version=4)
    except ValueError:
        return uuid4()


def _hashed(opened: UUID, place: str) -> bytes:
    return sha256(opened.bytes + place.encode()).digest()[:16]


def add_problems(
    form: ArticleForm, formsets: Sequence[StoryPartFormSet], problems: tuple[Problem, ...]
) -> None:
    """Show each problem at the field that it is about, or above the form if that field is not shown."""
    rows = {row.row_key: row for formset in formsets for row in formset.forms}
    for problem in problems:
        if problem.part is None:
            form.add_problem(problem.field, problem.message)
        elif problem.part in rows:
            rows[problem.part].add_problem(problem.field, problem.message)
        else:
            form.add_error(None, str(problem))
