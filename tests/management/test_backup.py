"""A backup taken while people publish, restored elsewhere: whole, and refused as what to go on with until accepted."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient
from pytest_django import Settings

from stories.actions.editing.pictures import store_picture
from stories.actions.errors import LedgerBehind
from stories.domain.snapshot import ImageBlock
from stories.models import Article, LedgerEntry, Picture, User
from stories.models.roles import EDITOR
from stories.queries.ledger.heads import head
from tests import factories as make
from tests.postgres import tools as postgres_tools
from tests.tampering import execute
from tests.worker import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "of who restores"


@pytest.fixture
def emil(transactional_db: None) -> User:
    return make.make_user(EDITOR)


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have pg_dump of the server's version."""
    if connection.vendor == "postgresql":
        if (folder := postgres_tools()) is not None:
            monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        if shutil.which("pg_dump") is None:
            pytest.skip("needs pg_dump: apt-get install postgresql-client")


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, verbosity=0, stdout=out)
    return out.getvalue()


def publish_with_picture(number: int, user: User) -> None:
    picture = store_picture(content=make.png(40 + number, 30), user=user)
    image = ImageBlock(
        key=uuid4(), picture=picture.pk, width=40 + number, height=30, alt_text="A field", credit="Ada Lind"
    )
    article = make.begin(make.wanted(f"Story {number}", make.text(), image), user=user)
    make.go_live(article, user=user)


@contextmanager
def publishing(user: User) -> Iterator[list[Any]]:
    """Publish stories with pictures in another thread until the block ends; yield a list that grows with each."""
    ended = Event()
    done: list[Any] = []

    def write() -> None:
        try:
            while not ended.is_set():
                publish_with_picture(len(done), user)
                done.append(None)
        except Exception as error:
            done.append(error)
        finally:
            connection.close()

    thread = Thread(target=write)
    thread.start()
    try:
        yield done
    finally:
        ended.set()
        thread.join(60)
    assert [each for each in done if each is not None] == []


def call_tool(tool: str, database: str, user: str, *arguments: str) -> None:
    command, environment = DatabaseClient.settings_to_cmd_args_env(
        {**connection.settings_dict, "NAME": database, "USER": user, "PASSWORD": PASSWORD}, []
    )
    subprocess.run(  # noqa: S603
        [tool, *arguments, *command[1:-1], f"--dbname={database}"],
        env={**os.environ, **(environment or {})},
        check=True,
    )


@contextmanager
def restored(backup: Path, settings: Settings) -> Iterator[None]:
    """Restore a backup into another database and folder, as docs/operating.md says, and connect to it."""
    before = {name: connection.settings_dict[name] for name in ("NAME", "USER", "PASSWORD")}
    if connection.vendor == "sqlite":
        values = {"NAME": str(backup.with_name("restored.sqlite3"))}
        shutil.copy(backup / "database.sqlite3", values["NAME"])
    else:
        values = dict.fromkeys(("NAME", "USER"), f"{before['NAME']}_restored") | {"PASSWORD": PASSWORD}
        execute(f"CREATE ROLE \"{values['USER']}\" LOGIN PASSWORD '{PASSWORD}'")
        execute(f'CREATE DATABASE "{values["NAME"]}" OWNER "{values["USER"]}"')
        rights = ("--exit-on-error", "--no-owner", "--no-privileges")
        call_tool("pg_restore", values["NAME"], values["USER"], *rights, str(backup / "database.dump"))
    shutil.copytree(backup / "media", backup.with_name("restored media"))
    try:
        connect(**values)
        settings.MEDIA_ROOT = backup.with_name("restored media")
        yield
    finally:
        connect(**before)
        if connection.vendor == "postgresql":
            execute(f'DROP DATABASE "{values["NAME"]}"')
            execute(f'DROP ROLE "{values["USER"]}"')


def connect(**values: Any) -> None:
    database: Any = connection
    database.close()
    if database.vendor == "postgresql":
        database.close_pool()
    database.settings_dict.update(values)


