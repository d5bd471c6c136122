"""Purge changed pages from the cache in front of the site."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from http.client import HTTPException
from threading import Thread
from typing import Final
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

from stories.actions.outbox.channels import run_with_timeout
from stories.domain.surrogate_keys import batches, count_fitting
from stories.models import OutboxMessage

# A cache answers in milliseconds; one that does not is down.
TIMEOUT: Final = 5.0


class PurgeChannel:
    """Posts keys to PURGE_URL, as JSON with the token PURGE_TOKEN."""

    kinds = frozenset({OutboxMessage.Kind.PURGE.value})
    lease = timedelta(seconds=30)
    first_wait = timedelta(seconds=5)
    longest_wait = timedelta(seconds=30)

    def count_together(self, messages: Sequence[OutboxMessage]) -> int:
        return count_fitting([message.payload["keys"] for message in messages])

    def send(self, messages: Sequence[OutboxMessage]) -> None:
        self.post(key for message in messages for key in message.payload["keys"])

    @staticmethod
    def post(keys: Iterable[str]) -> None:
        """Post keys, as many at a time as a cache takes. Raises OSError if it does not accept them."""
        # If no cache is configured any more, there is nothing to purge.
        if settings.PURGE_URL:
            for some in batches(keys):
                run_with_timeout(TIMEOUT, partial(_post, some))

    def close(self) -> None:
        """Do nothing: each request has its own connection."""


def purge_at_once(keys: Iterable[str], *, wait: float) -> None:
    """Purge keys now, from this process, and wait for the cache's answer for so many seconds at most.

    So nothing depends on a worker that runs. It may fail: the same purge is enqueued, and made by the worker again.
    """

    def purge() -> None:
        with suppress(OSError):
            PurgeChannel.post(keys)

    thread = Thread(target=purge, name="purge", daemon=True)
    thread.start()
    thread.join(wait)


class _NoRedirects(HTTPRedirectHandler):
    """Refuses redirects: a redirected POST would become a GET, which purges nothing and is answered with 200."""

    def redirect_request(self, *args: object) -> None:
        return None


_opener = build_opener(_NoRedirects)


def _post(keys: list[str]) -> None:
    request = Request(  # noqa: S310 - the settings allow http and https alone
        settings.PURGE_URL,
        data=json.dumps({"keys": keys}).encode(),
        headers={
            "Content-Type": "application/json",
            **({"Authorization": f"Bearer {settings.PURGE_TOKEN}"} if settings.PURGE_TOKEN else {}),
        },
    )
    try:
        # Any response but a success is an HTTPError, which is an OSError.
        with _opener.open(request, timeout=TIMEOUT):
            pass
    except HTTPException as error:
        raise OSError(f"What answers at PURGE_URL speaks no HTTP ({type(error).__name__}).") from error
