"""A database that is an older copy: another one's head was published before, and is in the file."""

from __future__ import annotations

from stories.domain.published_head import PublishedHead, head_to_json
from stories.queries.ledger.published_heads import head_file, ledger_state

GONE = "ab" * 32


def make_older(*, by: int = 5, digest: str = GONE) -> PublishedHead:
    """Publish a head that so many entries follow the newest entry, as if they had been lost; return it."""
    state = ledger_state()
    assert state is not None
    lost = PublishedHead(state.head.generation, state.head.sequence + by, digest)
    path = head_file(state.name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(head_to_json(state.name, lost))
    return lost
