"""Fix what is live: the form opened at the live version, whatever edits wait; its review; its publication.

Nothing is saved before it is published. Between the form and the review, the page carries the story signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.comment_desk.statements import remove_statement
from stories.actions.editing.clean import clean_story
from stories.actions.editing.revise import refuse_erased
from stories.actions.errors import MergeConflict, StoryInvalid
from stories.actions.permissions import NEWSROOM_ONLY, require_publish
from stories.actions.publishing.fix import fix
from stories.admin.page.bad_input import NUL
from stories.admin.page.decision import nothing_to_publish
from stories.admin.page.double_submit import published_already, redirect_to_publication
from stories.admin.page.frame import article_or_404, number_in
from stories.admin.page.status import StatusDetails, status_of
from stories.admin.publishing.review_context import build_reviewed_change
from stories.admin.publishing.review_page import Review, begin_review
from stories.admin.story_form.conflict_state import ConflictState
from stories.admin.story_form.formsets import add_problems
from stories.admin.story_form.pages import StoryFormPages
from stories.admin.story_form.resolve import TypedOver, resolved_story
from stories.admin.story_form.signed_snapshot import (
    BadSnapshotSignature,
    SignedSnapshot,
    sign_snapshot,
    unsign_snapshot,
)
from stories.admin.story_form.state import StoryFormState
from stories.domain.merge.merge import Merge, merge
from stories.domain.snapshot import StorySnapshot
from stories.models import Article, Publication
from stories.queries.publishing.versions import live_version
from stories.queries.story.snapshots import snapshot_at
from stories.queries.takedown.erasures import newest_erasure


@dataclass
class FixPage:
    """The pages on which a story is fixed. `live` is what readers see of it now."""

    model_admin: StoryFormPages
    request: HttpRequest
    article: Article
    status: StatusDetails
    live: StorySnapshot
    # The request whose statement it takes from the comment desk, None if it takes none.
    answers: UUID | None = None

    @property
    def address(self) -> str:
        """The page's own address. It names the request, whose statement is still known when the form is shown again."""
        return f"{self.request.path}?answers={self.answers}" if self.answers else self.request.path

    def receive(self) -> HttpResponse:
        """Answer a POST: of the form, or of its review by one of its buttons."""
        if "wanted" not in self.request.POST:
            return self.receive_form()
        try:
            signed = unsign_snapshot(
                self.request.POST["wanted"], article_id=self.article.pk, user_id=self.request.user.pk
            )
        except BadSnapshotSignature:
            messages.error(
                self.request,
                _(
                    "This fix was begun too long ago, or by somebody else. Nothing was published. Begin it again."
                ),
            )
            return HttpResponseRedirect(self.request.path)
        # The form's own erasure number can be forged; the signed one can't.
        refuse_erased(signed.story, newest_erasure(self.article.pk))
        self.answers = signed.answers
        step = self.request.POST.get("step", "")
        if step == "back":
            return self.show_form(self.status.live_revision, self.merged(signed).story)
        return self.receive_review(signed, publishes=step == "publish")

    # --------------------------------------------------------------------------------------------- the form

    def show_form(
        self, base: int, story: StorySnapshot, *, conflict_state: ConflictState | None = None
    ) -> HttpResponse:
        state = self.model_admin.form_state(self.request, self.article, base, story)
        state.conflict_state = conflict_state
        return self.show_state(state)

    def show_state(self, state: StoryFormState) -> HttpResponse:
        response = self.model_admin.show_state(
            self.request, state, fixing=True, address=self.address, title=_("Fix what is live")
        )
        assert isinstance(response, TemplateResponse)  # as the admin renders every form
        response.template_name = "admin/stories/publishing/fix.html"
        return response

    def receive_form(self) -> HttpResponse:
        state = self.model_admin.posted_state(self.request, self.article)
        if (next_state := self.model_admin.run_action(self.request, state)) is not None:
            return self.show_state(next_state)
        if not state.is_valid():
            return self.show_state(state)
        try:
            cleaned = clean_story(resolved_story(state), state.story, self.article)
        except TypedOver as refusal:
            messages.error(self.request, str(refusal))
            return self.show_state(state)
        except StoryInvalid as refusal:
            add_problems(state.form, state.formsets, refusal.problems)
            return self.show_state(state)
        signed = SignedSnapshot(story=cleaned, base=state.base, answers=self.answers)
        if self.merged(signed).conflicts:
            return self.show_conflicts(signed)
        return self.review(signed).show(fresh=True)

    def show_conflicts(self, signed: SignedSnapshot) -> HttpResponse:
        messages.warning(
            self.request,
            _(
                "Another version went live and touches the same words. Nothing was published, and nothing is lost."
            ),
        )
        conflict_state = ConflictState(
            article=self.article,
            base=signed.base,
            base_story=self.base_story(signed),
            mine=signed.story,
            newest=self.status.live_revision,
            theirs=self.live,
        )
        return self.show_form(
            self.status.live_revision, conflict_state.merged({}).story, conflict_state=conflict_state
        )

    # ------------------------------------------------------------------------------------------- the review

    def receive_review(self, signed: SignedSnapshot, *, publishes: bool) -> HttpResponse:
        if publishes and (earlier := self.published_before(signed)) is not None:
            return redirect_to_publication(self.request, earlier)
        if self.merged(signed).conflicts:
            return self.show_conflicts(signed)
        review = self.review(signed, posted=True)
        if not publishes:
            return review.show()
        if number_in(self.request.POST, "live") != self.status.live_revision:
            return review.show(
                meanwhile=_(
                    "Another version went live while you were reviewing. Nothing of yours was published, and what you "
                    "typed is kept. The difference shown here is the new one: look at it, then publish."
                )
            )

        def publish_fix(values: dict[str, Any]) -> Publication:
            user = self.request.user
            with transaction.atomic():
                # Before the fix, whose last write is the ledger's. If the fix is refused, this is rolled back.
                if signed.answers is not None:
                    remove_statement(article=self.article, request_key=signed.answers, user=user, placed=True)
                return fix(article=self.article, story=signed.story, base=signed.base, user=user, **values)

        try:
            return review.submit(publish_fix)
        except MergeConflict:
            # Another version went live at this moment.
            status = status_of(self.article, at=timezone.now())
            return fix_page(self.model_admin, self.request, self.article, status).receive_review(
                signed, publishes=False
            )

    def published_before(self, signed: SignedSnapshot) -> Publication | None:
        """Return what this very form has published already. Nothing, if the version that it saw live still is."""
        live = number_in(self.request.POST, "live")
        if live == self.status.live_revision:
            return None
        return published_already(self.request, self.article, live=live, story=signed.story)

    def review(self, signed: SignedSnapshot, *, posted: bool = False) -> Review:
        carried = {
            "wanted": sign_snapshot(
                signed.story,
                base=signed.base,
                article_id=self.article.pk,
                user_id=self.request.user.pk,
                answers=signed.answers,
            ),
            "live": self.status.live_revision,
        }
        return begin_review(
            self.model_admin,
            self.request,
            self.article,
            build_reviewed_change(self.status, story=self.merged(signed).story, live=self.live),
            is_fix=True,
            carried=carried,
            data=self.request.POST if posted else None,
        )

    def merged(self, signed: SignedSnapshot) -> Merge:
        """Return the fix merged into what is live, if another version went live since it was begun."""
        base_story = self.base_story(signed)
        return merge(base_story, signed.story, self.live, prefer="mine")

    def base_story(self, signed: SignedSnapshot) -> StorySnapshot:
        if signed.base == self.status.live_revision:
            return self.live
        return snapshot_at(self.article.pk, signed.base)


