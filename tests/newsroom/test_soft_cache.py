"""A shared cache that fails makes pages slower, and fails none of them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis as redis_client

from newsroom import soft_cache
from newsroom.environment import no_retries
from newsroom.soft_cache import PAUSE, SoftFileCache, SoftRedisCache

REDIS = shutil.which("redis-server")
needs_redis = pytest.mark.skipif(
    REDIS is None and os.environ.get("CI") != "true", reason="needs Redis: apt-get install redis-server"
)


class Redis:
    """A Redis server of our own, which tests may stop, hang and fill."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.start()

    def start(self) -> None:
        assert REDIS is not None, "CI installs redis-server"
        self.process = subprocess.Popen(  # noqa: S603
            [REDIS, "--port", str(self.port), "--save", "", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
        )
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            assert self.process.poll() is None

    def stop(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()

    def hang(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def cache(self, prefix: str = "newsroom") -> SoftRedisCache:
        options = {"socket_timeout": 0.25, "socket_connect_timeout": 0.25, "retry": no_retries()}
        address = f"redis://127.0.0.1:{self.port}/0"
        return SoftRedisCache(address, {"KEY_PREFIX": prefix, "OPTIONS": options})


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path)
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def rested() -> None:
    soft_cache._paused_until.clear()


def ask_for_everything(cache: Any) -> None:
    """Use a cache in every way that pages do; none may raise, and none may find anything."""
    cache.set("page", "words", timeout=60)
    assert cache.get("page") is None
    assert cache.get("page", "otherwise") == "otherwise"
    assert cache.get_many(["page"]) == {}
    cache.set_many({"page": "words"}, timeout=60)
    cache.add("page", "words", timeout=60)
    assert cache.touch("page", timeout=60) is False
    assert cache.delete("page") is False
    assert ("page" in cache) is False


@needs_redis
class TestRedis:
    def test_what_was_set_is_there(self, redis: Redis) -> None:
        cache = redis.cache()
        cache.set("page", {"words": 1}, timeout=60)
        assert cache.get_many(["page", "other"]) == {"page": {"words": 1}}

    def test_stopped_it_has_nothing_and_fails_nothing(self, redis: Redis) -> None:
        redis.stop()
        ask_for_everything(redis.cache())

    def test_hung_it_has_nothing_and_is_waited_for_once(
        self, redis: Redis, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Of all requests within two seconds, one waits. The clock is faked, so that slow machines do not matter."""
        now = 100.0
        monkeypatch.setattr("newsroom.soft_cache.time.monotonic", lambda: now)
        cache, waited = redis.cache(), 0
        redis.hang()
        client = type(cache._cache.get_client(None))
        execute = client.execute_command

        def counted(*args: Any, **options: Any) -> Any:
            nonlocal waited
            waited += 1
            return execute(*args, **options)

        monkeypatch.setattr(client, "execute_command", counted)
        ask_for_everything(cache)
        ask_for_everything(redis.cache())
        assert waited == 1
        now += PAUSE
        assert cache.get("page") is None
        assert waited == 2

    def test_full_it_keeps_nothing_new_and_goes_on_serving(self, redis: Redis) -> None:
        cache = redis.cache()
        cache.set("page", "words", timeout=60)
        cache._cache.get_client(None).config_set("maxmemory", "1")
        cache.set("other", "more words", timeout=60)
        assert cache.get("page") == "words"
        assert cache.get("other") is None

    def test_back_again_it_is_used_again(self, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
        cache = redis.cache()
        redis.stop()
        ask_for_everything(cache)
        redis.start()
        monkeypatch.setattr(soft_cache, "_paused_until", {})
        cache.set("page", "words", timeout=60)
        assert cache.get("page") == "words"

    def test_emptying_it_leaves_what_others_keep_there(self, redis: Redis) -> None:
        names = ("newsroom([::1]:8000)", "newsroom(::1:8000)", "newsroom(1)", "newsroom", "neighbours")
        ours, *theirs = (redis.cache(name) for name in names)
        for cache in (ours, *theirs):
            cache.set("page", "words", timeout=60)
        ours.clear()
        assert ours.get("page") is None
        assert [cache.get("page") for cache in theirs] == ["words"] * 4

    def test_who_empties_it_hears_that_it_was_not(self, redis: Redis) -> None:
        redis.stop()
        with pytest.raises(redis_client.exceptions.ConnectionError):
            redis.cache().clear()


class TestFiles:
    @pytest.fixture
    def cache(self, tmp_path: Path) -> SoftFileCache:
        return SoftFileCache(str(tmp_path / str(uuid4())), {})

    def test_a_full_disk_keeps_nothing_and_fails_nothing(
        self, cache: SoftFileCache, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_args: Any, **_options: Any) -> None:
            raise OSError("No space left on device")

        monkeypatch.setattr("django.core.cache.backends.filebased.tempfile.mkstemp", full)
        ask_for_everything(cache)

    def test_an_entry_that_is_cut_off_counts_as_none(self, cache: SoftFileCache, tmp_path: Path) -> None:
        cache.set("page", "words" * 100, timeout=60)
        path = next(Path(tmp_path).rglob("*.djcache"))
        path.write_bytes(path.read_bytes()[:-20])
        assert cache.get("page") is None
