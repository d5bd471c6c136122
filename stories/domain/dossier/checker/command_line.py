"""The command line: which dossier, and against which heads and older copies."""

import argparse
import json
import re
import sys
from pathlib import Path

from stories.domain.dossier.checker.files import Broken, Files
from stories.domain.dossier.checker.formats import DIGEST, LIMIT
from stories.domain.dossier.checker.older_copies import OlderCopy
from stories.domain.dossier.checker.report import Findings, report_of
from stories.domain.dossier.checker.whole_dossier import check


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
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout.write(report_of(found, tell=given.tell))
    return 1 if found.failed else 0
