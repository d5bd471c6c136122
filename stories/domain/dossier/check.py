#!/usr/bin/env python3
"""Check a story's dossier, offline, and say what that proves.

    python3 check.py                                       the dossier that this file is in
    python3 check.py DOSSIER.zip                           or the one named, a file or a folder
    python3 check.py --head SEQUENCE DIGEST                against a head of the ledger that was saved elsewhere
    python3 check.py --heads heads.json                    against all that the newsroom published
    python3 check.py --older EARLIER.zip                   against a full dossier from before something was erased
    python3 check.py --tell                                and list what is proved: who did what, when, and why
    python3 check.py --limit MEGABYTES                     a larger dossier than is read by itself

Exit status 0: all that can be checked holds. 1: something does not, and is named. Erasures count only under a head that
was given and is no older than the erasure: whoever has a dossier can write an erasure into it, and so change any words.
The words around erased ones are proved by an older dossier of the story that still matches the ledger's digests.

It needs Python 3.9 or newer and nothing else. If you do not trust the copy in the dossier, take this file from the
newsroom's published code.
"""

import sys

if __name__ == "__main__" and not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    # Nothing else in the dossier's own folder may be imported.
    del sys.path[0]

import argparse
import json
import re
import zipfile
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

Row = dict[str, Any]
NOTE = ("kind", "text", "was", "now")
FORMAT = "newsroom-dossier/1"
# The digests of the layouts known here: a dossier must not decide itself which column means what.
LAYOUTS = {
    "34bf908c4ebe55d31f45626eea0e3d629dffe4c7cd3dbee85f131aeddc30a588",
    # With checks of second persons, and name changes.
    "15aa88cdfb6562183a9472eff5a9c63aa635121be53aaad4729aa94cbec792f4",
}
GROUPS = ("bylines", "blocks", "comment_requests", "update_notes")
# The keys of each part of a dossier: no others are allowed, so that nobody can add what is not proved.
ABOUT = {"format", "part", "slug", "site", "address", "made", "first", "previous", "head"}
ABOUT |= {"versions", "withheld", "pictures"}
VERSION = {"number", "live_from", "sequence", "file", "sha256"}
LINK = {"sequence", "payload", "digest"}
ROW = {"entry", "model", "number", "salt", "values"}
EVENTS = {
    "publication": {"sequence", "digest", "kind", "version", "live_from", "class"},
    "withdrawal": {"sequence", "digest", "kind", "withdrawn", "at", "notice"},
}
NAME = re.compile(r"[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
DIGEST = re.compile(r"[0-9a-f]{64}")


# The formats of stories' pictures, by file extension, and how their files begin.
PICTURES = {
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "jpeg": re.compile(rb"\xff\xd8\xff"),
    "gif": re.compile(rb"GIF8[79]a"),
    "webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
}
# The limit of a document or a line in bytes, and that of all rows or entries in megabytes, which --limit raises.
LONGEST = 16 << 20
LIMIT = 128
LONGEST_PICTURE = 256 << 20
# After this many faults nothing more is read.
FAULTS = 1_000

# The replacements for erased words in the languages that newsrooms may have, and for an erased address.
ERASED = ("[words erased]", "[palabras borradas]")
ERASED_ADDRESS = "https://withheld.invalid/"
# The columns with people's words, by table: their type of content, and their limit in characters (0: none).
REASON = {"reason": ("text", 0)}
WORDS: "dict[str, dict[str, tuple[str, int]]]" = {
    "article": {
        "headline": ("text", 300),
        "dek": ("text", 0),
        "section_name": ("text", 200),
        "dateline": ("text", 200),
        "disclosure": ("text", 0),
    },
    "byline": {"credited_as": ("text", 200)},
    "textblock": {"text": ("html", 0)},
    "quoteblock": {
        "text": ("html", 0),
        "speaker": ("text", 200),
        "speaker_title": ("text", 300),
        "source": ("text", 500),
        "source_url": ("address", 1000),
        "description": ("text", 300),
        "anonymity_reason": ("text", 300),
    },
    "imageblock": {
        "address": ("text", 2000),
        "alt_text": ("text", 2000),
        "caption": ("text", 0),
        "credit": ("text", 300),
    },
    "embedblock": {"address": ("address", 2000), "title": ("text", 300), "description": ("text", 0)},
    "commentrequest": {"party": ("text", 300), "asked_how": ("text", 200), "sentence": ("text", 0)},
    "updatenote": {"text": ("text", 0), "was": ("text", 0), "now": ("text", 0)},
    "publicationcard": {
        "headline": ("text", 300),
        "dek": ("text", 0),
        "section_name": ("text", 200),
        "bylines": ("names", 0),
    },
    "publishednote": {"text": ("text", 0), "was": ("text", 0), "now": ("text", 0)},
    "revision": {"reason": ("text", 0), "attention": ("text", 0)},
    "publication": {"reason": ("text", 0), "source": ("text", 0)},
    "withdrawal": {"notice": ("text", 0), "reason": ("text", 0)},
    "withholding": {"words": ("text", 0), "notice": ("text", 0), "reason": ("text", 0)},
    "erasureorder": {
        "words": ("text", 0),
        "authority": ("text", 0),
        "notice": ("text", 0),
        "reason": ("text", 0),
    },
    "namechange": {"before": ("text", 0), "name": ("text", 0), "reason": ("text", 0)},
}
# The tables of erasures themselves, whose rows remain when a story is erased.
TOMBSTONES = ("erasureorder", "erasureapproval", "erasure")
# The tables of events that are not named like the kind of event without its hyphen.
TABLES = {
    "developing": "developingmode",
    "import": "importedstory",
    "name": "namechange",
    "rights": "rightschange",
    "second-person": "secondpersoncheck",
}


class Broken(Exception):
    """Something can't be read at all; the message says what."""


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def same_json(one: Any, other: Any) -> bool:
    """Return whether two values have the same JSON: in Python 1 also equals 1.0 and True."""
    return canonical(one) == canonical(other)


def digest_of(data: bytes) -> str:
    return sha256(data).hexdigest()


def row_digest(salt: str, model: str, values: list[Any]) -> str:
    return digest_of(bytes.fromhex(salt) + canonical([model, *values]))


def parse_json(data: bytes) -> Any:
    """Parse JSON with unique names and whole numbers only. Raise ValueError for any other."""

    def once(pairs: list[tuple[str, Any]]) -> Row:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a name stands twice in it")
        return dict(pairs)

    def no_number(text: str) -> Any:
        raise ValueError(f"{text[:40]} stands in it, where only whole numbers do")

    return json.loads(data.decode(), object_pairs_hook=once, parse_float=no_number, parse_constant=no_number)


# ------------------------------------------------------------------------------------------------- erasures


def int_or_none(value: Any) -> "int | None":
    """Return a value if it is an integer, else None."""
    return value if type(value) is int else None


def person(payload: "Row | None") -> "tuple[int | None, str]":
    """Return the number and the name of the person in an entry."""
    by = payload.get("by") if payload else None
    number, name = by if isinstance(by, list) and len(by) == 2 else (None, "")
    return int_or_none(number), str(name)


def time_of(payload: Row) -> datetime:
    return datetime.strptime(payload["at"].replace("Z", "+0000"), "%Y-%m-%dT%H:%M:%S.%f%z")


def table_of(kind: str) -> str:
    """Return the table of a kind of event."""
    return TABLES.get(kind, kind.replace("-", ""))


def words_in(table: str, values: Row) -> "Iterator[tuple[str, int, Any]]":
    """Yield each text of a row: its type of content, the column's limit in characters, and the text."""
    if "card" in values:
        yield from words_in("publicationcard", values["card"])
        for note in values["notes"]:
            yield from words_in("publishednote", note)
        return
    for name, (content_type, limit) in WORDS.get(table, REASON).items():
        if content_type == "names":
            yield from (("text", 0, name_text) for _, name_text in values[name])
        else:
            yield content_type, limit, values[name]


def is_erased(content_type: str, limit: int, text: Any) -> bool:
    """Return whether a text consists of nothing but a replacement for erased words."""
    if content_type == "address":
        return bool(text == ERASED_ADDRESS)
    alone = [f"<p>{each}</p>" if content_type == "html" else each for each in ERASED]
    return text in [each[: limit or None] for each in alone]


def contains_erased(content_type: str, limit: int, text: Any) -> bool:
    """Return whether a text contains a replacement for erased words, or a link whose address was erased."""
    if content_type == "address" or is_erased(content_type, limit, text):
        return is_erased(content_type, limit, text)
    if content_type == "html" and re.search(r"<a(?![^<>]*\shref=)[^<>]*>", text):
        return True
    # A replacement longer than the column was cut.
    cut = bool(limit) and len(text) == limit
    return any(
        each in text or (cut and any(text.endswith(each[:end]) for end in range(1, len(each))))
        for each in ERASED
    )


def tokens_of(content_type: str, text: str) -> "list[str]":
    """Split a text into characters, and HTML also into whole tags; a replacement for erased words is one token."""
    erased = "|".join(map(re.escape, ERASED))
    return re.findall(rf"{erased}|<[^<>]*>|." if content_type == "html" else rf"{erased}|.", text, re.DOTALL)


def same_token(now: str, before: str) -> bool:
    """Return whether a token equals the one before; a tag may have lost attributes, whose address had erased words."""
    if now == before or not (len(now) > 1 and now[0] == before[0] == "<"):
        return now == before
    attribute = re.compile(r"""\s+[^\s=<>"'/]+\s*=\s*(?:"[^"]*"|'[^']*')""")
    left, had = attribute.findall(now), attribute.findall(before)
    return attribute.sub("", now) == attribute.sub("", before) and set(left) <= set(had)


def pieces_of(tokens: "list[str]") -> "list[tuple[int, list[str]]]":
    """Return the pieces around replacements, each with the least number of tokens erased before it.

    Erased words may have extended over tags, and tags left without words were removed too: so each of the tags right
    behind a replacement is a piece of its own.
    """
    pieces: list[tuple[int, list[str]]] = [(0, [])]
    behind = False
    for token in tokens:
        if token in ERASED:
            pieces.append((1, []))
            behind = True
            continue
        pieces[-1][1].append(token)
        behind = behind and len(token) > 1
        if behind:
            pieces.append((0, []))
    return pieces


def matches_around_erasure(content_type: str, limit: int, before: Any, now: Any) -> bool:
    """Return whether a text equals the one before, apart from replacements for erased words in some places."""
    if before == now:
        return True
    if not (isinstance(before, str) and isinstance(now, str)):
        return False
    if is_erased(content_type, limit, now):
        return before != ""
    if content_type == "address":
        return False
    pieces, old = pieces_of(tokens_of(content_type, now)), tokens_of(content_type, before)
    if limit and len(now) == limit:
        # A text longer than the column was cut, perhaps in the middle of a replacement.
        ends = [each[:end] for each in ERASED for end in range(1, len(each)) if now.endswith(each[:end])]
        uncut = now[: limit - len(max(ends, key=len, default=""))]
        pieces = [*pieces_of(tokens_of(content_type, uncut)), (0, [])]
    place = 0
    for number, (least, piece) in enumerate(pieces):
        last = len(old) - len(piece)
        # The first match leaves the most text for the following pieces.
        starts = range(place + least, last + 1)
        if number == 0:
            starts = starts[:1]
        elif number == len(pieces) - 1:
            starts = range(max(place + least, last), last + 1)
        fits = (
            start
            for start in starts
            if all(same_token(each, old[start + at]) for at, each in enumerate(piece))
        )
        start = next(fits, None)
        if start is None:
            return False
        place = start + len(piece)
    return len(pieces) > 1


def split_texts(table: str, values: Row) -> "tuple[list[tuple[str, int, Any]], Any]":
    """Return the texts of a row, and all its other values."""
    if "card" in values:
        card, rest = split_texts("publicationcard", values["card"])
        notes = [split_texts("publishednote", note) for note in values["notes"]]
        return card + [text for texts, _ in notes for text in texts], [
            rest,
            [each for _, each in notes],
            values["pictures"],
        ]
    columns = WORDS.get(table, REASON)
    rest = {name: value for name, value in values.items() if name not in columns}
    if "bylines" in columns:
        rest["bylines"] = [who for who, _ in values["bylines"]]
    return list(words_in(table, values)), rest


def row_matches_around_erasure(table: str, before: Row, now: Row) -> bool:
    """Return whether a row equals the one before, apart from replacements for erased words."""
    (texts, rest), (old, rest_before) = split_texts(table, now), split_texts(table, before)
    if table == "erasureorder" and now["words"] == "":
        # The order's own words are erased as a whole.
        texts, old = [each for each in texts if each[2]], [each for each in old if each[2] != before["words"]]
    return (
        same_json(rest, rest_before)
        and len(texts) == len(old)
        and all(
            matches_around_erasure(content_type, limit, old[at][2], text)
            for at, (content_type, limit, text) in enumerate(texts)
        )
    )


class Erasure:
    """An erasure as the ledger records it. `refused` says why it explains nothing, "" if it does explain its rows."""

    def __init__(self, payload: Row) -> None:
        self.sequence: int = payload["sequence"]
        self.day = str(payload["at"])[:10]
        self.rows: list[list[Any]] = payload["erased"]
        self.number = payload.get("order")
        self.order: Row | None = None
        self.approval: Row | None = None
        self.scope = "draft" if self.number is None else ""
        # How many days before the erasure a draft was last changed.
        self.days = 0
        self.refused = ""
        # The rows whose remaining words an older copy proves, and what does not match the older copies.
        self.proved: set[tuple[str, int]] = set()
        self.faults: list[str] = []

    @property
    def ordered_by(self) -> str:
        return person(self.order)[1]

    @property
    def approved_by(self) -> str:
        return person(self.approval)[1]

    def erases_all(self, table: str) -> bool:
        """Return whether it leaves no word of a row of this table."""
        return self.scope in ("story", "draft") or (self.scope == "version" and table != "publicationcard")

    def is_own_order(self, table: str, number: int) -> bool:
        return table == "erasureorder" and number == self.number

    @property
    def rows_left(self) -> "set[tuple[str, int]]":
        """The rows in which words remain around those that it erased."""
        rows = {(row[0], row[1]) for row in self.rows}
        return {row for row in rows if not (self.erases_all(row[0]) or self.is_own_order(*row))}

    @property
    def around(self) -> int:
        """The number of rows in which the remaining words can't be proved."""
        return len(self.rows_left - self.proved)

    @property
    def around_proved(self) -> int:
        """The number of rows in which an older copy proves the remaining words."""
        return len(self.rows_left & self.proved)

    def describe(self) -> str:
        by = (
            f"ordered by {self.ordered_by}, approved by {self.approved_by}"
            if self.order
            else f"by the rule for drafts that were never published, {self.days} days after the last change"
        )
        count = len(self.rows)
        reads = (
            "1 row reads otherwise than it was"
            if count == 1
            else f"{count} rows read otherwise than they were"
        )
        return (
            f"{reads} written, by erasure {self.sequence} of {self.day}, {by}"
            + (": " if self.rows else "")
            + ", ".join(f"{row[0]} {row[1]}" for row in self.rows)
        )


class Erasures:
    """The erasures of one story: which rows they explain, and which of them explain nothing.

    They are built from the story's entries, in the ledger's order. An erasure explains the rows that it names only if
    an order of the story precedes it that another person approved and no other erasure carried out, and if each row
    belongs to the story and is within that order. Drafts that were never published need no order once their time is
    over: `least_days` after the last change, by the times in their entries; and none of these is after `now`.
    """

    def __init__(
        self, payloads: "Iterable[Row]", *, least_days: float = 0, now: "datetime | None" = None
    ) -> None:
        self.least_days, self.now = least_days, now
        self.done: dict[int, Erasure] = {}
        # By table and number: each digest before and after, and its erasure.
        self.steps: dict[tuple[str, int], list[tuple[str, str, Erasure]]] = {}
        # The revision of each row that an entry covers, None if it has none; and the rows of each part in order.
        self.row_revisions: dict[tuple[str, int], int | None] = {}
        self.part_rows: dict[tuple[str, str], list[tuple[int, int]]] = {}
        # The form in which each row was written.
        self.forms: dict[tuple[str, int], int] = {}
        self.revisions: dict[int, int] = {}
        # When the story was last changed, by the times in its entries and not by their order.
        self.changed = ""
        self.orders: dict[int, Row] = {}
        self.decisions: dict[int | None, list[Row]] = {}
        self.carried_out: dict[int, int] = {}
        self.not_cancelled: dict[int | None, Row] = {}
        for payload in payloads:
            if payload["kind"] == "erasure":
                self.carry_out(Erasure(payload), payload)
            self.record(payload)

    def record(self, payload: Row) -> None:
        """Record an entry for the erasures after it."""
        kind, event, revision = payload["kind"], payload["event"], int_or_none(payload.get("revision")) or 0
        self.row_revisions[table_of(kind), event] = revision or None
        form = int_or_none(payload.get("form")) or 0
        self.forms[table_of(kind), event] = form
        for model, key, _, number, _ in payload.get("rows", ()):
            self.row_revisions[model, number] = revision
            self.forms[model, number] = form
            self.part_rows.setdefault((model, key), []).append((revision, number))
        if kind == "revision":
            self.revisions[event] = revision
            self.changed = max(self.changed, str(payload.get("at")))
        elif kind == "publication":
            self.row_revisions["publicationcard", event] = None
            self.forms["publicationcard", event] = form
            self.not_cancelled[event] = payload
        elif kind == "cancellation":
            publication = self.not_cancelled.get(int_or_none(payload.get("publication")))
            # What was live by then counts as published, whatever an entry says.
            if publication and str(payload["at"]) <= str(publication.get("live_from")):
                del self.not_cancelled[publication["event"]]
        elif kind == "erasure-order":
            self.orders[event] = payload
        elif kind == "erasure-approval":
            self.decisions.setdefault(int_or_none(payload.get("order")), []).append(payload)

    def carry_out(self, erasure: Erasure, payload: Row) -> None:
        erasure.refused = (
            self.draft_refusal(erasure, payload) if erasure.number is None else self.order_refusal(erasure)
        )
        erasure.refused = erasure.refused or self.rows_refusal(erasure)
        self.done[erasure.sequence] = erasure
        if erasure.refused:
            return
        if erasure.order is not None:
            self.carried_out[erasure.order["event"]] = erasure.sequence
        for table, number, before, after in erasure.rows:
            self.steps.setdefault((table, number), []).append((before, after, erasure))

    def draft_refusal(self, erasure: Erasure, payload: Row) -> str:
        if self.not_cancelled:
            return "it names no order, and the story was published"
        if not self.changed:
            return "it names no order, and there is no draft"
        try:
            at, changed = time_of(payload), time_of({"at": self.changed})
        except (KeyError, ValueError):
            return "it names no order, and its time can't be read"
        if self.now is not None and at > self.now:
            return "it names no order, and its time has not come yet"
        age = at - changed
        erasure.days = age.days
        if age.total_seconds() < self.least_days * 86_400:
            return (
                f"it names no order, and it came {age.days} days after the draft's last change: the setting "
                "KEEP_DRAFTS allows none so early"
            )
        return ""

    def order_refusal(self, erasure: Erasure) -> str:
        order = erasure.order = self.orders.get(int_or_none(erasure.number) or 0)
        if order is None:
            return f"no order {erasure.number} of this story stands before it"
        named = f"its order (entry {order['sequence']})"
        erasure.scope = str(order.get("scope"))
        decisions = self.decisions.get(int_or_none(erasure.number), [])
        if not decisions:
            return f"nobody approved {named}"
        erasure.approval = decisions[0]
        if len(decisions) > 1:
            return f"{named} was decided on more than once"
        if decisions[0].get("approved") is not True:
            return f"{named} was refused"
        asked, approved = person(order)[0], person(decisions[0])[0]
        if asked is None or approved is None or asked == approved:
            return f"{named} was not approved by another person than gave it"
        if order["event"] in self.carried_out:
            return f"{named} was carried out before, by entry {self.carried_out[order['event']]}"
        return ""

    def rows_refusal(self, erasure: Erasure) -> str:
        rows = [(row[0], row[1]) for row in erasure.rows]
        unknown = [f"{table} {number}" for table, number in rows if (table, number) not in self.row_revisions]
        if unknown:
            return f"it names rows that no entry of this story before it covers: {', '.join(unknown)}"
        covers = self.covers_of(erasure)
        uncovered = [f"{table} {number}" for table, number in rows if not covers(table, number)]
        if uncovered:
            return f"it names rows that its order does not cover: {', '.join(uncovered)}"
        return ""

    def covers_of(self, erasure: Erasure) -> "Callable[[str, int], bool]":
        """Return a function that returns whether an erasure's order covers a row."""
        if erasure.scope == "words":
            return lambda table, number: True
        if erasure.scope in ("story", "draft"):
            return lambda table, number: table not in TOMBSTONES
        own = self.not_cancelled.get(int_or_none((erasure.order or {}).get("publication")))
        if erasure.scope != "version" or own is None:
            return lambda table, number: False
        revisions = {event: self.revision_of(each) for event, each in self.not_cancelled.items()}
        at = revisions.pop(own["event"])
        # Cover the revisions between the version before and the version after, without rows that any other version
        # displays.
        since = max((each for each in revisions.values() if each < at), default=0)
        until = min((each for each in revisions.values() if each > at), default=sys.maxsize)
        displayed = {
            (model, max(rows)[1])
            for (model, _), all_rows in self.part_rows.items()
            for revision in revisions.values()
            for rows in [[row for row in all_rows if row[0] <= revision]]
            if rows
        }

        def covers(table: str, number: int) -> bool:
            if table in ("publication", "publicationcard"):
                return bool(number == own["event"])
            revision = self.row_revisions[table, number]
            return revision is not None and since < revision < until and (table, number) not in displayed

        return covers

    def revision_of(self, publication: Row) -> int:
        return self.revisions.get(int_or_none(publication.get("revision_event")) or 0, 0)

    def of_row(self, table: str, number: int) -> "list[Erasure]":
        """Return the erasures that changed a row, oldest first."""
        return [erasure for _, _, erasure in self.steps.get((table, number), ())]

    def explains(self, table: str, number: int, written: str, now: str) -> bool:
        """Return whether a row may have this digest now: the one that it was written with, as changed by erasures."""
        digest = written
        for before, after, _ in self.steps.get((table, number), ()):
            if before != digest:
                return False
            digest = after
        return digest == now

    def compare_with_copy(self, copy: str, older: Row, columns: Any, now: Row) -> None:
        """Compare an erased row with a row of an older copy, and record in the erasures what it proves or disproves.

        The copy counts only if the ledger has its digest for the row from before an erasure. `columns` are those of
        the form that the row's entry names, `now` are the row's present values.
        """
        table, number = reference = row_reference(older)
        steps = self.steps.get(reference, [])
        try:
            digest = digest_in(older, columns)
        except (AttributeError, KeyError, TypeError, ValueError):
            digest = ""
        since = [place for place, step in enumerate(steps) if step[0] == digest]
        if not since and not any(step[1] == digest for step in steps):
            steps[-1][2].faults.append(
                f"the row {table} {number} of the older copy {copy} is not what the ledger says was ever written: that "
                "copy was changed, or is of another ledger"
            )
        elif since and not row_matches_around_erasure(table, older["values"], now):
            steps[-1][2].faults.append(
                f"the row {table} {number} reads otherwise around what was erased than in the older copy {copy}, "
                "which has it as the ledger says that it was written"
            )
        elif since:
            for _, _, erasure in steps[since[0] :]:
                erasure.proved.add(reference)

    def reads_as_erased(self, table: str, number: int, values: Row) -> bool:
        """Return whether a row's texts are what its erasures leave: replacements for the erased words, or nothing."""
        done = self.of_row(table, number)
        if not done:
            return True
        if any(each.is_own_order(table, number) for each in done):
            return bool(values["words"] == "")
        texts = [each for each in words_in(table, values) if each[2]]
        if not texts or any(each.erases_all(table) for each in done):
            return all(is_erased(*each) for each in texts)
        return any(contains_erased(*each) for each in texts)


def digest_in(row: Row, columns: "dict[str, list[str]]") -> str:
    """Return the digest of a dossier's row by the columns of its form, "" if it has other columns."""
    values = row["values"]
    if row["model"] != "shown":
        model: str = row["table"] if "table" in row else row["model"]
        names = columns.get(model, [])
        return (
            row_digest(row["salt"], model, [values[name] for name in names])
            if set(values) == set(names)
            else ""
        )
    card, note = columns["publicationcard"], columns["publishednote"]
    column_sets = [set(values["card"]), *map(set, values["notes"])]
    if column_sets != [set(card), *(set(note) for _ in values["notes"])] or set(values) != {
        "card",
        "notes",
        "pictures",
    }:
        return ""
    values_in_order = {
        "card": [values["card"][name] for name in card],
        "notes": [[each[name] for name in note] for each in values["notes"]],
        "pictures": values["pictures"],
    }
    return row_digest(row["salt"], "publication", [canonical(values_in_order).decode()])


# ---------------------------------------------------------------------------------------------- the dossier


class Files:
    """The files of a dossier, a folder or a zip: no other file is ever opened, and the amount read is limited."""

    def __init__(self, path: Path, limit: int = LIMIT) -> None:
        self.path, self.zip = path, None if path.is_dir() else zipfile.ZipFile(path)
        self.limit = limit
        self.used: set[str] = set()
        if self.zip is not None:
            names = [each.filename for each in self.zip.infolist() if not each.is_dir()]
        else:
            found = [each for each in path.rglob("*") if each.is_symlink() or not each.is_dir()]
            names = [each.relative_to(path).as_posix() for each in found]
            # Files that file managers create in folders.
            names = [name for name in names if not name.rpartition("/")[2].startswith(".")]
            for name in names:
                if (path / name).is_symlink() or not (path / name).is_file():
                    raise Broken(f"{name} is no file, but a link or the like.")
        odd = [name for name in names if not NAME.fullmatch(name)]
        if odd or len(names) != len(set(names)):
            raise Broken(f"There are names that no dossier has, or one twice: {odd or sorted(names)}.")
        self.names = set(names)

    def open(self, name: str) -> IO[bytes]:
        if name not in self.names:
            raise Broken(f"{name} is not there.")
        self.used.add(name)
        return self.zip.open(name) if self.zip is not None else (self.path / name).open("rb")

    def read(self, name: str) -> bytes:
        with self.open(name) as file:
            data = file.read(LONGEST + 1)
        if len(data) > LONGEST:
            raise Broken(f"{name} is longer than any document of a dossier ({LONGEST >> 20} MB).")
        return data

    def lines(self, name: str, *, limited: bool) -> Iterator[bytes]:
        """Yield the lines of a file; `limited` if they are stored in memory together."""
        count = 0
        with self.open(name) as file:
            while line := file.readline(LONGEST + 1):
                count += len(line)
                if len(line) > LONGEST:
                    raise Broken(f"A line of {name} is longer than any of a dossier ({LONGEST >> 20} MB).")
                if limited and count > self.limit << 20:
                    raise Broken(
                        f"{name} unpacks to more than {self.limit} MB, so it was not read on. If you know that the "
                        f"story is so long, say --limit {max(1, self.limit) * 4}."
                    )
                yield line

    def digest(self, name: str) -> "tuple[str, bytes]":
        """Return the digest of a file of any length, and its beginning."""
        with self.open(name) as file:
            start = file.read(16)
            digest = sha256(start)
            while piece := file.read(1 << 20):
                digest.update(piece)
                if file.tell() > LONGEST_PICTURE:
                    raise Broken(
                        f"{name} is larger than any picture of a story ({LONGEST_PICTURE >> 20} MB)."
                    )
        return digest.hexdigest(), start


class Findings:
    """What failed, what is proved, what is not, and what the proved entries report; all of them are sentences."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self.proved: list[str] = []
        self.unproved: list[str] = []
        self.reported: list[str] = []
        self.known = 0

    def proves(self, sentence: str) -> None:
        """Record a sentence as proved, unless anything failed since the last call."""
        if len(self.failed) == self.known:
            self.proved.append(sentence)
        self.known = len(self.failed)


class Dossier:
    def __init__(self, files: Files, found: Findings) -> None:
        self.files = files
        self.failed, self.reported = found.failed, found.reported
        self.about = self.read("dossier.json")
        self.full = self.about["part"] == "full"
        self.pictures: dict[str, str] = {}
        # By sequence: each entry's payload, the words of its event, and a version's values in lists.
        self.payloads: dict[int, Row] = {}
        self.event_words: dict[int, Row] = {}
        self.cards: dict[int, Row] = {}
        self.erasures = Erasures(())
        # The present values of rows that were erased in part, with the columns of their form.
        self.now: dict[tuple[str, int], tuple[Any, Row]] = {}
        # The older copies to compare with, by their last entry.
        self.ends: dict[int, OlderCopy] = {}

    def read(self, name: str) -> Any:
        try:
            return parse_json(self.files.read(name))
        except ValueError as error:
            raise Broken(f"{name} can't be read: {error}") from error

    def lines(self, name: str, *forms: set[str]) -> Iterator[Row]:
        """Yield the lines of a file; each may have only the keys of one of the forms."""
        for line in self.files.lines(name, limited=name != "ledger/chain.jsonl"):
            try:
                row = parse_json(line)
            except ValueError as error:
                raise Broken(f"{name} can't be read: {error}") from error
            if set(row) not in forms:
                raise Broken(f"{name} says something that no dossier does: {sorted(row)}.")
            if any(type(row[each]) is not int for each in ("sequence", "entry", "number") if each in row):
                raise Broken(
                    f"{name} has something else than whole numbers of entries and rows: {line[:200]!r}."
                )
            if "digest" in row and not DIGEST.fullmatch(row["digest"]):
                raise Broken(f"{name} has an entry without a digest: {line[:200]!r}.")
            yield row

    def expect(self, holds: bool, otherwise: str) -> bool:
        if not holds:
            self.failed.append(otherwise)
            if len(self.failed) == FAULTS:
                raise Broken(f"There are {FAULTS} faults, and nothing was read after them.")
        return bool(holds)

    def check_about(self) -> None:
        """Check the form of dossier.json, its versions and its pictures."""
        about = self.about
        self.expect(
            about["format"] == FORMAT, f"dossier.json is in a format not known here: {about['format']}."
        )
        self.expect(
            about["part"] in ("full", "public"), "dossier.json is neither of the full nor the public part."
        )
        self.expect(
            set(about) == ABOUT | ({"article"} if self.full else set()),
            f"dossier.json says something that no dossier does: {sorted(about)}.",
        )
        self.expect(
            bool(TIME.fullmatch(about["made"])), f"dossier.json says when it was made: {about['made']}."
        )
        listed = VERSION | ({"revision"} if self.full else set())
        for number, each in enumerate(about["versions"], start=1):
            self.expect(set(each) == listed, f"dossier.json says more of version {number} than it should.")
            self.expect(same_json(each["number"], number), f"Version {number} is called {each['number']}.")
            self.expect(
                each["file"] in ("", f"versions/{number:04}.json"),
                f"Version {number} lies in {each['file']}.",
            )
            if each["file"]:
                digest = digest_of(self.files.read(each["file"]))
                self.expect(digest == each["sha256"], f"{each['file']} is not the file that was put in.")
        times = [each["live_from"] for each in about["versions"]]
        self.expect(times == sorted(times), "The versions are not in order.")
        self.expect(
            not self.full or int_or_none(about["article"]) is not None,
            f"dossier.json says of which story it is by something else than a number: {about.get('article')}.",
        )
        for name in about["pictures"]:
            digest, _, kind = name.rpartition("/")[2].partition(".")
            self.expect(name == f"pictures/{digest}.{kind}", f"{name} is not where a picture lies.")
            found, start = self.files.digest(name)
            self.expect(found == digest, f"{name} is another picture.")
            self.expect(
                kind in PICTURES and bool(PICTURES[kind].match(start)),
                f"{name} is no picture as stories have them.",
            )
            self.pictures[digest] = name

    def check_names(self) -> None:
        """Check that the dossier has all its files, and no others that could pass for its own."""
        used = self.files.used
        pages = {name[:-4] + "html" for name in used if name.startswith(("versions/", "revisions/"))}
        pages |= {"check.py", "README.html", "README.txt"} | ({"desk.json"} if self.full else set())
        for name in sorted(self.files.names - used - pages):
            self.expect(False, f"{name} is no part of this dossier. If you put it there, move it elsewhere.")
        for name in sorted(pages - self.files.names):
            self.expect(False, f"{name} is not there.")

    # ------------------------------------------------------------------------------------------ the chain

    def check_chain(self, entries: list[Row], heads: dict[int, str]) -> tuple[int, list[int]]:
        """Check the chain; return the number of its entries, and which of the heads are among them."""
        expected = {entry["sequence"]: entry for entry in entries}
        before = bytes.fromhex(self.about["previous"])
        sequence, count, met = self.about["first"] - 1, 0, []
        self.expect(
            sequence > 0 or not any(before), "The first entry of the ledger does not begin the chain."
        )
        self.expect(len(expected) == len(entries), "An entry is there twice.")
        for link in self.lines("ledger/chain.jsonl", LINK):
            sequence, count = sequence + 1, count + 1
            self.expect(
                bool(DIGEST.fullmatch(link["payload"])), f"Entry {sequence} has no digest of its payload."
            )
            if not self.expect(
                same_json(link["sequence"], sequence),
                f"Entry {sequence} is missing; {link['sequence']} follows.",
            ):
                sequence = link["sequence"]
            before = sha256(before + bytes.fromhex(link["payload"])).digest()
            self.expect(
                before.hex() == link["digest"],
                f"Entry {sequence}'s digest does not follow from the one before.",
            )
            entry = expected.pop(sequence, None)
            if entry is not None:
                payload = digest_of(entry["payload"].encode()) if "payload" in entry else link["payload"]
                self.expect(
                    payload == link["payload"], f"Entry {sequence} does not say what the chain holds."
                )
                self.expect(
                    entry["digest"] == link["digest"], f"Entry {sequence}'s digest is not the chain's."
                )
            if sequence in heads:
                met.append(sequence)
                self.expect(
                    heads[sequence] == link["digest"],
                    f"Entry {sequence} is not the one that was published: the ledger was written anew.",
                )
            if sequence in self.ends:
                self.expect(
                    self.ends[sequence].head[1] == link["digest"],
                    f"The older copy {self.ends[sequence].name} has another entry {sequence}: one of both ledgers was "
                    "written anew.",
                )
            before = bytes.fromhex(link["digest"])
        for sequence in sorted(expected):
            self.expect(False, f"Entry {sequence} is not in the chain.")
        end = [sequence, before.hex()]
        self.expect(
            same_json(end, self.about["head"]),
            f"The chain ends with {end}, the dossier says {self.about['head']}.",
        )
        return count, met

    # ------------------------------------------------------------------------------- entries and their rows

    def check_entries(self, entries: list[Row]) -> None:
        """Check that each entry can be read, and that none is missing between the story's first and last one here."""
        before = None
        for entry in sorted(entries, key=lambda entry: entry["sequence"]):
            name = f"Entry {entry['sequence']}"
            try:
                payload = self.payloads[entry["sequence"]] = parse_json(entry["payload"].encode())
            except ValueError as error:
                raise Broken(f"{name} can't be read: {error}") from error
            self.expect(
                canonical(payload).decode() == entry["payload"], f"{name} is not in the canonical form."
            )
            self.expect(
                same_json(payload["sequence"], entry["sequence"]),
                f"{name} says that it is {payload['sequence']}.",
            )
            self.expect(same_json(payload["article"], self.about["article"]), f"{name} is of another story.")
            self.expect(
                same_json(payload["after"], before),
                f"An entry of the story is missing: {name} comes after {payload['after']}, here after {before}.",
            )
            self.expect(
                payload["at"] <= self.about["made"], f"{name} is of after the time that the dossier says."
            )
            before = entry["sequence"]

    def check_rows(self, layout: Row) -> tuple[int, list[Row]]:
        """Check the rows; return their number, and the history rows among them.

        A row that was erased in part has another digest since: its erasure names both.
        """
        self.erasures = Erasures(self.payloads.values())
        for erasure in self.erasures.done.values():
            self.expect(
                not erasure.refused, f"Entry {erasure.sequence} is an erasure, but {erasure.refused}."
            )
        # The rows that each entry covers, with their digests; those that are found are removed.
        expected = {sequence: self.covered(payload) for sequence, payload in self.payloads.items()}
        met: set[tuple[int, str, int]] = set()
        count, history = 0, []
        for row in self.lines("ledger/rows.jsonl", ROW, ROW | {"table"}):
            count += 1
            model, number, sequence = row["model"], row["number"], row["entry"]
            if not self.expect(sequence in expected, f"Rows are of entry {sequence}, which is not there."):
                continue
            if not self.expect(
                (sequence, model, number) not in met,
                f"The row {model} {number} of entry {sequence} is there twice.",
            ):
                continue
            covered = expected[sequence].pop((model, number), None)
            if covered is None:
                self.expect(
                    False, f"The row {model} {number} is in no entry; it was slipped in under {sequence}."
                )
                continue
            met.add((sequence, model, number))
            self.check_row(row, self.payloads[sequence], *covered, layout)
            if "history_id" in row["values"]:
                history.append(row)
        for sequence, missing in expected.items():
            for model, number in missing:
                self.expect(False, f"The row {model} {number} of entry {sequence} is missing.")
        return count, history

    def covered(self, payload: Row) -> "dict[tuple[str, int], tuple[str, list[Any]]]":
        """Return the digest of each row that an entry covers, and for history rows the entry's item on them."""
        rows = {(row[0], row[3]): (row[4], row) for row in payload.get("rows", ())}
        rows[payload["kind"], payload["event"]] = (payload["said"], [])
        if "shown" in payload:
            rows["shown", payload["event"]] = (payload["shown"], [])
        return rows

    def check_row(self, row: Row, payload: Row, digest: str, entry_row: "list[Any]", layout: Row) -> None:
        """Check that a row is what its entry says was written, or what an erasure left of it."""
        values, sequence = row["values"], payload["sequence"]
        name = f"{row['model']} {row['number']} of entry {sequence}"
        self.expect(len(row["salt"]) == 32, f"The row {name} has no salt as rows have.")
        if row["model"] != "shown" and any(isinstance(each, (list, dict)) for each in values.values()):
            raise Broken(f"The row {name} holds more than one value in a column.")
        columns = layout["columns"][str(payload["form"])]
        now = digest_in(row, columns)
        self.expect(now != "", f"A row of {row.get('table', row['model'])} has other columns.")
        if row["model"] in ("shown", payload["kind"]):
            (self.cards if row["model"] == "shown" else self.event_words)[sequence] = values
        if "history_id" in values:
            number = f"{row['model']} {row['number']}"
            self.expect(same_json(values["history_id"], row["number"]), f"Row {number} has another number.")
            self.expect(
                same_json(values["revision"], payload["revision"]), f"Row {number} is of another revision."
            )
        table = self.table_of(row["model"], payload)
        if self.expect(
            self.erasures.explains(table, row["number"], digest, now),
            f"The row {name} is not what was written.",
        ):
            self.expect(
                self.erasures.reads_as_erased(table, row["number"], values),
                f"The row {name} is not what was written, and reads otherwise than an erasure leaves it.",
            )
            if self.erasures.of_row(table, row["number"]):
                self.now[table, row["number"]] = (columns, values)
                if entry_row:
                    self.check_erased(values, entry_row, payload)

    def table_of(self, model: str, payload: Row) -> str:
        """Return the table by which erasures name a row of an entry."""
        if model == "shown":
            return "publicationcard"
        return table_of(model) if model == payload["kind"] else model

    def check_erased(self, values: Row, entry_row: "list[Any]", payload: Row) -> None:
        """Check the values of an erased history row that its entry repeats, which its digest no longer proves."""
        model, key, change = entry_row[:3]
        facts = {"history_type": change, "history_date": payload["at"]}
        facts |= (
            {"id": self.about["article"]}
            if model == "article"
            else {"key": key, "parent_id": self.about["article"]}
        )
        self.expect(
            same_json({name: values[name] for name in facts}, facts),
            f"The row {model} {values['history_id']} was erased in part, and is no longer of what its entry says.",
        )

    def check_card(self, number: int, event: int, card: Row, story: Row) -> None:
        """Check that a version's values in lists, if words were erased in them, are those of its revision."""
        if not self.erasures.of_row("publicationcard", event):
            return
        names = ("kind", "headline", "dek", "section", "section_name", "language")
        displayed = [card["card"][name] for name in names] + [card["card"]["bylines"]]
        from_story = [story[name] for name in names]
        from_story += [[[each["author"], each["credited_as"]] for each in story["bylines"]]]
        notes = {each["key"]: [each[name] for name in NOTE] for each in story["update_notes"]}
        notes_match = [notes.get(note["key"]) == [note[name] for name in NOTE] for note in card["notes"]]
        pictures = {each["picture"] for each in story["blocks"] if each.get("picture")}
        self.expect(
            same_json(displayed, from_story) and all(notes_match) and set(card["pictures"]) == pictures,
            f"What lists show of version {number} was erased in part, and is not what its revision says.",
        )

    # --------------------------------------------------------------------------------- revisions, versions

    def of_kind(self, *kinds: str) -> list[Row]:
        return [payload for payload in self.payloads.values() if payload["kind"] in kinds]

    def check_revisions(self, history: list[Row], layout: Row) -> dict[int, Row]:
        """Rebuild the story at each revision from the rows, and compare it with the dossier's own."""
        made = self.of_kind("revision")
        numbers = [each["revision"] for each in made]
        self.expect(
            numbers == list(range(1, len(numbers) + 1)),
            f"Revisions are missing: there are {numbers or 'none'}.",
        )
        story: dict[tuple[str, int], Row] = {}
        stories: dict[int, Row] = {}
        written: dict[int, list[Row]] = {}
        for row in sorted(history, key=lambda row: row["number"]):
            written.setdefault(row["values"]["revision"], []).append(row)
        for payload in made:
            number = payload["revision"]
            for row in written.get(number, ()):
                story.pop((row["model"], row["values"]["id"]), None)
                if row["values"]["history_type"] != "-":
                    story[row["model"], row["values"]["id"]] = row
            stories[number] = story_from_rows(list(story.values()), layout)
            name = f"revisions/{number:04}.json"
            saved = self.read(name)
            self.expect(same_json(stories[number], saved["story"]), f"{name} is not what its rows say.")
            facts = {
                "revision": number,
                "by": payload["by"][1],
                "at": payload["at"],
                "why": self.event_words.get(payload["sequence"], {}).get("reason"),
                "entry": payload["sequence"],
            }
            self.expect(
                same_json({key: value for key, value in saved.items() if key != "story"}, facts),
                f"{name} says otherwise than the ledger who saved it, when or why: {facts}.",
            )
            self.reported.append(f"{facts['at']} revision {number} saved by {facts['by']}: {facts['why']}")
        return stories

    def check_versions(self, stories: dict[int, Row]) -> list[int]:
        """Check the versions; return those whose public words differ from their rows, since words are withheld."""
        revisions = {each["event"]: each["revision"] for each in self.of_kind("revision")}
        cancelled = {each["publication"] for each in self.of_kind("cancellation")}
        live = sorted(
            (each["live_from"], revisions.get(each["revision_event"]), each["sequence"])
            for each in self.of_kind("publication")
            if each["event"] not in cancelled and each["live_from"] <= self.about["made"]
        )
        listed = [(each["live_from"], each["revision"], each["sequence"]) for each in self.about["versions"]]
        if not self.expect(
            same_json(listed, live), f"The versions are {live} by the ledger, {listed} by the dossier."
        ):
            return []
        other, notes = [], []
        for each in self.about["versions"]:
            payload = self.payloads[each["sequence"]]
            displayed = self.cards.get(each["sequence"], {"notes": []})
            if "card" in displayed and each["revision"] in stories:
                self.check_card(each["number"], payload["event"], displayed, stories[each["revision"]])
            brought = [{name: note[name] for name in NOTE} for note in displayed["notes"]]
            notes += [{"version": each["number"], **note} for note in brought]
            self.reported.append(
                f"{payload['at']} version {each['number']} (revision {each['revision']}) published by "
                f"{payload['by'][1]}, live from {payload['live_from']}, {payload['class']}; readers were told: "
                + ("; ".join(f"{note['kind']}: {note['text']}" for note in brought) or "nothing")
            )
            if each["file"]:
                public = self.read(each["file"])
                line = self.event_words.get(each["sequence"], {}).get("reason")
                facts = {
                    "version": each["number"],
                    "live_from": payload["live_from"],
                    "class": payload["class"],
                    "line": line if payload["class"] == "developing" else "",
                    "notes": brought,
                }
                full_story = dict(stories.get(each["revision"], {}))
                full_story["comment_requests"] = [
                    one for one in full_story.get("comment_requests", ()) if one["shown"]
                ]
                if not same_json(public["story"], full_story):
                    other.append(each["number"])
                    facts["line"] = public["line"] if facts["line"] else ""
                self.expect(
                    same_json({key: value for key, value in public.items() if key != "story"}, facts),
                    f"{each['file']} says otherwise than the ledger what readers were told: {facts}.",
                )
            else:
                self.expect(
                    self.is_hidden(payload["event"]),
                    f"Version {each['number']} has no file, and no entry of the ledger hides it.",
                )
        self.expect(
            same_json(self.read("notes.json"), notes), f"notes.json is not what readers were told: {notes}."
        )
        withheld = self.about["withheld"]
        self.expect(
            same_json(other, withheld),
            f"The public words of the versions {other} are not those of their revisions; dossier.json says {withheld}.",
        )
        hidden = [each for each in self.withheld_now() if each["publication"] is None]
        self.expect(
            not other
            or bool(hidden)
            or any(each["scope"] not in ("story", "version") for each in self.erased()),
            f"Words of the versions {other} are said to be withheld, and no entry of the ledger withholds any.",
        )
        return other

    def withheld_now(self) -> list[Row]:
        """Return the withholdings that were not lifted since."""
        lifted = {each["withholding"]: each["lifted"] for each in self.of_kind("withholding-decision")}
        return [each for each in self.of_kind("withholding") if not lifted.get(each["event"])]

    def erased(self) -> list[Row]:
        """Return the erasure orders that were carried out."""
        done = self.erasures.done.values()
        return [each.order for each in done if each.order is not None and not each.refused]

    def is_hidden(self, publication: int) -> bool:
        """Return whether an entry explains why the public sees nothing of a version."""
        withdrawn = [each["withdrawn"] for each in self.of_kind("withdrawal")][-1:] == [True]
        withheld = any(each["publication"] == publication for each in self.withheld_now())
        orders = self.erased()
        return (
            withdrawn
            or withheld
            or any(each["scope"] == "story" or each["publication"] == publication for each in orders)
        )

    def check_public(self, events: list[Row]) -> None:
        """Check that all files of the public part agree on its versions and notes."""
        listed = {each["sequence"]: each for each in self.about["versions"]}
        notes = []
        for event in events:
            self.expect(
                set(event) == EVENTS.get(event["kind"], set()), f"An event says more than it should: {event}."
            )
            if event["kind"] == "publication":
                each = listed.pop(event["sequence"], {})
                facts = [event["version"], event["live_from"]]
                self.expect(
                    same_json(facts, [each.get("number"), each.get("live_from")]),
                    f"No version is that of {event}.",
                )
                if each.get("file"):
                    public = self.read(each["file"])
                    values = [public["version"], public["live_from"], public["class"]]
                    self.expect(
                        same_json(values, [*facts, event["class"]]),
                        f"{each['file']} says otherwise: {values}.",
                    )
                    notes += [{"version": event["version"], **note} for note in public["notes"]]
        self.expect(
            not listed, f"There is no event of the versions {[each['number'] for each in listed.values()]}."
        )
        self.expect(
            same_json(self.read("notes.json"), notes), "notes.json is not what the versions' files say."
        )

    # ------------------------------------------------------------------------------------- what was erased

    def check_older(self, older: "OlderCopy") -> None:
        """Compare the rows that were erased in part with those of an older copy, whatever else it says."""
        for row in older.rows(self.now):
            columns, values = self.now[row_reference(row)]
            self.erasures.compare_with_copy(older.name, row, columns, values)

    def check_proved(self, found: Findings) -> None:
        """Check that no older copy contradicts an erasure, and count the rows whose remaining words are proved."""
        for erasure in self.erasures.done.values():
            for fault in erasure.faults:
                self.expect(False, f"Of erasure {erasure.sequence} {fault}.")
        proved = sum(each.around_proved for each in self.erasures.done.values())
        if proved:
            found.proves(
                f"The words around what was erased in {proved} rows are those of the older copies that you gave, under "
                "the digests that the ledger has had of them since they were written."
            )

    def check_heads(self, newest: int, found: Findings) -> None:
        """Check that each erasure is covered by a given head: anybody who has the dossier can append an erasure."""
        for erasure in self.erasures.done.values():
            if erasure.refused:
                continue
            self.reported.append(f"{self.payloads[erasure.sequence]['at']} {erasure.describe()}")
            if self.expect(
                erasure.sequence <= newest,
                f"{erasure.describe()}. An erasure counts only under a head of the ledger that was kept elsewhere, and "
                f"none that you gave is of entry {erasure.sequence} or later: whoever has this dossier could have "
                "written it. Give such a head, as the newsroom publishes them: --heads heads.json.",
            ):
                found.proves(f"{erasure.describe()}.")
                around = f", and the words around it in {erasure.around} rows" if erasure.around else ""
                found.unproved.append(
                    f"What those rows said before erasure {erasure.sequence}{around}: what it left is all there is."
                )


def row_reference(row: Row) -> "tuple[str, int]":
    """Return the table and number by which erasures name a row of a dossier."""
    return "publicationcard" if row["model"] == "shown" else table_of(row["model"]), row["number"]


class OlderCopy:
    """A full dossier from before an erasure. Its content counts only if the ledger has its digest.

    Raise Broken if it can't be read.
    """

    def __init__(self, path: Path, limit: int = LIMIT) -> None:
        self.name = path.name
        try:
            self.dossier = Dossier(Files(path, limit), Findings())
            self.article = int_or_none(self.dossier.about["article"]) if self.dossier.full else None
            # The head of the ledger when the copy was made.
            self.head: tuple[int, str] = tuple(self.dossier.about["head"])
            is_head = int_or_none(self.head[0]) is not None and bool(DIGEST.fullmatch(self.head[1]))
        # A hostile file may cause any exception.
        except Exception as error:
            raise Broken(f"The older copy {self.name} can't be read: {error}") from error
        if self.article is None or not is_head:
            raise Broken(
                f"The older copy {self.name} is no full dossier of a story: only such a one has its rows."
            )

    def rows(self, references: "Container[tuple[str, int]]") -> Iterator[Row]:
        """Yield its rows among `references`."""
        try:
            for row in self.dossier.lines("ledger/rows.jsonl", ROW, ROW | {"table"}):
                if row_reference(row) in references:
                    yield row
        except Exception as error:
            raise Broken(f"The older copy {self.name} can't be read: {error}") from error


def story_from_rows(rows: list[Row], layout: Row) -> Row:
    """Return the story of some rows, as a dossier writes it."""
    story: Row = {}
    parts: dict[str, list[tuple[int, int, Row]]] = {group: [] for group in GROUPS}
    for row in rows:
        values = row["values"]
        fields = {
            layout["renamed"].get(name, name): "" if value is None and name in layout["empty"] else value
            for name, value in values.items()
            if name not in layout["untold"]
        }
        if row["model"] == "article":
            story.update(fields)
        else:
            group, kind = layout["parts"][row["model"]]
            named = {"block": kind} if kind else {}
            parts[group].append((values["ordering"], values["id"], {**named, **fields}))
    for group, placed in parts.items():
        story[group] = [fields for _, _, fields in sorted(placed, key=lambda each: each[:2])]
    return story


def check(files: Files, heads: dict[int, str], found: Findings, older: "Sequence[OlderCopy]" = ()) -> None:
    dossier = Dossier(files, found)
    dossier.check_about()
    dossier.expect(
        dossier.full or not older, "This is the public part alone, of which no older copy proves anything."
    )
    for copy in older:
        dossier.expect(
            copy.article == dossier.about.get("article"), f"The older copy {copy.name} is of another story."
        )
        dossier.ends[copy.head[0]] = copy
    entries = list(
        dossier.lines("ledger/entries.jsonl", LINK)
        if dossier.full
        else dossier.lines("ledger/events.jsonl", *EVENTS.values())
    )
    count, met = dossier.check_chain(entries, heads)
    first, (last, digest) = dossier.about["first"], dossier.about["head"]
    found.proves(
        f"{count} entries of the ledger, {first} to {last}, follow from one another; the last is {digest}."
    )
    if met:
        found.proves(
            f"The chain goes through the heads that you gave: {', '.join(map(str, met))}. That is worth as much as "
            "where you have them from: from the newsroom's own pages at that time, not from this dossier."
        )
        if max(met) < last:
            found.unproved.append(
                f"What came after entry {max(met)}: no head that you gave is of a later one."
            )
    else:
        found.unproved.append(
            "None of the heads given is of these entries, so they were held against nothing outside."
            if heads
            else "That the ledger was not written anew as a whole: compare with a head kept elsewhere (--head)."
        )
    if dossier.pictures:
        found.proves(f"Each picture ({len(dossier.pictures)}) is the file that its name says.")
    site = "which newsroom this is of, its address, and when the dossier was made"
    pages = (
        "The pages to be read (*.html, README.txt): whoever had the dossier can have changed them, and check.py too. "
        "What counts stands in the files of data"
    )
    if not dossier.full:
        dossier.check_public(entries)
        dossier.check_names()
        found.proves(f"{len(entries)} events stand in the ledger where the dossier says.")
        found.unproved.append(
            "This is the public part alone. What those events are, the versions' numbers, times, notes and words, and "
            "whether others are missing: their entries also name people of the newsroom, so that nothing of them is "
            f"public but a digest. The full dossier proves all that, under the same digests. Nor {site}."
        )
        found.unproved.append(f"{pages}.")
        return
    layout = dossier.read("layout.json")
    if not dossier.expect(
        digest_of(canonical(layout)) in LAYOUTS, "layout.json names the columns in a way not known here."
    ):
        return
    dossier.check_entries(entries)
    found.proves(f"{len(entries)} entries are the story's, from its first on; none between them is missing.")
    rows, history = dossier.check_rows(layout)
    erased = len(dossier.erasures.steps)
    besides = f" But for {erased} that were erased since, {rows - erased}" if erased else f"{rows}"
    found.proves(f"{besides.strip()} rows are what those entries say was written.")
    for copy in older:
        dossier.check_older(copy)
    dossier.check_proved(found)
    dossier.check_heads(max(met, default=0), found)
    stories = dossier.check_revisions(history, layout)
    newest = stories[max(stories)] if stories else {"slug": dossier.about["slug"]}
    dossier.expect(
        newest["slug"] == dossier.about["slug"], "The story has another slug than dossier.json says."
    )
    found.proves(
        f"{len(stories)} revisions read as their rows say, and were saved by whom, when and why they say."
    )
    other = dossier.check_versions(stories)
    pictures = {
        each["picture"] for story in stories.values() for each in story["blocks"] if each.get("picture")
    }
    for picture in sorted(dossier.pictures.keys() - pictures):
        dossier.expect(False, f"The picture {picture} is none of the story's.")
    dossier.check_names()
    found.proves(
        f"{len(dossier.about['versions'])} versions are those of the ledger, and what readers were told with each."
    )
    if other:
        found.unproved.append(
            f"What the versions {other} read in public: words of them are withheld, and what stands there instead may "
            "be anything. Compare versions/ with revisions/."
        )
    lost = sorted(pictures - dossier.pictures.keys())
    found.unproved.extend(f"The picture {picture}: its file is not in the dossier." for picture in lost)
    found.unproved.append(
        "That no entry of the story came after its last one here: of the others the dossier has digests alone. That "
        "the clocks of the newsroom were right. What the desk kept beside the story (desk.json), which is in no "
        f"ledger. Nor {site}."
    )
    found.unproved.append(f"{pages}; --tell reads it out.")


def heads_of(text: bytes) -> list[tuple[int, str]]:
    """Return the heads in a file as the newsroom publishes it, or in one with a single head or a list."""
    found = json.loads(text)
    if isinstance(found, dict):
        found = [found.get("head"), *found["heads"]] if "heads" in found else [found]
    return [(int(head["sequence"]), str(head["digest"])) for head in found if head]


def heads_in(given: list[tuple[int, str]]) -> dict[int, str]:
    heads = dict(given)
    for sequence, digest in given:
        if heads[sequence] != digest:
            raise Broken(
                f"The heads that you gave say two things of entry {sequence}. Ask which is the true one."
            )
    return heads


def head_of(parser: argparse.ArgumentParser, sequence: str, digest: str) -> tuple[int, str]:
    if not re.fullmatch("[0-9]+", sequence) or not DIGEST.fullmatch(digest.lower()):
        parser.error(f"--head takes a number and a digest of 64 characters 0-9 a-f, not {sequence} {digest}.")
    return int(sequence), digest.lower()


def readable(text: str) -> str:
    """Return text with unprintable characters escaped, so that a terminal does not interpret them."""
    return "".join(each if each.isprintable() or each == "\u00a0" else ascii(each)[1:-1] for each in text)


def main(arguments: "list[str] | None" = None) -> int:
    parser = argparse.ArgumentParser(description="Checks a story's dossier, offline.")
    parser.add_argument("dossier", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--head", nargs=2, action="append", default=[], metavar=("SEQUENCE", "DIGEST"))
    parser.add_argument("--heads", type=Path, metavar="FILE")
    parser.add_argument(
        "--tell", action="store_true", help="tell who did what, when and why, where that is proved"
    )
    parser.add_argument("--older", type=Path, action="append", default=[], metavar="DOSSIER")
    parser.add_argument("--limit", type=int, default=LIMIT, metavar="MEGABYTES")
    given = parser.parse_args(arguments)
    given_heads = [head_of(parser, *each) for each in given.head]
    found = Findings()
    try:
        if given.heads:
            given_heads += heads_of(given.heads.read_bytes())
        heads = heads_in(given_heads)
        older = [OlderCopy(path, given.limit) for path in given.older]
        check(Files(given.dossier, given.limit), heads, found, older)
    except Broken as broken:
        found.failed.append(str(broken))
    except MemoryError:
        found.failed.append("The dossier takes more memory to read than there is here, as no true one does.")
    # Whatever a hostile file makes Python say.
    except Exception as error:
        found.failed.append(f"The dossier can't be read: {error!r}")
    output = [f"FAILED: {sentence}" for sentence in found.failed]
    output += [f"NOT PROVED: {sentence}" for sentence in found.unproved]
    output += [f"PROVED: {sentence}" for sentence in found.proved]
    if given.tell and not found.failed:
        output += ["", *sorted(found.reported), ""]
    faults = "1 fault" if len(found.failed) == 1 else f"{len(found.failed)} faults"
    output.append(f"The dossier does not hold: {faults}." if found.failed else "The dossier holds.")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout.write("\n".join(map(readable, output)) + "\n")
    return 1 if found.failed else 0


if __name__ == "__main__":
    sys.exit(main())
