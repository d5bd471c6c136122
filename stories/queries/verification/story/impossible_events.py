"""Find entries of stories that no action writes, although chain and rows agree with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from stories.domain.dossier.checker.impossible_events import impossible_events
from stories.domain.ledger import canonical_time
from stories.models import EntryKind, LedgerEntry
from stories.queries.verification.findings import Finding, Kind
from stories.queries.verification.ledger.payloads import parsed

_COLUMNS = ("sequence", "kind", "event_id", "article_id", "recorded_at", "user_id", "user_name")


def check_impossible_events(articles: Sequence[int]) -> Iterator[Finding]:
    """Find every entry of some stories that the site would have refused to write. Two queries."""
    entries = LedgerEntry.objects.filter(article__in=articles).order_by("sequence")
    # Revisions are most of the entries, and what other events ask of them is in the columns.
    revisions = entries.filter(kind=EntryKind.REVISION).values_list(*_COLUMNS)
    others = entries.exclude(kind=EntryKind.REVISION).values_list(*_COLUMNS, "payload")
    payloads: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for sequence, kind, event, article, at, user_id, user_name, *payload in (*revisions, *others):
        known = parsed(payload[0]) if payload else {}
        # An unreadable payload is reported with its entry.
        if known is None:
            continue
        columns = {"sequence": sequence, "kind": kind, "event": event}
        who_and_when = {"by": [user_id, user_name], "at": canonical_time(at)}
        payloads[article].append(known | columns | who_and_when)
    for of_story in payloads.values():
        of_story.sort(key=lambda payload: payload["sequence"])
        for sequence, reason in impossible_events(of_story):
            yield Finding(sequence, Kind.IMPOSSIBLE, f"no action writes such an entry: {reason}.")
