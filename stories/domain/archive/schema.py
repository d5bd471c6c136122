"""The JSON Schema of story-archive/1, and a line's violations of it in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, Final, get_type_hints

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from stories.domain.snapshot import BLOCK_KINDS, Block, NoteKind

_FILE: Final = Path(__file__).with_name("story-archive-1.schema.json")
# How an archive writes a field of a block, by its type.
FIELD_SCHEMAS: Final[dict[object, dict[str, Any]]] = {
    str: {"$ref": "#/$defs/text"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    int | None: {"type": ["integer", "null"]},
    date | None: {"anyOf": [{"type": "null"}, {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}]},
}


def archive_schema() -> dict[str, Any]:
    """Return the JSON Schema of a line: the file, with the kinds of notes and of blocks that there are."""
    schema: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    parts = schema["$defs"]
    parts["note"]["properties"]["kind"] = {"enum": list(NoteKind)}
    parts["block"]["properties"]["type"] = {"enum": list(BLOCK_KINDS)}
    parts["block"]["allOf"] = [
        {"if": {"properties": {"type": {"const": kind}}}, "then": {"$ref": f"#/$defs/{kind}-block"}}
        for kind in BLOCK_KINDS
    ]
    for kind, block in BLOCK_KINDS.items():
        parts.setdefault(f"{kind}-block", _block_schema(block))
    return schema


def _block_schema(block: type[Block]) -> dict[str, Any]:
    """Return the schema of a kind of block that the file has none for, from the types of its fields."""
    hints = get_type_hints(block)
    names = (field.name for field in fields(block) if field.name != "key")
    return {
        "properties": {
            "type": True,
            "key": True,
            **{name: FIELD_SCHEMAS.get(hints[name], True) for name in names},
        },
        "additionalProperties": False,
    }


_validator = Draft202012Validator(archive_schema())
_PLACES: Final = {
    "versions": "version",
    "notes": "note",
    "blocks": "block",
    "comment_requests": "comment request",
    "bylines": "byline",
    "addresses": "address",
}
_TYPES: Final = {
    "string": "text",
    "array": "a list",
    "object": "an object",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
}
_MAX_QUOTED: Final = 60
# Only the first is reported, and a hostile line has millions.
_MAX_ERRORS: Final = 1_000


def find_problem(line: Any) -> str:
    """Return a line's first violation of the schema, as a sentence that names its place; "" for none."""
    errors = [_innermost(error) for error in islice(_validator.iter_errors(line), _MAX_ERRORS)]
    if not errors:
        return ""
    first = min(errors, key=lambda error: _in_order(error.absolute_path))
    return _with_place(list(first.absolute_path), _sentence(first))


def describe_place(*path: str | int) -> str:
    """Return a path within a line in words: describe_place("versions", 1, "notes", 0) is “Version 2, note 1”."""
    words: list[str] = []
    for step, following in pairwise(path):
        if isinstance(step, str) and isinstance(following, int):
            words.append(f"{_PLACES.get(step, step)} {following + 1}")
    place = ", ".join(words)
    return place[:1].upper() + place[1:]


def _with_place(path: Sequence[str | int], sentence: str) -> str:
    place = describe_place(*path)
    return f"{place}: {sentence}" if place else sentence[:1].upper() + sentence[1:]


def _in_order(path: Iterable[str | int]) -> list[tuple[int, int, str]]:
    return [(0, step, "") if isinstance(step, int) else (1, 0, step) for step in path]


def _innermost(error: ValidationError) -> ValidationError:
    """Return the error of the alternative that was meant: the one of the right type, but invalid inside."""
    while error.validator == "anyOf" and error.context:
        meant = [inner for inner in error.context if inner.validator != "type"]
        if not meant:
            break
        error = meant[0]
    return error


def _sentence(error: ValidationError) -> str:
    rule, expected, found = str(error.validator), error.validator_value, error.instance
    path = list(error.absolute_path)
    field = next((step for step in reversed(path) if isinstance(step, str)), "")
    name = f"“{field}”" if field and not isinstance(path[-1], int) else "it"
    if not path:
        name = "the line"
    match rule:
        case "additionalProperties":
            unknown = sorted(set(found) - set(error.schema["properties"]))
            return f"the key “{_short(unknown[0])}” is unknown."
        case "required":
            missing = next(key for key in expected if key not in found)
            return f"the key “{missing}” is missing."
        case "oneOf":
            both = "body" in found and "blocks" in found
            return (
                "“body” and “blocks” are both there; a version has one of them."
                if both
                else "the key “body” (or “blocks”) is missing."
            )
        case "enum":
            return f"{name} is {_quoted(found)}; it may be {', '.join(expected)}."
        case "const":
            return f"{name} is {_quoted(found)}; it must be “{expected}”."
        case "type" | "anyOf":
            return f"{name} is {_quoted(found)}; it must be {_types(error)}."
        case "pattern":
            return f"{name} is {_quoted(found)}{_pattern_says(found, expected)}"
        case "minItems" | "minLength":
            return f"{name} is empty."
        case "maxLength":
            return f"{name} has {len(found):,} characters; it may have {expected:,}."
        case _:
            return f"{name} is {_quoted(found)}, which is out of range."


def _types(error: ValidationError) -> str:
    if error.validator == "anyOf":
        kinds = [inner.validator_value for inner in error.context or ()]
    else:
        kinds = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    return " or ".join(_TYPES.get(kind, str(kind)) for kind in kinds)


def _pattern_says(found: str, pattern: str) -> str:
    if "T" in pattern:
        try:
            naive = datetime.fromisoformat(found).tzinfo is None
        except ValueError:
            naive = False
        if naive:
            return ", which has no offset from UTC; write it as in 2018-11-08T21:10:00+00:00."
        return ", which is no time; write it as in 2018-11-08T21:10:00+00:00."
    if "\\d" in pattern:
        return ", which is no date; write it as in 2018-11-08."
    if pattern == "^/":
        return "; a path begins with “/”."
    if "a-f" in pattern:
        return "; it must be a SHA-256 in hex."
    return ", which can’t stand in an address."


def _quoted(value: Any) -> str:
    if isinstance(value, str):
        return f"“{_short(value)}”"
    if isinstance(value, list | dict):
        return _TYPES["array" if isinstance(value, list) else "object"]
    return json.dumps(value)


def _short(text: str) -> str:
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= _MAX_QUOTED else f"{text[:_MAX_QUOTED]}…"
