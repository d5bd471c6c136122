"""Write anew what is searched of stories that words are withheld of: newer code may know more spellings of these."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from stories.actions.revise import lock
from stories.actions.rewrite_withheld import rewrite_withheld
from stories.actions.stale_copies import forget_stale_copies
from stories.models import Article, Withheld


def mask_anew() -> int:
    """Hide withheld words as this code finds them, one story a transaction; return of how many stories."""
    articles = Withheld.objects.exclude(words=[]).order_by("pk").values_list("pk", flat=True)
    for number in list(articles):
        with transaction.atomic():
            rewrite_withheld(lock(Article.objects.get(pk=number)).pk)
            forget_stale_copies()
    return len(articles)


@receiver(post_migrate)
def on_migrated(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **said: Any) -> None:
    """Do so at each release, which migrates; a flush has no plan, and a database on its way not every column."""
    if sender.label != "stories" or using != DEFAULT_DB_ALIAS or "plan" not in said:
        return
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        mask_anew()
