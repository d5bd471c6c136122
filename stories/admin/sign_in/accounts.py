"""Whose account a page is about."""

from __future__ import annotations

from django.http import HttpRequest

from stories.models import User


def account_of(request: HttpRequest) -> User:
    """Return the account of who is signed in, for pages that nobody else reaches."""
    assert isinstance(request.user, User)
    return request.user
