"""A single-flight cache: of all threads of a process that need a value at once, one makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, TypeVar

from django.core.cache import cache

T = TypeVar("T")


@dataclass
class _Rendering:
    lock: Lock = field(default_factory=Lock)
    waiting: int = 0


_renderings: Final[dict[str, _Rendering]] = {}
_guard: Final = Lock()


def get_or_render(key: str, make: Callable[[], T], *, seconds: float) -> T:
    """Return the cached value of a key; if there is none, call `make` and cache the result for `seconds`."""
    found: T | None = cache.get(key)
    if found is not None:
        return found
    with _one_at_a_time(key):
        found = cache.get(key)
        if found is None:
            found = make()
            cache.set(key, found, timeout=seconds)
    return found


def store(key: str, value: object, *, seconds: float) -> None:
    """Cache a value for `seconds`."""
    cache.set(key, value, timeout=seconds)


@contextmanager
def _one_at_a_time(key: str) -> Iterator[None]:
    with _guard:
        rendering = _renderings.setdefault(key, _Rendering())
        rendering.waiting += 1
    try:
        with rendering.lock:
            yield
    finally:
        with _guard:
            rendering.waiting -= 1
            if not rendering.waiting:
                _renderings.pop(key, None)
