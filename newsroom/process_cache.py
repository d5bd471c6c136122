"""A cache in the process's own memory, bounded by bytes: pages differ in size by a factor of a thousand."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

# What the caches of one name hold in bytes, beside Django's own globals of the same kind.
_bytes_used: Final[Counter[str]] = Counter()


class ProcessCache(LocMemCache):
    """Django's local-memory cache; once all of it takes more than `MAX_BYTES`, what was not used for longest goes."""

    # Django's own, which its types leave out.
    _cache: Any
    _expire_info: Any

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        options = dict(params.get("OPTIONS", {}))
        self._most = int(options.pop("MAX_BYTES", 64_000_000))
        self._name = name
        super().__init__(name, {**params, "OPTIONS": options})

    def _set(self, key: str, value: bytes, timeout: Any = DEFAULT_TIMEOUT) -> None:
        self._delete(key)
        if len(value) > self._most:
            return
        while self._cache and _bytes_used[self._name] + len(value) > self._most:
            # Django keeps what was used last at the front.
            self._delete(next(reversed(self._cache)))
        self._cache[key] = value
        self._cache.move_to_end(key, last=False)
        self._expire_info[key] = self.get_backend_timeout(timeout)
        _bytes_used[self._name] += len(value)

    def _delete(self, key: str) -> bool:
        held = len(self._cache.get(key, b""))
        gone: bool = super()._delete(key)  # type: ignore[misc]
        if gone:
            _bytes_used[self._name] -= held
        return gone

    def clear(self) -> None:
        super().clear()
        _bytes_used[self._name] = 0

    @property
    def held(self) -> int:
        """The number of bytes that the cache holds."""
        return _bytes_used[self._name]
