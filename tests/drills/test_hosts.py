"""Two web hosts, a primary and a replica: what readers get while the replica or the worker is away, hung or behind.

What is asserted is what readers get, above all that no word which was withheld comes back; at the end stands the table.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from threading import Event, Thread
from typing import Final

import psutil
import pytest

from stories.management.demo import REFERENCE_SLUG
from tests.deploy.site import Served
from tests.drills.hosts import Host, Hosts, eventually, running_hosts, start_worker
from tests.drills.site import Answer
from tests.drills.summary import ROW
from tests.drills.table import Row, Seen

pytestmark = pytest.mark.drill

STORY: Final = f"/stories/{REFERENCE_SLUG}/"
DRAFT: Final = "tram-timetable-eastern-districts"
DESK: Final = "/admin/stories/article/"
# For how many seconds each thing is broken.
SECONDS: Final = 4.0
# Far beyond what is promised, for a machine as busy as that of the tests.
AT_LAST: Final = 30.0
PURGED_WITHIN: Final = 65.0


@pytest.fixture(scope="module")
def hosts() -> Iterator[Hosts]:
    with running_hosts() as hosts:
        for host in hosts.hosts:
            read_from_replica(hosts, host)
        yield hosts


def read_from_replica(hosts: Hosts, host: Host) -> float:
    """Read until the replica is what is read from; return after how many seconds it was."""
    reader = host.reader()

    def is_read() -> bool:
        before = hosts.reads_of(hosts.standby)
        for _time in range(10):
            assert reader.get(STORY).status == 200
        time.sleep(1.2)
        return hosts.reads_of(hosts.standby) >= before + 10

    return eventually(is_read, AT_LAST)


@dataclass
class Reading:
    """A reader who asks for the story again and again, and when each answer was asked for."""

    get: Callable[[str], Answer]
    answers: list[tuple[float, Answer]] = field(default_factory=list)
    ended: Event = field(default_factory=Event)

    def run(self) -> None:
        while not self.ended.is_set():
            began = time.monotonic()
            self.answers.append((began, self.get(STORY)))
            time.sleep(0.02)

    def with_word(self, word: str, *, asked_after: float) -> list[float]:
        """Return when answers with a word were asked for, after a moment."""
        return [asked for asked, answer in self.answers if asked > asked_after and word in answer.text]

    def never_shows_again(self, word: str) -> bool:
        """Return whether a word that was gone for somebody never came back."""
        gone = [asked + answer.seconds for asked, answer in self.answers if word not in answer.text]
        return not self.with_word(word, asked_after=min(gone, default=0.0))


@contextmanager
def read_by_many(hosts: Hosts) -> Iterator[list[Reading]]:
    """Let two readers a host read for as long as the block, and two by nginx, who come last."""
    readings = [Reading(host.reader().get) for host in hosts.hosts for _reader in range(2)]
    if hosts.front is not None:
        readings += [Reading(partial(_ask, hosts.front)) for _reader in range(2)]
    threads = [Thread(target=reading.run) for reading in readings]
    for thread in threads:
        thread.start()
    try:
        yield readings
    finally:
        for reading in readings:
            reading.ended.set()
        for thread in threads:
            thread.join()


def _ask(front: Served, path: str) -> Answer:
    """Ask nginx, with whatever it has in its cache."""
    began = time.monotonic()
    found = front.ask(path)
    return Answer(found.status, time.monotonic() - began, dict(found.headers), found.text)


@dataclass
class Withholding:
    """A managing editor who withholds one word after the other."""

    hosts: Hosts

    def __post_init__(self) -> None:
        self.maya = self.hosts.hosts[0].signed_in("maya")
        self.article = self.hosts.select(
            "SELECT article_id FROM stories_storyaddress WHERE slug = %s", REFERENCE_SLUG
        )
        text = self.hosts.hosts[0].reader().get(STORY).text
        body = re.sub(r"<[^>]+>", " ", text[text.index("<article") : text.index("</article>")])
        words = re.findall(r"\b[a-z]{8,}\b", body)
        # Of the text alone: what the frame of a page says stays.
        self.words = iter(dict.fromkeys(word for word in words if text.count(word) == body.count(word)))

    def once(self) -> tuple[str, float, Answer]:
        """Withhold the next word; return it, when that was answered, and the answer."""
        word = next(self.words)
        path = f"{DESK}{self.article}/withhold/"
        form = self.maya.form(f"{path}?words={word}")
        answer = self.maya.send(
            path,
            form | {"words": word, "ground": "rights", "reason": "It names somebody who must not be named."},
        )
        assert "It is hidden from readers now" in answer.text
        return word, time.monotonic(), answer


@pytest.fixture(scope="module")
def withholding(hosts: Hosts) -> Withholding:
    return Withholding(hosts)


def _nothing(hosts: Hosts) -> Callable[[], None]:
    return lambda: None


def _replica_hung(hosts: Hosts) -> Callable[[], None]:
    hosts.standby.server.hang()
    return hosts.standby.server.wake


def _replica_stands_still(hosts: Hosts) -> Callable[[], None]:
    """Hang all of it but the process that takes connections, as a disk that hangs does."""
    server = psutil.Process(hosts.standby.server.pid)
    for child in server.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.suspend()
    return hosts.standby.server.wake


def _replica_stopped(hosts: Hosts) -> Callable[[], None]:
    hosts.standby.stop()
    return hosts.standby.start


def _replica_behind(hosts: Hosts) -> Callable[[], None]:
    hosts.standby.pause_replay()
    return lambda: hosts.standby.pause_replay(pause=False)


def _worker_killed(hosts: Hosts) -> Callable[[], None]:
    hosts.worker.kill()
    hosts.worker.wait()

    def mend() -> None:
        hosts.worker = start_worker(hosts.environment)

    return mend


@pytest.mark.parametrize(
    "break_it",
    [_nothing, _replica_hung, _replica_stands_still, _replica_stopped, _replica_behind, _worker_killed],
)
def test_what_is_withheld_is_gone_on_all_hosts_at_once_and_readers_read_on(
    break_it: Callable[[Hosts], Callable[[], None]],
    hosts: Hosts,
    withholding: Withholding,
    record_property: Callable[[str, object], None],
) -> None:
    with read_by_many(hosts) as readings:
        time.sleep(1)
        mend = break_it(hosts)
        try:
            time.sleep(SECONDS / 2)
            word, withheld_at, answer = withholding.once()
            time.sleep(SECONDS / 2)
        finally:
            mend()
        took = max(read_from_replica(hosts, host) for host in hosts.hosts)
    direct, by_nginx = readings[: 2 * len(hosts.hosts)], readings[2 * len(hosts.hosts) :]
    seen = Seen([answer for reading in readings for _asked, answer in reading.answers])
    last = [asked for reading in by_nginx for asked in reading.with_word(word, asked_after=withheld_at)]
    gone = max(last, default=withheld_at) - withheld_at
    name = break_it.__name__[1:].replace("_", " ")
    record_property(ROW, str(Row(name, seen, Seen([answer]), took, answer.seconds, gone)))
    assert seen.kinds == {"200"}
    assert all(reading.with_word(word, asked_after=0.0) for reading in readings)
    for reading in direct:
        assert not reading.with_word(word, asked_after=withheld_at)
        assert reading.never_shows_again(word)
    # Purged by the worker; without one, nginx keeps a page for a minute, as its headers say.
    assert gone < PURGED_WITHIN


def test_a_web_host_that_is_away_is_not_missed_behind_nginx(
    hosts: Hosts, record_property: Callable[[str, object], None]
) -> None:
    if hosts.front is None:
        pytest.skip("nginx is not installed")
    reading = Reading(partial(_ask, hosts.front))
    thread = Thread(target=reading.run)
    thread.start()
    host = hosts.hosts[1]
    host.stop()
    try:
        # Pages that nginx has not kept, each asked for once.
        answers = [_ask(hosts.front, f"/search/?q=transcript&page={number}") for number in range(1, 9)]
    finally:
        host.start()
        reading.ended.set()
        thread.join()
    seen = Seen([answer for _asked, answer in reading.answers] + answers)
    record_property(ROW, str(Row("web host stopped", seen, Seen(), 0.0, 0.0, 0.0)))
    assert seen.kinds == {"200"}
    assert len(hosts.hosts) == 2


def test_what_one_host_publishes_is_on_the_other(
    hosts: Hosts, record_property: Callable[[str, object], None]
) -> None:
    draft = hosts.select("SELECT id FROM stories_article WHERE slug = %s", DRAFT)
    editor, reader = hosts.hosts[0].signed_in("maya"), hosts.hosts[1].reader()
    assert reader.get(f"/stories/{DRAFT}/").status == 404
    path = f"{DESK}{draft}/publish/"
    form = editor.form(path) | {"confirmed": "on", "step": "publish"}
    answer = editor.send(path, form)
    assert answer.status == 200, answer.text
    took = eventually(lambda: reader.get(f"/stories/{DRAFT}/").status == 200, AT_LAST)
    record_property(ROW, str(Row("a publication", Seen(), Seen([answer]), took, answer.seconds, 0.0)))


def test_the_desks_people_read_what_they_have_just_saved_whatever_the_replica_has(hosts: Hosts) -> None:
    editor = hosts.hosts[0].signed_in("maya")
    before = hosts.reads_of(hosts.primary)

    def is_read() -> bool:
        assert editor.get(STORY).status == 200
        return hosts.reads_of(hosts.primary) > before

    # The server counts what a connection did once a second, or later.
    eventually(is_read, AT_LAST)
