"""How long it takes from a publication to the file that nginx serves."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

from django.utils import timezone

from stories.domain.baking.folder import BakedFolder
from stories.management.baking.watch import BakeWatch
from stories.models.roles import MANAGING_EDITOR
from tests.factories import begin, change, go_live, make_section, make_user, note, wanted

DATABASE: Final = True
STORIES: Final = 20
PUBLICATIONS: Final = 40
STORY: Final = "/stories/story-0/"


def run() -> list[tuple[str, float, str, float | None]]:
    maya = make_user(MANAGING_EDITOR)
    articles = []
    for number in range(STORIES):
        story = wanted(f"Story {number}", slug=f"story-{number}", section=make_section().pk)
        articles.append(begin(story, user=maya))
        go_live(articles[-1], user=maya)
    took: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = BakedFolder(Path(name) / "baked")
        watch = BakeWatch(folder.path)
        watch.start()
        try:
            while not (folder.exists() and folder.has(STORY)):
                time.sleep(0.05)
            for number in range(PUBLICATIONS):
                words = f"In the dek for the {number}th time"
                change(articles[0], user=maya, at=timezone.now(), dek=words)
                go_live(articles[0], user=maya, at=timezone.now(), notes=(note(words),), cause="moved-on")
                began = time.perf_counter()
                while not _shows(folder, words):
                    time.sleep(0.002)
                took.append((time.perf_counter() - began) * 1000)
                time.sleep(0.2)
        finally:
            watch.stop()
    took.sort()
    return [
        ("publication to baked file, median", statistics.median(took), "ms", None),
        ("publication to baked file, p99", took[round(len(took) * 0.99) - 1], "ms", 1000),
    ]


def _shows(folder: BakedFolder, words: str) -> bool:
    try:
        return words.encode() in folder.link(STORY).read_bytes()
    except OSError:
        return False
