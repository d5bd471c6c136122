"""A line of a story archive: what it may contain, and the message for one that can't be imported."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from stories.domain.archive.schema import archive_schema
from stories.domain.archive.stories import ArchivedByline, ArchiveError, dump, load, time_text
from stories.domain.snapshot import NoteKind, RequestStatus, StoryKind

LEFT_OUT = object()

# The example on the format's own page.
DOCUMENTED = {
    "format": "story-archive/1",
    "slug": "face-recognition-answer",
    "section": "technology",
    "language": "en",
    "versions": [
        {
            "live_from": "2018-11-08T21:10:00+00:00",
            "headline": "An answer",
            "dek": "",
            "bylines": ["Ines Calder"],
            "disclosure": "",
            "body": "<p>One.</p><blockquote>Two.</blockquote>",
            "reason": "first publication",
            "editor": "mk",
            "notes": [{"kind": "correction", "text": "A name was wrong.", "was": "Ann", "now": "Anne"}],
            "comment_requests": [
                {
                    "party": "Corvid",
                    "status": "pending",
                    "requested_at": "2018-11-08T12:00:00+00:00",
                    "responded_at": None,
                }
            ],
        }
    ],
}


def line(*, version: dict[str, Any] | None = None, **values: Any) -> bytes:
    least = {"live_from": "2018-11-08T21:10:00+00:00", "headline": "An answer", "body": "<p>One.</p>"}
    first = {name: value for name, value in {**least, **(version or {})}.items() if value is not LEFT_OUT}
    story = {"format": "story-archive/1", "slug": "an-answer", "versions": [first], **values}
    return json.dumps({name: value for name, value in story.items() if value is not LEFT_OUT}).encode()


def refusal(content: bytes) -> str:
    with pytest.raises(ArchiveError) as caught:
        load(content)
    return str(caught.value)


def test_the_documented_example_is_read_as_documented() -> None:
    content = json.dumps(DOCUMENTED).encode()
    story = load(content + b"\n")
    version = story.versions[0]
    assert (story.slug, story.source_id, story.addresses) == ("face-recognition-answer", "", ())
    assert story.digest == sha256(content).hexdigest()
    assert version.live_from == datetime(2018, 11, 8, 21, 10, tzinfo=UTC)
    assert (version.section, version.language, version.kind) == ("technology", "en", StoryKind.STORY)
    assert version.bylines == (ArchivedByline(name="Ines Calder"),)
    assert (version.reason, version.editor, version.publication_class) == (
        "first publication",
        "mk",
        "imported",
    )
    assert version.notes[0].kind is NoteKind.CORRECTION
    assert version.comment_requests[0].status is RequestStatus.PENDING
    assert version.comment_requests[0].responded_at is None


def test_little_has_to_be_there() -> None:
    version = load(line()).versions[0]
    assert (version.dek, version.bylines, version.notes, version.editor) == ("", (), (), "")


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(archive_schema())


BROKEN: list[tuple[bytes, str]] = [
    (b'{"format": "story-archive/1"', "The line is not JSON: at character 29, Expecting ',' delimiter."),
    (b"\xff", "The line is not UTF-8: its byte 1 belongs to no character."),
    (b"[" * 200_000, "The line is not a story: its lists and objects nest too deeply."),
    (b"[]", "The line is a list; it must be an object."),
    (b'{"slug": "a", "slug": "b"}', "The key “slug” stands twice in one object."),
    (b'{"a": NaN}', "The line is not JSON: NaN is no number."),
    (b'{"a": ' + b"1" * 5000 + b"}", "The line holds a number that is too long."),
    (line(headlines=1), "The key “headlines” is unknown."),
    (line(slug=LEFT_OUT), "The key “slug” is missing."),
    (line(slug=3), "“slug” is 3; it must be text."),
    (line(slug="a b"), "“slug” is “a b”, which can’t stand in an address."),
    (line(format="story-archive/2"), "“format” is “story-archive/2”; it must be “story-archive/1”."),
    (line(versions=[]), "“versions” is empty."),
    (line(versions={}), "“versions” is an object; it must be a list."),
    (line(addresses=["old"]), "Address 1: it is “old”; a path begins with “/”."),
    (line(version={"body": LEFT_OUT}), "Version 1: the key “body” (or “blocks”) is missing."),
    (
        line(version={"blocks": []}),
        "Version 1: “body” and “blocks” are both there; a version has one of them.",
    ),
    (line(version={"headline": None}), "Version 1: “headline” is null; it must be text."),
    (line(version={"author": "x"}), "Version 1: the key “author” is unknown."),
    (
        line(version={"live_from": "2018-11-08T21:10:00"}),
        (
            "Version 1: “live_from” is “2018-11-08T21:10:00”, which has no offset from UTC; write it as in "
            "2018-11-08T21:10:00+00:00."
        ),
    ),
    (
        line(version={"live_from": "yesterday"}),
        "Version 1: “live_from” is “yesterday”, which is no time; write it as in 2018-11-08T21:10:00+00:00.",
    ),
    (
        line(version={"live_from": "2018-02-30T21:10:00Z"}),
        "Version 1: “live_from” is “2018-02-30T21:10:00Z”, which is no time of the calendar.",
    ),
    (
        line(version={"class": "secret"}),
        "Version 1: “class” is “secret”; it may be first, noted, minor, transcription, developing, override, imported.",
    ),
    (
        line(version={"notes": [{"kind": "typo", "text": "a"}, {"kind": "oops", "text": "b"}]}),
        (
            "Version 1, note 2: “kind” is “oops”; it may be correction, clarification, update, comment-added, typo, "
            "editors-note, retraction."
        ),
    ),
    (
        line(version={"comment_requests": [{"party": "Corvid", "status": "lost"}]}),
        (
            "Version 1, comment request 1: “status” is “lost”; it may be pending, received, declined, no-response, "
            "withdrawn."
        ),
    ),
    (line(version={"bylines": [7]}), "Version 1, byline 1: it is 7; it must be text or an object."),
    (
        line(version={"body": LEFT_OUT, "blocks": [{"type": "text", "key": "a", "html": "b"}]}),
        "Version 1, block 1: the key “html” is unknown.",
    ),
    (
        line(version={"body": LEFT_OUT, "blocks": [{"type": "video", "key": "a"}]}),
        "Version 1, block 1: “type” is “video”; it may be text, quote, image, embed.",
    ),
    (line(version={"editor": "x" * 201}), "Version 1: “editor” has 201 characters; it may have 200."),
]


@pytest.mark.parametrize(("content", "sentence"), BROKEN, ids=[sentence[:50] for _line, sentence in BROKEN])
def test_a_line_that_is_wrong_is_answered_with_what_is_wrong_and_where(content: bytes, sentence: str) -> None:
    assert refusal(content) == sentence


def test_times_rise() -> None:
    earlier = {"live_from": "2018-11-08T21:00:00+01:00", "headline": "a", "body": ""}
    later = {"live_from": "2018-11-08T20:00:00+00:00", "headline": "b", "body": ""}
    assert refusal(line(versions=[earlier, later])) == (
        "Version 2: “live_from” is 2018-11-08T20:00:00+00:00, which is not after the version before it "
        "(2018-11-08T20:00:00+00:00)."
    )


def test_what_is_no_text_is_left_out_of_every_text() -> None:
    story = load(line(source_id="a\x00b", version={"editor": "m\ud800k", "body": "emoji \U0001f600"}))
    assert story.source_id == "ab"
    assert story.versions[0].editor == "mk"
    assert story.versions[0].body == "emoji \U0001f600"


def test_a_line_of_a_million_errors_is_refused_at_once() -> None:
    assert refusal(line(versions=[1] * 1_000_000)) == "Version 1: it is 1; it must be an object."


def test_a_line_is_written_the_same_way_every_time() -> None:
    assert dump({"slug": "é", "n": [1, None]}) == '{"slug": "é", "n": [1, null]}\n'.encode()
    assert time_text(datetime(2018, 11, 8, 21, 10, tzinfo=UTC)) == "2018-11-08T21:10:00+00:00"
