"""Carry out approved orders to erase."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from stories.actions.errors import Refused
from stories.actions.takedown.erase import ErasureResult, delete_leftover_files, erase, erase_draft
from stories.actions.takedown.vacuum import NotReclaimed, vacuum
from stories.actions.times import current_time
from stories.models import Erasure, ErasureOrder
from stories.queries.takedown.erasable import changes_of_order, changes_of_story, counted
from stories.queries.takedown.erasures import approved_orders, expired_drafts


class Command(BaseCommand):
    help = (
        "Lists the orders to erase that were approved; with the number of one, carries it out: what it names leaves "
        "the story, its history, the record's words, search, caches and files, and the ledger verifies as before. "
        "With --drafts, does the same for drafts that were kept for longer than KEEP_DRAFTS days. On PostgreSQL, "
        "DATABASE_URL names the role that owns the tables. Backups are yours to renew."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("order", nargs="?", type=int, metavar="ORDER", help="The number of an order.")
        parser.add_argument("--drafts", action="store_true", help="Erase drafts kept for too long instead.")
        parser.add_argument(
            "--reclaim", action="store_true", help="Only have the database give back what was erased before."
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done, and do nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["reclaim"]:
            self._reclaim()
        elif options["drafts"]:
            self._drafts(dry=options["dry_run"])
        elif options["order"] is None:
            self._list()
        else:
            self._order(options["order"], dry=options["dry_run"])

    def _list(self) -> None:
        orders = list(approved_orders())
        if not orders:
            self.stdout.write("No approved order waits.")
        for order in orders:
            # Without the words: a terminal's history is not erased with them.
            self.stdout.write(
                f"{order.pk}: {order.get_scope_display()}, of story {order.article_id}; "
                f"ordered by {order.user_name}, approved by {order.approval.user_name}."
            )

    def _order(self, number: int, *, dry: bool) -> None:
        order = ErasureOrder.objects.filter(pk=number).first()
        if order is None:
            raise CommandError(f"There is no order {number}. Nothing was erased.")
        if dry:
            self._print_counts("Would change", counted(changes_of_order(order)))
            return
        self._make_secure()
        if Erasure.objects.filter(order=order).exists():
            self._finish(order)
            return
        try:
            done = erase(order=order, at=current_time())
        except (Refused, PermissionError) as refusal:
            raise CommandError(f"{refusal} Nothing was erased.") from refusal
        except OperationalError as error:
            raise CommandError(
                f"The database went away ({type(error).__name__}): the order was carried out whole, or not at all. Run "
                f"this again: manage.py erase {number}"
            ) from error
        self._report(done)
        self._reclaim()
        self.stdout.write("Erased. Renew your backups now: they still hold it.")

    def _finish(self, order: ErasureOrder) -> None:
        """Do what is left to do for an order that was carried out: its command may have been interrupted."""
        files = delete_leftover_files(order)
        self._reclaim()
        self.stdout.write(
            f"Order {order.pk} was carried out already. Removed now: {files} files, and what the database's files and "
            "the cache still held. Renew your backups: they still hold it."
        )

    def _drafts(self, *, dry: bool) -> None:
        days: int | None = settings.KEEP_DRAFTS
        if days is None:
            raise CommandError("KEEP_DRAFTS is not set, so drafts are kept for ever. Nothing was erased.")
        at = current_time()
        drafts = list(expired_drafts(days, at=at))
        if not dry:
            self._make_secure()
        for article in drafts:
            if dry:
                self._print_counts(
                    f"Would change of draft {article.pk}", counted(changes_of_story(article.pk))
                )
                continue
            try:
                self._report(erase_draft(article=article, retention_days=days, at=at))
            except PermissionError as refusal:
                raise CommandError(str(refusal)) from refusal
        if drafts and not dry:
            self._reclaim()
        self.stdout.write(f"Drafts {'to be ' if dry else ''}erased: {len(drafts)}.")

    def _reclaim(self) -> None:
        try:
            vacuum(say=self.stdout.write)
        except NotReclaimed as error:
            raise CommandError(
                f"What was erased is in no table any more, but bytes of it are still in files or in the cache: {error} "
                "End that, or stop what uses the database, then run: manage.py erase --reclaim"
            ) from error

    def _make_secure(self) -> None:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA secure_delete = ON")

    def _report(self, done: ErasureResult) -> None:
        self._print_counts("Changed", done.changed)
        self.stdout.write(f"Removed: {done.files} files, {done.sessions} sessions.")

    def _print_counts(self, what: str, counts: list[tuple[str, int]]) -> None:
        self.stdout.write(f"{what}: {', '.join(f'{count} {kind}' for kind, count in counts) or 'nothing'}.")
