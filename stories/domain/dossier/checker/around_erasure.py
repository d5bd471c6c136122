"""Whether a row reads as it did before, apart from words that were erased."""

import re
from typing import Any

from stories.domain.dossier.checker.canonical import same_json
from stories.domain.dossier.checker.formats import Row
from stories.domain.dossier.checker.words import ERASED, REASON, WORDS, is_erased, words_in


def tokens_of(content_type: str, text: str) -> "list[str]":
    """Split a text into characters, and HTML also into whole tags; a replacement for erased words is one token."""
    erased = "|".join(map(re.escape, ERASED))
    return re.findall(rf"{erased}|<[^<>]*>|." if content_type == "html" else rf"{erased}|.", text, re.DOTALL)


def same_token(now: str, before: str) -> bool:
    """Return whether a token equals the one before; a tag may have lost attributes, whose address had erased words."""
    if now == before or not (len(now) > 1 and now[0] == before[0] == "<"):
        return now == before
    attribute = re.compile(r"""\s+[^\s=<>"'/]+\s*=\s*(?:"[^"]*"|'[^']*')""")
    left, had = attribute.findall(now), attribute.findall(before)
    return attribute.sub("", now) == attribute.sub("", before) and set(left) <= set(had)


def pieces_of(tokens: "list[str]") -> "list[tuple[int, list[str]]]":
    """Return the pieces around replacements, each with the least number of tokens erased before it.

    Erased words may have extended over tags, and tags left without words were removed too: so each of the tags right
    behind a replacement is a piece of its own.
    """
    pieces: list[tuple[int, list[str]]] = [(0, [])]
    behind = False
    for token in tokens:
        if token in ERASED:
            pieces.append((1, []))
            behind = True
            continue
        pieces[-1][1].append(token)
        behind = behind and len(token) > 1
        if behind:
            pieces.append((0, []))
    return pieces


def matches_around_erasure(content_type: str, limit: int, before: Any, now: Any) -> bool:
    """Return whether a text equals the one before, apart from replacements for erased words in some places."""
    if before == now:
        return True
    if not (isinstance(before, str) and isinstance(now, str)):
        return False
    if is_erased(content_type, limit, now):
        return before != ""
    if content_type == "address":
        return False
    pieces, old = pieces_of(tokens_of(content_type, now)), tokens_of(content_type, before)
    if limit and len(now) == limit:
        # A text longer than the column was cut, perhaps in the middle of a replacement.
        ends = [each[:end] for each in ERASED for end in range(1, len(each)) if now.endswith(each[:end])]
        uncut = now[: limit - len(max(ends, key=len, default=""))]
        pieces = [*pieces_of(tokens_of(content_type, uncut)), (0, [])]
    place = 0
    for number, (least, piece) in enumerate(pieces):
        last = len(old) - len(piece)
        # The first match leaves the most text for the following pieces.
        starts = range(place + least, last + 1)
        if number == 0:
            starts = starts[:1]
        elif number == len(pieces) - 1:
            starts = range(max(place + least, last), last + 1)
        fits = (
            start
            for start in starts
            if all(same_token(each, old[start + at]) for at, each in enumerate(piece))
        )
        start = next(fits, None)
        if start is None:
            return False
        place = start + len(piece)
    return len(pieces) > 1


def split_texts(table: str, values: Row) -> "tuple[list[tuple[str, int, Any]], Any]":
    """Return the texts of a row, and all its other values."""
    if "card" in values:
        card, rest = split_texts("publicationcard", values["card"])
        notes = [split_texts("publishednote", note) for note in values["notes"]]
        return card + [text for texts, _ in notes for text in texts], [
            rest,
            [each for _, each in notes],
            values["pictures"],
        ]
    columns = WORDS.get(table, REASON)
    rest = {name: value for name, value in values.items() if name not in columns}
    if "bylines" in columns:
        rest["bylines"] = [who for who, _ in values["bylines"]]
    return list(words_in(table, values)), rest


def row_matches_around_erasure(table: str, before: Row, now: Row) -> bool:
    """Return whether a row equals the one before, apart from replacements for erased words."""
    (texts, rest), (old, rest_before) = split_texts(table, now), split_texts(table, before)
    if table == "erasureorder" and now["words"] == "":
        # The order's own words are erased as a whole.
        texts, old = [each for each in texts if each[2]], [each for each in old if each[2] != before["words"]]
    return (
        same_json(rest, rest_before)
        and len(texts) == len(old)
        and all(
            matches_around_erasure(content_type, limit, old[at][2], text)
            for at, (content_type, limit, text) in enumerate(texts)
        )
    )
