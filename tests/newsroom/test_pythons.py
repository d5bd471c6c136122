"""Every Python that is claimed can run the site, the smallest of them included: Debian 12 has 3.11.2."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
SMALLEST: Final = "3.11.2"
# Before 3.11.5 these match wrongly, or never return.
WRONG: Final = {"POSSESSIVE_REPEAT", "ATOMIC_GROUP"}
TAKE_A_REGEX: Final = {
    *("compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"),
    *("RegexValidator", "re_path"),
}
NAMED: Final = {"match", "regex", "pattern"}


def read(node: ast.expr, names: dict[str, str]) -> str:
    """Return the text of an expression, with an "x" for each part that is only known at run time."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(read(part, names) for part in parts)
        case ast.FormattedValue(value=value):
            return read(value, names)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return read(left, names) + read(right, names)
        case ast.Name(id=name):
            return names.get(name, "x")
        case ast.Call(func=ast.Attribute(attr="compile"), args=[inner, *_]):
            return read(inner, names)
    return "x"


def regexes(source: str) -> Iterator[tuple[int, str]]:
    """Return the regular expressions in a module, each with its line."""
    names: dict[str, str] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names[node.targets[0].id] = read(node.value, names)
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        given = node.args[:1] if name in TAKE_A_REGEX else []
        for expression in (*given, *(word.value for word in node.keywords if word.arg in NAMED)):
            yield node.lineno, read(expression, names)


def asks_for(parsed: object) -> set[str]:
    """Return the names of everything in a parsed regular expression."""
    if isinstance(parsed, (list, tuple, _parser.SubPattern)):
        return {name for part in parsed for name in asks_for(part)}
    return {str(parsed)}


def wrong_on_the_smallest(source: str) -> Iterator[int]:
    for line, regex in regexes(source):
        try:
            parsed = _parser.parse(regex)
        except re.error:
            # Not a regular expression: other objects have `split` and `match` too.
            continue
        if WRONG & asks_for(parsed):
            yield line


def test_no_regular_expression_asks_for_what_python_3_11_2_gets_wrong() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for folder in ("newsroom", "stories", "tests")
        for path in sorted(Path(ROOT, folder).rglob("*.py"))
        if path != Path(__file__)
        for line in wrong_on_the_smallest(path.read_text(encoding="utf-8"))
    ]
    assert not found, f"A possessive quantifier or an atomic group, which Python 3.11.2 gets wrong: {found}"


@pytest.mark.parametrize(
    "source",
    [
        'import re\nre.compile(r"a++")',
        'import re\nre.sub(r"[0-9]*+x", "", text)',
        'import re\n_A = "a?"\n_B = rf"(?:{_A}+)"\nre.compile(_B)',
        'import re\nre.compile(rf"{unknown}{{2,3}}+")',
        'from re import compile\ncompile("(?>ab|a)c")',
        'import re\nre.compile("(?:b|" + "c++" + ")")',
        'import re\nre.compile("a(?!b(?:c|d*+))")',
        'RegexValidator(regex="a++")',
    ],
)
def test_each_way_of_writing_one_is_found(source: str) -> None:
    assert list(wrong_on_the_smallest(source))


@pytest.mark.parametrize(
    "source",
    [
        'import re\nre.compile(r"a+\\++")',
        'import re\nre.compile("[*+]+?")',
        'text.split("++")',
        "print('a++')",
    ],
)
def test_what_only_looks_like_one_is_left_alone(source: str) -> None:
    assert not list(wrong_on_the_smallest(source))


def test_the_same_smallest_python_is_claimed_everywhere() -> None:
    project = tomllib.loads(Path(ROOT, "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == f">={SMALLEST}"
    makefile = Path(ROOT, "Makefile").read_text()
    assert f"OLDEST := {SMALLEST}\n" in makefile
    assert f"Python {SMALLEST} or newer" in Path(ROOT, "README.md").read_text()
