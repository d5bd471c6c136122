"""Check the live periods of publications, by which pages and lists choose, against the journals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from stories.queries.publishing.live_periods import live_periods
from stories.queries.verification.findings import Finding, Kind, listed


def check_live_periods(articles: Sequence[int]) -> Iterator[Finding]:
    """Find every story whose live periods or credits differ from its journals. One query."""
    wrong: defaultdict[int, list[int]] = defaultdict(list)
    for pk, pair in live_periods(articles).items():
        if pair.expected != pair.stored:
            wrong[pair.article_id].append(pk)
    for article, publications in wrong.items():
        yield Finding(
            None,
            Kind.LIVE,
            f"When the publications {listed(publications)} of story {article} are live, or whom they credit (in "
            "stories_liveperiod and stories_livecredit), is not what its journals say: pages and lists go by it. "
            "manage.py rebuild_pages --all writes it again.",
        )
