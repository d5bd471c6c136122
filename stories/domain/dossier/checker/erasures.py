"""The erasures of a story: which of them are valid, and which rows these explain."""

import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from stories.domain.dossier.checker.around_erasure import row_matches_around_erasure
from stories.domain.dossier.checker.canonical import int_or_none
from stories.domain.dossier.checker.erasure import Erasure, is_dated_before, person, time_of
from stories.domain.dossier.checker.formats import Row
from stories.domain.dossier.checker.rows import digest_in, row_reference, table_of
from stories.domain.dossier.checker.words import contains_erased, is_erased, words_in

# The tables of erasures themselves, whose rows remain when a story is erased.
TOMBSTONES = ("erasureorder", "erasureapproval", "erasure")


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
            self.draft_refusal(erasure, payload)
            if erasure.number is None
            else self.order_refusal(erasure, payload)
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

    def order_refusal(self, erasure: Erasure, payload: Row) -> str:
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
        if is_dated_before(decisions[0], order) or is_dated_before(payload, decisions[0]):
            return f"the times of {named}, of its approval and of the erasure do not follow from one another"
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
