"""The form of a story at work: what is typed becomes a wanted story, and `revise` makes the revision."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from stories.actions.editing.clean import clean_story
from stories.actions.editing.revise import revise
from stories.actions.errors import ErasedSince, MergeConflict, Refused, StoryInvalid
from stories.actions.permissions import may_edit, may_start
from stories.admin.page.erased_since import clear_autosave, redirect_erased_forms, refuse_erased_form
from stories.admin.story.history import revision_view
from stories.admin.story_form.conflict_state import ConflictState
from stories.admin.story_form.double_submit import remember_story_begun, story_begun_by_form
from stories.admin.story_form.formsets import add_problems
from stories.admin.story_form.merge_messages import merged_message
from stories.admin.story_form.pages import StoryFormPages
from stories.admin.story_form.resolve import resolved_story
from stories.admin.story_form.state import StoryFormState
from stories.domain.snapshot import EMPTY, StorySnapshot
from stories.models import Article, Revision
from stories.queries.story.snapshots import latest_revision, snapshot_at
from stories.queries.takedown.erasures import newest_erasure


class StoryFormAdmin(StoryFormPages):
    """A ModelAdmin whose form saves nothing itself."""

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
                return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            if not self.has_view_permission(request, article):
                raise PermissionDenied
            if request.method == "POST" and not (may_edit(request.user, article) or may_start(request.user)):
                raise PermissionDenied
        elif not may_start(request.user):
            raise PermissionDenied(_("You may not begin stories."))
        if request.method == "POST":
            return self._receive(request, article)
        if article is None:
            return self.show_sheet(request, self.sheet_of(request, None, 0, EMPTY))
        base = latest_revision(article.pk)
        if not may_edit(request.user, article):
            return revision_view(self, request, article_id=article.pk, number=base)
        return self.show_sheet(request, self.sheet_of(request, article, base, snapshot_at(article.pk, base)))

    def _receive(self, request: HttpRequest, article: Article | None) -> HttpResponse:
        """Save what was posted, or show it again with what is wrong: no typed word is lost.

        Raises ErasedSince for a form that may hold what was erased since it was opened.
        """
        if article is not None:
            refuse_erased_form(request, newest_erasure(article.pk))
        sheet = self.posted_sheet(request, article)
        base = sheet.base
        if request.POST.getlist("_clone"):
            messages.error(
                request,
                _("Blocks are not cloned here: a copy would have no history. Nothing was saved."),
            )
            sheet.is_valid()
            return self.show_sheet(request, sheet, status=400)
        if (stepped := self.stepped(request, sheet)) is not None:
            return self.show_sheet(request, stepped)
        if not sheet.is_valid():
            return self.show_sheet(request, sheet)
        why = sheet.form.cleaned_data["why"].strip()
        begins = article is None
        try:
            wanted = resolved_story(sheet)
            with transaction.atomic():
                if begins and (begun := story_begun_by_form(request)) is not None:
                    # Sent again, it is an edit of the story that it began: of none, or of what was typed since.
                    article, base = begun, 1
                    sheet = replace(sheet, article=begun, base=1, story=snapshot_at(begun.pk, 1))
                revision = revise(
                    article=article,
                    story=wanted,
                    base=base,
                    user=request.user,
                    reason=why,
                    rows=sheet.rows,
                    beside=partial(self._log_save, request, begins=article is None),
                )
        except StoryInvalid as refusal:
            add_problems(sheet.form, sheet.formsets, refusal.problems)
            return self.show_sheet(request, sheet)
        except MergeConflict:
            assert article is not None  # nobody can have changed a story that begins
            return self._show_merged(request, article, sheet, wanted)
        except ErasedSince:
            # Not shown again: what was typed may hold it.
            raise
        except PermissionDenied as refusal:
            messages.error(request, str(refusal) or _("You may not do this. Nothing was saved."))
            return self.show_sheet(request, sheet, status=403)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return self.show_sheet(request, sheet)
        if begins and article is not None and revision is None:
            messages.info(
                request, _("This form was sent twice. The story was begun once, and here it stands.")
            )
            return clear_autosave(request, self._go_on(request, article))
        return clear_autosave(request, self._saved(request, article, sheet, revision))

    def _log_save(self, request: HttpRequest, revision: Revision, *, begins: bool) -> None:
        log = self.log_addition if begins else self.log_change
        log(request, revision.article, f"Revision {revision.number}")
        if begins:
            remember_story_begun(request, revision.article)

    def _saved(
        self, request: HttpRequest, article: Article | None, sheet: StoryFormState, revision: Revision | None
    ) -> HttpResponse:
        """Redirect to the next page, with a message on what was saved and which edits of others were merged in."""
        saved = revision.article if revision is not None else article
        assert saved is not None  # a story that begins always makes a revision
        if revision is None:
            messages.info(request, _unchanged(saved, base=sheet.base, user_id=request.user.pk))
        elif revision.number > sheet.base + 1:
            message = merged_message(revision, base=sheet.base, began=sheet.story, user=request.user)
            messages.success(request, message)
        else:
            messages.success(request, _("Saved as revision %(number)s.") % {"number": revision.number})
        return self._go_on(request, saved)

    def _go_on(self, request: HttpRequest, saved: Article) -> HttpResponse:
        """Redirect to the page that the button asked for."""
        if "_offer" in request.POST:
            return HttpResponseRedirect(reverse("admin:stories_article_offer", args=[saved.pk]))
        if "_publish" in request.POST:
            return HttpResponseRedirect(reverse("admin:stories_article_publish", args=[saved.pk]))
        if "_find" in request.POST:
            return HttpResponseRedirect(reverse("admin:stories_article_find", args=[saved.pk]))
        if "_continue" in request.POST:
            return HttpResponseRedirect(reverse("admin:stories_article_change", args=[saved.pk]))
        return HttpResponseRedirect(reverse("admin:stories_article_changelist"))

    def _show_merged(
        self, request: HttpRequest, article: Article, sheet: StoryFormState, wanted: StorySnapshot
    ) -> HttpResponse:
        """Show the form at the newest revision: both sides merged, with the editor's own words where they differ.

        That revision may be newer than the one that refused: what is told is the merge that is shown.
        """
        newest = latest_revision(article.pk)
        dispute = ConflictState(
            article=article,
            base=sheet.base,
            began=sheet.story,
            mine=clean_story(wanted, sheet.story, article),
            newest=newest,
            theirs=snapshot_at(article.pk, newest),
        )
        merged = dispute.merged({})
        anew = self.sheet_of(request, article, newest, merged.story, why=sheet.form.cleaned_data["why"])
        anew.dispute = dispute
        if merged.conflicts:
            messages.warning(request, str(MergeConflict(merged.conflicts)))
        else:
            # Whoever had changed the same words has taken that back in this very moment.
            messages.warning(
                request,
                _(
                    "Others saved this story while yours was on its way. Nothing of yours was saved yet, and nothing "
                    "is lost: below stands the story with the changes of both. Look at it, then save again."
                ),
            )
        # A form that began this story came by the address of new ones.
        address = reverse("admin:stories_article_change", args=[article.pk])
        return self.show_sheet(request, anew, form_url=address)


def _unchanged(article: Article, *, base: int, user_id: int | None) -> str:
    """Say why a form made no revision; if its answer was lost when it was sent before, it has made one then."""
    newest = Revision.objects.filter(article=article).order_by("-number").first()
    if newest is not None and newest.number > base and newest.user_id == user_id:
        return _("This was saved already, as revision %(number)s.") % {"number": newest.number}
    return _("Nothing changed, so nothing was saved.")
