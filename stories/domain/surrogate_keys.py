"""Surrogate keys, by which the caches in front of us identify pages: a purge names what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Final

# Every page that lists stories.
LISTS: Final = "lists"

# The limits of one request, so that a cache's adapter can pass the keys on in one header: Varnish and nginx take
# headers of 8 KB, Fastly 256 keys at once.
MAX_KEYS: Final = 250
MAX_BYTES: Final = 7_000


def story_key(article_id: int) -> str:
    """Return the surrogate key of every page of a story."""
    return f"story-{article_id}"


def author_key(slug: str) -> str:
    """Return the surrogate key of an author's page. A slug may have letters that no header has."""
    return f"author-{sha256(slug.encode()).hexdigest()[:16]}"


def picture_key(digest: str) -> str:
    """Return the surrogate key of a picture, at all its widths."""
    return f"picture-{digest[:16]}"


def batches(keys: Iterable[str]) -> Iterator[list[str]]:
    """Yield the keys in order, without duplicates, in the fewest batches that fit a request each."""
    batch: list[str] = []
    size = 0
    for key in dict.fromkeys(keys):
        if batch and (len(batch) == MAX_KEYS or size + len(key) + 1 > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(key)
        size += len(key) + 1
    if batch:
        yield batch


def count_fitting(purges: Sequence[Iterable[str]]) -> int:
    """Return how many of the first purges fit into one request together; at least one, however many keys it has."""
    named: set[str] = set()
    for count, keys in enumerate(purges):
        named |= set(keys)
        if count and (len(named) > MAX_KEYS or sum(len(key) + 1 for key in named) > MAX_BYTES):
            return count
    return len(purges)
