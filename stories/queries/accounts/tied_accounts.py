"""Which accounts may be one person's: one made or changed the other, or their mail goes to one box.

An account is tied to another by every change of rights that the one made to the other, and to those further on that
are tied likewise: whoever makes two accounts holds both. Scripts on the server tie nobody: whoever runs one holds the
server anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from stories.domain.mailbox import mailbox
from stories.models import RightsChange, User

# A change of rights, with the two accounts that it ties, by their numbers.
Tying = tuple[RightsChange, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """How two accounts are tied: the changes from the one to the other, in order; none where they share a mailbox.

    `since` is when the last of them was made, None where the two share a mailbox: that does not pass.
    """

    changes: tuple[RightsChange, ...] = ()
    since: datetime | None = None


class TiedAccounts:
    """The accounts that changes of rights since a time, or a mailbox, tie to each other. Three queries."""

    def __init__(self, since: datetime) -> None:
        self._first_of = _first_of_each_mailbox()
        changes = RightsChange.objects.filter(recorded_at__gte=since, user_id__isnull=False)
        # The newest first: two accounts stay tied for as long as the oldest change between them counts.
        self._tyings = [
            (change, self._box(actor), self._box(holder))
            for change, actor, holder in _tyings(changes.order_by("-recorded_at", "-pk"))
        ]

    def tie(self, one: int, other: int) -> Tie | None:
        """How two accounts, by their numbers, are tied by the newest changes that do; None where they are not."""
        start, end = self._box(one), self._box(other)
        if start == end:
            return Tie()
        neighbours: dict[int, dict[int, RightsChange]] = {}
        for change, actor, holder in self._tyings:
            neighbours.setdefault(actor, {}).setdefault(holder, change)
            neighbours.setdefault(holder, {}).setdefault(actor, change)
            path = _path(neighbours, start, end)
            if path:
                return Tie(changes=path, since=change.recorded_at)
        return None

    def is_tied(self, one: int, others: Iterable[int]) -> set[int]:
        """Which of some accounts, by their numbers, are tied to one, or are that one."""
        found = {self._box(one)}
        grows = True
        while grows:
            more = {each for _change, *pair in self._tyings if not found.isdisjoint(pair) for each in pair}
            grows = not more <= found
            found |= more
        return {other for other in others if self._box(other) in found}

    def _box(self, account: int) -> int:
        """The account that stands for all whose mail goes to the same box."""
        return self._first_of.get(account, account)


def _first_of_each_mailbox() -> dict[int, int]:
    """By account the first one whose mail goes to the same box. One query."""
    first: dict[str, int] = {}
    found = {}
    for pk, address in User.objects.order_by("pk").values_list("pk", "email"):
        if box := mailbox(address):
            found[pk] = first.setdefault(box, pk)
    return found


def _tyings(changes: Iterable[RightsChange]) -> Iterator[Tying]:
    known = list(changes)
    members: dict[int, list[int]] = {}
    groups = {change.holder_id for change in known if _gives_more(change)}
    for group, member in User.objects.filter(groups__in=groups).values_list("groups", "pk"):
        members.setdefault(group, []).append(member)
    for change in known:
        assert change.user_id is not None
        holders = [change.holder_id] if not change.of_group else members.get(change.holder_id or 0, [])
        if change.of_group and not _gives_more(change):
            continue
        for holder in holders:
            if holder is not None and holder != change.user_id:
                yield change, change.user_id, holder


def _gives_more(change: RightsChange) -> bool:
    """Whether a change gave a group, and so whoever is in it, a permission."""
    return change.of_group and any(what == "permission-added" for what, _name in change.changes)


def _path(neighbours: dict[int, dict[int, RightsChange]], one: int, other: int) -> tuple[RightsChange, ...]:
    """The changes of the shortest way from one account to another, () where there is none."""
    ways: dict[int, tuple[RightsChange, ...]] = {one: ()}
    reached = [one]
    for account in reached:
        for neighbour, change in neighbours.get(account, {}).items():
            if neighbour not in ways:
                ways[neighbour] = (*ways[account], change)
                reached.append(neighbour)
    return ways.get(other, ())
