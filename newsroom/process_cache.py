"""A cache in the process's own memory, bounded by bytes: pages differ in size by a factor of a thousand."""

from __future__ import annotations

import pickle
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

from newsroom.signals import cache_read


@dataclass
class _Store:
    """The pickled values of one cache, the most recently used last, each with when it expires: None for never."""

    values: OrderedDict[str, tuple[bytes, float | None]] = field(default_factory=OrderedDict)
    size: int = 0
    lock: Lock = field(default_factory=Lock)

    def find(self, key: str) -> bytes | None:
        pickled, expires = self.values.get(key, (None, None))
        if expires is not None and expires <= time.time():
            self.drop(key)
            return None
        return pickled

    def put(self, key: str, pickled: bytes, expires: float | None, *, most: int) -> None:
        self.drop(key)
        if len(pickled) > most:
            return
        while self.size + len(pickled) > most:
            self.drop(next(iter(self.values)))
        self.values[key] = pickled, expires
        self.size += len(pickled)

    def drop(self, key: str) -> bool:
        pickled, _expires = self.values.pop(key, (b"", None))
        self.size -= len(pickled)
        return bool(pickled)


# By the name of the cache: Django makes a backend for each thread.
_stores: Final[dict[str, _Store]] = {}


class ProcessCache(BaseCache):
    """A backend that drops the least recently used values once they exceed `MAX_BYTES`."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._most = params.get("OPTIONS", {}).get("MAX_BYTES", 64_000_000)
        self._store = _stores.setdefault(name, _Store())

    @property
    def size(self) -> int:
        """The number of bytes that the cache holds."""
        return self._store.size

    def get(self, key: object, default: object = None, version: int | None = None) -> object:
        key = self.make_and_validate_key(key, version=version)
        with self._store.lock:
            pickled = self._store.find(key)
            if pickled is not None:
                self._store.values.move_to_end(key)
        cache_read.send(ProcessCache, result="miss" if pickled is None else "hit")
        if pickled is None:
            return default
        return pickle.loads(pickled)  # noqa: S301 - this process pickled it

    def add(
        self, key: object, value: object, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return self._put(key, value, timeout, version, replace=False)

    def set(
        self, key: object, value: object, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._put(key, value, timeout, version, replace=True)

    def touch(self, key: object, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        key = self.make_and_validate_key(key, version=version)
        with self._store.lock:
            pickled = self._store.find(key)
            if pickled is None:
                return False
            self._store.values[key] = pickled, self.get_backend_timeout(timeout)
            return True

    def delete(self, key: object, version: int | None = None) -> bool:
        key = self.make_and_validate_key(key, version=version)
        with self._store.lock:
            return self._store.drop(key)

    def clear(self) -> None:
        with self._store.lock:
            self._store.values.clear()
            self._store.size = 0

    def _put(
        self, key: object, value: object, timeout: float | None, version: int | None, *, replace: bool
    ) -> bool:
        key = self.make_and_validate_key(key, version=version)
        pickled = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        with self._store.lock:
            if not replace and self._store.find(key) is not None:
                return False
            self._store.put(key, pickled, self.get_backend_timeout(timeout), most=self._most)
            return True
