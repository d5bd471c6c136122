"""What a check found, and how it is written out."""

from stories.domain.dossier.checker.files import Broken
from stories.domain.dossier.checker.formats import FAULTS


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

    def expect(self, holds: bool, otherwise: str) -> bool:
        """Record a sentence as failed unless something holds; return whether it does."""
        if not holds:
            self.failed.append(otherwise)
            if len(self.failed) == FAULTS:
                raise Broken(f"There are {FAULTS} faults, and nothing was read after them.")
        return bool(holds)


def readable(text: str) -> str:
    """Return text with unprintable characters escaped, so that a terminal does not interpret them."""
    return "".join(each if each.isprintable() or each == "\u00a0" else ascii(each)[1:-1] for each in text)


def report_of(found: Findings, *, tell: bool) -> str:
    """Return the report on a check, a sentence a line; `tell` to list also what is proved."""
    output = [f"FAILED: {sentence}" for sentence in found.failed]
    output += [f"NOT PROVED: {sentence}" for sentence in found.unproved]
    output += [f"PROVED: {sentence}" for sentence in found.proved]
    if tell and not found.failed:
        output += ["", *sorted(found.reported), ""]
    faults = "1 fault" if len(found.failed) == 1 else f"{len(found.failed)} faults"
    output.append(f"The dossier does not hold: {faults}." if found.failed else "The dossier holds.")
    return "\n".join(map(readable, output)) + "\n"
