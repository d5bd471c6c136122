"""Write a dossier as one file: the evidence, a script that checks it, and pages to read."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from html import unescape
from typing import IO, Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stories.domain.diff.compare import StoryTooLong, diff
from stories.domain.dossier.checker_file import checker_source
from stories.domain.dossier.dossier import (
    Dossier,
    DossierRevision,
    DossierVersion,
    json_value,
    picture_name,
    story_as_json,
)
from stories.domain.snapshot import EMPTY, StoryContent
from stories.rendering.compare.comparison import render_comparison
from stories.rendering.story.notes import NOTE_LABELS

_TIMES: Final = ("at", "asked_at", "answered_at", "deadline")


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPageEntry:
    """A page of the file, as its README lists it."""

    name: str
    number: int
    at: datetime
    who: str = ""
    why: str = ""
    notes: tuple[tuple[str, Any], ...] = ()
    # For a version: its revision.
    revision: int = 0
    # For a revision: the versions that displayed it.
    versions: tuple[int, ...] = ()


class DossierWriter:
    """Writes one dossier into a zip, part by part, so that no part is in memory as a whole."""

    def __init__(self, out: IO[bytes], dossier: Dossier) -> None:
        self.dossier = dossier
        made = parse_datetime(dossier.about["made"])
        assert made is not None
        self.made = made
        self.zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
        self.pictures = {each.digest: picture_name(each) for each in dossier.pictures if each.open}

    def write(self) -> None:
        with self.zip:
            self._text("check.py", checker_source())
            for name, document in self.dossier.documents.items():
                self._json(name, document)
            for name, lines in self.dossier.lines.items():
                self._lines(name, lines)
            self._pictures()
            versions = list(self._versions())
            revisions = list(self._revisions(versions))
            self._readme(versions, revisions)

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, self.made.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        return info

    def _text(self, name: str, text: str) -> bytes:
        data = text.encode()
        self.zip.writestr(self._info(name), data)
        return data

    def _json(self, name: str, document: Any) -> bytes:
        return self._text(name, json.dumps(document, ensure_ascii=False, indent=1) + "\n")

    def _lines(self, name: str, lines: Any) -> None:
        with self.zip.open(self._info(name), "w", force_zip64=True) as file:
            for line in lines:
                file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")

    def _pictures(self) -> None:
        for each in self.dossier.pictures:
            if each.open:
                with each.open() as source, self.zip.open(self._info(picture_name(each)), "w") as file:
                    shutil.copyfileobj(source, file)

    def _picture_address(self, digest: str, width: int) -> str:
        return f"../{self.pictures.get(digest, '')}"

    def _versions(self) -> Iterator[DossierPageEntry]:
        listed, withheld, notes = [], [], []
        for version in self.dossier.versions:
            name = f"versions/{version.number:04}"
            data = b""
            if version.story is not None:
                data = self._json(f"{name}.json", _version_as_json(version))
                self._page(f"{name}.html", _("Version %(number)s") % {"number": version.number}, version)
            listed.append(
                {
                    "number": version.number,
                    "live_from": json_value(version.live_from),
                    "sequence": version.sequence,
                    "file": f"{name}.json" if data else "",
                    "sha256": sha256(data).hexdigest() if data else "",
                }
                | ({"revision": version.revision} if self.dossier.full else {})
            )
            if version.withheld:
                withheld.append(version.number)
            notes += [{"version": version.number, **asdict(note)} for note in version.notes]
            yield DossierPageEntry(
                name=f"{name}.html" if data else "",
                number=version.number,
                at=version.live_from,
                who=version.user_name,
                why=version.line,
                revision=version.revision,
                notes=tuple((str(NOTE_LABELS[note.kind]), note) for note in version.notes),  # type: ignore[index]
            )
        self._json("notes.json", notes)
        about = {"versions": listed, "withheld": withheld, "pictures": sorted(self.pictures.values())}
        self._json("dossier.json", self.dossier.about | about)

    def _revisions(self, versions: list[DossierPageEntry]) -> Iterator[DossierPageEntry]:
        for revision in self.dossier.revisions:
            name = f"revisions/{revision.number:04}"
            self._json(
                f"{name}.json",
                {
                    "revision": revision.number,
                    "by": revision.user_name,
                    "at": json_value(revision.recorded_at),
                    "why": revision.reason,
                    "entry": revision.sequence,
                    "story": story_as_json(revision.story),
                },
            )
            self._page(f"{name}.html", _("Revision %(number)s") % {"number": revision.number}, revision)
            yield DossierPageEntry(
                name=f"{name}.html",
                number=revision.number,
                at=revision.recorded_at,
                who=revision.user_name,
                why=revision.reason,
                versions=tuple(each.number for each in versions if each.revision == revision.number),
            )

    def _page(self, name: str, title: str, each: DossierVersion | DossierRevision) -> None:
        assert each.story is not None
        before = each.before or EMPTY
        self._text(
            name,
            render_to_string(
                "stories/dossier/page.html",
                {
                    "title": title,
                    "readme": "../README.html",
                    "headline": each.story.headline,
                    "each": each,
                    "is_first": each.before is None or each.before == EMPTY,
                    "comparison": self._comparison(before, each.story),
                },
            ),
        )

    def _comparison(self, before: StoryContent, after: StoryContent) -> SafeString | None:
        try:
            found = diff(before, after)
        except StoryTooLong:
            return None
        return render_comparison(found, picture_address=self._picture_address, whole=True).body

    def _readme(self, versions: list[DossierPageEntry], revisions: list[DossierPageEntry]) -> None:
        context = {
            "dossier": self.dossier,
            "about": self.dossier.about,
            "made": self.made,
            "head": self.dossier.about["head"],
            "site_url": settings.SITE_URL,
            "versions": versions,
            "revisions": revisions,
            "asked": [_with_times(asked) for asked in self.dossier.documents.get("desk.json", ())],
        }
        self._text("README.html", render_to_string("stories/dossier/README.html", context))
        # The text file is not HTML: undo the template's escaping.
        self._text("README.txt", unescape(render_to_string("stories/dossier/README.txt", context)))


def write_dossier(out: IO[bytes], dossier: Dossier) -> None:
    """Write a dossier as a zip. Its content is read while it is written."""
    DossierWriter(out, dossier).write()


def file_name(dossier: Dossier) -> str:
    """Return the name of a dossier's file."""
    about = dossier.about
    made = about["made"][:16].replace(":", "").replace("-", "").replace("T", "-")
    return f"dossier-{about['slug'] or 'story'}-{about['part']}-{made}.zip"


def _with_times(asked: dict[str, Any]) -> dict[str, Any]:
    """Return a request from desk.json with its times parsed."""

    def timed(values: dict[str, Any]) -> dict[str, Any]:
        return values | {
            name: parse_datetime(value) for name, value in values.items() if name in _TIMES and value
        }

    return timed(asked) | {name: [timed(each) for each in asked[name]] for name in ("attempts", "decisions")}


def _version_as_json(version: DossierVersion) -> dict[str, Any]:
    assert version.story is not None
    return {
        "version": version.number,
        "live_from": json_value(version.live_from),
        "class": version.publication_class,
        "line": version.line,
        "notes": [asdict(note) for note in version.notes],
        "story": story_as_json(version.story),
    }
