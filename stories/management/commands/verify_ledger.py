"""Prove that the record is complete and unchanged, or report what is not."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from stories.actions.outbox.deliver import Deliverer
from stories.actions.outbox.mails import MailChannel
from stories.actions.record.verification import record_verification
from stories.domain.dossier.checker.files import Broken
from stories.domain.dossier.checker.older_copies import OlderCopy
from stories.domain.ledger import canonical_time
from stories.queries.ledger.heads import newest_sequence
from stories.queries.verification import (
    MOST_LISTED,
    Finding,
    Head,
    Report,
    UnreadableHeads,
    Verification,
    broken_off,
    read_heads,
)

logger = logging.getLogger(__name__)

MOST_PRINTED = 20


class Command(BaseCommand):
    help = (
        "Recomputes every digest of the ledger and its chain, and holds the rows, the stories' working copies, what "
        "lists show, what is searched, addresses, pictures and what the database is made of against it. Names what "
        "does not hold, and then exits with status 1. Changes nothing, and keeps that it ran."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since",
            type=int,
            default=1,
            metavar="SEQUENCE",
            help="Start with this entry: trust the digest of the one before, and look only at the stories since.",
        )
        parser.add_argument(
            "--against",
            type=Path,
            metavar="FILE",
            help="Prove that the ledger extends the heads in a saved /ledger/heads.json, or in an earlier --json.",
        )
        parser.add_argument(
            "--older-copy",
            type=Path,
            action="append",
            default=[],
            metavar="DOSSIER",
            help="Prove the words around what was erased by a full dossier from before, or by those in a folder. May "
            "be given more than once.",
        )
        parser.add_argument(
            "--json", action="store_true", help="Print one JSON document with findings and sums."
        )
        parser.add_argument("--all", action="store_true", help="Name all that is found, not the first of it.")
        parser.add_argument(
            "--without-values",
            action="store_true",
            help="Leave out what a changed field said and says: for where output is kept, as in logs.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        _check_since(options["since"])
        against = _read(options["against"]) if options["against"] else []
        older = [copy for path in options["older_copy"] for copy in _older(path)]
        started_at = timezone.now()
        verification = Verification(since=options["since"], against=against, older=older)
        report = Report(most=None) if options["all"] else Report()
        with tqdm(unit=" checks", disable=None if options["verbosity"] else True) as progress:
            for finding in _findings_of(verification, progress):
                report.add(finding)
                if not options["json"] and (options["all"] or report.found <= MOST_PRINTED):
                    progress.write(_line(finding, options), file=self.stderr)
                progress.update(verification.steps - progress.n)
            progress.update(verification.steps - progress.n)
        record_verification(verification, report, started_at=started_at, finished_at=timezone.now())
        # Alarms are sent at once: a worker would read them from the very database that may not verify.
        Deliverer([MailChannel()]).deliver()
        if options["json"]:
            document = _document(verification, report, options)
            self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False))
        else:
            for line in _erasure_lines(verification, everything=options["all"]):
                self.stdout.write(line)
            for restoration in verification.restorations:
                self.stdout.write(restoration.sentence())
        if report.found:
            raise CommandError(
                f"The ledger does not verify: {report.found} findings in {verification.entries} entries. "
                f"{'; '.join(report.lines())}."
            )
        if not options["json"]:
            self.stdout.write(_summary(verification))


def _check_since(since: int) -> None:
    # A whole run checks nothing before it begins: any problem must become a finding that is stored and mailed.
    if since == 1:
        return
    newest = newest_sequence()
    if not 1 <= since <= newest + 1:
        raise CommandError(f"There is no entry {since}: the ledger's newest is {newest}.")


def _findings_of(verification: Verification, progress: tqdm) -> Iterator[Finding]:
    """Yield a verification's findings; if it is interrupted, a finding for that, so that the run is stored."""
    try:
        progress.total = verification.total()
        yield from verification
    except Exception as error:
        logger.exception("The verification broke off.")
        yield broken_off(verification, error)


def _line(finding: Finding, options: dict[str, Any]) -> str:
    return str(finding) if options["without_values"] else finding.with_values()


def _erasure_lines(verification: Verification, *, everything: bool) -> list[str]:
    """Return the lines on what was erased since the newest saved head, or ever: only an erasure may change a row."""
    listed = verification.listed
    under = len(verification.erasures) - len(listed)
    printed = listed if everything else listed[-MOST_LISTED:]
    lines = [erasure.sentence() for erasure in reversed(printed)]
    if len(printed) < len(listed):
        lines.append(f"And {len(listed) - len(printed)} older erasures; --all names them.")
    if lines:
        since = f" after the newest saved head, entry {verification.saved}" if verification.against else ""
        lines = [f"Erased{since}; ask each person who is named whether that is so:", *lines]
    if under:
        lines.append(f"Erasures under the heads that were saved: {under}.")
    return lines


def _summary(verification: Verification) -> str:
    sentences = [
        f"The ledger verifies: {verification.entries} entries cover {verification.rows} history rows."
    ]
    if verification.whole:
        sentences.append(
            f"{verification.stories} stories and {verification.pictures} pictures are as they were recorded."
        )
    else:
        sentences.append(
            f"The digest of entry {verification.since - 1} was trusted; other stories than those since, pictures, and "
            "rows that no entry covers were not looked at."
        )
    if verification.against:
        sentences.append(f"It extends the {len(verification.against)} heads that were saved.")
    else:
        sentences.append(
            "Whether its newest entries were cut off with all their rows, or all of it was rewritten, only a head "
            "that was saved elsewhere can tell: --against."
        )
    sentences.append(f"Head: {verification.sequence} {verification.head.hex()}")
    return " ".join(sentences)


def _document(verification: Verification, report: Report, options: dict[str, Any]) -> dict[str, Any]:
    return {
        "verified_at": canonical_time(timezone.now()),
        "since": verification.since,
        "entries": verification.entries,
        "history_rows": verification.rows,
        "stories": verification.stories,
        "pictures": verification.pictures,
        "saved_heads": len(verification.against),
        "head": {"sequence": verification.sequence, "digest": verification.head.hex()},
        "erased": len(verification.listed),
        "erasures": [erasure.as_data() | {"message": erasure.sentence()} for erasure in verification.listed],
        "restorations": [
            restoration.as_data() | {"message": restoration.sentence()}
            for restoration in verification.restorations
        ],
        "found": report.found,
        "by_kind": dict(report.by_kind),
        "findings": [
            {
                "sequence": finding.sequence,
                "kind": finding.kind,
                "message": finding.message,
                "changes": []
                if options["without_values"]
                else [
                    {"field": change.field, "before": change.before, "after": change.after}
                    for change in finding.changes
                ],
            }
            for finding in report.stored
        ],
    }


def _older(path: Path) -> list[OlderCopy]:
    """Return the older dossiers at a path: that file or folder itself, or those in the folder."""
    is_one = not path.is_dir() or (path / "dossier.json").exists()
    found = [path] if is_one else sorted(each for each in path.iterdir() if not each.name.startswith("."))
    try:
        return [OlderCopy(each) for each in found]
    except Broken as error:
        raise CommandError(f"{error} Nothing was verified.") from error


def _read(file: Path) -> list[Head]:
    """Return the heads in a file; raise CommandError with the file's name."""
    try:
        return read_heads(json.loads(file.read_bytes()))
    except OSError as error:
        raise CommandError(f"{file} can't be read: {error.strerror}.") from error
    except UnreadableHeads as error:
        raise CommandError(f"{file}: {error}") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{file} is no JSON, as a saved /ledger/heads.json is.") from error
