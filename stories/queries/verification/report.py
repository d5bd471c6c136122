"""What a run found, as it is told and kept: all counted, the first ones whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from stories.queries.verification.findings import Finding, Kind, listed

MOST_KEPT = 100
# How many erasures a person is told of at once.
MOST_TOLD = 20


@dataclass(slots=True)
class Report:
    """Findings, counted by kind. Keeps the first `most` of them, None for all."""

    most: int | None = MOST_KEPT
    found: int = 0
    kept: list[Finding] = field(default_factory=list)
    by_kind: Counter[Kind] = field(default_factory=Counter)
    _sequences: defaultdict[Kind, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, finding: Finding) -> None:
        """Take in one more."""
        self.found += 1
        self.by_kind[finding.kind] += 1
        if self.most is None or len(self.kept) < self.most:
            self.kept.append(finding)
            if finding.sequence is not None:
                self._sequences[finding.kind].append(finding.sequence)

    def lines(self) -> list[str]:
        """A line a kind, with how many and the first entries: nothing that a story says."""
        return [
            f"{kind}: {count}"
            + (f" (entries {listed(entries)})" if (entries := self._sequences[kind]) else "")
            for kind, count in self.by_kind.items()
        ]
