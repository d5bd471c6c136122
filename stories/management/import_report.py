"""The result of an import, summed up over its stories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from stories.actions.archive.import_story import ImportOutcome, ImportResult

MOST_TAGS: Final = 10
MOST_STORIES: Final = 3


@dataclass
class Report:
    """The sums of an import. What was removed is counted by tag and story, everything else in total."""

    outcomes: Counter[ImportOutcome] = field(default_factory=Counter)
    versions: int = 0
    failed: int = 0
    missing_files: int = 0
    missing_alt_texts: int = 0
    # Why a file is not a picture, by story.
    unreadable: list[str] = field(default_factory=list)
    removed: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def stories(self) -> int:
        """How many lines were processed, with any outcome."""
        return self.outcomes.total() + self.failed

    def add(self, slug: str, result: ImportResult) -> None:
        self.outcomes[result.outcome] += 1
        self.versions += result.versions
        self.missing_files += result.missing_files
        self.missing_alt_texts += result.missing_alt_texts
        self.unreadable += [f"{slug}, {sentence}" for sentence in result.unreadable_pictures]
        for tag, count in result.removed.items():
            self.removed.setdefault(tag, Counter())[slug] += count

    def lines(self, *, seconds: float, memory: int, dry_run: bool, full: bool) -> Iterator[str]:
        """Yield the report, line by line. `memory` is in bytes; `full` names every tag and story."""
        if dry_run:
            yield "This was a dry run: nothing was written. What an import would do:"
        imported, appended, skipped = (self.outcomes[outcome] for outcome in ImportOutcome)
        yield (
            f"Imported {imported:,} stories, appended to {appended:,}, "
            f"skipped {skipped:,} that are here already, failed {self.failed:,}. "
            f"Versions written: {self.versions:,}."
        )
        yield f"Images without a file: {self.missing_files:,}. Images without an alt text: {self.missing_alt_texts:,}."
        yield from self._unreadable(full)
        yield from self._removed(full)
        rate = self.stories / seconds if seconds else 0
        yield (
            f"{self.stories:,} stories in {seconds:,.1f} s: {rate:,.1f} stories/s. "
            f"Peak memory: {memory / 1_000_000:,.0f} MB."
        )

    def _unreadable(self, full: bool) -> Iterator[str]:
        if not self.unreadable:
            return
        listed = self.unreadable if full else self.unreadable[:MOST_TAGS]
        yield (
            f"Pictures that can’t be read: {len(self.unreadable):,}. Their alt texts, captions and addresses were kept:"
        )
        yield from (f"  {sentence}" for sentence in listed)
        if len(listed) < len(self.unreadable):
            yield f"  and {len(self.unreadable) - len(listed):,} more; -v 2 names all."

    def _removed(self, full: bool) -> Iterator[str]:
        if not self.removed:
            yield "Sanitising removed nothing."
            return
        by_count = sorted(self.removed.items(), key=lambda entry: (-entry[1].total(), entry[0]))
        yield (
            "Sanitising removed (a name in brackets behind another one is an attribute, its element stayed; one by "
            "itself a shortcode of WordPress):"
        )
        for tag, stories in by_count if full else by_count[:MOST_TAGS]:
            named = sorted(stories.items(), key=lambda entry: (-entry[1], entry[0]))
            listed_stories = named if full else named[:MOST_STORIES]
            listed = ", ".join(f"{slug} {count:,}" for slug, count in listed_stories)
            more = (
                f", and {len(named) - len(listed_stories):,} more" if len(named) > len(listed_stories) else ""
            )
            yield f"  {tag} {stories.total():,} in {len(named):,} stories: {listed}{more}"
        if not full and len(by_count) > MOST_TAGS:
            rest = sum(stories.total() for _tag, stories in by_count[MOST_TAGS:])
            yield f"  and {rest:,} of {len(by_count) - MOST_TAGS:,} more kinds; -v 2 names all."
