"""Record what came of a request for comment: what readers are told of it, and what the desk keeps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.actors import Actor
from stories.actions.comment_desk.desk_records import USABLE, dispute, note_contact, record_of
from stories.actions.comment_desk.notify import News, notify_desk
from stories.actions.editing.clean import clean_story
from stories.actions.editing.revise import lock, write
from stories.actions.errors import Refused
from stories.actions.permissions import require_desk_work
from stories.actions.record.ledger import Written, append_entries
from stories.actions.texts import blank_if_invisible, strip_control_characters
from stories.domain.snapshot import CommentRequest, RequestStatus, StorySnapshot
from stories.models import Article, DeskRecord, Revision, Terms
from stories.models.comment_requests import STATUS_LABELS
from stories.queries.story.snapshots import WorkingRows, latest_revision, working_rows

ANSWERED = frozenset({RequestStatus.RECEIVED, RequestStatus.DECLINED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a party said: when, by which channel, on which terms. Off the record it has no statement."""

    at: datetime
    channel: str
    terms: str
    statement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a request, as far as it is the story's. `keeps_sentence`: its own sentence stays as it is."""

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
    outcome: Outcome,
    answer: Answer | None = None,
    seen: RequestStatus | None = None,
    at: datetime | None = None,
) -> Revision | None:
    """Record an outcome, and the answer if one came; returns the revision, None where nothing of the story changes.

    The revision changes nothing but this request, and is an edit that waits, also of a live story: so whose story
    it is may make it. A statement stays with the desk until it is placed. Where the state changes, the request's own
    sentence goes unless it is said to stay. `seen` is the state that its editor saw, None for whatever it is.

    Raises PermissionDenied; Refused where the story has no such request, where somebody else has recorded another
    outcome since, or where a statement came off the record;
    StoryInvalid and ValidationError for bad values.
    """
    locked = lock(article)
    at = at or timezone.now()
    require_desk_work(user, locked)
    rows = working_rows(locked)
    asked = request_in(rows.story, request_key)
    after = told(asked, outcome)
    require_as_seen(asked, after, seen)
    record = record_of(locked, request_key)
    if answer is not None:
        keep_answer(record, answer, user=user)
    said = replace_request(rows.story, after)
    written = write_story(locked, rows, said, user=user, reason=_reason(outcome), at=at)
    if written is None:
        return None
    notify_desk(record, user, News.OUTCOME)
    append_entries(written)
    return written.event


@transaction.atomic
def receive_answer(*, article: Article, request_key: UUID, user: Actor, answer: Answer) -> DeskRecord:
    """Keep what a party said with the desk, and change nothing of the story; returns the record.

    Raises PermissionDenied, Refused and ValidationError as `record_outcome` does.
    """
    locked = lock(article)
    require_desk_work(user, locked)
    record = record_of(locked, request_key)
    keep_answer(record, answer, user=user)
    return record


def request_in(story: StorySnapshot, key: UUID) -> CommentRequest:
    """The request of a story. Raises Refused where there is none."""
    for request in story.comment_requests:
        if request.key == key:
            return request
    raise Refused(_("This request is no longer in the story. Put it back there first."))


def told(request: CommentRequest, outcome: Outcome) -> CommentRequest:
    """The request with an outcome; its own sentence was written for the state that it had."""
    changes = request.status is not outcome.status
    return replace(
        request,
        status=outcome.status,
        responded_at=outcome.responded_at if outcome.status in ANSWERED else None,
        asked_how=outcome.asked_how,
        sentence="" if changes and not outcome.keeps_sentence else request.sentence,
    )


def require_as_seen(asked: CommentRequest, after: CommentRequest, seen: RequestStatus | None) -> None:
    """Raise Refused where a request is in another state than its editor saw, and is to be in a third."""
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
    """The story with one of its requests in another state."""
    requests = tuple(request if each.key == request.key else each for each in story.comment_requests)
    return replace(story, comment_requests=requests)


def write_story(
    article: Article, rows: WorkingRows, wanted: StorySnapshot, *, user: Actor, reason: str, at: datetime
) -> Written[Revision] | None:
    """Write the wanted story as the next revision; None if nothing changes. The caller appends its entry, last.

    The caller must hold the story's lock.
    """
    settled = clean_story(wanted, rows.story, article)
    number = latest_revision(article.pk) + 1
    return write(rows=rows, wanted=settled, number=number, user=user, reason=reason, at=at)


def keep_answer(record: DeskRecord, answer: Answer, *, user: Actor) -> None:
    """Log an answer on a record, and keep its statement there. For who holds the story's lock.

    Raises Refused for a statement off the record: nothing of it is kept, and the refusal doesn't repeat it.
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
    note_contact(
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
        _keep_statement(record, answer.terms, statement)
    elif not record.statement and record.terms not in (Terms.DISPUTED, *USABLE):
        record.terms = answer.terms
        record.save()


def _keep_statement(record: DeskRecord, terms: str, statement: str) -> None:
    """Beside what waits there already; the same words sent twice are kept once."""
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


def _reason(outcome: Outcome) -> str:
    return str(_REASONS[outcome.status])
