"""Formsets of the lists in a story's form, each with a summary and a preview for readers."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.utils.functional import cached_property
from django.utils.text import get_text_list
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from stories.actions.actors import site_text
from stories.admin.story_form.forms import StoryPartForm, UpdateNoteForm
from stories.admin.story_form.formsets import StoryPartFormSet
from stories.admin.story_form.to_snapshot import story_from_form
from stories.domain import snapshot as domain
from stories.models import Author
from stories.queries.publishing.versions import published_note_keys
from stories.rendering.story.comment_requests import comment_line
from stories.rendering.story.notes import NOTE_LABELS


class StoryListFormSet(StoryPartFormSet):
    """Rows with a summary and a preview."""

    # On the button that adds a row. Django's "Add another" presumes that there is one.
    add_text: Any = ""

    def add_fields(self, form: StoryPartForm, index: int | None) -> None:
        super().add_fields(form, index)
        if index is None or index >= self.initial_form_count():
            # A new row comes last, whatever its model's default is.
            form.initial["ordering"] = None

    @property
    def script_options(self) -> str:
        """What Django's script of inlines needs to know of the rows, as JSON."""
        options = {"prefix": self.prefix, "addText": str(self.add_text), "deleteText": _("Remove")}
        return json.dumps({"name": f"#{self.prefix}", "options": options})

    @property
    def typed_story(self) -> domain.StorySnapshot:
        """The story of these rows' parts, as shown or as typed, without rows that have errors."""
        if not self.is_bound:
            return self.story
        self.is_valid()
        parts = [row.submitted_part() for row in self.submitted_forms if not row.errors]
        return story_from_form(values={}, parts=parts, base=domain.EMPTY)

    @property
    def summary(self) -> str:
        """A summary of the rows in a few words, "" if there are none."""
        raise NotImplementedError

    @property
    def preview(self) -> str | list[dict[str, Any]] | None:
        """What readers would be shown of the rows."""
        return None


class BylineFormSet(StoryListFormSet):
    add_text = gettext_lazy("Add a byline")
    # Who begins the story, if they are an author.
    own_author: Author | None = None

    def begin_with(self, author: Author) -> None:
        """Fill a new row in with an author: typing that may be changed or cleared, like any other."""
        self.own_author, self.extra = author, 1
        self.initial = [{"author": author.pk, "credited_as": author.name}]

    @property
    def summary(self) -> str:
        names = [byline.credited_as for byline in self.story.bylines]
        return get_text_list([*names, *([self.own_author.name] if self.own_author else [])], _("and"))


class CommentRequestFormSet(StoryListFormSet):
    add_text = gettext_lazy("Add a request for comment")

    @property
    def summary(self) -> str:
        requests = self.typed_story.comment_requests
        if not requests:
            return ""
        pending = sum(request.status is domain.RequestStatus.PENDING for request in requests)
        if not pending:
            return ngettext("%(count)s, none open", "%(count)s, none open", len(requests)) % {
                "count": len(requests)
            }
        return ngettext("%(count)s open", "%(count)s open", pending) % {"count": pending}

    @property
    def preview(self) -> str:
        requests = self.typed_story.comment_requests
        return site_text(lambda: comment_line(requests))


class UpdateNoteFormSet(StoryListFormSet):
    add_text = gettext_lazy("Add a note to readers")
    # The published notes as posted by the page; None to look them up.
    known_published: frozenset[UUID] | None = None

    @cached_property
    def published(self) -> frozenset[UUID]:
        """Return the keys of the notes that readers have seen or are to see. These can't be changed."""
        if self.known_published is not None:
            return self.known_published
        return published_note_keys(self.instance) if self.instance.pk else frozenset()

    def _construct_form(self, i: int, **kwargs: Any) -> StoryPartForm:
        form = super()._construct_form(i, **kwargs)
        # Lazy, since only a page that is shown needs it; `revise` makes its own check.
        assert isinstance(form, UpdateNoteForm)
        form.published_keys = lambda: self.published
        return form

    @property
    def summary(self) -> str:
        notes = self.typed_story.update_notes
        if not notes:
            return ""
        fresh = sum(note.key not in self.published for note in notes)
        if fresh and fresh < len(notes):
            return _("%(count)s, of which %(fresh)s not published yet") % {
                "count": len(notes),
                "fresh": fresh,
            }
        if fresh:
            return _("%(count)s, not published yet") % {"count": fresh}
        return _("%(count)s published") % {"count": len(notes)}

    @property
    def preview(self) -> list[dict[str, Any]]:
        """The notes that are not published yet, as they would read."""
        return [
            {"label": NOTE_LABELS[note.kind], "text": note.text, "was": note.was, "now": note.now}
            for note in self.typed_story.update_notes
            if note.key not in self.published and note.text
        ]
