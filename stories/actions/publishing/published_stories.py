"""Write the stories of publications as rows that readers' pages are made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from stories.actions.actors import site_locale
from stories.actions.editing.revise import lock
from stories.actions.outbox.enqueue import enqueue_purge_of
from stories.actions.record.baked_pages import drop_baked_pages_as_for
from stories.actions.record.live_periods import update_live_periods
from stories.actions.times import current_time
from stories.domain.snapshot import PublicStory
from stories.domain.stored_story import FORM, stored_story
from stories.domain.surrogate_keys import LISTS, story_key
from stories.models import Article, EntryKind, LedgerEntry, LivePeriod, Publication, PublishedStory, StoryMask
from stories.queries.publishing.live_periods import live_periods
from stories.queries.publishing.published_stories import published_form
from stories.queries.publishing.withholdings import mask_of
from stories.queries.story.snapshots import snapshots_at

# How many stories' periods are compared with their journals in one query.
_TOGETHER: Final = 500


def write_published_story(publication: Publication, story: PublicStory, *, mask_digest: str) -> None:
    """Write the story of a new publication, without what is withheld. One query."""
    PublishedStory.objects.create(
        publication=publication, form=published_form(mask_digest), data=stored_story(story)
    )


def rewrite_published_stories(article_id: int, stories: Mapping[int, PublicStory]) -> None:
    """Replace the stories of all publications that readers may see, and remove those of others. Four queries.

    `stories` are at least theirs, by publication, without what is withheld. The caller must hold the story's lock, and
    have updated its live periods.
    """
    mask = StoryMask.objects.filter(pk=article_id).values_list("digest", flat=True).first()
    form = published_form(mask or "")
    seen = LivePeriod.objects.filter(article=article_id, withdrawn=False, withheld=False)
    PublishedStory.objects.filter(publication__article=article_id).delete()
    PublishedStory.objects.bulk_create(
        PublishedStory(publication_id=pk, form=form, data=stored_story(stories[pk]))
        for pk in seen.order_by("pk").values_list("pk", flat=True)
    )


def refresh_published_stories(article_id: int) -> None:
    """Write the rows of a story from its history. The caller must hold its lock."""
    update_live_periods(article_id)
    numbers = dict(
        LivePeriod.objects.filter(article=article_id, withdrawn=False, withheld=False).values_list(
            "pk", "publication__revision__number"
        )
    )
    with site_locale():
        hide = mask_of(article_id)
        found = snapshots_at(article_id, set(numbers.values())) if numbers else {}
        stories = {pk: found[number].public(withheld=hide) for pk, number in numbers.items()}
    rewrite_published_stories(article_id, stories)


def rebuild_published_stories(*, whole: bool = False) -> Iterator[int]:
    """Write the rows of each story that lacks some or has wrong ones, or of all if `whole`; yield each story.

    Each in its own transaction, and what happened last first: an upgrade's rows lack what the release before did until
    it was restarted.
    """
    current = PublishedStory.objects.filter(publication=OuterRef("pk")).filter(
        Q(form=FORM) | Q(form__startswith=FORM, form__endswith=f".{settings.LANGUAGE_CODE}")
    )
    lacking = LivePeriod.objects.filter(~Exists(current), withdrawn=False, withheld=False).order_by()
    chosen = set(lacking.values_list("article", flat=True).distinct())
    entries = LedgerEntry.objects.filter(article__in=Publication.objects.order_by().values("article"))
    newest = entries.values("article").annotate(newest=Max("sequence")).order_by("-newest")
    stories = list(newest.values_list("article", flat=True))
    for start in range(0, len(stories), _TOGETHER):
        some = stories[start : start + _TOGETHER]
        wrong = {pair.article_id for pair in live_periods(some).values() if pair.expected != pair.stored}
        for number in some:
            if whole or number in chosen or number in wrong:
                with transaction.atomic():
                    refresh_published_stories(lock(Article.objects.get(pk=number)).pk)
                    if number in wrong:
                        # No entry says so: what was kept of these pages would stay as it is.
                        drop_baked_pages_as_for(EntryKind.WITHDRAWAL, number)
                        enqueue_purge_of([story_key(number), LISTS], at=current_time())
                yield number
