"""Rebuild a story's mask from its journals, and what readers find of its versions."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from stories.actions.actors import site_locale
from stories.actions.editing.revise import lock
from stories.actions.publishing.published_stories import rewrite_published_stories
from stories.actions.publishing.search_text import rewrite_search_text
from stories.actions.record.live_periods import update_live_periods
from stories.actions.takedown.stale_copies import invalidate_stale_copies
from stories.models import Article, Publication, StoryMask
from stories.models.record.recording import permit
from stories.queries.publishing.withholdings import current_mask, mask
from stories.queries.story.snapshots import snapshots_at


def refresh_mask(article_id: int) -> StoryMask:
    """Rebuild a story's mask, inside the transaction of the decision that changes it."""
    now = current_mask(article_id)
    row = StoryMask(
        article_id=article_id,
        words=now.words,
        publications=now.publications,
        pictures=now.pictures,
        digest=now.digest,
    )
    with permit(row):
        row.save()
    update_live_periods(article_id)
    with site_locale():
        # Readers find its replacements by searching.
        hide = mask(now.words, now.pictures)
    publications = list(Publication.objects.filter(article=article_id).select_related("revision"))
    snapshots = snapshots_at(article_id, {publication.revision.number for publication in publications})
    stories = {each.pk: snapshots[each.revision.number].public(withheld=hide) for each in publications}
    for publication in publications:
        rewrite_search_text(publication, stories[publication.pk])
    rewrite_published_stories(article_id, stories)
    return row


def refresh_all_masks() -> int:
    """Mask withheld words as this code finds them, one story per transaction; return how many stories."""
    articles = StoryMask.objects.order_by("pk").values_list("pk", flat=True)
    for number in list(articles):
        with transaction.atomic():
            refresh_mask(lock(Article.objects.get(pk=number)).pk)
            invalidate_stale_copies()
    return len(articles)


@receiver(post_migrate)
def on_migrated(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **said: Any) -> None:
    """Refresh all masks at each release, which migrates. A flush has no plan; a partial migration lacks columns."""
    if sender.label != "stories" or using != DEFAULT_DB_ALIAS or "plan" not in said:
        return
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        refresh_all_masks()
