"""Who has a story open is stored for the others, and deleted within the hour."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied

from stories.actions.editing.presence import clear_presence, touch_presence
from stories.models import Article, LedgerEntry, Presence, User
from tests.factories import begin, make_user, minutes

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(reporter: User) -> Article:
    return begin(user=reporter)


def seen() -> list[tuple[str, datetime]]:
    return list(Presence.objects.order_by("user_name").values_list("user_name", "seen_at"))


def test_each_person_is_stored_once_as_of_the_last_time(
    article: Article, reporter: User, editor: User
) -> None:
    for user, minute in ((reporter, 1), (editor, 2), (reporter, 3)):
        touch_presence(article=article, user=user, at=minutes(minute))
    assert seen() == [("Emil Editor", minutes(2)), ("Rosa Reporter", minutes(3))]
    clear_presence(article=article, user=reporter)
    assert seen() == [("Emil Editor", minutes(2))]


def test_whose_browser_closed_without_saying_so_is_deleted_when_somebody_else_comes(
    article: Article, reporter: User, editor: User
) -> None:
    touch_presence(article=article, user=reporter, at=minutes(0))
    touch_presence(article=article, user=editor, at=minutes(61))
    assert seen() == [("Emil Editor", minutes(61))]


def test_it_leaves_no_trace_in_the_record(article: Article, editor: User) -> None:
    entries = LedgerEntry.objects.count()
    touch_presence(article=article, user=editor, at=minutes(1))
    clear_presence(article=article, user=editor)
    assert LedgerEntry.objects.count() == entries


def test_who_may_not_read_the_story_is_not_stored(article: Article) -> None:
    outsider = make_user()
    with pytest.raises(PermissionDenied):
        touch_presence(article=article, user=outsider, at=minutes(1))
    with pytest.raises(PermissionDenied):
        clear_presence(article=article, user=outsider)
    assert seen() == []
