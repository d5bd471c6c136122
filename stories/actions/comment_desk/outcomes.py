"""Record the outcome of a request for comment: what readers see of it, and what the desk stores."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.actors import Actor, site_text
from stories.actions.comment_desk.desk_records import USABLE, dispute, record_of, write_attempt
from stories.actions.comment_desk.notify import News, notify_desk
from stories.actions.editing.clean import clean_story
from stories.actions.editing.revise import lock, write
from stories.actions.errors import Refused
from stories.actions.permissions import require_desk_work
from stories.actions.record.ledger import Written, append_entries
from stories.actions.texts import blank_if_invisible, strip_control_characters
from stories.actions.times import current_time
from stories.domain.snapshot import CommentRequest, RequestStatus, StorySnapshot
from stories.models import Article, DeskRecord, Revision, Terms
from stories.models.comment_requests import STATUS_LABELS
from stories.queries.story.snapshots import WorkingRows, latest_revision, working_rows

ANSWERED = frozenset({RequestStatus.RECEIVED, RequestStatus.DECLINED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyAnswer:
    """What a party said: when, by which channel, on which terms. Off the record it has no statement."""

    at: datetime
    channel: str
    terms: str
    statement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOutcome:
    """The part of an outcome that is in the story. With `keeps_sentence` the request's own sentence is retained."""

    status: RequestStatus
    responded_at: datetime | None = None
    asked_how: str = ""
    keeps_sentence: bool = False


@transaction.atomic
def record_outcome(
    *,
    article: Article,
    request_key: UUID,
    user: Actor,
    outcome: RequestOutcome,
    answer: PartyAnswer | None = None,
    seen: RequestStatus | None = None,
    at: datetime | None = None,
) -> Revision | None:
    """Record an outcome, and the answer if there is one; return the revision, None if the story does not change.

    The revision changes this request alone, and is an unpublished edit even if the story is live: so the story's own
    writer may make it. A statement stays with the desk until it is placed. If the state changes, the request's own
    sentence is removed unless the outcome retains it. `seen` is the state that the editor saw, None to skip the check.

    Raises PermissionDenied; Refused if the story has no such request, if somebody else has recorded another outcome
    since, or if a statement came off the record; StoryInvalid and ValidationError for bad values.
    """
    locked = lock(article)
    at = at or current_time()
    require_desk_work(user, locked)
    rows = working_rows(locked)
    asked = request_in(rows.story, request_key)
    after = with_outcome(asked, outcome)
    require_unchanged_since(asked, after, seen)
    record = record_of(locked, request_key)
    if answer is not None:
        store_answer(record, answer, user=user)
    story = replace_request(rows.story, after)
    reason = site_text(lambda: str(_REASONS[outcome.status]))
    written = write_story(locked, rows, story, user=user, reason=reason, at=at)
    if written is None:
        return None
    notify_desk(record, user, News.OUTCOME)
    append_entries(written)
    return written.event


@transaction.atomic
def receive_answer(*, article: Article, request_key: UUID, user: Actor, answer: PartyAnswer) -> DeskRecord:
    """Store what a party said with the desk, without changing the story; return the record.

    Raises PermissionDenied, Refused and ValidationError as `record_outcome` does.
    """
    locked = lock(article)
    require_desk_work(user, locked)
    record = record_of(locked, request_key)
    store_answer(record, answer, user=user)
    return record


def request_in(story: StorySnapshot, key: UUID) -> CommentRequest:
    """Return a request of a story. Raises Refused if the story has no such request."""
    for request in story.comment_requests:
        if request.key == key:
            return request
    raise Refused(_("This request is no longer in the story. Put it back there first."))


def with_outcome(request: CommentRequest, outcome: RequestOutcome) -> CommentRequest:
    """Return the request with an outcome; its own sentence was written for its previous state."""
    changes = request.status is not outcome.status
    return replace(
        request,
        status=outcome.status,
        responded_at=outcome.responded_at if outcome.status in ANSWERED else None,
        asked_how=outcome.asked_how,
        sentence="" if changes and not outcome.keeps_sentence else request.sentence,
    )


def require_unchanged_since(asked: CommentRequest, after: CommentRequest, seen: RequestStatus | None) -> None:
    """Raise Refused if a request's state is neither the one that the editor saw nor the one to be saved."""
    if seen is None or asked.status is seen or after == asked:
        return
    raise Refused(
        _(
            "Somebody else recorded an outcome since you opened this page: the request is “%(state)s” now. Nothing of "
            "yours was saved, and what you typed is kept. Look at it, then save again."
        )
        % {"state": STATUS_LABELS[asked.status]}
    )


def replace_request(story: StorySnapshot, request: CommentRequest) -> StorySnapshot:
    """Return the story with one of its requests replaced."""
    requests = tuple(request if each.key == request.key else each for each in story.comment_requests)
    return replace(story, comment_requests=requests)


def write_story(
    article: Article, rows: WorkingRows, story: StorySnapshot, *, user: Actor, reason: str, at: datetime
) -> Written[Revision] | None:
    """Write the story as the next revision; return None if nothing changes. The caller appends its entry, last.

    The caller must hold the story's lock.
    """
    cleaned = clean_story(story, rows.story, article)
    number = latest_revision(article.pk) + 1
    return write(rows=rows, story=cleaned, number=number, user=user, reason=reason, at=at)


def store_answer(record: DeskRecord, answer: PartyAnswer, *, user: Actor) -> None:
    """Log an answer on a record, and store its statement there. The caller must hold the story's lock.

    Raises Refused for a statement off the record: nothing of it is stored, and the refusal does not repeat it.
    """
    statement = blank_if_invisible(strip_control_characters(answer.statement)).strip()
    if statement and answer.terms not in USABLE:
        raise Refused(
            _(
                "Off the record keeps the time and the fact alone, so no statement was kept. Save again to log that "
                "they answered."
            )
            if answer.terms == Terms.OFF_THE_RECORD
            else _("Disputed terms add no statement. What came before stays here until an editor decides.")
        )
    if record.pk is None:
        record.full_clean()
        record.save()
    write_attempt(
        record,
        user=user,
        at=answer.at,
        channel=answer.channel,
        terms=answer.terms,
        summary="",
        answered=True,
    )
    if answer.terms == Terms.DISPUTED:
        dispute(record)
    elif statement:
        _store_statement(record, answer.terms, statement)
    elif not record.statement and record.terms not in (Terms.DISPUTED, *USABLE):
        record.terms = answer.terms
        record.save()


def _store_statement(record: DeskRecord, terms: str, statement: str) -> None:
    """Append a statement to the stored one; a statement that is submitted twice is stored once."""
    if record.terms == Terms.DISPUTED:
        raise Refused(
            _(
                "The terms of what this party said are disputed. Decide on them first, then keep what came since."
            )
        )
    if statement in record.statement:
        return
    if record.statement and record.terms != terms:
        raise Refused(
            _(
                "A statement on other terms waits here already. Put that into the story or take it away first, so that "
                "the two can’t be mistaken for each other."
            )
        )
    record.statement = f"{record.statement}\n\n{statement}".strip()
    record.terms = terms
    record.full_clean()
    record.save()


_REASONS = {
    RequestStatus.PENDING: gettext_lazy("A request for comment is pending again"),
    RequestStatus.RECEIVED: gettext_lazy("A request for comment was answered"),
    RequestStatus.DECLINED: gettext_lazy("A request for comment was declined"),
    RequestStatus.NO_RESPONSE: gettext_lazy("A request for comment found no response"),
    RequestStatus.WITHDRAWN: gettext_lazy("A request for comment was withdrawn"),
}
