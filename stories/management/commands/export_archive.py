"""Export stories with their versions as an archive."""

from __future__ import annotations

import gzip
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import reset_queries
from django.utils import timezone
from tqdm import tqdm

from stories.domain.archive.stories import dump
from stories.models import Picture
from stories.queries.publishing.stored_versions import article_at, exported_story, live_articles


class Command(BaseCommand):
    help = (
        "Writes the public side of every version of every story, or of the stories named, as an archive of the format "
        "story-archive/1, and the pictures into a folder beside it. The same stories give the same bytes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "slugs", nargs="*", metavar="SLUG", help="An address that a story went live under."
        )
        parser.add_argument(
            "--out",
            type=Path,
            metavar="FILE",
            help="Where to write; gzipped if it ends in .gz. Else standard output.",
        )
        parser.add_argument(
            "--media", type=Path, metavar="DIR", help="The folder for the pictures, instead of FILE.media."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        out: Path | None = options["out"]
        media: Path | None = options["media"]
        if media is None and out is not None:
            media = out.with_name(f"{out.name}.media")
        if options["slugs"]:
            found = {slug: article_at(slug, at=at) for slug in options["slugs"]}
            unknown = [slug for slug, article in found.items() if article is None]
            if unknown:
                raise CommandError(f"No story went live under {', '.join(unknown)}. Nothing was exported.")
            chosen = set(found.values())
            articles = [article for article in live_articles(at=at) if article in chosen]
        else:
            articles = live_articles(at=at)
        pictures: set[str] = set()
        with self._opened(out) as file:
            for article in tqdm(articles, unit=" stories", disable=None if options["verbosity"] else True):
                story = exported_story(article, at=at)
                file.write(dump(story.line))
                if media is not None:
                    for digest in story.pictures:
                        if digest not in pictures:
                            _copy_picture(digest, media)
                    pictures.update(story.pictures)
                reset_queries()
        if out is not None:
            self.stdout.write(f"Exported {len(articles):,} stories and {len(pictures):,} pictures to {out}.")

    @contextmanager
    def _opened(self, out: Path | None) -> Iterator[IO[bytes]]:
        """Open the file to write to; it gets its name once it is complete."""
        if out is None:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
            return
        part = out.with_name(f"{out.name}.part")
        try:
            with part.open("wb") as raw:
                if out.suffix == ".gz":
                    # Without a name and a time inside: the same stories give the same bytes.
                    with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as zipped:
                        yield cast(IO[bytes], zipped)
                else:
                    yield raw
            part.replace(out)
        except OSError as error:
            raise CommandError(
                f"{out} can’t be written: {error.strerror}. What stood there before is safe."
            ) from error
        finally:
            part.unlink(missing_ok=True)


def _copy_picture(digest: str, media: Path) -> None:
    """Copy a picture's original, unless it exists already: its name identifies its content."""
    picture = Picture.objects.get(pk=digest)
    target = media / f"{digest}.{picture.format}"
    if target.exists():
        return
    media.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    try:
        with default_storage.open(picture.file_name()) as source, part.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
