"""Every template compiles, and none marks text as safe."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from tests.settings import BASE_DIR

TEMPLATES = BASE_DIR / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", NAMES)
def test_the_template_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_template_marks_nothing_safe(name: str) -> None:
    text = (TEMPLATES / name).read_text()
    assert not re.search(r"\|\s*safe(seq)?\b|autoescape\s+off", text)


def test_only_rendering_and_its_tags_mark_html_safe() -> None:
    allowed = (BASE_DIR / "stories" / "rendering", BASE_DIR / "stories" / "templatetags")
    trusting = [
        str(path.relative_to(BASE_DIR))
        for path in sorted((BASE_DIR / "stories").rglob("*.py"))
        if "mark_safe" in path.read_text() and not any(Path(place) in path.parents for place in allowed)
    ]
    assert trusting == []
