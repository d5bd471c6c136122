"""Demo data for the comment desk: an unplaced answer, disputed terms, and no response."""

from __future__ import annotations

from stories.actions.comment_desk.desk_records import log_attempt, save_desk_record
from stories.actions.comment_desk.outcomes import PartyAnswer, RequestOutcome, receive_answer, record_outcome
from stories.actions.editing.assignments import assign
from stories.domain import snapshot as domain
from stories.management.demo.desk import DemoDesk, byline, key, text


def add_roofs(desk: DemoDesk) -> None:
    """Add a story with three parties: one answer is with the desk, one has disputed terms, one party is silent."""
    roofer, district, insurer = (
        domain.CommentRequest(
            key=key(name), party=party, requested_at=desk.ago(days=1, hours=hours), asked_how=how
        )
        for name, party, hours, how in (
            ("roofer", "Hollin & Sons", 8, "by e-mail"),
            ("district", "the school district", 8, "by e-mail"),
            ("insurer", "Lindmere Mutual", 30, "by phone"),
        )
    )
    story = domain.StorySnapshot(
        headline="Four school roofs leak a year after they were replaced",
        dek="The district paid for slate. Two of the roofs are tin.",
        slug="school-roofs-leak",
        section="city",
        dateline="LINDMERE",
        bylines=(byline("roofs", "rosa-lindqvist", "Rosa Lindqvist"),),
        blocks=(
            text(
                "roofs",
                "<p>Buckets stand in the corridors of four Lindmere schools whose roofs were replaced last summer, at "
                "a price of $2.1 million.</p>",
            ),
            text("roofs end", "<p>At two of them there is tin where the invoices say slate.</p>"),
        ),
        comment_requests=(roofer, district, insurer),
    )
    article = desk.begin(
        story, at=desk.ago(days=1, hours=2), by=desk.rosa, reason="From the invoices, seen by two of us"
    )
    desk.publish(article, at=desk.ago(days=1, hours=1))
    assign(article=article, to=desk.rosa, user=desk.emil, reason="Keep asking", at=desk.ago(days=1))
    for request, hours, channel in ((roofer, 32, "email"), (district, 32, "email"), (insurer, 54, "phone")):
        record = save_desk_record(
            article=article, request_key=request.key, user=desk.rosa, deadline=desk.ago(hours=-6)
        )
        log_attempt(
            record=record, user=desk.rosa, at=desk.ago(hours=hours), channel=channel, terms="on-the-record"
        )
    for request, hours, words in (
        (roofer, 5, "We laid what we were told to lay.\n\nThe district signed for every sheet of it."),
        (district, 4, "The invoices were never checked against the roofs."),
    ):
        answer = PartyAnswer(
            at=desk.ago(hours=hours), channel="phone", terms="on-the-record", statement=words
        )
        record = receive_answer(article=article, request_key=request.key, user=desk.rosa, answer=answer)
    log_attempt(
        record=record,
        user=desk.rosa,
        at=desk.ago(hours=3),
        channel="email",
        terms="disputed",
        summary="Their spokesman writes that the call was off the record. It was not said in the call.",
        answered=True,
    )
    record_outcome(
        article=article,
        request_key=insurer.key,
        user=desk.rosa,
        outcome=RequestOutcome(status=domain.RequestStatus.NO_RESPONSE, asked_how="by phone"),
        at=desk.ago(hours=2),
    )
