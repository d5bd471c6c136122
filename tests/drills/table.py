"""The table that drills end with: what each person got while something was broken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.drills.site import Answer


@dataclass
class Seen:
    """What one kind of person got."""

    answers: list[Answer] = field(default_factory=list)

    @property
    def kinds(self) -> set[str]:
        return {answer.kind for answer in self.answers}

    @property
    def slowest(self) -> float:
        return max((answer.seconds for answer in self.answers), default=0.0)

    def __str__(self) -> str:
        counted = Counter(answer.kind for answer in self.answers)
        summary = ", ".join(f"{kind} ({counted[kind]})" for kind in sorted(counted)) or "nothing"
        return f"{summary}; slowest {self.slowest:.2f} s"


@dataclass(frozen=True)
class Row:
    """What was broken, what readers and editors got meanwhile, and after how many seconds each was well again."""

    broken: str
    readers: Seen
    editors: Seen
    readers_well: float
    editors_well: float
    outbox_well: float

    def __str__(self) -> str:
        well = f"{self.readers_well:.1f} s, {self.editors_well:.1f} s, {self.outbox_well:.1f} s"
        return f"| {self.broken} | {self.readers} | {self.editors} | {well} |"
