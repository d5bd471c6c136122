"""The page of one request for comment: what readers see, what the desk has recorded, and every next step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.actors import site_text
from stories.actions.comment_desk.desk_records import (
    USABLE,
    DeskRecordConflict,
    decide_terms,
    log_attempt,
    save_desk_record,
)
from stories.actions.comment_desk.outcomes import PartyAnswer, RequestOutcome, receive_answer, record_outcome
from stories.actions.comment_desk.statements import (
    Placement,
    place_statement,
    remove_statement,
    usable_terms,
    with_statement,
)
from stories.actions.editing.clean import clean_story
from stories.actions.errors import Refused
from stories.actions.permissions import (
    COMMENT_DESK_ONLY,
    may_decide_terms,
    may_edit,
    may_publish,
    may_see_desk_records,
    may_work_desk,
    require_desk_work,
)
from stories.actions.publishing.review_requests import offer
from stories.admin.comment_desk.forms import AttemptForm, DeadlineForm, DecisionForm, RecordForm
from stories.admin.comment_desk.outcome_forms import (
    OutcomeForm,
    PlacementForm,
    StoredStatementForm,
    asked_how,
)
from stories.admin.page.erased_since import clear_autosave
from stories.admin.page.frame import article_or_404, page_context
from stories.admin.page.status import StatusDetails, status_of
from stories.admin.publishing.fix import fix_page
from stories.admin.story_form.pages import StoryFormPages
from stories.admin.story_form.signed_snapshot import SignedSnapshot
from stories.domain.comment_desk.comment_requests import is_mentioned, outdated_sentences
from stories.domain.snapshot import EMPTY, CommentRequest, RequestStatus, StorySnapshot
from stories.models import Article, DeskRecord, Terms
from stories.models.comment_requests import STATUS_LABELS
from stories.queries.comment_desk.requests import DeskData, desk_data
from stories.queries.publishing.withholdings import mask_of
from stories.queries.story.snapshots import latest_revision, snapshot_at, working_snapshot
from stories.rendering.story.comment_requests import comment_line
from stories.time_labels import time_label

ATTEMPT, RECORD, DEADLINE, OUTCOME, PLACE, FIX = "attempt", "record", "deadline", "outcome", "place", "fix"
PLACE_STORED, FIX_STORED, TAKE_AWAY, DECIDE = "held-place", "held-fix", "take-away", "decide"

FormT = TypeVar("FormT", bound=forms.Form)


@dataclass
class RequestPage:
    """A request and its page. `comment_request` is None if it has left the story while the desk's record remains."""

    model_admin: StoryFormPages
    request: HttpRequest
    article: Article
    key: UUID
    working: StorySnapshot
    live: StorySnapshot
    status: StatusDetails
    desk_data: DeskData
    comment_request: CommentRequest | None
    forms: dict[str, forms.Form] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return reverse("admin:stories_article_desk", args=[self.article.pk, self.key])

    @property
    def party_known_to_readers(self) -> str:
        return next((each.party for each in self.live.comment_requests if each.key == self.key), "")

    @property
    def can_fix(self) -> bool:
        """Return whether the answer can be published as a fix of what is live while other edits wait."""
        return (
            may_publish(self.request.user, self.article)
            and self.status.waiting > 0
            and self.status.withdrawal is None
            and any(request.key == self.key for request in self.live.comment_requests)
        )

    @property
    def has_stored_statement(self) -> bool:
        """Return whether the desk has a statement that may be used."""
        record = self.desk_data.record
        return record is not None and bool(record.statement) and record.terms in USABLE

    # ------------------------------------------------------------------------------------------- the forms

    def make_forms(self, step: str) -> None:
        """Make the page's forms. The one that was sent keeps what was typed."""

        def sent(*steps: str) -> dict[str, Any]:
            return {"data": self.request.POST} if step in steps else {}

        record = self.desk_data.record
        self.forms["attempt"] = AttemptForm(record=record, **sent(ATTEMPT))
        self.forms["record"] = RecordForm(record=record, **sent(RECORD))
        self.forms["deadline"] = DeadlineForm(**sent(DEADLINE))
        if record is not None and record.terms == Terms.DISPUTED:
            self.forms["decision"] = DecisionForm(**sent(DECIDE))
        if self.comment_request is None:
            return
        common: dict[str, Any] = {"comment_request": self.comment_request, "story": self.working}
        outcome = sent(OUTCOME, PLACE, FIX)
        self.forms["outcome"] = OutcomeForm(
            comment_request=self.comment_request, attempts=self.desk_data.attempts, **outcome
        )
        self.forms["placement"] = PlacementForm(**common, **sent(PLACE, FIX))
        if record is not None and self.has_stored_statement:
            initial = {"statement": record.statement}
            if record.terms == Terms.BACKGROUND:
                initial |= {"speaker": ""}
            stored = StoredStatementForm(**common, **sent(PLACE_STORED, FIX_STORED))
            stored.initial = {**stored.initial, **initial}
            self.forms["stored"] = stored

    def form(self, name: str, kind: type[FormT]) -> FormT:
        """Return one of the page's forms, which is of this kind."""
        form = self.forms[name]
        assert isinstance(form, kind)
        return form

    def receive(self) -> HttpResponse:
        """Carry out the posted step, or show its forms again with their errors and all that was typed."""
        step = self.request.POST.get("step", "")
        self.make_forms(step)
        steps: dict[str, tuple[tuple[str, ...], Callable[[], HttpResponse]]] = {
            ATTEMPT: (("attempt",), self.log),
            RECORD: (("record",), self.save_record),
            DEADLINE: (("deadline",), self.move_deadline),
            OUTCOME: (("outcome",), self.record),
            PLACE: (("outcome", "placement"), self.place),
            FIX: (("outcome", "placement"), self.fix),
            PLACE_STORED: (("stored",), self.place_stored),
            FIX_STORED: (("stored",), self.fix_stored),
            DECIDE: (("decision",), self.decide),
            TAKE_AWAY: ((), self.take_away),
        }
        needed, act = steps.get(step, ((), self.back))
        if not all(name in self.forms for name in needed):
            messages.warning(
                self.request,
                _("Somebody else was faster: this is no longer to be done. Look at what is here now."),
            )
            return self.back()
        # A list, so that every form is validated and shows its errors.
        if [name for name in needed if not self.forms[name].is_valid()]:
            return self.show()
        try:
            return clear_autosave(self.request, act())
        except (Refused, ValidationError) as refusal:
            message = refusal.messages if isinstance(refusal, ValidationError) else str(refusal)
            if not needed:
                messages.warning(self.request, str(refusal))
                return self.back()
            self.forms[needed[0]].add_error(None, message)
            self.mark_seen(needed[0], refusal)
            return self.show()

    def mark_seen(self, name: str, refusal: Exception) -> None:
        """Count what others saved as seen, since the page shows it now: the next save is not refused for it."""
        form = self.forms[name]
        if isinstance(refusal, DeskRecordConflict):
            if isinstance(form, RecordForm):
                form.mark_seen(refusal.record)
            for sentence in _their_values(refusal.record):
                form.add_error(None, sentence)
        elif isinstance(form, OutcomeForm) and self.comment_request is not None:
            form.mark_seen(self.comment_request.status)

    # ------------------------------------------------------------------------------------------- the steps

    def log(self) -> HttpResponse:
        form = self.form("attempt", AttemptForm)
        with transaction.atomic():
            record = save_desk_record(article=self.article, request_key=self.key, user=self.request.user)
            log_attempt(record=record, user=self.request.user, **form.log_values())
        return self.back(_("Logged."))

    def save_record(self) -> HttpResponse:
        values = self.forms["record"].cleaned_data
        save_desk_record(
            article=self.article,
            request_key=self.key,
            user=self.request.user,
            deadline=values["deadline"],
            contact=values["contact"],
            seen=values["seen"],
        )
        return self.back(_("Deadline and contact are saved."))

    def move_deadline(self) -> HttpResponse:
        deadline = self.forms["deadline"].cleaned_data["at"]
        save_desk_record(
            article=self.article, request_key=self.key, user=self.request.user, deadline=deadline
        )
        return self.back(_("The deadline is changed."))

    def record(self) -> HttpResponse:
        form = self.form("outcome", OutcomeForm)
        revision = record_outcome(
            article=self.article,
            request_key=self.key,
            user=self.request.user,
            outcome=form.outcome(),
            answer=form.answer(),
            seen=form.seen_status(),
        )
        if revision is None:
            return self.back(_("Saved. Nothing that readers see changes."))
        return self.back(
            _("Saved as revision %(number)s, which waits to be published.") % {"number": revision.number}
        )

    def place(self) -> HttpResponse:
        form = self.form("outcome", OutcomeForm)
        answer = self.answer()
        return self.put_into_story(
            self.placement_from("placement", answer.statement),
            outcome=form.outcome(),
            answer=answer,
            seen=form.seen_status(),
        )

    def place_stored(self) -> HttpResponse:
        form = self.form("stored", StoredStatementForm)
        placement = self.placement_from("stored", form.cleaned_data["statement"])
        return self.put_into_story(placement, outcome=self.stored_outcome())

    def put_into_story(self, placement: Placement, **values: Any) -> HttpResponse:
        user = self.request.user
        place_statement(article=self.article, request_key=self.key, user=user, placement=placement, **values)
        if may_publish(user, self.article):
            return HttpResponseRedirect(reverse("admin:stories_article_publish", args=[self.article.pk]))
        try:
            offer(article=self.article, revision=latest_revision(self.article.pk), user=user)
        except Refused as refusal:
            return self.back(_("The answer is in the story. %(refusal)s") % {"refusal": refusal})
        return self.back(_("The answer is in the story, which is sent for review now."))

    def fix(self) -> HttpResponse:
        form = self.form("outcome", OutcomeForm)
        answer = self.answer()
        if self.desk_data.record is not None and self.desk_data.record.statement.strip() not in (
            "",
            answer.statement,
        ):
            raise Refused(
                _(
                    "Another statement waits here. Put that into the story or take it away first, then this one."
                )
            )
        with transaction.atomic():
            # Stored with the desk until the fix is published, so that an abandoned review loses nothing.
            record = receive_answer(
                article=self.article, request_key=self.key, user=self.request.user, answer=answer
            )
            placement = self.placement_from("placement", answer.statement)
            return self.review_fix(placement, outcome=form.outcome(), terms=usable_terms(record))

    def fix_stored(self) -> HttpResponse:
        form = self.form("stored", StoredStatementForm)
        assert self.desk_data.record is not None  # else the page has no such form
        return self.review_fix(
            self.placement_from("stored", form.cleaned_data["statement"]),
            outcome=self.stored_outcome(),
            terms=usable_terms(self.desk_data.record),
        )

    def review_fix(self, placement: Placement, *, outcome: RequestOutcome, terms: str) -> HttpResponse:
        """Lead to the review of the live version with the answer in it. Edits that wait stay untouched."""
        if not self.can_fix:
            raise Refused(_("This can’t go out as a fix of what is live. Put it into the story instead."))
        story = with_statement(self.live, self.key, placement=placement, outcome=outcome, terms=terms)
        cleaned = clean_story(story, self.live, self.article)
        page = fix_page(self.model_admin, self.request, self.article, self.status)
        signed = SignedSnapshot(story=cleaned, base=self.status.live_revision, answers=self.key)
        return page.review(signed).show(fresh=True)

    def take_away(self) -> HttpResponse:
        remove_statement(article=self.article, request_key=self.key, user=self.request.user)
        return self.back(_("The statement is no longer kept here."))

    def decide(self) -> HttpResponse:
        values = self.forms["decision"].cleaned_data
        assert self.desk_data.record is not None  # else the page has no such form
        decide_terms(record=self.desk_data.record, user=self.request.user, **values)
        return self.back(_("Decided. The reason stays with the record."))

    def answer(self) -> PartyAnswer:
        """Return the typed answer. Raise Refused if it has no statement."""
        form = self.form("outcome", OutcomeForm)
        answer = form.answer()
        if answer is None or not answer.statement:
            raise Refused(
                _("Choose “They answered”, and give their statement: there is nothing to put in yet.")
            )
        return answer

    def placement_from(self, name: str, words: str) -> Placement:
        form = self.form(name, PlacementForm)
        said_at = self.forms["outcome"].cleaned_data["at"] if name == "placement" else self.answered_at()
        return form.placement(words, said_at=said_at)

    def stored_outcome(self) -> RequestOutcome:
        """Return the outcome of a statement that came earlier, as recorded, or else as the attempts say."""
        assert self.comment_request is not None  # else the page has no such form
        return RequestOutcome(
            status=RequestStatus.RECEIVED,
            responded_at=self.answered_at(),
            asked_how=self.comment_request.asked_how or asked_how(self.desk_data.attempts),
        )

    def answered_at(self) -> datetime:
        """Return when they answered as far as is known, else now."""
        assert self.comment_request is not None  # else the page has no such form
        logged = [attempt.at for attempt in self.desk_data.attempts if attempt.answered]
        return self.comment_request.responded_at or (logged[-1] if logged else timezone.now())

    def back(self, message: str = "") -> HttpResponse:
        if message:
            messages.success(self.request, message)
        if (query := self.request.POST.get("list")) is not None:
            # Back to the list, with its filters.
            return HttpResponseRedirect(f"{reverse('admin:stories_comment_desk')}?{query}")
        return HttpResponseRedirect(self.address)

    # -------------------------------------------------------------------------------------------- the page

    def show(self) -> HttpResponse:
        record, user = self.desk_data.record, self.request.user
        comment_request = self.comment_request
        mask = mask_of(self.article.pk)
        return TemplateResponse(
            self.request,
            "admin/stories/comment_desk/request.html",
            {
                **page_context(
                    self.model_admin,
                    self.request,
                    self.article,
                    comment_request.party if comment_request else str(record or self.party_known_to_readers),
                ),
                "story_headline": self.article.headline,
                "subtitle": None,
                "status": self.status,
                "comment_request": comment_request,
                "state": STATUS_LABELS[comment_request.status] if comment_request else "",
                "record": record,
                "attempts": self.desk_data.attempts,
                "decisions": self.desk_data.decisions,
                "forms": self.forms,
                # The browser stores what is typed under this number until it is saved.
                "opened": self.request.POST.get("opened") or uuid4(),
                "may_work": may_work_desk(user, self.article),
                "may_edit": may_edit(user, self.article),
                "may_decide": may_decide_terms(user, self.article),
                "can_fix": self.can_fix,
                "is_disputed": record is not None and record.terms == Terms.DISPUTED,
                "overdue": _is_overdue(comment_request, record),
                "live_line": site_text(
                    lambda: comment_line(self.live.public(withheld=mask).comment_requests)
                ),
                "line": site_text(lambda: comment_line(self.working.public(withheld=mask).comment_requests)),
                "outdated_sentence": next(
                    (
                        each.sentence
                        for each in outdated_sentences(self.live, self.working)
                        if each.key == self.key
                    ),
                    "",
                ),
                "own_sentence": bool(
                    comment_request and comment_request.sentence and is_mentioned(comment_request)
                ),
                "zone": f"{timezone.localtime():%Z}",
            },
        )


