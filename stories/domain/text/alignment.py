"""Align two sequences: which parts of one correspond to which parts of the other.

Everything is interned to integers before it is compared: rapidfuzz takes `["a"]` and `[97]` for equal. Its memory
grows with the product of both lengths, so large regions are first split at elements that are unique on both sides.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel, LCSseq

from stories.domain.text.segments import rough_word_list, word_list

# 400 million cells take 50 MB, and half a second at worst.
_MAX_CELLS = 400_000_000
# Regions with fewer pairs than this are compared pair by pair; in larger ones, only texts that share rare words.
_ALL_PAIRS = 400
_RARE = 8
# In regions longer than this, in characters, words are split at spaces alone, which is faster and accurate enough.
_LONG = 20_000
_CANDIDATES = 4
_CODE_POINTS = 0x110000


class Item(NamedTuple):
    """Something to align: `content` is text to read; other items are only paired between contents that are paired."""

    raw: str
    content: bool


class Run(NamedTuple):
    """`size` equal elements, starting at `old` and at `new`."""

    old: int
    new: int
    size: int


class Similar(NamedTuple):
    """Two similar texts: `score` from 0 to 1, `weight` in shared words."""

    old: int
    new: int
    score: float
    weight: float


def interned(*sequences: Iterable[Hashable]) -> list[list[int]]:
    """Return the sequences as integers: equal elements have the same one."""
    number = _numbering().__getitem__
    return [list(map(number, sequence)) for sequence in sequences]


def _numbering() -> defaultdict[Hashable, int]:
    """Return a table that numbers whatever is looked up in it, from 0 in the order of the look-ups."""
    table: defaultdict[Hashable, int] = defaultdict()
    table.default_factory = table.__len__
    return table


def equal_runs(old: Sequence[int], new: Sequence[int], *, split: bool = True) -> list[Run]:
    """Return a longest common subsequence, as runs in order.

    If that would take too much memory, return a long one: the elements unique on both sides, and what is equal between
    them. `split` is False for the parts between them, which are not split again.
    """
    start = 0
    end = min(len(old), len(new))
    while start < end and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < end - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    runs = [Run(0, 0, start)]
    middle_old, middle_new = old[start : len(old) - tail], new[start : len(new) - tail]
    if middle_old and middle_new:
        found = _middle_runs(middle_old, middle_new, split=split)
        runs += (Run(run.old + start, run.new + start, run.size) for run in found)
    runs.append(Run(len(old) - tail, len(new) - tail, tail))
    return _joined(runs)


def _middle_runs(old: Sequence[int], new: Sequence[int], *, split: bool) -> list[Run]:
    if len(old) * len(new) <= _MAX_CELLS:
        return [
            Run(code.src_start, code.dest_start, code.src_end - code.src_start)
            for code in LCSseq.opcodes(old, new)
            if code.tag == "equal"
        ]
    anchors = _unique_anchors(old, new) if split else []
    runs = []
    old_at = new_at = 0
    for anchor_old, anchor_new in [*anchors, (len(old), len(new))] if anchors else []:
        between = equal_runs(old[old_at:anchor_old], new[new_at:anchor_new], split=False)
        runs += [Run(run.old + old_at, run.new + new_at, run.size) for run in between]
        if anchor_old < len(old):
            runs.append(Run(anchor_old, anchor_new, 1))
        old_at, new_at = anchor_old + 1, anchor_new + 1
    return runs


def _unique_anchors(old: Sequence[int], new: Sequence[int]) -> list[tuple[int, int]]:
    old_counts, new_counts = Counter(old), Counter(new)
    places = {element: place for place, element in enumerate(new) if new_counts[element] == 1}
    pairs = [
        Similar(place, places[element], 1.0, 1.0)
        for place, element in enumerate(old)
        if old_counts[element] == 1 and element in places
    ]
    return [(pair.old, pair.new) for pair in heaviest_chain(pairs)]


def _joined(runs: Iterable[Run]) -> list[Run]:
    result: list[Run] = []
    for run in runs:
        if not run.size:
            continue
        last = result[-1] if result else None
        if last and last.old + last.size == run.old and last.new + last.size == run.new:
            result[-1] = Run(last.old, last.new, last.size + run.size)
        else:
            result.append(run)
    return result


def without_chance_runs(
    runs: Sequence[Run], old_size: int, new_size: int, retain: Callable[[Run], bool] = lambda run: False
) -> list[Run]:
    """Return the runs without accidental matches: an "of the" amid a rewritten sentence is no common ground.

    The sizes are those of both sides. Runs for which `retain` holds always remain.
    """
    retained: list[Run] = []
    old_at = new_at = 0
    for number, run in enumerate(runs):
        following = runs[number + 1] if number + 1 < len(runs) else Run(old_size, new_size, 0)
        before = max(run.old - old_at, run.new - new_at)
        after = max(following.old - run.old - run.size, following.new - run.new - run.size)
        if run.size * 2 <= min(before, after) and not retain(run):
            continue
        retained.append(run)
        old_at, new_at = run.old + run.size, run.new + run.size
    return retained


def heaviest_chain(pairs: Iterable[Similar]) -> list[Similar]:
    """Return the pairs with the greatest total weight whose order is the same on both sides."""
    ordered = sorted(pairs, key=lambda pair: (pair.old, -pair.new))
    # A staircase: ends[k] is a place in `new`, totals[k] the best weight of a chain up to there.
    ends: list[int] = []
    totals: list[float] = []
    tops: list[int] = []
    before: list[int] = []
    for number, pair in enumerate(ordered):
        at = bisect_left(ends, pair.new)
        total = pair.weight + (totals[at - 1] if at else 0.0)
        before.append(tops[at - 1] if at else -1)
        if at < len(ends) and ends[at] == pair.new and totals[at] >= total:
            continue
        last = at
        while last < len(ends) and totals[last] <= total:
            last += 1
        ends[at:last], totals[at:last], tops[at:last] = [pair.new], [total], [number]
    chain = []
    number = tops[-1] if tops else -1
    while number >= 0:
        chain.append(ordered[number])
        number = before[number]
    return chain[::-1]


def similar(old: Sequence[str], new: Sequence[str], *, at_least: float) -> list[Similar]:
    """Return pairs of HTML texts, one of each side, that share at least this part of their words.

    In small regions, all pairs are compared; in large ones only those that share rare words, to bound the work.
    """
    listed = word_list if sum(map(len, (*old, *new))) <= _LONG else rough_word_list
    old_lists, new_lists = ([listed(text) for text in texts] for texts in (old, new))
    number = _numbering().__getitem__
    # rapidfuzz reads strings without hashing. With more words than code points, a few would look alike, which causes
    # an odd pairing at worst.
    old_codes, new_codes = (
        ["".join([chr(code % _CODE_POINTS) for code in map(number, found)]) for found in lists]
        for lists in (old_lists, new_lists)
    )
    if len(old) * len(new) <= _ALL_PAIRS:
        candidates: Iterable[tuple[int, int]] = ((i, j) for i in range(len(old)) for j in range(len(new)))
    else:
        candidates = _sharing_rare_words(old_lists, new_lists)
    pairs = []
    for i, j in candidates:
        first, second = old_codes[i], new_codes[j]
        if not first or not second:
            continue
        score = Indel.normalized_similarity(first, second, score_cutoff=at_least)
        if score and score >= at_least:
            pairs.append(Similar(i, j, score, score * (len(first) + len(second))))
    return pairs


def _sharing_rare_words(old: list[list[str]], new: list[list[str]]) -> Iterable[tuple[int, int]]:
    where: defaultdict[str, list[int]] = defaultdict(list)
    for i, words in enumerate(old):
        for word in set(words):
            where[word].append(i)
    for j, words in enumerate(new):
        shared: Counter[int] = Counter()
        for word in set(words):
            places = where.get(word, ())
            if len(places) <= _RARE:
                shared.update(places)
        # Ties are broken by index, not by the order of a set, which differs between processes.
        best = sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_CANDIDATES]
        yield from ((i, j) for i, _ in best)


def align(
    old: Sequence[Item], new: Sequence[Item], *, at_least: float, in_place: bool = False
) -> list[tuple[int, int]]:
    """Return pairs of indices, rising on both sides, of items that are unchanged or were changed in place.

    Contents are paired first if they are equal but for white space, then if they share at least the part `at_least` of
    their words; with `in_place`, those left between two pairs are paired in order, alike or not. The other items are
    paired last, between the pairs of contents, and only if they are equal.
    """
    olds = [place for place, item in enumerate(old) if item.content]
    news = [place for place, item in enumerate(new) if item.content]
    keys = interned(
        (" ".join(old[place].raw.split()) for place in olds),
        (" ".join(new[place].raw.split()) for place in news),
    )
    contents: list[tuple[int, int]] = []
    old_at = new_at = 0
    for run in [*equal_runs(*keys), Run(len(olds), len(news), 0)]:
        gap_old, gap_new = olds[old_at : run.old], news[new_at : run.new]
        if gap_old and gap_new:
            contents += _changed(old, new, gap_old, gap_new, at_least, in_place)
        contents += zip(olds[run.old : run.old + run.size], news[run.new : run.new + run.size], strict=True)
        old_at, new_at = run.old + run.size, run.new + run.size
    return _with_other_items(old, new, contents)


def _changed(
    old: Sequence[Item],
    new: Sequence[Item],
    olds: list[int],
    news: list[int],
    at_least: float,
    in_place: bool,
) -> list[tuple[int, int]]:
    found = similar([old[place].raw for place in olds], [new[place].raw for place in news], at_least=at_least)
    chain = [(pair.old, pair.new) for pair in heaviest_chain(found)]
    if in_place:
        pairs: list[tuple[int, int]] = []
        old_at = new_at = 0
        for i, j in [*chain, (len(olds), len(news))]:
            pairs += zip(range(old_at, i), range(new_at, j), strict=False)
            if i < len(olds):
                pairs.append((i, j))
            old_at, new_at = i + 1, j + 1
        chain = pairs
    return [(olds[i], news[j]) for i, j in chain]


def _with_other_items(
    old: Sequence[Item], new: Sequence[Item], contents: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    old_at = new_at = 0
    for i, j in [*contents, (len(old), len(new))]:
        olds = [place for place in range(old_at, i) if not old[place].content]
        news = [place for place in range(new_at, j) if not new[place].content]
        if olds and news:
            keys = interned((old[p].raw.strip() for p in olds), (new[p].raw.strip() for p in news))
            for run in equal_runs(*keys):
                pairs += zip(
                    olds[run.old : run.old + run.size], news[run.new : run.new + run.size], strict=True
                )
        if i < len(old):
            pairs.append((i, j))
        old_at, new_at = i + 1, j + 1
    return pairs
