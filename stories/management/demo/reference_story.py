"""The reference story: a quotation with typos, a comment that arrives, three versions and a draft between."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from stories.actions.comment_desk.desk_records import log_attempt, save_desk_record
from stories.domain import snapshot as domain
from stories.management.demo.desk import DemoDesk, byline, key, text
from stories.models import Article, DeskRecord

REFERENCE_SLUG = "tessellate-answers-staff-on-face-recognition"

_REMARKS = """\
<p>I want to start by saying that I recieve your letters, and I read every one of them. Nobody at this \
company takes lightly what it means to point a camera at a stranger, and I wont (sic) pretend that the \
questions you raise are new to us.</p>
<p>But let me be plane (sic) about what Lookout is. It is a tool. It does not decide whom to stop, it does not \
decide whom to arest, and a deputy who uses it the way we ask them to will always put a second pair of eyes on \
every match before anything happens.</p>
<p>If we walk away from this contract, somebody else will sign it within the weak (sic), and they will ask for \
fewer safegards then (sic) we do. I would rather be in the room. I understand that not everyone here agrees, \
and I am not going to ask you too.</p>"""

_FIXED_REMARKS = (
    _REMARKS.replace("recieve", "receive")
    .replace("wont (sic)", "won’t")
    .replace("plane (sic)", "plain")
    .replace("arest", "arrest")
    .replace("weak (sic)", "week")
    .replace("safegards then (sic)", "safeguards than")
    .replace("ask you too.", "ask you to.")
)


_OPENING = text(
    "opening",
    "<p>Tessellate, the cloud company, has for the first time answered the employees who object to its sale of "
    "face recognition to the police. At a staff meeting on Thursday the head of its public-sector business, "
    "Dana Whitlock, defended the contract with the Harrow County sheriff’s office and said that the company "
    "would not give it up.</p>"
    "<p>The meeting followed an open letter, signed by 412 employees, that called on the company to stop "
    "selling the product, called <em>Lookout</em>, to law enforcement. The letter pointed to "
    '<a href="https://example.org/lookout-audit">an independent audit</a> that found the system wrong '
    "about one in nine of the faces it claimed to know.</p>"
    "<p>According to a transcript of the meeting, made by automatic captioning and garbled in places, "
    "Whitlock said:</p>",
)
_STAFF = text(
    "staff",
    "<p>The answer did not settle the matter inside the company. “We asked whether there is any use that she "
    "would refuse to sell,” said an employee who signed the letter and who asked not to be named for fear of "
    "reprisal. “We did not get an answer. We got a sales pitch.”</p>"
    "<p>Harrow County signed for Lookout in spring, at $96,000 a year, and extended the contract in "
    "September. The sheriff’s office says that it has run about 1,900 searches since, and that none led to an "
    "arrest on a match alone.</p>"
    "<h2>A letter, and then a silence</h2>"
    "<p>The letter was sent in August. Until Thursday the company’s only reply had been a reminder of its rules "
    "on speaking to the press.</p>",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What the versions have in common: the quotation and its corrected form, the requests, the first note."""

    remarks: domain.QuoteBlock
    fixed_remarks: domain.QuoteBlock
    company: domain.CommentRequest
    forum: domain.CommentRequest
    typos: domain.UpdateNote


def add_reference_story(desk: DemoDesk) -> None:
    """Add the story in three versions: as it was first published, its typos fixed, a party's answer added."""
    parts = _make_parts(desk)
    article = _publish_first_version(desk, parts)
    _ask_for_comment(desk, article, parts.company, deadline=desk.ago(days=2))
    record = _ask_for_comment(desk, article, parts.forum, deadline=desk.ago(days=6))
    _fix_typos(desk, article, parts)
    _add_comment(desk, article, parts, record)


def _make_parts(desk: DemoDesk) -> _Parts:
    remarks = domain.QuoteBlock(
        key=key("remarks"),
        text=_REMARKS,
        speaker="Dana Whitlock",
        speaker_title="head of public-sector business, Tessellate",
        source="meeting transcript obtained by the newsroom",
        said_on=desk.ago(days=9).date(),
    )
    return _Parts(
        remarks=remarks,
        fixed_remarks=replace(
            remarks,
            text=_FIXED_REMARKS,
            source="Tessellate’s official transcript",
            source_url="https://example.org/tessellate/transcript",
        ),
        company=domain.CommentRequest(
            key=key("tessellate"), party="Tessellate", requested_at=desk.ago(days=8, hours=5)
        ),
        forum=domain.CommentRequest(
            key=key("forum"), party="the Civic Liberties Forum", requested_at=desk.ago(days=8, hours=4)
        ),
        typos=domain.UpdateNote(
            key=key("typos"),
            kind=domain.NoteKind.UPDATE,
            text="Tessellate has published its official transcript of the meeting. We checked our quotation against it "
            "and fixed typographical errors, most of them made by the automatic captions. No statement changed.",
        ),
    )


