"""Text can't become markup: only rendering marks any as safe."""

from __future__ import annotations

from pathlib import Path

import stories

APP = Path(stories.__file__).parent
TEMPLATES = APP.parent / "templates"


def test_only_rendering_marks_text_as_safe() -> None:
    vouching = {
        path.relative_to(APP).parts[0]
        for path in APP.rglob("*.py")
        if "mark_safe" in path.read_text(encoding="utf-8")
    }
    assert vouching <= {"rendering"}


def test_no_template_vouches_for_anything() -> None:
    vouching = [
        path.name
        for path in TEMPLATES.rglob("*.html")
        if any(word in path.read_text(encoding="utf-8") for word in ("|safe", "autoescape off", "|safeseq"))
    ]
    assert not vouching
