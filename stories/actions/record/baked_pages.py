"""Drop baked pages that an event changes, before whoever did it is answered."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from stories.domain.baking.folder import BakedFolder
from stories.models.record.revisions import Journal
from stories.queries.site.baked_addresses import Changed, changed_by

_log = logging.getLogger(__name__)


def drop_baked_pages(event: Journal) -> None:
    """Drop the pages that an event changes from this host's folder, if there is one; the worker bakes them again.

    Once now, since the commit may be the last thing that this process does; once more after it, since whoever bakes
    may have put the page as it still was back in between. Other hosts' workers read of it in the ledger.
    """
    drop_baked_pages_as_for(event.entry_kind, event.article_id)


def drop_baked_pages_as_for(kind: str, article_id: int | None) -> None:
    """Drop the pages that an event of a kind would change, as `drop_baked_pages` does."""
    if not settings.BAKE_DIR:
        return
    folder = BakedFolder(Path(settings.BAKE_DIR))
    if not folder.exists():
        return
    changed = changed_by(kind, article_id, at=timezone.now())
    if changed != Changed():
        drop = partial(_drop, folder, changed, article_id)
        drop()
        transaction.on_commit(drop, robust=True)


def _drop(folder: BakedFolder, changed: Changed, article_id: int | None) -> None:
    try:
        folder.drop(changed.addresses, below=changed.below, note={"article": article_id})
    except OSError:
        # The worker tries it too, and lets nobody see the folder until it can.
        _log.exception("Baked pages in %s could not be dropped.", folder.path)
