"""Tell the caches between us and readers what they have to let go of."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from stories.actions.order_purge import deliver_purges

TIMEOUT = 10
PAUSE = 2


class Command(BaseCommand):
    help = (
        "Sends the keys of pages that changed to PURGE_URL, as a POST of JSON with the token PURGE_TOKEN. What fails "
        "is tried again, later each time. Run it every minute, or with --watch as a service."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--watch", action="store_true", help=f"Go on, and look again every {PAUSE} seconds."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PURGE_URL:
            raise CommandError("PURGE_URL is empty, so no cache is told. Set it to your cache's address.")
        while True:
            delivered = deliver_purges(send=_send, at=timezone.now())
            if delivered.sent or delivered.failed or not options["watch"]:
                self.stdout.write(f"{delivered.sent} orders delivered, {delivered.failed} to be tried again.")
            if not options["watch"]:
                break
            time.sleep(PAUSE)
        if delivered.failed:
            raise CommandError("Some orders failed; they are tried again by the next run.")


def _send(keys: list[str]) -> None:
    request = Request(  # noqa: S310 - the settings allow http and https alone
        settings.PURGE_URL,
        data=json.dumps({"keys": keys}).encode(),
        headers={
            "Content-Type": "application/json",
            **({"Authorization": f"Bearer {settings.PURGE_TOKEN}"} if settings.PURGE_TOKEN else {}),
        },
    )
    # Any answer but a success is an HTTPError, which is an OSError.
    with urlopen(request, timeout=TIMEOUT):  # noqa: S310
        pass
