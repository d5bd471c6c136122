"""The fingerprint of the code and templates that rendered a cached fragment."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template

# One template of each folder with templates for fragments and whole pages.
_TEMPLATES = (
    "base.html",
    "stories/blocks/text.html",
    "stories/partials/notes.html",
    "stories/public/story.html",
)
_APP = Path(__file__).parent.parent


def fingerprint() -> str:
    """Return a short hash of everything that turns a story into HTML: another version of the code has another."""
    # In development, an edited template takes effect at once; elsewhere the code does not change under a running
    # server.
    return _hash_sources(max(path.stat().st_mtime_ns for path in sources()) if settings.DEBUG else 0)


@lru_cache(maxsize=1)
def _hash_sources(edited_ns: int) -> str:
    settings_used = (
        settings.TIME_ZONE,
        settings.SITE_URL,
        settings.MEDIA_ORIGIN,
        settings.SITE_NAME,
        settings.REPORT_ERRORS_TO,
    )
    found = hashlib.sha256("\0".join(settings_used).encode())
    for path in sources():
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def sources() -> list[Path]:
    """Return the files of code, templates and translations that are hashed."""
    files = [path for folder in ("rendering", "domain") for path in (_APP / folder).rglob("*.py")]
    files += [*_APP.glob("*_labels.py"), *(_APP / "locale").rglob("*.mo")]
    for name in _TEMPLATES:
        files += Path(str(get_template(name).origin.name)).parent.glob("*.html")  # type: ignore[attr-defined]
    return sorted(files)
