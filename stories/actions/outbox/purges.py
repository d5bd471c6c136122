"""Purge changed pages from the cache in front of the site."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from http.client import HTTPException
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
        # If no cache is configured any more, there is nothing to purge.
        if settings.PURGE_URL:
            for keys in batches(key for message in messages for key in message.payload["keys"]):
                run_with_timeout(TIMEOUT, partial(_post, keys))

    def close(self) -> None:
        """Do nothing: each request has its own connection."""


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
