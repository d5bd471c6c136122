"""The pages of a story's form: as the story read at a revision, or as posted. Nothing is saved here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from content_editor.admin import ContentEditor
from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import flatten_fieldsets
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.admin.page.bad_input import BadInputMixin
from stories.admin.page.erased_since import posted_erasure
from stories.admin.page.frame import story_permissions
from stories.admin.page.log_entries import MinimalLogMixin
from stories.admin.page.status import status_of
from stories.admin.story_form.conflict_state import posted_conflict_state
from stories.admin.story_form.conflicts import conflict_panel
from stories.admin.story_form.form_actions import requested_action
from stories.admin.story_form.forms import ArticleForm
from stories.admin.story_form.formsets import article_row, form_fingerprint
from stories.admin.story_form.problems import problems_of
from stories.admin.story_form.signed_snapshot import BadSnapshotSignature
from stories.admin.story_form.state import StoryFormState
from stories.domain.snapshot import EMPTY, StorySnapshot
from stories.domain.text.whole_number import whole_number
from stories.models import Article, Revision
from stories.queries.story.snapshots import WorkingRows, latest_revision, snapshot_at, working_rows


class StoryFormPages(BadInputMixin[Article], MinimalLogMixin[Article], ContentEditor):  # type: ignore[misc]  # it ships no types
    """A ModelAdmin that makes states of a story's form and shows them; it saves nothing."""

    def posted_base(
        self, request: HttpRequest, article: Article | None
    ) -> tuple[int, StorySnapshot, WorkingRows | None]:
        """Return the revision that a posted form was opened at, the story as it read there, and its rows.

        The rows are None unless it is the newest. The action refuses a number that is none of the story's.
        """
        if article is None:
            return 0, EMPTY, None
        base = whole_number(request.POST.get("base", "")) or 0
        # Queried before the rows: what is saved in between is found as a newer revision under the lock.
        is_newest = base == latest_revision(article.pk)
        rows = None
        story = None if is_newest else self._story_at(article, base)
        if story is None:
            rows = working_rows(article)
            story = rows.story
        # The erasure number is the form's, since what was typed is as old as the form.
        return base, replace(story, erasure=posted_erasure(request)), rows if is_newest else None

    @staticmethod
    def _story_at(article: Article, number: int) -> StorySnapshot | None:
        try:
            return snapshot_at(article.pk, number)
        except Revision.DoesNotExist:
            return None

    def posted_state(self, request: HttpRequest, article: Article | None) -> StoryFormState:
        """Return the form as it was posted, with the conflict that it was shown with."""
        base, story, rows = self.posted_base(request, article)
        state = self.form_state(request, article, base, story, posted=True)
        state.rows = rows
        if article is not None:
            try:
                state.conflict_state = posted_conflict_state(request, article, newest=base, theirs=story)
            except BadSnapshotSignature:
                messages.warning(
                    request,
                    _(
                        "What you chose where others had changed the same places was chosen too long ago, or in "
                        "another form, so your own words stand there."
                    ),
                )
        return state

    def run_action(self, request: HttpRequest, state: StoryFormState) -> StoryFormState | None:
        """Return the form to show instead of saving, None if it was sent to be saved."""
        action = requested_action(request)
        if action is None:
            return None
        new_state = action(self, request, state)
        # An action that made a new state of what was typed has resolved no conflict.
        new_state.conflict_state = new_state.conflict_state or state.conflict_state
        return new_state

    def form_state(
        self,
        request: HttpRequest,
        article: Article | None,
        base: int,
        story: StorySnapshot,
        *,
        posted: bool = False,
        why: str = "",
    ) -> StoryFormState:
        """Make the form of a story as it read at revision `base`, or as it was posted."""
        form_class: type[ArticleForm] = self.get_form(  # type: ignore[assignment]  # a class made of our `form`
            request,
            article,
            # change=True would drop the fields of a user who may not change it: the action refuses, and the text stays.
            change=False,
            fields=flatten_fieldsets(self.get_fieldsets(request, article)),
        )
        row = article_row(article, story)
        # A copy that forms can write to: an uploaded picture stays with a form that is shown again.
        data: dict[str, Any] = {"data": request.POST.copy(), "files": request.FILES} if posted else {}
        initial = {"base": base, "erasure": story.erasure or 0, "opened": uuid4(), "why": why}
        form = form_class(instance=row, initial=initial, **data)
        formsets, inlines = [], []
        for formset_class, inline in self.get_formsets_with_inlines(request, article):
            formset_class.user = request.user
            prefix = formset_class.get_default_prefix()
            formsets.append(formset_class(instance=row, prefix=prefix, story=story, **data))
            inlines.append(inline)
        if not posted:
            form.initial["shown"] = form_fingerprint(formsets)
        return StoryFormState(
            article=article,
            base=base,
            story=story,
            form=form,
            formsets=formsets,
            inlines=inlines,
        )

    def show_state(
        self,
        request: HttpRequest,
        state: StoryFormState,
        *,
        status: int = 200,
        form_url: str = "",
        **context: object,
    ) -> HttpResponse:
        """Show the page of a form. `status` is the response's code, `context` extends the template's."""
        article = state.article
        fieldsets: Any = self.get_fieldsets(request, article)
        admin_form = AdminForm(
            state.form,
            list(fieldsets),
            self.get_prepopulated_fields(request, article),
            self.get_readonly_fields(request, article),
            model_admin=self,
        )
        # Without the article, whose permissions they would check: a user who may not change it any more still gets
        # back what they typed.
        inline_formsets = self.get_inline_formsets(request, state.formsets, state.inlines)
        media = self.media + admin_form.media
        for inline in inline_formsets:
            media += inline.media
        response = self.render_change_form(
            request,
            {
                **self.admin_site.each_context(request),
                "title": _("Edit story") if article else _("New story"),
                "subtitle": None,
                "adminform": admin_form,
                "object_id": str(article.pk) if article else None,
                "original": article,
                "is_popup": False,
                "to_field": None,
                "media": media,
                "inline_admin_formsets": inline_formsets,
                "problems": problems_of(state),
                "preserved_filters": self.get_preserved_filters(request),
                "conflict_panel": conflict_panel(state, request.user),
                "status": status_of(article, at=timezone.now()) if article else None,
                **story_permissions(request.user, article),
                **context,
            },
            add=article is None,
            change=article is not None,
            obj=article,
            form_url=form_url,
        )
        response.status_code = status
        return response

    def _content_editor_context(self, request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
        settings: dict[str, Any] = super()._content_editor_context(request, context)
        for message in ("clone", "noClone", "selectAll"):
            settings["messages"].pop(message, None)
        settings["messages"]["empty"] = _(
            "There is nothing here yet. Press + to add text, a quote, a picture or a link card."
        )
        return settings

    def save_model(self, request: HttpRequest, obj: Article, form: ModelForm[Article], change: bool) -> None:
        raise Refused(_("Stories are saved by their own form alone."))

    def save_related(
        self, request: HttpRequest, form: ModelForm[Article], formsets: Iterable[object], change: bool
    ) -> None:
        raise Refused(_("Stories are saved by their own form alone."))

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        raise Refused(_("Stories are never deleted."))
