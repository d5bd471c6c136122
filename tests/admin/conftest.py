"""Fixtures of the admin's tests: clients that are signed in."""

from __future__ import annotations

import pytest
from django.test import Client

from stories.models import User
from tests.factories import signed_in


@pytest.fixture
def desk(editor: User) -> Client:
    """Return the editor's client."""
    return signed_in(editor)
