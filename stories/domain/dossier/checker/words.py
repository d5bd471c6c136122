"""The columns that are known, those in which people's words stand, and what stands in them once words are erased."""

import re
from collections.abc import Iterator
from typing import Any

from stories.domain.dossier.checker.formats import Row

# The digests of the layouts known here: a dossier must not decide itself which column means what.
LAYOUTS = {
    "34bf908c4ebe55d31f45626eea0e3d629dffe4c7cd3dbee85f131aeddc30a588",
    # With checks of second persons, and name changes.
    "15aa88cdfb6562183a9472eff5a9c63aa635121be53aaad4729aa94cbec792f4",
    # With changes of profiles, and accepted older copies.
    "04b1a1c4bd2ba34bba06642b145f138df661cab99e451358f9ecc83286e577f9",
}
# The replacements for erased words in the languages that newsrooms may have, and for an erased address.
ERASED = ("[words erased]", "[palabras borradas]")
ERASED_ADDRESS = "https://withheld.invalid/"
# The columns with people's words, by table: their type of content, and their limit in characters (0: none).
REASON = {"reason": ("text", 0)}
WORDS: "dict[str, dict[str, tuple[str, int]]]" = {
    "article": {
        "headline": ("text", 300),
        "dek": ("text", 0),
        "section_name": ("text", 200),
        "dateline": ("text", 200),
        "disclosure": ("text", 0),
    },
    "byline": {"credited_as": ("text", 200)},
    "textblock": {"text": ("html", 0)},
    "quoteblock": {
        "text": ("html", 0),
        "speaker": ("text", 200),
        "speaker_title": ("text", 300),
        "source": ("text", 500),
        "source_url": ("address", 1000),
        "description": ("text", 300),
        "anonymity_reason": ("text", 300),
    },
    "imageblock": {
        "address": ("text", 2000),
        "alt_text": ("text", 2000),
        "caption": ("text", 0),
        "credit": ("text", 300),
    },
    "embedblock": {"address": ("address", 2000), "title": ("text", 300), "description": ("text", 0)},
    "commentrequest": {"party": ("text", 300), "asked_how": ("text", 200), "sentence": ("text", 0)},
    "updatenote": {"text": ("text", 0), "was": ("text", 0), "now": ("text", 0)},
    "publicationcard": {
        "headline": ("text", 300),
        "dek": ("text", 0),
        "section_name": ("text", 200),
        "bylines": ("names", 0),
    },
    "publishednote": {"text": ("text", 0), "was": ("text", 0), "now": ("text", 0)},
    "revision": {"reason": ("text", 0), "attention": ("text", 0)},
    "publication": {"reason": ("text", 0), "source": ("text", 0)},
    "withdrawal": {"notice": ("text", 0), "reason": ("text", 0)},
    "withholding": {"words": ("text", 0), "notice": ("text", 0), "reason": ("text", 0)},
    "erasureorder": {
        "words": ("text", 0),
        "authority": ("text", 0),
        "notice": ("text", 0),
        "reason": ("text", 0),
    },
    "namechange": {"before": ("text", 0), "name": ("text", 0), "reason": ("text", 0)},
}


def words_in(table: str, values: Row) -> "Iterator[tuple[str, int, Any]]":
    """Yield each text of a row: its type of content, the column's limit in characters, and the text."""
    if "card" in values:
        yield from words_in("publicationcard", values["card"])
        for note in values["notes"]:
            yield from words_in("publishednote", note)
        return
    for name, (content_type, limit) in WORDS.get(table, REASON).items():
        if content_type == "names":
            yield from (("text", 0, name_text) for _, name_text in values[name])
        else:
            yield content_type, limit, values[name]


def is_erased(content_type: str, limit: int, text: Any) -> bool:
    """Return whether a text consists of nothing but a replacement for erased words."""
    if content_type == "address":
        return bool(text == ERASED_ADDRESS)
    alone = [f"<p>{each}</p>" if content_type == "html" else each for each in ERASED]
    return text in [each[: limit or None] for each in alone]


def contains_erased(content_type: str, limit: int, text: Any) -> bool:
    """Return whether a text contains a replacement for erased words, or a link whose address was erased."""
    if content_type == "address" or is_erased(content_type, limit, text):
        return is_erased(content_type, limit, text)
    if content_type == "html" and re.search(r"<a(?![^<>]*\shref=)[^<>]*>", text):
        return True
    # A replacement longer than the column was cut.
    cut = bool(limit) and len(text) == limit
    return any(
        each in text or (cut and any(text.endswith(each[:end]) for end in range(1, len(each))))
        for each in ERASED
    )
