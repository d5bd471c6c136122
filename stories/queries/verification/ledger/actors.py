"""Check who made the entries against the ledger's own entries of accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Min

from stories.domain.dossier.checker.erasure import CLOCKS_APART
from stories.models import EntryKind, LedgerEntry, RightsChange
from stories.queries.verification.findings import Finding, Kind, changed, listed

_APART: Final = timedelta(seconds=CLOCKS_APART)


@dataclass(slots=True)
class _Account:
    """What entries say of an account: when it was made, its names, and from when to when it could not sign in."""

    made: int = 0
    names: set[str] = field(default_factory=set)
    # The entry that shut it out and that entry's time, and the entry that let it in again, None if there is none.
    shut_out: list[tuple[int, datetime, int | None]] = field(default_factory=list)


def check_actors() -> Iterator[Finding]:
    """Find entries by accounts that were not made by then, could not sign in, or never had that name.

    Nothing is known of accounts from before the first one whose making was recorded. Two queries, and one for each time
    that an account was shut out.
    """
    accounts = _accounts()
    first = min((number for number, account in accounts.items() if account.made), default=None)
    if first is None:
        return
    made = LedgerEntry.objects.exclude(user_id=None).order_by("user_id", "user_name")
    for number, name, sequence in made.values_list("user_id", "user_name").annotate(first=Min("sequence")):
        account = accounts[number]
        if not account.made:
            if not 0 < number < first:
                yield _finding(sequence, f"it is by the account {number}, which no entry says was ever made.")
        elif sequence < account.made:
            yield _finding(
                sequence, f"it is by the account {number}, which was made later, by entry {account.made}."
            )
        elif name not in account.names:
            names = changed("user_name", ", ".join(sorted(account.names)), name)
            yield _finding(sequence, f"it is by the account {number} under a name that it never had.", names)
    for number, account in sorted(accounts.items()):
        for since, at, until in account.shut_out:
            later = made.filter(user_id=number, sequence__gt=since, recorded_at__gt=at + _APART)
            later = later if until is None else later.filter(sequence__lt=until)
            entries = list(later.order_by("sequence").values_list("sequence", flat=True))
            if entries:
                yield _finding(
                    entries[0],
                    f"it is by the account {number}, which could not sign in since entry {since}, as are all of "
                    f"{listed(entries)}.",
                )


def _accounts() -> defaultdict[int, _Account]:
    accounts: defaultdict[int, _Account] = defaultdict(_Account)
    entries = LedgerEntry.objects.filter(kind=EntryKind.RIGHTS).values_list("event_id", "sequence")
    sequences = dict(entries)
    for change in RightsChange._base_manager.filter(of_group=False).order_by("pk").iterator():
        # A change without an entry is reported as such.
        if change.holder_id is None or change.pk not in sequences:
            continue
        account = accounts[change.holder_id]
        account.names.add(change.holder_name)
        for what, value in change.changes:
            if what == "renamed":
                account.names.add(value)
            elif what == "created":
                account.made = account.made or sequences[change.pk]
            if what == "deleted" or (what == "active" and value == "no"):
                account.shut_out.append((sequences[change.pk], change.recorded_at, None))
            elif what == "active" and account.shut_out:
                account.shut_out[-1] = (*account.shut_out[-1][:2], sequences[change.pk])
    return accounts


def _finding(sequence: int, message: str, *changes: Any) -> Finding:
    return Finding(sequence, Kind.ACTOR, message, changes)
