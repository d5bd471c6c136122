"""Parse word lists."""

from __future__ import annotations

from collections.abc import Iterator

_VOWELS = "aeiou"


def groups(text: str) -> dict[str, str]:
    """Return each word mapped to its group: groups are separated by commas, and named by their first word.

    "*" behind a verb stands for its other forms ("kill*"), "**" for those with a doubled consonant ("rob**"), "+"
    behind a noun for its plural ("thief" has none: both forms are listed).
    """
    found: dict[str, str] = {}
    for group in text.split(","):
        words = [form for item in group.split() for form in forms(item)]
        for word in words:
            found[word] = words[0]
    return found


def members(text: str) -> frozenset[str]:
    """Return all words of a list, with their forms."""
    return frozenset(form for item in text.replace(",", " ").split() for form in forms(item))


def families(text: str) -> tuple[dict[str, str], ...]:
    """Return families of words, each mapped to the first word of its class.

    There is one family a line, its classes separated by "/". An indented line continues the family before it.
    """
    found = []
    for line in text.replace("\n    ", " ").strip().splitlines():
        family: dict[str, str] = {}
        for side in line.split("/"):
            words = [form for item in side.split() for form in forms(item)]
            family.update(dict.fromkeys(words, words[0]))
        found.append(family)
    return tuple(found)


def forms(item: str) -> Iterator[str]:
    """Yield a word and the forms that its mark stands for."""
    word = item.rstrip("*+")
    yield word
    if item.endswith("+"):
        yield _plural(word)
    elif item.endswith("*"):
        yield _plural(word)
        stem = word + word[-1] if item.endswith("**") else word
        if stem.endswith("e"):
            yield stem + "d"
            yield (stem if stem.endswith(("ee", "oe")) else stem[:-1]) + "ing"
        elif stem.endswith("y") and stem[-2:-1] not in _VOWELS:
            yield stem[:-1] + "ied"
            yield stem + "ing"
        else:
            yield stem + "ed"
            yield stem + "ing"


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")
