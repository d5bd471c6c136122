"""Find accounts that may be one person's: one created or changed the other, or their mail goes to one mailbox.

An account is tied to another by every change of rights that the one made to the other, and transitively to the accounts
tied to that: whoever creates two accounts controls both. Scripts on the server tie nobody: whoever runs one controls
the server anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from stories.domain.mailbox import mailbox
from stories.models import RightsChange, User

# Goes to its owner's mailbox: whoever lets it be sent gets nothing of the account.
LINK_SENT = [["reset-link-sent", ""]]
# A change of rights, with the two accounts that it ties, by their numbers.
Tying = tuple[RightsChange, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """How two accounts are tied: the changes from one to the other, in order; none if they share a mailbox.

    `since` is when the last of them was made, None if the two share a mailbox: that tie does not expire.
    """

    changes: tuple[RightsChange, ...] = ()
    since: datetime | None = None


class TiedAccounts:
    """The accounts that are tied by changes of rights since a time, or by a mailbox. Three queries."""

    def __init__(self, since: datetime) -> None:
        self._first_of = _first_of_each_mailbox()
        changes = RightsChange.objects.filter(recorded_at__gte=since, user_id__isnull=False)
        changes = changes.exclude(changes=LINK_SENT)
        # The newest first: two accounts are tied for as long as the oldest change between them counts.
        self._tyings = [
            (change, self._box(actor), self._box(holder))
            for change, actor, holder in _tyings(changes.order_by("-recorded_at", "-pk"))
        ]

    def tie(self, one: int, other: int) -> Tie | None:
        """Return how two accounts, by their ids, are tied by the newest changes that tie them; None if they are not."""
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
        """Return which of some accounts, by their ids, are tied to one, or are that one."""
        found = {self._box(one)}
        grows = True
        while grows:
            more = {each for _change, *pair in self._tyings if not found.isdisjoint(pair) for each in pair}
            grows = not more <= found
            found |= more
        return {other for other in others if self._box(other) in found}

    def _box(self, account: int) -> int:
        """Return the account that represents all whose mail goes to the same mailbox."""
        return self._first_of.get(account, account)


def _first_of_each_mailbox() -> dict[int, int]:
    """Return by account the first one whose mail goes to the same mailbox. One query."""
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
    """Return whether a change gave a group, and so its members, a permission."""
    return change.of_group and any(what == "permission-added" for what, _name in change.changes)


def _path(neighbours: dict[int, dict[int, RightsChange]], one: int, other: int) -> tuple[RightsChange, ...]:
    """Return the changes on the shortest path from one account to another, () if there is none."""
    paths: dict[int, tuple[RightsChange, ...]] = {one: ()}
    reached = [one]
    for account in reached:
        for neighbour, change in neighbours.get(account, {}).items():
            if neighbour not in paths:
                paths[neighbour] = (*paths[account], change)
                reached.append(neighbour)
    return paths.get(other, ())
