"""The reference story's dossiers, full and public."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from tests.audit.dossier_files import Files, create_story, made_files

# Made once: a forgery starts from a copy, and needs no database.
MADE: dict[bool, Files] = {}


def made(*, full: bool) -> Files:
    if not MADE:
        article = create_story(timezone.now())
        MADE.update({True: made_files(article, full=True), False: made_files(article, full=False)})
    return dict(MADE[full])


@pytest.fixture
def full() -> Files:
    return made(full=True)


@pytest.fixture
def public() -> Files:
    return made(full=False)


@pytest.fixture
def dossier_head(full: Files) -> tuple[str, str]:
    """Return the ledger's head, as stored before anything was forged."""
    sequence, digest = json.loads(made(full=True)["dossier.json"])["head"]
    return str(sequence), digest
