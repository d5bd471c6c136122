"""Count the attempts of a request."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from stories.actions.accounts.attempts import AttemptKind, CountedAttempt, count_attempt
from stories.admin.sign_in.known_browsers import browser_name
from stories.client_address import client_network


def count_attempt_of(request: HttpRequest, kind: AttemptKind, email: str) -> CountedAttempt:
    """Count a request's attempt at an account, before it is made. Raises TooManyAttempts."""
    return count_attempt(
        kind,
        email,
        client=client_network(request),
        browser=browser_name(request, email),
        at=timezone.now(),
    )
