"""What a run found, as it is reported and stored: all counted, the first ones in full."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from stories.queries.verification.findings import Finding, Kind, listed

MOST_STORED = 100
# How many erasures are listed in one report.
MOST_LISTED = 20


@dataclass(slots=True)
class Report:
    """Findings, counted by kind. Stores the first `most` of them, None for all."""

    most: int | None = MOST_STORED
    found: int = 0
    stored: list[Finding] = field(default_factory=list)
    by_kind: Counter[Kind] = field(default_factory=Counter)
    _sequences: defaultdict[Kind, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, finding: Finding) -> None:
        """Add a finding."""
        self.found += 1
        self.by_kind[finding.kind] += 1
        if self.most is None or len(self.stored) < self.most:
            self.stored.append(finding)
            if finding.sequence is not None:
                self._sequences[finding.kind].append(finding.sequence)

    def lines(self) -> list[str]:
        """Return a line for each kind, with how many and the first entries, without any words of a story."""
        return [
            f"{kind}: {count}"
            + (f" (entries {listed(entries)})" if (entries := self._sequences[kind]) else "")
            for kind, count in self.by_kind.items()
        ]
