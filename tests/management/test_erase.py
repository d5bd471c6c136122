"""A phrase that is everywhere: withheld, it is at no public address; erased, it is nowhere at all."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure
from stories.actions.takedown.withholdings import withhold_words
from stories.models import Article, Erasure, ErasureOrder, LedgerEntry, StoryMask, User
from stories.models.roles import EDITOR, MANAGING_EDITOR
from stories.queries.story.snapshots import snapshot_at
from tests import erasing
from tests.factories import begin, make_user, minutes, text, wanted

pytestmark = pytest.mark.django_db(transaction=True)

WHY: dict[str, Any] = {"ground": "court", "reason": "An order of the court."}


def managing(name: str) -> User:
    return make_user(MANAGING_EDITOR, name=name)


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
    assert len(erasing.addresses_with_phrase(client)) > 25
    withhold_words(article=article, words=erasing.PHRASE, user=managing("mia"), at=minutes(80), **WHY)
    assert erasing.addresses_with_phrase(client) == []
    client.force_login(emil)
    assert erasing.previews_with_phrase(client, article) == []

    order = ordered(article, words=erasing.PHRASE)
    output = run(order.pk)
    assert erasing.PHRASE not in output
    assert erasing.in_cache() is False
    assert [name for name, content in erasing.stored_bytes() if erasing.contains_phrase(content)] == []
    assert erasing.addresses_with_phrase(client) == []
    assert erasing.unexplained() == []
    page = client.get(f"/stories/{erasing.SLUG}/").content.decode()
    assert "The guests met <em>[words erased]</em>" in page
    assert "[words withheld]" not in page
    for number in range(1, 7):
        assert "[words erased]" in snapshot_at(article.pk, number).dek
    order.refresh_from_db()
    assert (order.words, order.authority, order.ground) == ("", "District Court, 4 O 12/26", "court")
    assert LedgerEntry.objects.order_by("-sequence")[0].kind == "erasure"
    assert StoryMask.objects.get(pk=article.pk).words == []


def test_it_lists_what_is_approved_and_never_the_words() -> None:
    article = erasing.make_phrase(make_user(EDITOR))
    assert run() == "No approved order waits.\n"
    order = ordered(article, words=erasing.PHRASE)
    output = run()
    assert output.startswith(
        f"{order.pk}: words, wherever they stand in the story, of story {article.pk}; ordered by"
    )
    assert erasing.PHRASE not in output


def test_a_dry_run_says_what_would_be_done_and_does_nothing() -> None:
    article = erasing.make_phrase(make_user(EDITOR))
    order = ordered(article, words=erasing.PHRASE)
    output = run(order.pk, "--dry-run")
    assert output.startswith("Would change: ")
    assert "history of stories" in output
    assert erasing.PHRASE in snapshot_at(article.pk, 1).dek
    assert not Erasure.objects.exists()


def test_what_is_not_approved_or_unknown_is_refused_with_a_sentence() -> None:
    order = ordered(erasing.make_phrase(make_user(EDITOR)), words=erasing.PHRASE, approved=False)
    with pytest.raises(CommandError, match="is not approved"):
        run(order.pk)
    with pytest.raises(CommandError, match="There is no order 999"):
        run(999)


def test_drafts_are_kept_for_as_long_as_the_setting_says(settings: Settings) -> None:
    with pytest.raises(CommandError, match="KEEP_DRAFTS is not set"):
        run("--drafts")
    emil = make_user(EDITOR)
    draft = begin(wanted("A draft", text(f"<p>{erasing.PHRASE} spoke.</p>")), user=emil, at=minutes(0))
    settings.KEEP_DRAFTS = 30
    assert "Drafts to be erased: 1." in run("--drafts", "--dry-run")
    assert erasing.PHRASE in repr(snapshot_at(draft.pk, 1))
    assert "Drafts erased: 1." in run("--drafts")
    assert [name for name, content in erasing.stored_bytes() if erasing.contains_phrase(content)] == []
    assert "Drafts erased: 0." in run("--drafts")
    assert erasing.unexplained() == []