def request_view(
    model_admin: StoryFormPages, request: HttpRequest, article_id: int, key: UUID
) -> HttpResponse:
    """Show the page of one request, whose forms lead back to it or on to a review."""
    article = article_or_404(model_admin, request, article_id)
    if not may_see_desk_records(request.user, article):
        raise PermissionDenied(COMMENT_DESK_ONLY)
    working = working_snapshot(article)
    found = desk_data(article, key)
    status = status_of(article, at=timezone.now())
    live = snapshot_at(article.pk, status.live_revision) if status.live else EMPTY
    comment_request = next((each for each in working.comment_requests if each.key == key), None)
    # A request may have left the working copy while the live version still has it: a fix leads here.
    is_live = any(each.key == key for each in live.comment_requests)
    if comment_request is None and found.record is None and not is_live:
        raise Http404
    page = RequestPage(
        model_admin=model_admin,
        request=request,
        article=article,
        key=key,
        working=working,
        live=live,
        status=status,
        desk_data=found,
        comment_request=comment_request,
    )
    if request.method != "POST":
        page.make_forms("")
        return page.show()
    require_desk_work(request.user, article)
    return page.receive()


def _is_overdue(comment_request: CommentRequest | None, record: DeskRecord | None) -> bool:
    pending = comment_request is not None and comment_request.status is RequestStatus.PENDING
    return bool(pending and record and record.deadline and record.deadline < timezone.now())


def _their_values(record: DeskRecord | None) -> list[str]:
    """Describe another person's record, one sentence a field."""
    if record is None:
        return []
    deadline = time_label(record.deadline) if record.deadline else "—"
    return [
        _("Theirs, deadline: %(value)s") % {"value": deadline},
        _("Theirs, contact: %(value)s") % {"value": record.contact or "—"},
    ]
