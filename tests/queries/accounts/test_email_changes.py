"""What an account has asked for is known for as long as its link works."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from stories.models import EmailChange, User
from stories.queries.accounts.email_changes import LIFETIME, pending_email_change

pytestmark = pytest.mark.django_db


def test_a_change_is_pending_for_its_account_until_its_link_has_expired(reporter: User, editor: User) -> None:
    now = timezone.now()
    change = EmailChange.objects.create(account=reporter, address="New@Example.org", asked_at=now)
    assert pending_email_change(reporter, at=now) == change
    assert pending_email_change(reporter, at=now + LIFETIME - timedelta(seconds=1)) == change
    assert pending_email_change(reporter, at=now + LIFETIME) is None
    assert pending_email_change(editor, at=now) is None
    assert change.address == "new@example.org"
