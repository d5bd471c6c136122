"""Every statement of an action cut off in turn: all of it is done, or nothing is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone
from pytest_django import Settings

from stories.actions.editing.pictures import store_picture
from stories.actions.editing.revise import revise
from stories.actions.publishing.fix import fix
from stories.actions.publishing.publish import publish
from stories.actions.takedown.erase import erase
from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure
from stories.actions.takedown.withholdings import withhold_words
from stories.domain import snapshot as domain
from stories.domain.stale_copies import TAKEDOWN_KEY
from stories.models import Article, Erasure, Ground, OutboxMessage, User
from stories.models.roles import MANAGING_EDITOR
from stories.queries.story.snapshots import latest_revision, snapshot_at, working_snapshot
from stories.queries.verification import Verification
from tests import factories as make
from tests.concurrency.lost_commit import commit_lost

pytestmark = pytest.mark.django_db(transaction=True)

# No action has that many statements.
FAR: Final = 1_000
IN_THREE_YEARS: Final = make.minutes(60 * 24 * 365 * 3)


@dataclass
class Knife:
    """Cuts off the statement of a number, counted from 0: before it is run, or (`lost`) with its connection after."""

    at: int
    lost: bool
    seen: int = 0
    cut: bool = False

    def __call__(self, execute: Callable[..., Any], *rest: Any) -> Any:
        number, self.seen = self.seen, self.seen + 1
        if number != self.at:
            return execute(*rest)
        self.cut = True
        if self.lost:
            execute(*rest)
            if connection.vendor == "sqlite":
                # What the next one to open the file does, if a process was killed.
                connection.connection.rollback()
            else:
                connection.connection.close()
        raise OperationalError("cut off")


@dataclass
class Stage:
    """A live story with a picture and edits that wait, one version pending, and who acts on it."""

    maya: User
    article: Article
    picture: str

    def save(self) -> None:
        story = working_snapshot(Article.objects.get(pk=self.article.pk))
        revise(
            article=self.article,
            story=replace(story, dek="Saved", blocks=(*story.blocks[1:], make.text("<p>More.</p>"))),
            base=latest_revision(self.article.pk),
            user=self.maya,
        )

    def fix(self) -> None:
        """Notes, a pending version that is rebased, and edits that wait: the longest publication there is."""
        fix(
            article=self.article,
            story=replace(snapshot_at(self.article.pk, 1), dateline="Fixed"),
            base=1,
            user=self.maya,
            notes=(make.note(),),
            pending="rebase",
        )

    def withhold(self) -> None:
        withhold_words(
            article=self.article, words="council met", ground=Ground.LEGAL, reason="As agreed", user=self.maya
        )

    def publish(self) -> None:
        publish(
            article=self.article,
            revision=latest_revision(self.article.pk),
            user=self.maya,
            notes=(make.note(),),
            pending="cancel",
        )

    def erase(self) -> None:
        order = self.article.erasure_orders.get()
        erase(order=order, at=timezone.now())

    def upload(self) -> None:
        store_picture(content=make.png(1_300, 40), user=self.maya)


@pytest.fixture
def stage() -> Stage:
    maya = make.make_user(MANAGING_EDITOR)
    picture = store_picture(content=make.png(), user=maya)
    image = domain.ImageBlock(key=uuid4(), picture=picture.pk, alt_text="A dam")
    article = make.begin(make.wanted("The dam", make.text(), image), user=maya)
    make.go_live(article, user=maya)
    make.reword(article, user=maya, at=make.minutes(1))
    make.go_live(
        article, user=maya, notes=(make.note("It comes soon."),), at=make.minutes(2), live_from=IN_THREE_YEARS
    )
    make.change(article, user=maya, dek="It waits", at=make.minutes(3))
    make.change(article, user=maya, dek="It waits still", at=make.minutes(4))
    order = order_erasure(
        article=article,
        scope="picture",
        picture=picture,
        ground=Ground.COURT,
        authority="District Court, 4 O 12/26",
        reason="As agreed",
        user=maya,
    )
    approve_erasure(order=order, user=make.make_user(MANAGING_EDITOR, name="max"))
    return Stage(maya, article, picture.pk)


ACTIONS: Final = ("save", "publish", "fix", "withhold", "erase", "upload")


@pytest.mark.parametrize(
    "action",
    [
        "save",
        "withhold",
        "upload",
        *(pytest.param(long, marks=pytest.mark.drill) for long in ("fix", "erase")),
    ],
)
def test_whichever_statement_is_cut_off_all_is_done_or_nothing(stage: Stage, action: str) -> None:
    act: Callable[[], None] = getattr(stage, action)
    before = everything()
    for number in range(FAR):
        if not cut_off(act, Knife(number, lost=False)):
            break
        assert counts() == before[0], f"statement {number} was not run"
        assert cut_off(act, Knife(number, lost=True))
        assert everything()[:2] == before[:2], f"statement {number} was run, and its connection lost"
        # Files without a row are nothing; a row never comes without its files.
        assert everything()[2] >= before[2], "a file is gone whose row is not"
    assert number > (2 if action == "upload" else 10)
    after = everything()
    assert after[0] != before[0], "nothing was cut off, so it is done"
    assert (after[2] < before[2]) is (action == "erase"), "a picture's file goes with its erasure alone"
    assert [str(finding) for finding in Verification()] == []


@pytest.mark.parametrize("action", ACTIONS)
def test_a_commit_that_never_arrives_leaves_nothing_and_can_be_done_again(stage: Stage, action: str) -> None:
    act: Callable[[], None] = getattr(stage, action)
    before = everything()
    with pytest.raises(OperationalError), commit_lost(arrives=False):
        act()
    assert everything()[:2] == before[:2]
    assert everything()[2] >= before[2]
    act()
    assert everything()[0] != before[0]
    assert [str(finding) for finding in Verification()] == []


@pytest.mark.parametrize("action", ACTIONS)
def test_a_commit_whose_answer_is_lost_leaves_everything(
    stage: Stage, action: str, settings: Settings
) -> None:
    settings.PURGE_URL = "http://cache.example.org/"
    act: Callable[[], None] = getattr(stage, action)
    before, began_at = everything(), time.time()
    with pytest.raises(OperationalError), commit_lost(arrives=True):
        act()
    assert everything()[0] != before[0]
    # Files go after the commit, which nobody here saw: until the command is run again, the proof names them.
    left = [finding for finding in Verification() if "a file of it is there" not in str(finding)]
    assert left == []
    purges = OutboxMessage.objects.filter(kind=OutboxMessage.Kind.PURGE)
    assert purges.exists() is (action not in ("save", "upload")), "what follows is in the same transaction"
    assert (cache.get(TAKEDOWN_KEY, 0) >= began_at) is (action in ("withhold", "erase"))


def test_a_save_whose_answer_was_lost_makes_no_second_revision(stage: Stage) -> None:
    with pytest.raises(OperationalError), commit_lost(arrives=True):
        stage.save()
    before = latest_revision(stage.article.pk)
    story = working_snapshot(Article.objects.get(pk=stage.article.pk))
    assert revise(article=stage.article, story=story, base=before - 1, user=stage.maya) is None
    assert latest_revision(stage.article.pk) == before


def test_files_of_an_erasure_whose_answer_was_lost_go_when_its_command_is_run_again(stage: Stage) -> None:
    order = stage.article.erasure_orders.get()
    with pytest.raises(OperationalError), commit_lost(arrives=True):
        stage.erase()
    assert stored_files()
    output = StringIO()
    call_command("erase", str(order.pk), stdout=output)
    assert "was carried out already" in output.getvalue()
    assert stored_files() == set()
    assert [str(finding) for finding in Verification()] == []
    assert Erasure.objects.count() == 1


def test_the_command_that_erases_says_that_it_may_be_run_again(stage: Stage) -> None:
    order = stage.article.erasure_orders.get()
    again = f"run this again: manage.py erase {order.pk}"
    with pytest.raises(CommandError, match=f"(?i){again}"), commit_lost(arrives=False):
        call_command("erase", str(order.pk), stdout=StringIO())
    call_command("erase", str(order.pk), stdout=StringIO())
    assert Erasure.objects.count() == 1


def cut_off(act: Callable[[], None], knife: Knife) -> bool:
    """Whether an action had the statement that the knife is for."""
    try:
        with connection.execute_wrapper(knife):
            act()
    except OperationalError:
        assert knife.cut
    else:
        assert not knife.cut, "somebody took no notice of a statement that failed"
    if knife.lost:
        # As the next request does, which finds that the connection is lost.
        connection.close()
    return knife.cut


def everything() -> tuple[list[int], str, set[str]]:
    """How many rows each table has, a digest of all that they say, and the files of pictures."""
    digest = sha256()
    for table in tables():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            digest.update(repr(sorted(map(repr, cursor.fetchall()))).encode())
    return counts(), digest.hexdigest(), stored_files()


def stored_files() -> set[str]:
    return {str(path) for path in Path(django_settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def counts() -> list[int]:
    """How many rows each table has, in one query."""
    counted = (f"(SELECT COUNT(*) FROM {connection.ops.quote_name(table)})" for table in tables())  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counted)}")
        return list(cursor.fetchone())


def tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if model._meta.managed})
