"""The rule that the ledger comes last, which every test checks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from stories.actions.editing.assignments import assign
from stories.models import Article, User
from tests import factories as make
from tests.ledger_last import LedgerNotLast, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(editor: User) -> Article:
    return make.begin(user=editor)


def touch(article: Article) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stories_presence SET user_name = '' WHERE article_id = %s", [article.pk])


def in_one_transaction(*steps: Callable[[], object]) -> None:
    with transaction.atomic():
        for step in steps:
            step()


def test_a_write_behind_the_entries_is_refused(article: Article, editor: User) -> None:
    with pytest.raises(LedgerNotLast, match="stories_presence"):
        in_one_transaction(lambda: assign(article=article, to=editor, user=editor), lambda: touch(article))


def test_a_second_action_in_the_same_transaction_is_refused(article: Article, editor: User) -> None:
    with pytest.raises(LedgerNotLast):
        in_one_transaction(
            lambda: assign(article=article, to=editor, user=editor),
            lambda: assign(article=article, to=None, user=editor),
        )


def test_what_follows_in_a_transaction_of_its_own_is_not(article: Article, editor: User) -> None:
    with stage():
        assign(article=article, to=editor, user=editor)
        touch(article)
        assign(article=article, to=None, user=editor)


def test_entries_that_a_savepoint_took_back_count_for_nothing(article: Article, editor: User) -> None:
    with transaction.atomic():
        with transaction.atomic():
            assign(article=article, to=editor, user=editor)
            transaction.set_rollback(True)
        assign(article=article, to=None, user=editor)
