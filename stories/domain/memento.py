"""Memento (RFC 7089): the times and links by which clients find a page as it was at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final

LINK_FORMAT: Final = "application/link-format"


@dataclass(frozen=True, slots=True)
class Memento:
    """A version of a page: its address, and since when it was live."""

    address: str
    live_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A page with versions, by its addresses: its own, its TimeGate's and its TimeMap's."""

    address: str
    timegate: str
    timemap: str

    def link(self) -> str:
        # A relation of its own: real clients match it exactly.
        return _link(self.address, rel="original")

    def timegate_link(self) -> str:
        return _link(self.timegate, rel="timegate")

    def timemap_link(self) -> str:
        return _link(self.timemap, rel="timemap", type=LINK_FORMAT)


def http_time(moment: datetime) -> str:
    """Return a moment as HTTP writes it: "Mon, 02 Mar 2026 09:00:00 GMT"."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def read_time(written: str) -> datetime | None:
    """Return the time that a client asks for, None if it can't be parsed.

    RFC 7089 section 2.1.1: the form of RFC 1123, in GMT.
    """
    try:
        moment = parsedate_to_datetime(written)
        # At the ends of the calendar, a time in another zone may not exist in UTC.
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def story_links(original: Original) -> str:
    """Return the Link header of the page itself."""
    return ", ".join((original.timegate_link(), original.timemap_link()))


def version_links(original: Original, memento: Memento) -> str:
    """Return the Link header of a version's page."""
    return ", ".join(
        (
            original.link(),
            original.timegate_link(),
            original.timemap_link(),
            _memento(memento, "memento"),
        )
    )


def timegate_links(original: Original, mementos: Sequence[Memento], chosen: int) -> str:
    """Return the Link header of a TimeGate's response: `mementos` oldest first, of which it chose number `chosen`."""
    relations: dict[int, list[str]] = {}
    last = len(mementos) - 1
    for relation, place in (("first", 0), ("prev", chosen - 1), ("next", chosen + 1), ("last", last)):
        if 0 <= place <= last:
            relations.setdefault(place, []).append(relation)
    relations.setdefault(chosen, [])
    links = [
        _memento(mementos[place], " ".join((*names, "memento"))) for place, names in sorted(relations.items())
    ]
    return ", ".join((original.link(), original.timemap_link(), *links))


def timemap(original: Original, mementos: Sequence[Memento]) -> str:
    """Return the TimeMap in link-format; `mementos` oldest first, at least one."""
    self_link = _link(
        original.timemap,
        rel="self",
        type=LINK_FORMAT,
        **{"from": http_time(mementos[0].live_from), "until": http_time(mementos[-1].live_from)},
    )
    lines = [original.link(), self_link, original.timegate_link(), *_relations(mementos)]
    return ",\n".join(lines) + "\n"


def in_force(mementos: Sequence[Memento], when: datetime | None) -> int:
    """Return the index of the memento that was live at a time: the first for an earlier time, the last for None.

    Clients have whole seconds only: a version that went live within the requested second counts.
    """
    if when is None:
        return len(mementos) - 1
    live = [place for place, each in enumerate(mementos) if each.live_from.replace(microsecond=0) <= when]
    return live[-1] if live else 0


def _relations(mementos: Sequence[Memento]) -> Iterable[str]:
    last = len(mementos) - 1
    for place, memento in enumerate(mementos):
        names = [name for name, at in (("first", 0), ("last", last)) if at == place]
        yield _memento(memento, " ".join((*names, "memento")))


def _memento(memento: Memento, rel: str) -> str:
    return _link(memento.address, rel=rel, datetime=http_time(memento.live_from))


def _link(address: str, **attributes: str) -> str:
    return "; ".join((f"<{address}>", *(f'{name}="{value}"' for name, value in attributes.items())))
