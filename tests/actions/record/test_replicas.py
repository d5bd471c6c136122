"""A takedown is committed once replicas have applied it, or after two seconds without them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from stories.actions.record import replicas
from stories.actions.record.replicas import applied_on_replicas
from stories.models import Section


def asked_for() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
class TestTheTransaction:
    def test_is_committed(self) -> None:
        with applied_on_replicas():
            Section.objects.create(slug="trams", name="Trams")
        assert Section.objects.filter(slug="trams").exists()

    def test_is_rolled_back_by_an_exception(self) -> None:
        @applied_on_replicas()
        def action() -> None:
            Section.objects.create(slug="trams", name="Trams")
            raise ValueError("No")

        with pytest.raises(ValueError, match="No"):
            action()
        assert not Section.objects.filter(slug="trams").exists()

    def test_inside_another_one_is_a_part_of_it(self) -> None:
        with transaction.atomic():
            with applied_on_replicas():
                Section.objects.create(slug="trams", name="Trams")
            transaction.set_rollback(True)
        assert not Section.objects.filter(slug="trams").exists()

    @pytest.mark.postgres
    def test_asks_for_replicas_by_itself_alone(self) -> None:
        before = asked_for()
        with applied_on_replicas():
            pass
        assert asked_for() == before != "remote_apply"


@pytest.fixture
def no_replica_answers() -> Iterator[None]:
    """Let commits that ask for it wait for a replica that does not exist."""
    _set("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
    yield
    _set("ALTER SYSTEM RESET synchronous_standby_names")


def _set(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("SELECT pg_reload_conf()")
    # Processes read it when they are told to, a moment later.
    time.sleep(0.3)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_replica_that_does_not_answer_delays_a_takedown_and_stops_none(
    no_replica_answers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicas, "LIMIT", 0.5)
    committed: list[float] = []
    began = time.monotonic()
    with applied_on_replicas():
        Section.objects.create(slug="trams", name="Trams")
        transaction.on_commit(lambda: committed.append(time.monotonic() - began))
    assert Section.objects.filter(slug="trams").exists()
    assert committed[0] >= 0.5
    # The connection is as good as before, and what asks for no replica waits for none.
    began = time.monotonic()
    Section.objects.filter(slug="trams").delete()
    assert time.monotonic() - began < 0.5
