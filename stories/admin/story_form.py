"""The form of a story at work: what is typed becomes a wanted story, and `revise` makes the revision."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from content_editor.admin import ContentEditor
from django.contrib import messages
from django.contrib.admin.helpers import AdminErrorList, AdminForm
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from stories.actions.errors import MergeConflict, Refused, StoryInvalid
from stories.actions.people import may_edit, may_start
from stories.actions.revise import revise
from stories.actions.settle import settle
from stories.admin.bad_addresses import BadAddresses
from stories.admin.begun import begun_by, remember_begun
from stories.admin.conflicts import told
from stories.admin.formsets import article_row, seal_of, tell_problems
from stories.admin.history import compared, revision_view, what_they_may
from stories.admin.log_entries import BareLog
from stories.admin.sheets import Sheet
from stories.admin.status import status_of
from stories.domain.merge import merge
from stories.domain.snapshot import EMPTY, StorySnapshot
from stories.models import Article, Revision
from stories.queries.snapshots import latest_revision, snapshot_at, working_snapshot


class StoryFormAdmin(BadAddresses, BareLog, ContentEditor):
    """A ModelAdmin whose form saves nothing itself."""

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
        """Save what was posted, or show it again with what is wrong: no typed word is lost."""
        base, story = self.opened_at(request, article)
        sheet = self.sheet_of(request, article, base, story, posted=True)
        if request.POST.getlist("_clone"):
            messages.error(
                request,
                _("Blocks are not cloned here: a copy would have no history. Nothing was saved."),
            )
            sheet.is_valid()
            return self.show_sheet(request, sheet, status=400)
        if not sheet.is_valid():
            return self.show_sheet(request, sheet)
        wanted, why = sheet.wanted(), sheet.form.cleaned_data["why"].strip()
        begins = article is None
        try:
            with transaction.atomic():
                if begins and (begun := begun_by(request)) is not None:
                    # Sent again, it is an edit of the story that it began: of none, or of what was typed since.
                    article, base = begun, 1
                    sheet = replace(sheet, article=begun, base=1, story=snapshot_at(begun.pk, 1))
                revision = revise(article=article, story=wanted, base=base, user=request.user, reason=why)
                if revision is not None:
                    log = self.log_addition if article is None else self.log_change
                    log(request, revision.article, f"Revision {revision.number}")
                    if article is None:
                        remember_begun(request, revision.article)
        except StoryInvalid as refusal:
            tell_problems(sheet.form, sheet.formsets, refusal.problems)
            return self.show_sheet(request, sheet)
        except MergeConflict:
            assert article is not None  # nobody can have changed a story that begins
            return self._show_merged(request, article, sheet, wanted)
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
            return self._go_on(request, article)
        return self._saved(request, article, base, revision)

    def _saved(
        self, request: HttpRequest, article: Article | None, base: int, revision: Revision | None
    ) -> HttpResponse:
        """On to the next page, with a sentence on what was saved."""
        saved = revision.article if revision is not None else article
        assert saved is not None  # a story that begins always makes a revision
        if revision is None:
            messages.info(request, _("Nothing changed, so nothing was saved."))
        elif revision.number > base + 1:
            messages.success(
                request,
                _(
                    "Saved as revision %(number)s. What others saved since you opened the story was merged in; "
                    "the history shows it."
                )
                % {"number": revision.number},
            )
        else:
            messages.success(request, _("Saved as revision %(number)s.") % {"number": revision.number})
        return self._go_on(request, saved)

    def _go_on(self, request: HttpRequest, saved: Article) -> HttpResponse:
        """To the page that the button asked for."""
        if "_publish" in request.POST:
            return HttpResponseRedirect(reverse("admin:stories_article_publish", args=[saved.pk]))
        if "_continue" in request.POST:
            return HttpResponseRedirect(reverse("admin:stories_article_change", args=[saved.pk]))
        return HttpResponseRedirect(reverse("admin:stories_article_changelist"))

    def _show_merged(
        self, request: HttpRequest, article: Article, sheet: Sheet, wanted: StorySnapshot
    ) -> HttpResponse:
        """The form anew, at the newest revision: both sides merged, with the editor's own words where they differ.

        That revision may be newer than the one that refused: what is told is the merge that is shown.
        """
        newest = latest_revision(article.pk)
        theirs = snapshot_at(article.pk, newest)
        mine = settle(wanted, sheet.story, article)
        merged = merge(sheet.story, mine, theirs, prefer="mine")
        since = Revision.objects.filter(article=article, number__gt=sheet.base, number__lte=newest)
        names = since.order_by("number").values_list("user_name", flat=True)
        anew = self.sheet_of(request, article, newest, merged.story, why=sheet.form.cleaned_data["why"])
        anew.conflicts = told(merged.conflicts, base=sheet.story, mine=mine, theirs=theirs)
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
        return self.show_sheet(
            request,
            anew,
            others=", ".join(dict.fromkeys(names)),
            merged_in=compared(sheet.story, theirs),
            # A form that began this story came by the address of new ones.
            form_url=reverse("admin:stories_article_change", args=[article.pk]),
        )

    def opened_at(self, request: HttpRequest, article: Article | None) -> tuple[int, StorySnapshot]:
        """The revision that a posted form was opened at, and the story as it read there.

        A number that is not one of the story's is left for the action to refuse.
        """
        if article is None:
            return 0, EMPTY
        posted = request.POST.get("base", "")
        base = int(posted) if posted.isdecimal() and len(posted) < 10 else 0
        try:
            return base, snapshot_at(article.pk, base)
        except Revision.DoesNotExist:
            return base, working_snapshot(article)

    def sheet_of(
        self,
        request: HttpRequest,
        article: Article | None,
        base: int,
        story: StorySnapshot,
        *,
        posted: bool = False,
        why: str = "",
    ) -> Sheet:
        """The form of a story as it read at revision `base`, or as it was posted."""
        form_class = self.get_form(
            request,
            article,
            # A change that is not allowed would lose its fields: the action refuses it, with its text kept.
            change=False,
            fields=flatten_fieldsets(self.get_fieldsets(request, article)),
        )
        row = article_row(article, story)
        # A copy, which forms may write to: a picture that was uploaded stays with a form that comes back.
        data: dict[str, Any] = {"data": request.POST.copy(), "files": request.FILES} if posted else {}
        initial = {"base": base, "opened": uuid4(), "why": why}
        form = form_class(instance=row, initial=initial, **data)
        formsets, inlines = [], []
        for formset_class, inline in self.get_formsets_with_inlines(request, article):
            formset_class.user = request.user
            prefix = formset_class.get_default_prefix()
            formsets.append(formset_class(instance=row, prefix=prefix, story=story, **data))
            inlines.append(inline)
        if not posted:
            form.initial["shown"] = seal_of(formsets)
        return Sheet(
            article=article,
            base=base,
            story=story,
            form=form,
            formsets=formsets,
            inlines=inlines,
            conflicts=[],
        )

    def show_sheet(
        self, request: HttpRequest, sheet: Sheet, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        """The page of a form; `status` is the answer's code, `context` what its template knows besides."""
        article = sheet.article
        fieldsets: Any = self.get_fieldsets(request, article)
        admin_form = AdminForm(
            sheet.form,
            list(fieldsets),
            self.get_prepopulated_fields(request, article),
            self.get_readonly_fields(request, article),
            model_admin=self,
        )
        # Without the article, which they would ask whether it may be changed: who may no more still gets
        # back what they typed.
        inline_formsets = self.get_inline_formsets(request, sheet.formsets, sheet.inlines)
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
                "errors": AdminErrorList(sheet.form, sheet.formsets),
                "preserved_filters": self.get_preserved_filters(request),
                "conflicts": sheet.conflicts,
                "status": status_of(article, at=timezone.now()) if article else None,
                **what_they_may(request.user),
                **context,
            },
            add=article is None,
            change=article is not None,
            obj=article,
            form_url=context.get("form_url", ""),
        )
        response.status_code = status
        return response

    def _content_editor_context(self, request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
        settings = super()._content_editor_context(request, context)
        for message in ("clone", "noClone", "selectAll"):
            settings["messages"].pop(message, None)
        settings["messages"]["empty"] = _(
            "Nothing stands here yet. Press + to add text, a quote, a picture or a link card."
        )
        return settings

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        raise Refused(_("Stories are saved by their own form alone."))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        raise Refused(_("Stories are saved by their own form alone."))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        raise Refused(_("Stories are never deleted."))
