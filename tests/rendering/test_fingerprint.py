from __future__ import annotations

from pathlib import Path

import pytest

from stories.rendering import fingerprint as module


def test_what_makes_a_fragment_is_part_of_its_fingerprint() -> None:
    names = {path.name for path in module.sources()}
    assert {
        "compare_body.py",
        "diff.py",
        "snapshot.py",
        "quote.html",
        "note.html",
        "comparison.html",
    } <= names


def test_another_word_in_a_template_makes_another_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = tmp_path / "quote.html"
    monkeypatch.setattr(module, "sources", lambda: [template])
    made = []
    for words in ("one", "two", "one"):
        template.write_text(words, encoding="utf-8")
        module.fingerprint.cache_clear()
        made.append(module.fingerprint())
    module.fingerprint.cache_clear()
    assert made[0] == made[2] != made[1]