def fix_view(model_admin: StoryFormPages, request: HttpRequest, article_id: int) -> HttpResponse:
    """Show the form of what is live, and the review of its changes."""
    article = article_or_404(model_admin, request, article_id)
    require_publish(request.user, article)
    status = status_of(article, at=timezone.now())
    if status.live is None or status.withdrawal is not None:
        refusal = (
            _("This story is withdrawn. Bring it back first, then fix it.")
            if status.withdrawal
            else _("Nothing of this story is live, so there is nothing to fix.")
        )
        messages.warning(request, refusal)
        if request.POST.get("text"):
            return nothing_to_publish(model_admin, request, article, status)
        return HttpResponseRedirect(reverse("admin:stories_article_change", args=[article.pk]))
    page = fix_page(model_admin, request, article, status)
    if request.method == "POST":
        return page.receive()
    return page.show_form(status.live_revision, page.live)


def fix_page(
    model_admin: StoryFormPages, request: HttpRequest, article: Article, status: StatusDetails
) -> FixPage:
    """Return the fix page for what is live now."""
    live = snapshot_at(article.pk, status.live_revision)
    return FixPage(
        model_admin=model_admin,
        request=request,
        article=article,
        status=status,
        live=live,
        answers=_answers_named(request),
    )


def _answers_named(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("answers", ""))
    except ValueError:
        return None


def fix_by_address(request: HttpRequest, slug: str) -> HttpResponse:
    """Redirect from a story's public slug to the form that fixes it: an address that editors can type from memory."""
    if not request.user.has_perm("stories.view_article"):
        raise PermissionDenied(NEWSROOM_ONLY)
    version = live_version(slug, at=timezone.now()) if NUL not in slug else None
    if version is None:
        raise Http404
    return HttpResponseRedirect(reverse("admin:stories_article_fix", args=[version.article_id]))
