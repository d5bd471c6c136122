"""Fixtures of the audit desk's tests: the auditor's client, and stories."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stories.models import Article, LedgerEntry, Publication, User
from stories.models.record.revisions import Journal
from stories.models.roles import AUDITOR, EDITOR
from stories.queries.ledger.lines import entries_of
from tests.factories import begin, go_live, make_user, minutes, reword, signed_in, wanted


@pytest.fixture
def editor(db: None) -> User:
    return make_user(EDITOR, email="emil@example.org")


@pytest.fixture
def auditor(db: None) -> User:
    return make_user(AUDITOR, email="aldo@example.org")


@pytest.fixture
def desk(auditor: User) -> Client:
    """Return the auditor's client."""
    return signed_in(auditor)


@pytest.fixture
def article(editor: User, reporter: User) -> Article:
    """Return a reporter's story with two versions: the first, and a minor one."""
    article = begin(wanted("Council meets"), user=reporter)
    go_live(article, user=editor, at=minutes(10))
    reword(article, user=editor, at=minutes(20))
    go_live(article, user=editor, at=minutes(30), publication_class="minor", reason="An adverb")
    return article


def entry_of(event: Journal) -> LedgerEntry:
    """Return the ledger's entry of an event."""
    return LedgerEntry.objects.get(pk=entries_of([event])[str(event.entry_kind), event.pk])


def last_publication(article: Article) -> LedgerEntry:
    return entry_of(Publication.objects.filter(article=article).latest("pk"))


def page_html(client: Client, name: str, *args: object, **query: Any) -> str:
    """Return a page of the audit desk, as HTML."""
    answer = client.get(reverse(f"audit:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()
