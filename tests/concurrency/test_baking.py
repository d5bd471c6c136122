"""Pages are baked while they are taken down: no page from before the takedown is there after it was answered."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import connection
from pytest_django import Settings

from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.actions.takedown.withholdings import lift_withholding, withhold_words
from stories.domain.baking.folder import BakedFolder
from stories.management.baking.baker import Baker, Outcome
from stories.models import User
from stories.queries.site.baked_addresses import lists, story_pages
from tests import factories as make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 12
WORD = b"council"


def test_whoever_takes_a_story_down_while_it_is_baked_is_answered_when_it_is_gone(
    maya: User, max_: User, settings: Settings, tmp_path: Path
) -> None:
    article = make.begin(make.wanted("The dam", slug="the-dam"), user=maya)
    make.go_live(article, user=maya)
    settings.BAKE_DIR = str(tmp_path / "baked")
    folder = BakedFolder.make(tmp_path / "baked")
    baker = Baker(folder)
    baker.begin()
    at = make.minutes(1)
    addresses = [*story_pages(article.pk, at=at), *lists(at=at)]
    ended = Event()
    baked: list[Outcome] = []

    def bake() -> None:
        # A worker that never looks at the ledger, and so bakes as fast as it can whatever is missing.
        try:
            while not ended.is_set():
                baked.extend(baker.bake(address) for address in addresses)
        finally:
            connection.close()

    thread = Thread(target=bake)
    thread.start()
    try:
        for number in range(ROUNDS):
            if number % 2:
                withdraw(article=article, user=maya, notice="Gone.", reason="A judge said so")
                assert not [path for path in files(folder) if WORD in path]
                reinstate(article=article, user=maya, reason="It was an error")
            else:
                held = withhold_words(
                    article=article, words="council", ground="court", reason="A judge said so", user=maya
                )
                assert not [path for path in files(folder) if WORD in path]
                lift_withholding(withholding=held, user=max_, reason="It was an error")
    finally:
        ended.set()
        thread.join(60)
    assert Outcome.BAKED in baked


def files(folder: BakedFolder) -> list[bytes]:
    """Return what a reader may get now: what links lead to."""
    found = []
    for link in folder.path.rglob("*@"):
        try:
            found.append(link.read_bytes())
        except OSError:
            continue
    return found
