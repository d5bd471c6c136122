"""Who sits at the admin in these tests."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, REPORTER
from tests.factories import make_user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor(db: None) -> User:
    return make_user(EDITOR)


@pytest.fixture
def reporter(db: None) -> User:
    return make_user(REPORTER)


@pytest.fixture
def managing_editor(db: None) -> User:
    return make_user(MANAGING_EDITOR)


@pytest.fixture
def auditor(db: None) -> User:
    return make_user(AUDITOR)


@pytest.fixture
def desk(editor: User) -> Client:
    """The editor's browser."""
    return signed_in(editor)
