from __future__ import annotations

import os
from pathlib import Path

import pytest
from pytest_django import Settings

from stories.rendering import fingerprint as module


def test_what_makes_a_fragment_is_part_of_its_fingerprint() -> None:
    names = {path.name for path in module.sources()}
    assert {
        "comparison.py",
        "mask.py",
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
    fingerprints = []
    for words in ("one", "two", "one"):
        template.write_text(words, encoding="utf-8")
        module._hash_sources.cache_clear()
        fingerprints.append(module.fingerprint())
    module._hash_sources.cache_clear()
    assert fingerprints[0] == fingerprints[2] != fingerprints[1]


def test_while_developing_a_template_that_is_edited_counts_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.DEBUG = True
    template = tmp_path / "quote.html"
    template.write_text("one", encoding="utf-8")
    monkeypatch.setattr(module, "sources", lambda: [template])
    before = module.fingerprint()
    template.write_text("two", encoding="utf-8")
    os.utime(template, ns=(1, template.stat().st_mtime_ns + 1_000_000))
    assert module.fingerprint() != before
    module._hash_sources.cache_clear()
