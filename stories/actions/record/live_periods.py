"""Keep the live periods of a story as its journals say, under its lock."""

from __future__ import annotations

from typing import Final

from stories.models import LiveCredit, LivePeriod, PublishedStory
from stories.queries.publishing.live_periods import live_periods

_COLUMNS: Final = [field.name for field in LivePeriod._meta.concrete_fields if not field.primary_key]


def update_live_periods(article_id: int) -> None:
    """Write those of a story's live periods that its journals changed, inside the transaction of the change.

    What a cancelled publication had is deleted, and the story of one that is withdrawn, withheld or erased. One query,
    and a few for what changed.
    """
    periods = live_periods([article_id])
    gone = [pk for pk, pair in periods.items() if pair.stored and not pair.expected]
    changed = [pair.expected for pair in periods.values() if pair.expected and pair.expected != pair.stored]
    hidden = [period["publication_id"] for period in changed if period["withdrawn"] or period["withheld"]]
    if gone or hidden:
        PublishedStory.objects.filter(publication__in=[*gone, *hidden]).delete()
    if gone:
        LivePeriod.objects.filter(pk__in=gone).delete()
    LivePeriod.objects.bulk_create(
        [
            LivePeriod(**{name: value for name, value in period.items() if name != "authors"})
            for period in changed
        ],
        update_conflicts=True,
        unique_fields=["publication"],
        update_fields=_COLUMNS,
    )
    credited = [
        period
        for period in changed
        if (stored := periods[period["publication_id"]].stored) is None
        or any(period[name] != stored[name] for name in ("authors", "first_live_from"))
    ]
    credited_before = [
        pk
        for pk in (period["publication_id"] for period in credited)
        if (was := periods[pk].stored) and was["authors"]
    ]
    if credited_before:
        LiveCredit.objects.filter(period__in=credited_before).delete()
    LiveCredit.objects.bulk_create(
        LiveCredit(
            period_id=period["publication_id"],
            author=author,
            article_id=article_id,
            first_live_from=period["first_live_from"],
        )
        for period in credited
        for author in sorted(period["authors"])
    )
