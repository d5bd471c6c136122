"""The tests of a module are found by its name: `tests/` mirrors the rooms of actions and queries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]
# Folders of modules that are steps of one thing, and tested as that thing: each with the reason.
TESTED_TOGETHER: Final = {
    "queries/verification": "each module is one check of a verification, whose tests tamper with the record",
}


def without_tests(root: Path, layer: str) -> Iterator[str]:
    """Yield the test module that each module of a layer lacks."""
    for path in sorted((root / "stories" / layer).rglob("*.py")):
        folder = path.parent.relative_to(root / "stories")
        tests = Path("tests", folder, f"test_{path.name}")
        together = any(folder.is_relative_to(name) for name in TESTED_TOGETHER)
        if path.name != "__init__.py" and not together and not (root / tests).exists():
            yield str(tests)


@pytest.mark.parametrize("layer", ["actions", "queries"])
def test_every_module_has_a_test_module_of_its_name(layer: str) -> None:
    missing = list(without_tests(ROOT, layer))
    assert not missing, f"Write {', '.join(missing)}."


def test_a_module_without_one_is_named_in_a_room_of_a_room_too(tmp_path: Path) -> None:
    room = tmp_path / "stories" / "actions" / "room" / "inner"
    room.mkdir(parents=True)
    for name in ("__init__.py", "tested.py", "untested.py"):
        (room / name).touch()
    tests = tmp_path / "tests" / "actions" / "room" / "inner"
    tests.mkdir(parents=True)
    (tests / "test_tested.py").touch()
    assert list(without_tests(tmp_path, "actions")) == ["tests/actions/room/inner/test_untested.py"]


@pytest.mark.parametrize("folder", list(TESTED_TOGETHER))
def test_what_is_tested_together_is_tested(folder: str) -> None:
    assert list((ROOT / "tests" / folder).rglob("test_*.py"))
