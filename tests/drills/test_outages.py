"""Parts of the site stopped, hung and full, under readers and editors: what each got, how soon all was well again.

At the end stands the table. What is asserted is what people get and what is stored, never how long it took.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

import psutil
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from stories.management.demo import REFERENCE_SLUG
from tests.admin.typing import add_row
from tests.deploy.site import NGINX, OPENSSL, Served, behind_nginx
from tests.drills.site import Answer, Person, Site, running_site
from tests.drills.summary import ROW
from tests.drills.table import Row, Seen
from tests.factories import png
from tests.worker import wait_until

pytestmark = pytest.mark.drill

STORY: Final = f"/stories/{REFERENCE_SLUG}/"
PAGES: Final = (STORY, f"{STORY}versions/", "/", "/feed/", "/search/?q=transcript")
DESK: Final = "/admin/stories/article/"
# For how many seconds each thing is broken: for longer than anybody waits.
SECONDS: Final = 4.0
DRAFT: Final = "tram-timetable-eastern-districts"
# How many seconds it may take until all is well, before the drill gives up. A mail that was at hand when the database
# went away is sent again only after its lease of two minutes.
AT_LAST: Final = 180
# Words of the story, and how many seconds caches and clocks are given.
WITHHELD: Final = "face recognition"
MARGIN: Final = 6.0
# How many seconds a load balancer may have to wait for an answer, on a machine as busy as that of the tests.
READY_WITHIN: Final = 10

_numbers = count(1)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running_site() as site:
        yield site


@dataclass
class Writing:
    """An editor who looks at the desk, saves a draft, offers it and says that a story develops, again and again.

    An offer is mailed, and what develops is purged from caches.
    """

    site: Site
    emil: Person
    # Leaves a value in the test's report.
    record_property: Callable[[str, object], None]
    seen: Seen = field(default_factory=Seen)
    # How many saves were acknowledged, and of how many nobody knows.
    saved: int = 0
    unknown: int = 0

    def __post_init__(self) -> None:
        draft = self.site.select("SELECT id FROM stories_article WHERE slug = %s", DRAFT)
        live = self.site.select("SELECT article_id FROM stories_storyaddress WHERE slug = %s", REFERENCE_SLUG)
        self.draft = int(draft)
        self.change = f"{DESK}{draft}/change/"
        self.offer = f"{DESK}{draft}/offer/"
        self.develop = f"{DESK}{live}/developing/"
        self.form = self.emil.form(self.change)
        self.token = {"csrfmiddlewaretoken": self.form["csrfmiddlewaretoken"]}
        self.revisions = self.count_revisions()

    def count_revisions(self) -> int:
        return int(
            self.site.select("SELECT count(*) FROM stories_revision WHERE article_id = %s", self.draft)
        )

    def once(self) -> None:
        self.seen.answers.append(self.emil.get(DESK))
        self.save()
        for address, form in (
            (self.offer, {"reason": f"Offered, {next(_numbers)}"}),
            (self.develop, {"step": "start", "start-reason": "More is to come"}),
        ):
            self.seen.answers.append(self.emil.send(address, self.token | form))

    def save(self) -> None:
        answer = self.emil.send(
            self.change, self.form | {"dek": f"Save {next(_numbers)}", "_continue": "Save"}
        )
        self.seen.answers.append(answer)
        if "Saved as revision" in answer.text:
            self.saved += 1
        elif "so it may have been saved, or not" in answer.text:
            self.unknown += 1
        if answer.status == 200:
            self.form = self.emil.form(self.change) or self.form

    def upload(self) -> Answer:
        """Bring a picture that nobody has brought before."""
        form = self.emil.form(self.change)
        row = add_row(form, "imageblock_set", alt_text="A tram")
        picture = SimpleUploadedFile("tram.png", png(700 + next(_numbers), 500), "image/png")
        answer = self.emil.send(self.change, form | {f"{row}-upload": picture, "_continue": "Save"})
        self.seen.answers.append(answer)
        self.saved += "Saved as revision" in answer.text
        return answer

    def nothing_lost(self) -> None:
        """What was acknowledged is there, once; what was refused is not."""
        made = self.count_revisions() - self.revisions
        assert self.saved <= made <= self.saved + self.unknown


@pytest.fixture
def new_workers(site: Site) -> None:
    """Workers that know nothing of the drill before.

    One that nobody asked since the database is back would still answer 503, and each knows which copies it kept in a
    cache that has been emptied since.
    """
    site.reload()


@pytest.fixture
def writing(site: Site, new_workers: None, record_property: Callable[[str, object], None]) -> Writing:
    return Writing(site, site.signed_in("emil"), record_property)


@pytest.fixture
def nginx(site: Site) -> Iterator[Served]:
    """The site behind nginx, as deploy/ has it."""
    if not (NGINX and OPENSSL):
        pytest.skip("nginx or openssl is not here: apt-get install nginx-light openssl")
    with behind_nginx(site.environment, upstream=site.address.removeprefix("http://")) as served:
        yield served


@pytest.fixture
def copies(site: Site, new_workers: None) -> None:
    """Every page has been read, and a copy of it is kept."""
    reader = site.reader()
    for path in PAGES:
        assert reader.get(path).status == 200


def drill(
    writing: Writing,
    broken: str,
    breaks: Callable[[], Any],
    mends: Callable[[], Any],
    *,
    also: Callable[[], Any] = lambda: None,
    read_page: Callable[[str], Answer] | None = None,
    under_load: bool = False,
) -> Row:
    """Break something and let three readers and an editor ask all the while; then mend it.

    `also` the editor does; `read_page` is how readers get a page, unless from the site itself. What is broken
    `under_load` breaks and is mended while requests are at hand, which may wait for that.
    """
    site, readers, over = writing.site, Seen(), Event()

    def read() -> None:
        get = read_page or site.reader().get
        while not over.is_set():
            for path in PAGES:
                readers.answers.append(get(path))

    def write() -> None:
        while not over.is_set():
            writing.once()
            also()

    threads = [*(Thread(target=read) for _ in range(3)), Thread(target=write)]
    if not under_load:
        breaks()
    for thread in threads:
        thread.start()
    if under_load:
        over.wait(1)
        breaks()
    over.wait(SECONDS)
    over.set()
    if under_load:
        mends()
    for thread in threads:
        thread.join()
    if not under_load:
        mends()
    began = time.monotonic()
    row = Row(
        broken,
        readers,
        writing.seen,
        readers_well=well(began, lambda: site.reader().get(STORY).kind == "200"),
        editors_well=well(began, lambda: writing.emil.get(DESK).kind == "200"),
        outbox_well=well(began, lambda: nothing_waits(site), times=1),
    )
    writing.record_property(ROW, str(row))
    writing.nothing_lost()
    site.manage("verify_ledger")
    return row


def well(began: float, holds: Callable[[], bool], *, times: int = 3) -> float:
    """Seconds from `began` until something holds, several times in a row."""
    good = 0
    while good < times:
        good = good + 1 if holds() else 0
        assert time.monotonic() - began < AT_LAST, "It never was well again."
        time.sleep(0.05)
    return time.monotonic() - began


def nothing_waits(site: Site) -> bool:
    return not site.select("SELECT count(*) FROM stories_outboxmessage WHERE due_at <= now()")


def test_nobody_is_notified_if_nothing_is_broken(site: Site, writing: Writing) -> None:
    row = drill(writing, "nothing", lambda: None, lambda: None)
    assert row.readers.kinds == row.editors.kinds == {"200"}
    assert writing.saved


@pytest.mark.parametrize("how", ["stopped", "hung", "full"])
def test_without_a_cache_every_page_is_served(site: Site, writing: Writing, how: str) -> None:
    redis = site.redis
    breaks = {"stopped": redis.stop, "hung": redis.server.hang, "full": redis.fill}

    def mend() -> None:
        if how == "hung":
            redis.server.wake()
        else:
            redis.stop()
            redis.start()

    row = drill(writing, f"cache {how}", breaks[how], mend)
    assert row.readers.kinds == row.editors.kinds == {"200"}
    assert writing.saved


@pytest.mark.parametrize("how", ["stopped", "hung"])
def test_without_a_database_pages_are_as_they_were_or_say_when_to_come_again(
    site: Site, copies: None, writing: Writing, how: str
) -> None:
    server = site.postgres.server
    breaks, mends = (
        (site.postgres.stop, site.postgres.start) if how == "stopped" else (server.hang, server.wake)
    )
    row = drill(writing, f"database {how}", breaks, mends)
    assert row.readers.kinds <= {"200, as it was", "503"}
    assert "200, as it was" in row.readers.kinds
    assert row.editors.kinds == {"503"}
    refused = [each for each in (*row.readers.answers, *row.editors.answers) if each.status == 503]
    assert all(answer.headers.get("Retry-After") for answer in refused)


@pytest.mark.parametrize(
    ("what", "how"),
    [
        ("mail", "stopped"),
        ("mail", "hung"),
        ("purges", "stopped"),
        ("purges", "hung"),
        ("purges", "refusing"),
    ],
)
def test_without_a_receiver_nobody_waits_and_everything_is_sent_later(
    site: Site, writing: Writing, what: str, how: str
) -> None:
    receiver = {"mail": site.mail, "purges": site.purges}[what]
    breaks = {"stopped": receiver.stop, "hung": receiver.hang, "refusing": receiver.refuse}
    named = {"mail": "mail server", "purges": "purge endpoint"}[what]
    answer = "answers 500" if how == "refusing" else how
    row = drill(writing, f"{named} {answer}", breaks[how], receiver.start)
    assert row.readers.kinds == row.editors.kinds == {"200"}
    assert writing.saved
    arrived = receiver.server.mails if what == "mail" else receiver.server.requests
    assert arrived, "what was written while nobody took it has arrived since"


def test_on_a_full_disk_pictures_are_refused_with_a_sentence_and_all_else_goes_on(
    site: Site, writing: Writing
) -> None:
    row = drill(writing, "disk full", site.fill_disk, lambda: site.fill_disk(full=False), also=writing.upload)
    assert row.readers.kinds == {"200"}
    assert row.editors.kinds == {"200", "refused, and says why"}
    assert "Saved as revision" in writing.upload().text
    writing.nothing_lost()
    for path in Path(site.environment["MEDIA_ROOT"]).rglob("*"):
        if path.is_file():
            with Image.open(path) as image:
                image.load()


def test_a_web_worker_that_is_killed_takes_its_requests_with_it_and_no_others(
    site: Site, writing: Writing
) -> None:
    before = {worker.pid for worker in site.web_workers()}

    def kill() -> None:
        site.web_workers()[0].kill()

    row = drill(writing, "web worker killed", kill, lambda: None, under_load=True)
    assert row.readers.kinds | row.editors.kinds <= {"200", "no answer"}
    # It had four threads.
    assert sum(answer.status == 0 for answer in (*row.readers.answers, *row.editors.answers)) <= 4
    wait_until(lambda: len({worker.pid for worker in site.web_workers()} - before) == 1)


def test_what_a_hung_web_worker_has_at_hand_waits_and_the_other_worker_goes_on(
    site: Site, writing: Writing
) -> None:
    worker = site.web_workers()[0]
    row = drill(writing, "web worker hung", worker.suspend, worker.resume, under_load=True)
    assert row.readers.kinds == row.editors.kinds == {"200"}


def test_a_web_worker_that_hangs_for_good_is_replaced(site: Site) -> None:
    before = {worker.pid for worker in site.web_workers()}
    worker = site.web_workers()[0]
    worker.suspend()
    wait_until(lambda: len({worker.pid for worker in site.web_workers()} - before) == 1, seconds=AT_LAST)
    assert well(time.monotonic(), lambda: site.reader().get(STORY).kind == "200") < AT_LAST


def test_while_the_site_is_stopped_readers_get_what_nginx_kept_and_editors_nothing(
    site: Site, nginx: Served, writing: Writing
) -> None:
    def read_page(path: str) -> Answer:
        began = time.monotonic()
        found = nginx.ask(path)
        return Answer(found.status, time.monotonic() - began, dict(found.headers.items()), found.text)

    for path in PAGES:
        assert read_page(path).status == 200
    row = drill(
        writing, "gunicorn stopped, nginx in front", site.stop_web, site.start_web, read_page=read_page
    )
    assert row.readers.kinds == {"200"}
    assert row.editors.kinds == {"no answer"}
    assert not writing.saved


@pytest.mark.parametrize("how", ["killed", "hung"])
def test_without_its_worker_nobody_waits_and_everything_is_sent_later(
    site: Site, writing: Writing, how: str
) -> None:
    assert site.worker is not None
    worker = psutil.Process(site.worker.pid)
    breaks, mends = (
        (site.kill_worker, site.start_worker) if how == "killed" else (worker.suspend, worker.resume)
    )
    mails, purges = len(site.mail.server.mails), len(site.purges.server.requests)
    row = drill(writing, f"delivering worker {how}", breaks, mends, under_load=True)
    assert row.readers.kinds == row.editors.kinds == {"200"}
    assert writing.saved
    assert len(site.mail.server.mails) > mails
    assert len(site.purges.server.requests) > purges


def test_what_was_taken_down_while_the_cache_hung_is_in_no_copy_once_the_database_is_away(
    site: Site, new_workers: None
) -> None:
    draft = site.select("SELECT article_id FROM stories_storyaddress WHERE slug = %s", REFERENCE_SLUG)
    maya, reader = site.signed_in("maya"), site.reader()
    path = f"{DESK}{draft}/withhold/"
    assert WITHHELD in reader.get(STORY).text
    # Time enough for copies to be older than the takedown by more than hosts' clocks may differ.
    time.sleep(MARGIN)
    site.redis.server.hang()
    try:
        form = maya.form(path) | {"words": WITHHELD, "ground": "legal", "reason": "As agreed"}
        assert maya.send(path, form, follows=False).status == 302
    finally:
        site.redis.server.wake()
    # The cache is paused for two seconds, and the worker looks every second.
    time.sleep(MARGIN)
    site.postgres.stop()
    try:
        assert {reader.get(STORY).status for _ in range(6)} == {503}
    finally:
        site.postgres.start()
    well(time.monotonic(), lambda: reader.get(STORY).kind == "200")
    assert WITHHELD not in reader.get(STORY).text
    site.manage("verify_ledger")


@pytest.mark.parametrize("how", ["stopped", "hung"])
def test_health_says_that_the_database_is_away_and_is_back(site: Site, new_workers: None, how: str) -> None:
    reader = site.reader()
    take_away, give_back = {
        "stopped": (site.postgres.stop, site.postgres.start),
        "hung": (site.postgres.server.hang, site.postgres.server.wake),
    }[how]
    assert all(reader.get("/readyz").status == 200 for _ in range(10))
    take_away()
    try:
        began = time.monotonic()
        assert reader.get("/readyz").status == 503
        assert time.monotonic() - began < READY_WITHIN
        assert reader.get("/healthz").status == 200
    finally:
        give_back()
    assert well(time.monotonic(), lambda: reader.get("/readyz").status == 200) < AT_LAST
