"""The main job on real input: 466 stories with their 1,803 versions are imported, exported, and read the same.

`REAL_STORIES` says how many of them; without it a part is used, which shows the same in a few seconds.
"""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import StringIO
from itertools import islice
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from stories.domain.archive.stories import ArchivedStory, load
from stories.domain.diff.compare import diff
from stories.domain.snapshot import ImageBlock, PublicStory, QuoteBlock, TextBlock
from stories.domain.text.captions import plain_caption
from stories.domain.text.mask import NOTHING
from stories.models import Publication
from stories.models.rich_text import sanitize_quote, sanitize_text
from stories.queries.publishing.versions import public_story, versions
from stories.queries.verification import Verification
from tests.archives import NO_REAL, REAL, passing_site

STORIES = int(os.environ.get("REAL_STORIES", "20"))

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not REAL.exists(), reason=NO_REAL)]

# The elements that words go through; at all others a word ends.
INLINE = frozenset("a abbr b code em i s small span strike strong sub sup time u".split())


class Words(HTMLParser):
    """The words of a page, by another parser than the import's."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.silent = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent += tag in ("script", "style")
        self.parts.append("" if tag in INLINE else " ")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style")
        self.parts.append("" if tag in INLINE else " ")

    def handle_data(self, data: str) -> None:
        self.parts.append("" if self.silent else data)

    def found(self) -> list[str]:
        return "".join(self.parts).split()


def words_shown(story: PublicStory) -> list[str]:
    """Return the words of a version's body as its page shows them."""
    found: list[str] = []
    for block in story.blocks:
        if isinstance(block, TextBlock | QuoteBlock):
            found += Words(block.text).found()
        if isinstance(block, QuoteBlock):
            found += block.speaker.split()
        if isinstance(block, ImageBlock):
            found += plain_caption(block.caption).split()
    return found


def real_lines() -> Iterator[bytes]:
    """Return so many stories of the archive."""
    with gzip.open(REAL) as file:
        every = list(file)
    yield from islice(every, 0, None, max(1, len(every) // STORIES))


def run(command: str, *arguments: str, **options: object) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=StringIO(), verbosity=0, **options)
    return out.getvalue()


def imported(lines: list[bytes], folder: Path) -> list[ArchivedStory]:
    archive = folder / "real.jsonl"
    archive.write_bytes(b"".join(lines))
    assert f"Imported {len(lines)} stories" in run("import_archive", str(archive))
    return [load(line) for line in lines]


def test_every_version_reads_as_in_the_archive_and_every_difference_can_be_taken_and_refused(
    tmp_path: Path,
) -> None:
    stories = imported(list(real_lines()), tmp_path)
    now = timezone.now()
    for story in stories:
        article = Publication.objects.filter(address=story.slug).values_list("article_id", flat=True)[0]
        stored = versions(article, at=now)[::-1]
        assert [version.live_from for version in stored] == [version.live_from for version in story.versions]
        before = None
        for version, archived in zip(stored, story.versions, strict=True):
            shown = public_story(version)
            where = f"{story.slug} {version.number}"
            assert words_shown(shown) == Words(archived.body).found(), where
            assert (shown.headline, version.number) == (
                # Plain white space alone: a space that keeps words on one line is the writer's.
                " ".join(re.split(r"[ \t\n\r]+", archived.headline.strip())),
                story.versions.index(archived) + 1,
            )
            for block in shown.blocks:
                if isinstance(block, TextBlock):
                    assert sanitize_text(block.text) == block.text, where
                elif isinstance(block, QuoteBlock):
                    assert sanitize_quote(block.text) == block.text, where
            if before is not None:
                difference = diff(before, shown)
                assert difference.accept().public(withheld=NOTHING) == shown, where
                assert difference.reject().public(withheld=NOTHING) == before, where
            before = shown
    assert list(Verification()) == []


def test_imported_again_nothing_changes_and_exported_it_comes_back_the_same(tmp_path: Path) -> None:
    lines = list(real_lines())
    first, second = tmp_path / "first.jsonl.gz", tmp_path / "second.jsonl.gz"
    with passing_site():
        stories = imported(lines, tmp_path)
        count = sum(len(story.versions) for story in stories)
        assert Publication.objects.count() == count
        skipped = f"skipped {len(lines)} that are here already, failed 0"
        assert skipped in run("import_archive", str(tmp_path / "real.jsonl"))
        run("export_archive", out=first)
        assert skipped in run("import_archive", str(first))
        assert Publication.objects.count() == count
    assert not Publication.objects.exists()
    assert f"Imported {len(lines)} stories" in run("import_archive", str(first))
    assert Publication.objects.count() == count
    run("export_archive", out=second)
    assert second.read_bytes() == first.read_bytes()
