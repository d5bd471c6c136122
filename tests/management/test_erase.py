"""A phrase that stands everywhere: withheld, no public address holds it; erased, nothing does at all."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from stories.actions.approve_erasure import approve_erasure
from stories.actions.order_erasure import order_erasure
from stories.actions.withhold import withhold_words
from stories.models import Article, ErasureOrder, LedgerEntry, Withheld
from stories.models.roles import EDITOR, MANAGING_EDITOR
from stories.queries.snapshots import snapshot_at
from tests import erasing
from tests.factories import make_user, minutes

pytestmark = pytest.mark.django_db(transaction=True)

WHY: dict[str, Any] = {"ground": "court", "reason": "An order of the court."}


def managing(name: str) -> User:
    return make_user(MANAGING_EDITOR, username=name)


def ordered(article: Article, *, approved: bool = True, **what: Any) -> ErasureOrder:
    values: dict[str, Any] = {"scope": "words", "authority": "District Court, 4 O 12/26", **WHY, **what}
    order = order_erasure(article=article, user=managing("maya"), at=minutes(90), **values)
    if approved:
        approve_erasure(order=order, user=managing("mona"), at=minutes(91))
    return order


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("erase", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_phrase_withheld_and_then_erased_is_nowhere(client: Client) -> None:
    emil = make_user(EDITOR)
    article = erasing.make_phrase(emil)
    assert len(erasing.holding_addresses(client)) > 25
    withhold_words(article=article, words=erasing.PHRASE, user=managing("mia"), at=minutes(80), **WHY)
    assert erasing.holding_addresses(client) == []
    client.force_login(emil)
    assert erasing.in_previews(client, article) == []

    order = ordered(article, words=erasing.PHRASE)
    said = run(order.pk)
    assert erasing.PHRASE not in said
    assert erasing.in_cache() is False
    assert [name for name, content in erasing.stored_bytes() if erasing.holds(content)] == []
    assert erasing.holding_addresses(client) == []
    assert erasing.unexplained() == []
    page = client.get(f"/stories/{erasing.SLUG}/").content.decode()
    assert "The guests met <em>[words erased]</em>" in page
    assert "[words withheld]" not in page
    for number in range(1, 7):
        assert "[words erased]" in snapshot_at(article.pk, number).dek
    order.refresh_from_db()
    assert (order.words, order.authority, order.ground) == ("", "District Court, 4 O 12/26", "court")
    assert LedgerEntry.objects.order_by("-sequence")[0].kind == "erasure"
    assert Withheld.objects.get(pk=article.pk).words == []
