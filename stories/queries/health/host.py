"""Whether this host has what pages are made with: the cache, the folder of pictures, the static files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from stories.domain.baking.folder import BakedFolder
from stories.queries.health.checks import Check, ok, warning, wrong

# A file that every page names.
A_STATIC_FILE: Final = "stories/site/site.css"
# Fewer free bytes than the pictures of a day need.
LITTLE_SPACE: Final = 1_000_000_000


def check_cache() -> Check:
    """Store something and read it back. Pages are made without a cache that fails: slower, never wrong."""
    name, text = "cache", uuid4().hex
    backend: str = settings.CACHES["default"]["BACKEND"]
    if backend.endswith("DummyCache"):
        return warning(name, "There is none: every page is made anew.", "Name a Redis in CACHE_URL.")
    cache.set(f"health:{text}", text, 10)
    found = cache.get(f"health:{text}")
    cache.delete(f"health:{text}")
    if found != text:
        return warning(
            name,
            "It keeps nothing: pages are made without it, slower.",
            "See whether the server that CACHE_URL names runs, and has memory left.",
        )
    if not settings.SHARED_CACHE:
        return warning(
            name,
            "Each process has its own: pages are made once for each, and no copies are kept for an outage.",
            "Name a Redis in CACHE_URL.",
        )
    return ok(name, "All processes share one.")


def check_media(*, remote: bool = False) -> Check:
    """Check that the folder of pictures can be written, has space, and outlives a release.

    A store on other hosts is asked with `remote` alone: it may hang, and fails all hosts alike.
    """
    name = "media"
    if not isinstance(default_storage, FileSystemStorage):
        return _check_store(name) if remote else ok(name, "Pictures are not stored on this host.")
    folder = Path(settings.MEDIA_ROOT)
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return wrong(
            name,
            "The folder of pictures is missing, or this user may not write it.",
            "Make the folder that MEDIA_ROOT names, and give it to the user that serves the site.",
        )
    status = os.statvfs(folder)
    if status.f_bavail * status.f_frsize < LITTLE_SPACE:
        return wrong(
            name, "Less than 1 GB is left for pictures.", "Make space, or move MEDIA_ROOT to a larger disk."
        )
    if folder.resolve().is_relative_to(Path(settings.BASE_DIR).resolve()):
        return warning(
            name,
            "The folder of pictures is inside the release: a new release begins without pictures.",
            "Move it, and name it in MEDIA_ROOT, such as /var/lib/newsroom/media.",
        )
    return ok(name, "The folder of pictures can be written.")


def _check_store(name: str) -> Check:
    """Store a file, read it back and delete it."""
    file, text = f"health/{uuid4().hex}", uuid4().bytes
    remedy = "See MEDIA_STORAGE and its keys, which need to read, write, delete and list (docs/operating.md)."
    try:
        default_storage.save(file, ContentFile(text))
        with default_storage.open(file) as stored:
            found = stored.read()
        default_storage.listdir("health")
        default_storage.delete(file)
    except OSError as error:
        return wrong(name, str(error), remedy)
    if found != text:
        return wrong(name, "The store of pictures gives back something else than it was given.", remedy)
    return ok(name, "The store of pictures can be written.")


def check_baked_pages() -> Check:
    """Check that nginx serves the baked pages of this host, because the worker watches them."""
    name = "baked pages"
    if not settings.BAKE_DIR:
        return ok(name, "None are baked: the site answers every reader.")
    path = Path(settings.BAKE_DIR)
    folder = BakedFolder(path)
    if path.exists() and not (folder.exists() and os.access(path, os.R_OK | os.W_OK | os.X_OK)):
        return wrong(
            name,
            "The folder of baked pages is another one, or this user may not write it: nginx asks the site.",
            "Give the folder that BAKE_DIR names to the user that serves the site, empty.",
        )
    if not folder.exists() or not folder.is_served():
        return wrong(
            name,
            "No worker watches them on this host: nginx asks the site.",
            "Run `manage.py deliver --watch` here as a service (deploy/systemd/newsroom-worker.service).",
        )
    return ok(name, "The worker watches them.")


def check_static_files() -> Check:
    """Check that this process knows the hashed names of style sheets and scripts, and has the files."""
    if not isinstance(staticfiles_storage, ManifestFilesMixin):
        return ok("static files", "They are served as they are written.")
    try:
        # Without a manifest that holds it, the storage raises ValueError, as each page would.
        is_collected = staticfiles_storage.exists(staticfiles_storage.stored_name(A_STATIC_FILE))
    except ValueError:
        is_collected = False
    if not is_collected:
        return wrong(
            "static files",
            "They were not collected: no page can be made.",
            "Run `manage.py collectstatic`, and restart what serves the site.",
        )
    return ok("static files", "They were collected.")
