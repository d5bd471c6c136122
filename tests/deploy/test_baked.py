"""nginx answers with baked pages as the site does, and asks the site where it can't or may not."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

import pytest

from stories.domain.baking.names import common_digest
from stories.management.demo import REFERENCE_SLUG
from tests.deploy.files import DEPLOY, command
from tests.deploy.site import NGINX, OPENSSL, Answer, Served, ask_site, served
from tests.deploy.test_served import WITHDRAW
from tests.settings import BASE_DIR

STORY: Final = f"/stories/{REFERENCE_SLUG}/"
# What differs between any two answers, and what nginx says to any answer: that it may compress it.
DIFFERS: Final = frozenset({"date", "server", "etag", "connection", "vary"})

# In seconds. Less than one where nothing else runs, which is no test's to say.
PATIENCE: Final = 20.0

pytestmark = pytest.mark.skipif(
    not (NGINX and OPENSSL), reason="nginx or openssl is not here: apt-get install nginx-light openssl"
)


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    # With a host for pictures their policy names it, which is for whoever runs the site to write into baked.conf.
    with served(MEDIA_ORIGIN="") as site:
        site.environment["BAKE_DIR"] = str(site.folder / "baked")
        site.manage("bake")
        yield site


@contextmanager
def worker(site: Served) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command("newsroom-worker.service"),
        cwd=BASE_DIR,
        env=site.environment,
        stderr=(site.folder / "worker.log").open("ab"),
    )
    try:
        until(lambda: is_baked(site, "/"))
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(30)


def until(call: Callable[[], bool], seconds: float = 60) -> float:
    """Wait until something is so; return how long it took."""
    began = time.monotonic()
    while not call():
        assert time.monotonic() < began + seconds, "It did not come to pass."
        time.sleep(0.02)
    return time.monotonic() - began


def is_baked(site: Served, address: str) -> bool:
    """Return whether nginx answered by itself: of what it asks the site, it says what its cache had."""
    return "X-Cache" not in site.ask(address).headers


def addresses(site: Served) -> list[str]:
    folder = site.folder / "baked"
    links = [path for path in folder.rglob("*@") if path.is_symlink() and ".bake" not in path.parts]
    return sorted(f"/{path.relative_to(folder)}"[:-1] for path in links)


def headers_of(answer: Answer) -> list[tuple[str, str]]:
    return sorted(
        (name.lower(), value) for name, value in answer.headers.items() if name.lower() not in DIFFERS
    )


def test_every_baked_page_is_answered_as_by_the_site(site: Served) -> None:
    parts = (
        "/feed/",
        "/feed.json",
        "/versions/2/",
        "/compare/1...2/",
        "/timemap/",
        "data.json",
        "/pictures/",
    )
    with worker(site):
        # Another test may have had pages dropped.
        until(lambda: all(any(part in address for address in addresses(site)) for part in parts))
        baked = addresses(site)
        assert len(baked) > 50
        different = []
        for address in baked:
            ours, own = site.ask(address), ask_site(site, address)
            assert "X-Cache" not in ours.headers, address
            if (ours.status, ours.text, headers_of(ours)) != (own.status, own.text, headers_of(own)):
                different.append((address, set(headers_of(ours)) ^ set(headers_of(own))))
    assert not different


def test_what_nginx_has_of_its_own_is_what_the_site_says(site: Served) -> None:
    text = (DEPLOY / "nginx" / "baked.conf").read_text()
    own = re.findall(r'^add_header (\S+) (?:"([^"$]+)"|([^"$\s]+)) always;', text, re.MULTILINE)
    said = [(name, quoted or plain) for name, quoted, plain in own]
    digest = common_digest(list(ask_site(site, "/").headers.items()))
    assert common_digest(said) == digest
    assert f"@{digest};" in (DEPLOY / "nginx" / "newsroom.conf").read_text()


def test_a_page_that_a_browser_has_is_not_sent_again(site: Served) -> None:
    with worker(site):
        page = site.ask(STORY)
        etag, modified = page.headers["ETag"], page.headers["Last-Modified"]
        for asked in (
            {"If-None-Match": etag},
            {"If-None-Match": f"W/{etag}"},
            {"If-Modified-Since": modified},
        ):
            answer = site.ask(STORY, headers=asked)
            assert (answer.status, answer.text) == (304, "")
            assert answer.headers["Cache-Control"] == page.headers["Cache-Control"]
        for asked in (
            {"If-None-Match": '"another"', "If-Modified-Since": modified},
            {"If-Modified-Since": "Mon, 02 Mar 2026 09:00:00 GMT"},
        ):
            assert site.ask(STORY, headers=asked).status == 200
        # A part of a page is not a page.
        assert site.ask(STORY, headers={"Range": "bytes=0-10"}).status == 200
        head = site.ask(STORY, method="HEAD")
        assert (head.status, head.text, headers_of(head)) == (200, "", headers_of(page))
        small = site.ask(STORY, headers={"Accept-Encoding": "gzip"})
        assert small.headers["Content-Encoding"] == "gzip"
        assert int(small.headers["Content-Length"]) < len(page.text) / 2


def test_the_rest_is_the_sites_to_answer(site: Served) -> None:
    paths = (
        "/?before=x",
        f"{STORY}?",
        f"{STORY[:-1]}",
        f"/{STORY}",
        f"{STORY}@",
        f"{STORY}timegate/",
        f"{STORY}compare/1...3/",
        "/search/?q=ferry",
        "/.bake/state.json",
        "/.baked/look",
        "/.baked/200/feed.json@",
        f"{STORY}../",
        "/news-sitemap.xml",
        "/nothing/",
    )
    with worker(site):
        for path in paths:
            ours, own = site.ask(path), ask_site(site, path)
            assert (ours.status, ours.headers["Location"]) == (own.status, own.headers["Location"]), path
            if own.status == 200:
                assert ours.headers["X-Cache"], path


def test_what_nginx_can_not_read_the_site_answers(site: Served) -> None:
    robots = site.folder / "baked" / "robots.txt@"
    file = robots.parent / robots.readlink()
    with worker(site):
        assert is_baked(site, "/robots.txt")
        robots.unlink()
        robots.symlink_to(file.name.replace(";200;", ";201;"))
        assert not is_baked(site, "/robots.txt")
        # The headers that all pages share are others than nginx’s own.
        other = file.with_name(re.sub(r"@[0-9a-f]+;", "@000000000000;", file.name))
        other.write_bytes(b"of another release")
        robots.unlink()
        robots.symlink_to(other.name)
        assert site.ask("/robots.txt").text == ask_site(site, "/robots.txt").text
        robots.unlink()
        robots.symlink_to(file.name)
        assert is_baked(site, "/robots.txt")
        # It was dropped after nginx had read its name.
        file.rename(file.with_name("away"))
        assert site.ask("/robots.txt").status == 200
        assert "X-Cache" in site.ask("/robots.txt").headers
        file.with_name("away").rename(file)


def test_nginx_asks_the_site_when_the_worker_was_killed_or_hangs(site: Served) -> None:
    with worker(site) as process:
        process.send_signal(signal.SIGSTOP)
        until(lambda: not is_baked(site, STORY), PATIENCE)
        process.send_signal(signal.SIGCONT)
        until(lambda: is_baked(site, STORY))
        process.kill()
        until(lambda: not is_baked(site, STORY), PATIENCE)
        assert site.ask(STORY).status == 200
    with worker(site) as process:
        process.terminate()
        process.wait(30)
        assert not is_baked(site, STORY)


def test_all_is_served_while_the_site_is_away(site: Served) -> None:
    with worker(site):
        site.stop_web()
        try:
            for address in addresses(site):
                assert site.ask(address).status in (200, 410), address
        finally:
            site.start_web()
            site.await_answer()


def test_a_folder_that_stands_is_served_by_nginx_alone(site: Served) -> None:
    site.manage("bake", "--standing")
    # While the site answers, it does.
    assert not is_baked(site, "/")
    site.stop_web()
    try:
        for address in addresses(site):
            answer = site.ask(address)
            # What nginx's own cache has comes first.
            assert answer.status in (200, 410), address
        site.manage("bake", "--no-standing")
        assert site.ask(f"{STORY}compare/2...3/").status == 503
    finally:
        site.start_web()
        site.await_answer()


@pytest.mark.parametrize("here", [True, False], ids=["on this host", "on another host"])
def test_what_is_withdrawn_is_answered_by_its_notice_here_and_on_another_host(
    site: Served, here: bool
) -> None:
    # Not the story that the other tests read.
    slug = "reservoirs-after-dry-autumn" if here else "school-roofs-leak"
    with worker(site) as process:
        for address in (f"/stories/{slug}/", f"/stories/{slug}/versions/1/", "/feed/"):
            until(partial(is_baked, site, address))
        before = site.ask("/feed/").text
        if here:
            # Whoever did it is answered when the files are gone, even if nobody bakes.
            process.send_signal(signal.SIGSTOP)
        site.manage(
            "shell", "-c", WITHDRAW.format(slug=slug), BAKE_DIR=site.environment["BAKE_DIR"] if here else ""
        )
        if here:
            assert not [
                address for address in addresses(site) if slug in address or address in ("/", "/feed/")
            ]
            process.send_signal(signal.SIGCONT)
        until(lambda: site.ask(f"/stories/{slug}/versions/1/").status == 410, PATIENCE)
        # The notice is baked, and so are the lists.
        until(lambda: is_baked(site, f"/stories/{slug}/versions/1/") and is_baked(site, "/feed/"))
        answer = site.ask(f"/stories/{slug}/")
        assert (answer.status, "We took this down." in answer.text) == (410, True)
        assert site.ask("/feed/").text != before


def test_the_log_names_addresses_and_no_files(site: Served) -> None:
    with worker(site):
        assert site.ask(STORY).status == 200
        assert site.ask("/search/?q=ferry").status == 200
    lines = (site.folder / "access.log").read_text()
    assert f'"GET {STORY}"' in lines
    assert ".baked" not in re.sub(r'"GET /\.baked/[^"]*" 404', "", lines)
    assert "ferry" not in "".join(re.findall(r"\?\S+", lines))
    assert "realpath" not in (site.folder / "error.log").read_text()
