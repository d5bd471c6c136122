"""Write the stories of publications as rows that readers' pages are made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from stories.actions.actors import site_locale
from stories.actions.editing.revise import lock
from stories.actions.record.live_periods import update_live_periods
from stories.domain.snapshot import PublicStory
from stories.domain.stored_story import FORM, stored_story
from stories.models import Article, LivePeriod, Publication, PublishedStory, StoryMask
from stories.queries.publishing.published_stories import published_form
from stories.queries.publishing.withholdings import mask_of
from stories.queries.story.snapshots import snapshots_at


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
    """Write the rows of every story that lacks some, or of all if `whole`; yield each story, in its own transaction."""
    current = PublishedStory.objects.filter(publication=OuterRef("pk")).filter(
        Q(form=FORM) | Q(form__startswith=FORM, form__endswith=f".{settings.LANGUAGE_CODE}")
    )
    lacking = LivePeriod.objects.filter(~Exists(current), withdrawn=False, withheld=False)
    without_period = Publication.objects.not_cancelled().filter(period__isnull=True)
    chosen = Publication.objects.filter(Q(period__in=lacking) | Q(pk__in=without_period))
    rows = Publication.objects.all() if whole else chosen
    for number in list(rows.order_by("article").values_list("article", flat=True).distinct()):
        with transaction.atomic():
            refresh_published_stories(lock(Article.objects.get(pk=number)).pk)
        yield number
