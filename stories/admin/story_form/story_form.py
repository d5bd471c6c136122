"""The admin of a story's form: it makes a story of what was typed, and `revise` saves the revision."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from stories.actions.editing.clean import clean_story
from stories.actions.editing.revise import revise
from stories.actions.errors import ErasedSince, MergeConflict, Refused, StoryInvalid
from stories.actions.permissions import (
    NEWSROOM_ONLY,
    may_edit,
    may_publish,
    may_start,
    reason_not_to_edit,
    require_start,
)
from stories.admin.page.erased_since import clear_autosave, redirect_erased_forms, refuse_erased_form
from stories.admin.page.in_place import is_in_place, is_of_another_user
from stories.admin.story.history import revision_view
from stories.admin.story_form.conflict_state import ConflictState
from stories.admin.story_form.double_submit import remember_story_begun, story_begun_by_form
from stories.admin.story_form.formsets import add_problems
from stories.admin.story_form.list_formsets import BylineFormSet
from stories.admin.story_form.merge_messages import merged_message
from stories.admin.story_form.pages import StoryFormPages
from stories.admin.story_form.resolve import resolved_story
from stories.admin.story_form.save_in_place import posted_keys, saved_in_place
from stories.admin.story_form.state import StoryFormState
from stories.domain.snapshot import EMPTY, StorySnapshot
from stories.models import Article, Revision, User
from stories.queries.publishing.versions import live_publication
from stories.queries.story.snapshots import latest_revision, snapshot_at
from stories.queries.takedown.erasures import newest_erasure


class StoryFormAdmin(StoryFormPages):
    """A ModelAdmin whose form saves through `revise` alone."""

    @redirect_erased_forms
    @method_decorator(csrf_protect)
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        article = None
        if object_id is not None:
            article = self.get_object(request, unquote(object_id))
            if article is None:
                redirect: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
                return redirect
            if not self.has_view_permission(request, article):
                raise PermissionDenied(NEWSROOM_ONLY)
            if request.method == "POST" and not (may_edit(request.user, article) or may_start(request.user)):
                raise PermissionDenied(reason_not_to_edit(request.user, article))
        else:
            require_start(request.user)
        if is_of_another_user(request):
            return JsonResponse({"other": True}, status=409)
        if request.method == "POST":
            return self._receive(request, article)
        if article is None:
            return self.show_state(request, self._new_form(request))
        base = latest_revision(article.pk)
        if refusal := reason_not_to_edit(request.user, article):
            return revision_view(self, request, article_id=article.pk, number=base, read_only=refusal)
        return self.show_state(
            request, self.form_state(request, article, base, snapshot_at(article.pk, base))
        )

    def _new_form(self, request: HttpRequest) -> StoryFormState:
        """Return the form of a new story, with the byline of whoever begins it if they are an author."""
        state = self.form_state(request, None, 0, EMPTY)
        if isinstance(request.user, User) and request.user.author is not None:
            for formset in state.formsets:
                if isinstance(formset, BylineFormSet):
                    formset.begin_with(request.user.author)
        return state

    def _receive(self, request: HttpRequest, article: Article | None) -> HttpResponse:
        """Save what was posted, or show it again with its errors, without losing a word.

        Raise ErasedSince for a form that may hold what was erased since it was opened.
        """
        if article is not None:
            refuse_erased_form(request, newest_erasure(article.pk))
        state = self.posted_state(request, article)
        base = state.base
        if request.POST.getlist("_clone"):
            messages.error(
                request,
                _("Blocks are not cloned here: a copy would have no history. Nothing was saved."),
            )
            state.is_valid()
            return self.show_state(request, state, status=400)
        if (next_state := self.run_action(request, state)) is not None:
            return self.show_state(request, next_state)
        if not state.is_valid():
            state.add_problems_of_valid_rows()
            return self.show_state(request, state)
        why = state.form.cleaned_data["why"].strip()
        is_new = article is None
        try:
            story = resolved_story(state)
            with transaction.atomic():
                if is_new and (existing := story_begun_by_form(request)) is not None:
                    # A form sent again edits the story that it began: nothing, or what was typed since.
                    article, base = existing, 1
                    state = replace(state, article=existing, base=1, story=snapshot_at(existing.pk, 1))
                revision = revise(
                    article=article,
                    story=story,
                    base=base,
                    user=request.user,
                    reason=why,
                    rows=state.rows,
                    also_write=partial(self._log_save, request, is_new=article is None),
                )
        except StoryInvalid as refusal:
            add_problems(state.form, state.formsets, refusal.problems)
            return self.show_state(request, state)
        except MergeConflict:
            assert article is not None  # nobody else can have changed a new story
            return self._show_merged(request, article, state, story)
        except ErasedSince:
            # Not shown again: what was typed may hold the erased words.
            raise
        except PermissionDenied as refusal:
            messages.error(request, str(refusal) or _("You may not do this. Nothing was saved."))
            return self.show_state(request, state, status=403)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return self.show_state(request, state)
        if is_new and article is not None and revision is None:
            messages.info(
                request, _("This form was sent twice. The story was begun once, and here it stands.")
            )
            return clear_autosave(request, self._after_save(request, article, state, revision))
        return clear_autosave(request, self._answer_with_message(request, article, state, revision))

    def _log_save(self, request: HttpRequest, revision: Revision, *, is_new: bool) -> None:
        log = self.log_addition if is_new else self.log_change
        log(request, revision.article, f"Revision {revision.number}")
        if is_new:
            remember_story_begun(request, revision.article)

    def _answer_with_message(
        self, request: HttpRequest, article: Article | None, state: StoryFormState, revision: Revision | None
    ) -> HttpResponse:
        """Answer a save, with a message on what was saved and which edits of others were merged in."""
        saved = revision.article if revision is not None else article
        assert saved is not None  # a new story always makes a revision
        if revision is None:
            messages.info(request, _unchanged(saved, base=state.base, user_id=request.user.pk))
        elif revision.number > state.base + 1:
            message = merged_message(revision, base=state.base, base_story=state.story, user=request.user)
            messages.success(request, message)
        else:
            messages.success(request, _("Saved as revision %(number)s.") % {"number": revision.number})
        if revision is not None and self._waits_for_editor(request, saved):
            messages.info(
                request,
                _(
                    "Readers don’t see your change yet: it goes live once an editor publishes it. Send it for "
                    "review when it is ready."
                ),
            )
        return self._after_save(request, saved, state, revision)

    def _after_save(
        self, request: HttpRequest, saved: Article, state: StoryFormState, revision: Revision | None
    ) -> HttpResponse:
        if is_in_place(request):
            return saved_in_place(request, saved, state, revision)
        return self._redirect_after_save(request, saved)

    def _waits_for_editor(self, request: HttpRequest, saved: Article) -> bool:
        """Return whether readers see a story that somebody changed who may not publish it."""
        return not may_publish(request.user, saved) and live_publication(saved, at=timezone.now()) is not None

    def _redirect_after_save(self, request: HttpRequest, saved: Article) -> HttpResponse:
        """Redirect to the page that the button asked for."""
        if "_offer" in request.POST:
            return HttpResponseRedirect(reverse("admin:stories_article_offer", args=[saved.pk]))
        if "_publish" in request.POST and not may_publish(request.user, saved):
            # The button of a new story: its section may be one in which this person may not publish.
            return HttpResponseRedirect(reverse("admin:stories_article_offer", args=[saved.pk]))
        if "_publish" in request.POST:
            return HttpResponseRedirect(reverse("admin:stories_article_publish", args=[saved.pk]))
        if "_find" in request.POST:
            return HttpResponseRedirect(reverse("admin:stories_article_find", args=[saved.pk]))
        if "_continue" in request.POST:
            return HttpResponseRedirect(reverse("admin:stories_article_change", args=[saved.pk]))
        return HttpResponseRedirect(reverse("admin:stories_article_changelist"))

    def _show_merged(
        self, request: HttpRequest, article: Article, state: StoryFormState, story: StorySnapshot
    ) -> HttpResponse:
        """Show the form at the newest revision: both sides merged, with the editor's own words where they differ.

        That revision may be newer than the one that conflicted: the messages are about the merge that is shown.
        """
        newest = latest_revision(article.pk)
        conflict_state = ConflictState(
            article=article,
            base=state.base,
            base_story=state.story,
            mine=clean_story(story, state.story, article),
            newest=newest,
            theirs=snapshot_at(article.pk, newest),
        )
        merged = conflict_state.merged({})
        new_state = self.form_state(
            request, article, newest, merged.story, why=state.form.cleaned_data["why"]
        )
        new_state.conflict_state = conflict_state
        if merged.conflicts:
            messages.warning(request, str(MergeConflict(merged.conflicts)))
        else:
            # The other editor has just undone the change that conflicted.
            messages.warning(
                request,
                _(
                    "Others saved this story while yours was on its way. Nothing of yours was saved yet, and nothing "
                    "is lost: below stands the story with the changes of both. Look at it, then save again."
                ),
            )
        # A form that began this story was posted to the address of new stories.
        address = reverse("admin:stories_article_change", args=[article.pk])
        return self.show_state(request, new_state, form_url=address, posted_keys=posted_keys(state))


def _unchanged(article: Article, *, base: int, user_id: int | None) -> str:
    """Say why a form made no revision; if its answer was lost when it was sent before, it has made one then."""
    newest = Revision.objects.filter(article=article).order_by("-number").first()
    if newest is not None and newest.number > base and newest.user_id == user_id:
        return _("This was saved already, as revision %(number)s.") % {"number": newest.number}
    return _("Nothing changed, so nothing was saved.")