def test_a_backup_during_publications_is_whole_elsewhere_and_goes_on_once_it_is_accepted(
    emil: User, heads: Path, settings: Settings, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    with publishing(emil) as done:
        wait_until(lambda: len(done) > 1)
        run("backup", str(backup))
        saved = len(done)
        wait_until(lambda: len(done) > saved + 1)
    newest = head()
    saved_head = json.loads((backup / "backup.json").read_text())["head"]["sequence"]
    with restored(backup, settings):
        kept = head()
        assert 0 < saved_head <= kept[0] < newest[0]
        assert Picture.objects.exists()
        # On another machine, where nothing of the newest head is known.
        settings.LEDGER_HEADS = str(tmp_path / "of another machine")
        assert "The ledger verifies" in run("verify_ledger", "--against", str(backup / "backup.json"))
        # In the place of the database that was lost.
        settings.LEDGER_HEADS = str(heads)
        with pytest.raises(CommandError, match="published head: 1"):
            run("verify_ledger")
        article = Article.objects.order_by("pk")[0]
        with pytest.raises(LedgerBehind, match=f"ends with entry {kept[0]}, and lacks entry {newest[0]}"):
            make.change(article, user=emil, dek="Goes on")
        assert head() == kept
        run("accept_restored_ledger", "--reason", "The disk failed")
        make.change(article, user=emil, dek="Goes on")
        assert LedgerEntry.objects.get(sequence=kept[0] + 1).kind == "restored"
        said = run("verify_ledger", "--against", str(backup / "backup.json"))
        assert f"an older copy that ends with entry {kept[0]} was accepted" in said
        assert "The ledger verifies" in said
    # The database that was given up is now the older one, although it is longer.
    assert head() == newest
    with pytest.raises(LedgerBehind):
        make.begin(make.wanted("One more"), user=emil)


def test_a_backup_is_for_its_maker_alone_and_touches_the_stamp(
    emil: User, settings: Settings, tmp_path: Path
) -> None:
    settings.BACKUP_STAMP = str(tmp_path / "stamp")
    publish_with_picture(0, emil)
    folder = tmp_path / "backups" / "monday"
    assert run("backup", str(folder)).startswith("Complete: the database and ")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert json.loads((folder / "backup.json").read_text())["head"] == dict(
        zip(("sequence", "digest"), head(), strict=True)
    )
    picture = Picture.objects.get()
    assert (folder / "media" / picture.file_name()).read_bytes() == make.png(40, 30)
    assert (tmp_path / "stamp").exists()
    assert [path.name for path in folder.parent.iterdir()] == ["monday"]


def test_pictures_may_be_left_to_others(emil: User, tmp_path: Path) -> None:
    publish_with_picture(0, emil)
    run("backup", str(tmp_path / "backup"), "--without-media")
    assert not (tmp_path / "backup" / "media").exists()


def test_without_pictures_their_folder_is_there_for_whoever_restores_it(tmp_path: Path) -> None:
    run("backup", str(tmp_path / "backup"))
    assert list((tmp_path / "backup" / "media").iterdir()) == []


def test_half_a_picture_is_left_out(emil: User, settings: Settings, tmp_path: Path) -> None:
    publish_with_picture(0, emil)
    media = Path(settings.MEDIA_ROOT)
    (media / "half.png.0123.part").write_bytes(b"half")
    run("backup", str(tmp_path / "backup"))
    copies = [path.name for path in (tmp_path / "backup" / "media").rglob("*") if path.is_file()]
    originals = [path.name for path in media.rglob("*") if path.is_file()]
    assert sorted([*copies, "half.png.0123.part"]) == sorted(originals)


def test_a_folder_that_holds_something_is_left_as_it_is(emil: User, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "older.dump").write_text("older")
    with pytest.raises(CommandError, match=r"is not empty\. There is no backup"):
        run("backup", str(tmp_path / "kept"))
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["older.dump"]


def test_a_backup_among_the_pictures_is_refused(emil: User, settings: Settings) -> None:
    with pytest.raises(CommandError, match="among the pictures"):
        run("backup", str(Path(settings.MEDIA_ROOT) / "backup"))


def test_a_backup_that_breaks_off_leaves_nothing(
    emil: User, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*files: Any) -> None:
        raise OSError(28, "No space left on device")

    settings.BACKUP_STAMP = str(tmp_path / "stamp")
    publish_with_picture(0, emil)
    monkeypatch.setattr("stories.management.backup.shutil.copyfileobj", full)
    with pytest.raises(CommandError, match=r"No space left on device\. There is no backup in"):
        run("backup", str(tmp_path / "backup"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("program", "said"),
    [("", "pg_dump is not installed here"), ("#!/bin/sh\necho no >&2; exit 1", "pg_dump failed: no")],
)
def test_without_pg_dump_it_says_what_to_do(
    emil: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, said: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    if program:
        (tmp_path / "bin" / "pg_dump").write_text(program)
        (tmp_path / "bin" / "pg_dump").chmod(0o755)
    with pytest.raises(CommandError, match=said):
        run("backup", str(tmp_path / "backup"))
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]
