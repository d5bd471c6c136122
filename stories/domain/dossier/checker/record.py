"""The story's record in the full dossier: its entries in the ledger, and the rows that they cover."""

from typing import Any

from stories.domain.dossier.checker.about import CheckedDossier
from stories.domain.dossier.checker.canonical import canonical, is_time, parse_json, same_json
from stories.domain.dossier.checker.erasures import Erasures
from stories.domain.dossier.checker.files import Broken
from stories.domain.dossier.checker.formats import ROW, Row
from stories.domain.dossier.checker.impossible_events import impossible_events
from stories.domain.dossier.checker.rows import digest_in, table_of


class StoryRecord:
    """The story's entries and rows in a full dossier."""

    def __init__(self, dossier: CheckedDossier) -> None:
        self.files, self.about, self.found = dossier.files, dossier.about, dossier.found
        self.expect = dossier.expect
        # By sequence: each entry's payload, the words of its event, and a version's values in lists.
        self.payloads: dict[int, Row] = {}
        self.event_words: dict[int, Row] = {}
        self.cards: dict[int, Row] = {}
        self.erasures = Erasures(())
        # The present values of rows that were erased in part, with the columns of their form.
        self.now: dict[tuple[str, int], tuple[Any, Row]] = {}

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
            times = [payload["at"], *([payload["live_from"]] if payload["kind"] == "publication" else [])]
            self.expect(all(map(is_time, times)), f"{name} has a time that there is not: {times}.")
            self.expect(
                payload["at"] <= self.about["made"], f"{name} is of after the time that the dossier says."
            )
            before = entry["sequence"]
        for sequence, reason in impossible_events(self.payloads.values()):
            self.expect(False, f"Entry {sequence} is none that the site writes: {reason}.")

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
        for row in self.files.rows("ledger/rows.jsonl", ROW, ROW | {"table"}):
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

    def of_kind(self, *kinds: str) -> list[Row]:
        """Return the payloads of the entries of some kinds."""
        return [payload for payload in self.payloads.values() if payload["kind"] in kinds]

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
