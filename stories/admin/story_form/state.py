"""The state of a story's form: the form with those of its parts, and the story that was typed into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.forms.formsets import all_valid
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from stories.actions.editing.clean import clean_story
from stories.actions.errors import StoryInvalid
from stories.admin.story_form.conflict_state import ConflictState
from stories.admin.story_form.forms import ArticleForm, StoryPartForm
from stories.admin.story_form.formsets import StoryPartFormSet, add_problems, form_fingerprint
from stories.admin.story_form.inlines import StoryPartInline
from stories.admin.story_form.to_snapshot import story_from_form
from stories.domain.snapshot import StorySnapshot
from stories.models import Article
from stories.queries.story.snapshots import WorkingRows


@dataclass
class StoryFormState:
    """A story's form with those of its parts, opened at revision `base`, at which it read `story`.

    `rows` are the working copy's if that is the newest revision. `conflict_state` is the conflict that it is shown
    with, if any.
    """

    article: Article | None
    base: int
    story: StorySnapshot
    form: ArticleForm
    formsets: list[StoryPartFormSet]
    inlines: list[StoryPartInline]
    rows: WorkingRows | None = None
    conflict_state: ConflictState | None = None

    def is_valid(self) -> bool:
        # A list, so that all are validated and every problem shows at once.
        return all([self.form.is_valid(), all_valid(self.formsets), self._is_complete()])

    def _is_complete(self) -> bool:
        """Return whether every part that the page showed came back. One that did not would be taken for deleted."""
        complete = all(formset.is_complete() for formset in self.formsets)
        posted = self.form.cleaned_data.get("shown", "")
        if complete and constant_time_compare(posted, form_fingerprint(self.formsets)):
            return True
        self.form.add_error(
            None,
            _(
                "This form did not arrive as it was sent: parts of the story are missing in it. Nothing was saved. "
                "Open the story in another window, and copy over what you typed."
            ),
        )
        return False

    def submitted_story(self) -> StorySnapshot:
        """Return the story that was typed. The form must be valid."""
        parts = [row.submitted_part() for row in self.submitted_rows()]
        return story_from_form(values=self.form.story_values(), parts=parts, base=self.story)

    def add_problems_of_valid_rows(self) -> None:
        """Add what saving would refuse of the rows that are valid by themselves, so that one round tells all."""
        rows = [row for row in self.submitted_rows() if not row.errors]
        values = self.form.story_values() if self.form.is_valid() else {}
        typed = story_from_form(values=values, parts=[row.submitted_part() for row in rows], base=self.story)
        try:
            clean_story(typed, self.story, self.article)
        except StoryInvalid as refusal:
            # Without the rows that are invalid, a note that is amended may seem to be missing.
            problems = tuple(each for each in refusal.problems if each.field != "amends")
            add_problems(self.form, self.formsets, problems)

    def submitted_rows(self) -> list[StoryPartForm]:
        """Return the rows of all parts that were neither deleted nor left blank."""
        return [row for formset in self.formsets for row in formset.submitted_forms]


class StoryFormMaker(Protocol):
    """Whoever makes the state of a story's form: its admin, for the buttons that show the form again, changed."""

    def form_state(
        self, request: HttpRequest, article: Article | None, base: int, story: StorySnapshot, *, why: str = ""
    ) -> StoryFormState:
        """Make the form of a story as it read at revision `base`."""