def _publish_first_version(desk: DemoDesk, parts: _Parts) -> Article:
    first = domain.StorySnapshot(
        headline="Tessellate answers staff who object to selling face recognition to the police",
        dek="The cloud company’s first public word to the 412 employees who signed an open letter: the contract stays.",
        slug=REFERENCE_SLUG,
        section="technology",
        language="en",
        dateline="HARROW",
        disclosure="We may earn a commission when you buy something through links to Tessellate’s store. It has no say "
        "in what we report.",
        bylines=(byline("reference", "ines-calder", "Ines Calder"),),
        blocks=(_OPENING, parts.remarks, _STAFF),
        comment_requests=(parts.company, parts.forum),
    )
    article = desk.begin(first, at=desk.ago(days=8, hours=3), by=desk.rosa, reason="First draft")
    desk.publish(article, at=desk.ago(days=8, hours=2))
    return article


def _ask_for_comment(
    desk: DemoDesk, article: Article, request: domain.CommentRequest, *, deadline: datetime
) -> DeskRecord:
    record = save_desk_record(
        article=article, request_key=request.key, user=desk.emil, deadline=deadline, contact="Press office"
    )
    assert request.requested_at is not None
    log_attempt(
        record=record,
        user=desk.emil,
        at=request.requested_at,
        channel="email",
        terms="on-the-record",
        summary="Questions sent.",
    )
    return record


def _fix_typos(desk: DemoDesk, article: Article, parts: _Parts) -> None:
    desk.change(
        article,
        at=desk.ago(days=7, hours=6),
        by=desk.emil,
        reason="Typos in Whitlock’s remarks, checked against the official transcript",
        blocks=(_OPENING, parts.fixed_remarks, _STAFF),
        update_notes=(parts.typos,),
    )
    desk.publish(article, at=desk.ago(days=7, hours=5, minutes=50), cause="moved-on")


def _add_comment(desk: DemoDesk, article: Article, parts: _Parts, record: DeskRecord) -> None:
    answered_at = desk.ago(days=6, hours=9, minutes=30)
    log_attempt(
        record=record,
        user=desk.emil,
        at=answered_at,
        answered=True,
        channel="phone",
        terms="on-the-record",
        summary="Their director called back; the call was recorded.",
    )
    # A draft that readers never saw: the director's quote before it was checked against the recording.
    bridge = text(
        "bridge",
        "<p>The civil-liberties group that first obtained the county’s contract said that the answer missed the "
        "point.</p>",
    )
    director = domain.QuoteBlock(
        key=key("director"),
        text="<p>A second pair of eyes is no safeguard when both pairs were told by the same machine "
        "where to look.</p>",
        speaker="Marcus Oyelaran",
        speaker_title="director, the Civic Liberties Forum",
        source="telephone interview",
    )
    desk.change(
        article,
        at=desk.ago(days=6, hours=9),
        by=desk.emil,
        reason="The Forum’s director called back; his words still to be checked against the recording",
        blocks=(_OPENING, parts.fixed_remarks, _STAFF, bridge, director),
    )
    checked = replace(
        director,
        text="<p>A second pair of eyes is no safeguard when both pairs have been told by the same machine where to "
        "look. If one in nine of its answers is wrong, 1,900 searches mean some two hundred people who were looked "
        "at for no reason at all.</p>",
        said_on=desk.ago(days=6, hours=10).date(),
    )
    comment = domain.UpdateNote(
        key=key("comment"),
        kind=domain.NoteKind.COMMENT_ADDED,
        text="The Civic Liberties Forum answered our request for comment. Its director’s words were added.",
    )
    desk.change(
        article,
        at=desk.ago(days=6, hours=8),
        by=desk.emil,
        reason="Comment from the Civic Liberties Forum, checked against the recording",
        blocks=(_OPENING, parts.fixed_remarks, _STAFF, bridge, checked),
        comment_requests=(
            parts.company,
            replace(
                parts.forum,
                status=domain.RequestStatus.RECEIVED,
                responded_at=answered_at,
            ),
        ),
        update_notes=(parts.typos, comment),
    )
    desk.publish(article, at=desk.ago(days=6, hours=7, minutes=45), cause="moved-on")
