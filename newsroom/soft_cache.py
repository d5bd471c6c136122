"""Shared caches whose failures are harmless: when one fails, pages are rendered without it, a little slower.

Django's own backends raise errors: a cache that is stopped, hung or full would fail every page.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache

from newsroom.signals import cache_read

try:
    from redis import Redis
    from redis.exceptions import ConnectionError as RedisGone, TimeoutError as RedisSlow
except ImportError:  # Redis is optional; `newsroom.environment` checks for it
    RedisGone = RedisSlow = OSError  # type: ignore[assignment,misc]

log = logging.getLogger(__name__)
T = TypeVar("T")

_MISS: Final = object()
_FAILED: Final = object()

# For how many seconds a cache that did not answer is not used, so that few requests wait for one that hangs.
PAUSE: Final = 2.0
# Until when the cache at each location is not used, by the process's clock. Global, since each thread has a backend.
_paused_until: Final[dict[str, float]] = {}


class _Soft(BaseCache):
    """A cache that treats failures as misses: nothing was found, nothing was stored.

    `clear` alone raises: whoever empties a cache must learn that it was not emptied.
    """

    location: str
    # The errors that mean that the server does not answer, so that the cache is paused.
    unreachable: tuple[type[Exception], ...] = ()

    def _try(self, do: Callable[[], T], otherwise: T) -> T:
        if time.monotonic() < _paused_until.get(self.location, 0.0):
            return otherwise
        try:
            found = do()
        except Exception as error:  # a truncated entry, or one of a class that has moved, may raise any
            if isinstance(error, self.unreachable):
                _paused_until[self.location] = time.monotonic() + PAUSE
            # The type alone: the message may hold an address with a password.
            log.warning("The cache failed (%s); pages are made without it.", type(error).__name__)
            return otherwise
        _paused_until.pop(self.location, None)
        return found

    def get(self, key: str, default: object = None, version: int | None = None) -> Any:  # noqa: ANN401 - as Django's
        found = self._try(lambda: super(_Soft, self).get(key, _MISS, version), _FAILED)
        result = {id(_MISS): "miss", id(_FAILED): "failed"}.get(id(found), "hit")
        cache_read.send(_Soft, result=result)
        return found if result == "hit" else default

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        key_list = list(keys)
        return self._try(lambda: super(_Soft, self).get_many(key_list, version), {})

    def has_key(self, key: str, version: int | None = None) -> bool:
        return self._try(lambda: super(_Soft, self).has_key(key, version), otherwise=False)

    def add(
        self, key: str, value: object, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return self._try(lambda: super(_Soft, self).add(key, value, timeout, version), otherwise=False)

    def set(
        self, key: str, value: object, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._try(lambda: super(_Soft, self).set(key, value, timeout, version), None)

    def set_many(
        self,
        data: Mapping[Any, Any],
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> list[Any]:
        return self._try(lambda: super(_Soft, self).set_many(dict(data), timeout, version), list(data))

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._try(lambda: super(_Soft, self).touch(key, timeout, version), otherwise=False)

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._try(lambda: super(_Soft, self).delete(key, version), otherwise=False)


class SoftRedisCache(_Soft, RedisCache):
    """Redis, with short time-outs. Several sites may share one: `clear` deletes this site's keys alone."""

    unreachable = (RedisGone, RedisSlow)

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.location = str(server)
        self.client_options: dict[str, Any] = params.get("OPTIONS", {})

    def clear(self) -> None:
        # Django's backend offers no client, and its own `clear` would empty the whole server.
        with Redis.from_url(self.location, **self.client_options) as client:
            for keys in _batches(
                client.scan_iter(match=f"{_literal(self.key_prefix)}:*", count=1_000), 1_000
            ):
                client.delete(*keys)


class SoftFileCache(_Soft, FileBasedCache):
    """A cache in files, in which a full disk fails no page."""

    def __init__(self, folder: str, params: dict[str, Any]) -> None:
        super().__init__(folder, params)
        self.location = folder


def _literal(text: str) -> str:
    """Return the Redis pattern that matches just a text. An address such as [::1] holds special characters."""
    return re.sub(r"([*?\[\]\\^])", r"\\\1", text)


def _batches(items: Iterable[T], size: int) -> Iterable[list[T]]:
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
