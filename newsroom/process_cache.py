"""A cache in the process's own memory, bounded by bytes: pages differ in size by a factor of a thousand."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

# The bytes in the caches of each name, next to Django's own globals of the same kind.
_bytes_used: Final[Counter[str]] = Counter()


class ProcessCache(LocMemCache):
    """Django's local-memory cache, which drops the least recently used entries once it exceeds `MAX_BYTES`."""

    # Attributes of Django's that its stubs leave out.
    _cache: Any
    _expire_info: Any

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        options = dict(params.get("OPTIONS", {}))
        self._max_bytes = int(options.pop("MAX_BYTES", 64_000_000))
        self._name = name
        super().__init__(name, {**params, "OPTIONS": options})

    def _set(self, key: str, value: bytes, timeout: float | None = DEFAULT_TIMEOUT) -> None:
        self._delete(key)
        if len(value) > self._max_bytes:
            return
        while self._cache and _bytes_used[self._name] + len(value) > self._max_bytes:
            # Django has the most recently used entry at the front.
            self._delete(next(reversed(self._cache)))
        self._cache[key] = value
        self._cache.move_to_end(key, last=False)
        self._expire_info[key] = self.get_backend_timeout(timeout)
        _bytes_used[self._name] += len(value)

    def _delete(self, key: str) -> bool:
        size = len(self._cache.get(key, b""))
        deleted: bool = super()._delete(key)  # type: ignore[misc]
        if deleted:
            _bytes_used[self._name] -= size
        return deleted

    def clear(self) -> None:
        super().clear()
        _bytes_used[self._name] = 0

    @property
    def size(self) -> int:
        """The number of bytes that the cache holds."""
        return _bytes_used[self._name]
