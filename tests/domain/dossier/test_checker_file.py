"""A dossier's `check.py` is joined from the checker's modules: one file that runs by itself, on old Pythons too."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from stories.domain.dossier import checker
from stories.domain.dossier.checker_file import MODULES, checker_source

Import = ast.Import | ast.ImportFrom
PACKAGE = checker.__name__
BY_NAME = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])


def tree_of(module: ModuleType) -> ast.Module:
    return ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))


def imports_of(tree: ast.Module) -> list[Import]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


def modules_named(node: Import) -> list[str]:
    return [str(node.module)] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]


def names_bound(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement of a module binds in it."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (each.asname or each.name for each in node.names)
    elif isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (
            each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)
        )
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def test_it_has_the_grammar_of_the_oldest_python_that_it_says_it_runs_on() -> None:
    tree = ast.parse(checker_source(), feature_version=(3, 9))
    assert "It needs Python 3.9 or newer and nothing else." in (ast.get_docstring(tree) or "")


def test_it_imports_the_standard_library_alone() -> None:
    named = {name for node in imports_of(ast.parse(checker_source())) for name in modules_named(node)}
    assert {name.partition(".")[0] for name in named} <= sys.stdlib_module_names
    # An import of it would run a file of that name that lies beside check.py.
    assert "__future__" not in named


def test_no_name_is_defined_twice_in_it() -> None:
    names = Counter(name for node in ast.parse(checker_source()).body for name in names_bound(node))
    assert [name for name, count in names.items() if count > 1] == []


def test_it_is_the_same_bytes_each_time_in_whatever_process_writes_it() -> None:
    first = checker_source()
    checker_source.cache_clear()
    assert checker_source() == first
    ran = subprocess.run(
        [sys.executable, "-m", "stories.domain.dossier.checker_file"],
        cwd=Path(__file__).parents[3],
        # Sets have another order then.
        env={"PYTHONHASHSEED": "7"},
        capture_output=True,
        check=True,
    )
    assert ran.stdout == first.encode()


def test_it_begins_with_how_it_is_run_and_has_a_heading_for_each_module() -> None:
    source = checker_source()
    assert source.startswith(f'#!/usr/bin/env python3\n"""{checker.__doc__}"""\n')
    headings = re.findall(r"^# -{20,} (.+)$\n# (.+)$", source, re.MULTILINE)
    assert headings == [
        (module.__name__.rpartition(".")[2].replace("_", " "), str(module.__doc__)) for module in MODULES
    ]


def test_every_module_of_the_checker_is_in_it() -> None:
    files = {path.stem for path in Path(str(checker.__file__)).parent.glob("*.py")}
    assert files == {"__init__"} | {module.__name__.rpartition(".")[2] for module in MODULES}


@BY_NAME
def test_a_module_imports_those_before_it_alone_and_under_their_own_names(module: ModuleType) -> None:
    before = {each.__name__ for each in MODULES[: MODULES.index(module)]}
    for node in imports_of(tree_of(module)):
        assert all(each.asname is None for each in node.names)
        for name in modules_named(node):
            if name.partition(".")[0] == "stories":
                assert isinstance(node, ast.ImportFrom)
                assert name in before


@BY_NAME
def test_a_module_begins_with_its_docstring_and_its_imports(module: ModuleType) -> None:
    docstring, *statements = tree_of(module).body
    assert isinstance(docstring, ast.Expr)
    kinds = [isinstance(node, ast.Import | ast.ImportFrom) for node in statements]
    assert kinds == sorted(kinds, reverse=True)


@BY_NAME
def test_a_module_is_in_it_word_for_word(module: ModuleType) -> None:
    source, tree = Path(str(module.__file__)).read_text(encoding="utf-8"), tree_of(module)
    last = imports_of(tree)[-1].end_lineno
    assert "\n".join(source.splitlines()[last:]).strip("\n") in checker_source()
