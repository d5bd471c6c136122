"""Find the links of a text that lead elsewhere, and those that were removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from stories.domain.significance.addresses import Sameness, is_within_page, sameness
from stories.domain.significance.text import Text, Word
from stories.domain.text.alignment import Run


class ChangedLink(NamedTuple):
    """A link's address before and after, "" if it was removed.

    `at` are its words, if they are unchanged. `same` says that both addresses lead readers to the same thing.
    """

    old: str
    new: str
    same: bool
    at: tuple[int, int] | None = None


def changed_links(old: Text, new: Text, runs: Sequence[Run]) -> Iterator[ChangedLink]:
    """Yield the links that changed between two texts whose equal words are `runs`, each change once.

    A link corresponds to the link that its words have now; if its words are gone, to a new link at their place.
    """
    reported: set[tuple[str, str]] = set()
    for i, j in ((run.old + step, run.new + step) for run in runs for step in range(run.size)):
        before, after = old.words[i].href, new.words[j].href
        if before != after and before and after and (before, after) not in reported:
            reported.add((before, after))
            yield ChangedLink(before, after, sameness(before, after) is not Sameness.OTHER, (i, j))
    answered = {before for before, _ in reported}
    brought = {after for _, after in reported}
    removed, added = old.targets - new.targets - answered, new.targets - old.targets - brought
    for befores, afters in _gaps(old, new, runs):
        froms = [target for target in _links(befores) if target in removed]
        tos = [target for target in _links(afters) if target in added]
        for before, after in _partners(froms, tos):
            removed, added = removed - {before}, added - {after}
            yield ChangedLink(before, after, sameness(before, after) is not Sameness.OTHER)
    for before in sorted(removed):
        yield ChangedLink(before, "", is_within_page(before))


def _gaps(old: Text, new: Text, runs: Sequence[Run]) -> Iterator[tuple[Sequence[Word], Sequence[Word]]]:
    i = j = 0
    for run in [*runs, Run(len(old.words), len(new.words), 0)]:
        yield old.words[i : run.old], new.words[j : run.new]
        i, j = run.old + run.size, run.new + run.size


def _links(words: Sequence[Word]) -> list[str]:
    """Return the addresses that words link to, in order, without duplicates."""
    return list(dict.fromkeys(word.href for word in words if word.href))


def _partners(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of links at one place: those that lead to the same thing.

    Of the others, a single old one and a single new one are a pair.
    """
    for before in list(old):
        same = next((after for after in new if sameness(before, after) is not Sameness.OTHER), "")
        if same:
            old.remove(before)
            new.remove(same)
            yield before, same
    if len(old) == len(new) == 1:
        yield old[0], new[0]
