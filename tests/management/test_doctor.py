"""The doctor names each thing that is missing, with what to do, and works while parts are away."""

from __future__ import annotations

import os
import re
import smtplib
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import get_connection
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from pytest_django import Settings

from stories.management.commands import doctor
from stories.management.commands.doctor import (
    check_backup,
    check_debug,
    check_https,
    check_mail,
    check_proxies,
    check_secrets,
)
from stories.queries.health import work
from stories.queries.health.checks import State
from tests.deploy.files import DEPLOY, environment
from tests.outbox import dead_port
from tests.settings import BASE_DIR

EVERYTHING = {
    *(
        "debug",
        "secrets",
        "https",
        "proxies",
        "database",
        "clock",
        "encoding",
        "migrations",
        "rights",
        "statistics",
    ),
    *("people", "auditors", "second factors", "ledger head", "replicas"),
    *("worker", "verification", "cache", "static files", "media", "baked pages", "mail", "backup"),
}


def examined() -> tuple[dict[str, str], str]:
    """Return the state of each thing, and all that was printed."""
    out = StringIO()
    with pytest.raises(CommandError, match=r"^Wrong: \d+ of \d+\.$"):
        call_command("doctor", stdout=out, no_color=True)
    lines = re.findall(r"^(ok|warning|wrong) +([a-z ]+): ", out.getvalue(), re.MULTILINE)
    return {name: state for state, name in lines}, out.getvalue()


@pytest.mark.both_databases
@pytest.mark.django_db
class TestDoctor:
    def test_everything_has_a_line_and_what_is_not_ok_a_remedy(self) -> None:
        states, printed = examined()
        assert set(states) == EVERYTHING
        assert states["people"] == "wrong"
        lines = printed.splitlines()
        for line, following in zip(lines, [*lines[1:], ""], strict=True):
            if line.startswith(("warning", "wrong")):
                assert following.startswith(" " * 9), f"{line} says not what to do"

    def test_a_database_that_is_away_is_one_line_and_the_rest_is_examined(self) -> None:
        def away(*_args: Any) -> Any:
            raise OperationalError("password authentication failed for user desk")

        with connection.execute_wrapper(away):
            states, printed = examined()
        assert states["database"] == "wrong"
        assert {"cache", "media", "mail", "static files"} <= states.keys()
        assert "desk" not in printed.split("database: ")[1].split("\n")[0]

    def test_before_the_migrations_it_says_so_and_asks_no_further(self) -> None:
        MigrationRecorder.Migration.objects.filter(app="stories").order_by("-pk")[0].delete()
        states, _printed = examined()
        assert states["migrations"] == "wrong"
        assert "people" not in states

    def test_nothing_wrong_ends_well(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(doctor, "examine", lambda at: iter([check_backup(at)]))
        call_command("doctor", stdout=StringIO())


def test_it_works_as_a_program_where_there_is_no_database_server() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    answer = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=BASE_DIR,
        env={
            **environment,
            "DEBUG": "0",
            "SECRET_KEY": "k" * 50,
            "SITE_URL": "https://news.example.org",
            "DATABASE_URL": f"postgres://desk:hunter2@127.0.0.1:{dead_port()}/news",
            "EMAIL_URL": f"smtp://desk:hunter2@127.0.0.1:{dead_port()}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert re.search(r"^wrong +database: It does not answer", answer.stdout, re.MULTILINE)
    assert re.search(r"^wrong +mail: The mail server does not take mails", answer.stdout, re.MULTILINE)
    assert "hunter2" not in answer.stdout + answer.stderr
    assert "Traceback" not in answer.stderr


class TestSettings:
    def test_debug_is_wrong(self, settings: Settings) -> None:
        assert check_debug().state is State.OK
        settings.DEBUG = True
        assert check_debug().state is State.WRONG

    @pytest.mark.parametrize("name", ["SECRET_KEY", "PURGE_TOKEN"])
    def test_a_secret_of_the_example_is_wrong(self, settings: Settings, name: str) -> None:
        assert check_secrets().state is State.OK
        setattr(settings, name, environment(DEPLOY / "newsroom.env")[name])
        found = check_secrets()
        assert found.state is State.WRONG
        assert found.found.startswith(f"{name} can be read by everybody")

    def test_plain_http_is_wrong(self, settings: Settings) -> None:
        assert check_https().state is State.WRONG
        settings.SESSION_COOKIE_SECURE = True
        assert check_https().state is State.OK

    def test_a_proxy_that_is_not_counted_is_a_warning(self, settings: Settings) -> None:
        assert check_proxies().state is State.OK
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        assert check_proxies().state is State.WARNING
        settings.TRUSTED_PROXIES = 1
        assert check_proxies().state is State.OK


class TestMail:
    def test_mails_that_are_printed_are_a_warning(self) -> None:
        assert check_mail().state is State.WARNING

    @pytest.mark.parametrize(
        "error", [OSError(), smtplib.SMTPAuthenticationError(535, b"desk"), TimeoutError()]
    )
    def test_a_server_that_refuses_is_wrong(self, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
        backend = get_connection("django.core.mail.backends.smtp.EmailBackend")

        def fail() -> None:
            raise error

        monkeypatch.setattr(backend, "open", fail)
        monkeypatch.setattr(doctor, "new_connection", lambda: backend)
        found = check_mail()
        assert found.state is State.WRONG
        assert "desk" not in found.found

    def test_a_server_that_answers_is_ok(self, monkeypatch: pytest.MonkeyPatch) -> None:
        backend = get_connection("django.core.mail.backends.smtp.EmailBackend")
        monkeypatch.setattr(backend, "open", lambda: True)
        monkeypatch.setattr(doctor, "new_connection", lambda: backend)
        assert check_mail().state is State.OK


class TestBackup:
    def test_its_age_is_that_of_the_file_that_it_touches(self, settings: Settings, tmp_path: Path) -> None:
        now = timezone.now()
        assert check_backup(now).state is State.WARNING
        stamp = tmp_path / "backup"
        settings.BACKUP_STAMP = str(stamp)
        assert check_backup(now).state is State.WRONG
        stamp.touch()
        assert check_backup(now).state is State.OK
        assert check_backup(now + timedelta(days=3)).found == "The last one is 3 days old."


def test_the_files_that_it_names_are_there() -> None:
    code = [Path(doctor.__file__), *Path(work.__file__).parent.glob("*.py")]
    named = {name for path in code for name in re.findall(r"(?:deploy|docs)/[\w./-]+\w", path.read_text())}
    assert "deploy/systemd/newsroom-worker.service" in named
    assert [name for name in named if not (BASE_DIR / name).exists()] == []
