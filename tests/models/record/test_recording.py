"""Every way to bypass `revise` is refused, before anything is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from stories.models import (
    Article,
    Author,
    LedgerEntry,
    PartKey,
    Publication,
    PublicationCard,
    PublishedNote,
    Revision,
    Section,
    StoryAddress,
    TextBlock,
    UpdateNote,
    User,
)
from stories.models.integrity.checks import check_recording
from stories.models.integrity.registry import TRACKED_MODELS, history_model
from stories.models.record.recording import GuardedQuerySet, UnrecordedChange
from stories.models.roles import EDITOR
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def emil() -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def article(emil: User) -> Article:
    section, author = make.make_section(), make.make_author()
    story = make.wanted(
        "Council hears objections",
        make.text(),
        make.quote(),
        section=section.pk,
        bylines=(make.byline(author),),
        comment_requests=(make.request(),),
        update_notes=(make.note(),),
    )
    article = make.begin(story, user=emil)
    make.go_live(article, user=emil)
    return article


def a_block(article: Article) -> TextBlock:
    return TextBlock.objects.get(parent=article)


def a_new_block(article: Article) -> TextBlock:
    return TextBlock(parent=article, key=uuid4(), text="<p>Slipped in.</p>")


def changed(article: Article) -> Any:
    block: Any = a_block(article)
    block.text = "<p>Changed on the quiet.</p>"
    return block


def history_of(article: Article) -> Any:
    return history_model(TextBlock).objects.get(parent_id=article.pk)


WAYS: dict[str, Callable[[Article], Any]] = {
    "save": lambda article: changed(article).save(),
    "save of an article": lambda article: Article.objects.get(pk=article.pk).save(),
    "save of a new row": lambda article: a_new_block(article).save(),
    "save with update_fields": lambda article: changed(article).save(update_fields=["text"]),
    "save without a historical record": lambda article: changed(article).save_without_historical_record(),
    "a raw save_base, as loaddata does": lambda article: changed(article).save_base(raw=True),
    "delete": lambda article: a_block(article).delete(),
    "delete of the article": lambda article: Article.objects.get(pk=article.pk).delete(),
    "a collector, as the admin's delete has": lambda article: collect_and_delete(a_block(article)),
    "create": lambda article: TextBlock.objects.create(parent=article, key=uuid4(), text="<p>x</p>"),
    "get_or_create": lambda article: TextBlock.objects.get_or_create(
        key=uuid4(), defaults={"parent": article, "text": "<p>x</p>"}
    ),
    "update_or_create": lambda article: TextBlock.objects.update_or_create(
        key=a_block(article).key, defaults={"text": "<p>x</p>"}
    ),
    "queryset update": lambda article: TextBlock.objects.filter(parent=article).update(text="<p>x</p>"),
    "queryset delete": lambda article: TextBlock.objects.filter(parent=article).delete(),
    "bulk_create": lambda article: TextBlock.objects.bulk_create([a_new_block(article)]),
    "bulk_update": lambda article: TextBlock.objects.bulk_update([changed(article)], ["text"]),
    "a related manager's create": lambda article: article.textblock_set.create(key=uuid4(), text="<p>x</p>"),
    "a related manager's update": lambda article: article.textblock_set.update(text="<p>x</p>"),
    "a related manager's add": lambda article: article.textblock_set.add(a_block(article)),
    "a related manager's unsaved add": lambda article: article.textblock_set.add(
        a_new_block(article), bulk=False
    ),
    "the default manager": lambda article: TextBlock._default_manager.filter(parent=article).update(text=""),
    "the base manager": lambda article: TextBlock._base_manager.filter(parent=article).update(text=""),
    "the base manager's delete": lambda article: TextBlock._base_manager.all().delete(),
    "simple-history's bulk create": lambda article: bulk_create_with_history(
        [a_new_block(article)], TextBlock
    ),
    "simple-history's bulk update": lambda article: bulk_update_with_history(
        [changed(article)], TextBlock, ["text"]
    ),
    "simple-history's bulk_history_create": lambda article: TextBlock.history.bulk_history_create(
        [changed(article)]
    ),
    "a history row's save": lambda article: history_of(article).save(),
    "a history row's delete": lambda article: history_of(article).delete(),
    "history update": lambda article: TextBlock.history.update(text=""),
    "history delete": lambda article: TextBlock.history.all().delete(),
    "history of one, delete": lambda article: a_block(article).history.all().delete(),
    "history's base manager": lambda article: history_model(TextBlock)._base_manager.all().delete(),
    "history bulk_create": lambda article: history_model(TextBlock).objects.bulk_create(
        [history_of(article)]
    ),
    "a revision's save": lambda article: Revision.objects.get(article=article).save(),
    "revisions update": lambda article: Revision.objects.update(reason="another"),
    "a publication's delete": lambda article: Publication.objects.get(article=article).delete(),
    "publications update": lambda article: Publication.objects.update(reason="another"),
    "a permit without a revision": lambda article: permitted(changed(article)).save(),
    "a published note's update": lambda article: PublishedNote.objects.update(text="Softened."),
    "a card's update": lambda article: PublicationCard.objects.update(headline="Another"),
    "a card's save": lambda article: PublicationCard.objects.get().save(),
    "an address's update": lambda article: StoryAddress.objects.update(slug="another"),
    "a key's delete": lambda article: PartKey.objects.all().delete(),
    "a ledger entry's save": lambda article: LedgerEntry.objects.get(sequence=1).save(),
    "ledger delete": lambda article: LedgerEntry.objects.all().delete(),
}


def permitted(row: Any) -> Any:
    row._permitted = True
    return row


def collect_and_delete(row: models.Model) -> None:
    collector = Collector(using="default")
    collector.collect([row])
    collector.delete()


@pytest.mark.parametrize("way", WAYS)
def test_every_other_way_to_write_raises_before_anything_is_written(article: Article, way: str) -> None:
    with (
        CaptureQueriesContext(connection) as queries,
        pytest.raises(UnrecordedChange, match=r"nothing was written"),
    ):
        WAYS[way](article)
    writes = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert writes == []


def test_the_refusal_says_what_to_call_instead(article: Article) -> None:
    with pytest.raises(UnrecordedChange, match=r"stories\.actions\.editing\.revise\.revise\(article=\.\.\."):
        changed(article).save()


def test_a_section_in_use_can_not_be_deleted(article: Article) -> None:
    with pytest.raises(ProtectedError):
        Section.objects.get().delete()
    with pytest.raises(ProtectedError):
        Section.objects.all().delete()


def test_an_author_in_use_can_not_be_deleted(article: Article) -> None:
    with pytest.raises(ProtectedError):
        Author.objects.get().delete()


def test_a_fixture_can_not_be_loaded_over_a_story(article: Article, tmp_path: Any) -> None:
    fixture = tmp_path / "stories.json"
    block = a_block(article)
    fields = {"parent": article.pk, "key": str(block.key), "text": "x"}
    fixture.write_text(json.dumps([{"model": "stories.textblock", "pk": block.pk, "fields": fields}]))
    with pytest.raises(Exception, match="nothing was written"):
        call_command("loaddata", str(fixture), verbosity=0)
    assert a_block(article).text == block.text


def test_reading_stays_as_free_as_ever(article: Article) -> None:
    assert TextBlock.objects.get_or_create(key=a_block(article).key)[1] is False
    assert TextBlock.objects.filter(parent=article).exists()
    assert a_block(article).history.count() == 1


def test_every_tracked_model_and_its_history_is_guarded() -> None:
    for model in TRACKED_MODELS:
        for each in (model, history_model(model)):
            assert isinstance(each._base_manager.get_queryset(), GuardedQuerySet), each
            assert isinstance(each._default_manager.get_queryset(), GuardedQuerySet), each


def test_the_system_checks_find_nothing_in_the_house_as_it_is() -> None:
    assert check_recording(None) == []


@pytest.mark.parametrize(("field", "rule"), [("author", models.CASCADE), ("parent", models.SET_NULL)])
def test_a_foreign_key_that_would_change_rows_by_itself_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, field: str, rule: Any
) -> None:
    byline = next(model for model in TRACKED_MODELS if model.__name__ == "Byline")
    monkeypatch.setattr(byline._meta.get_field(field).remote_field, "on_delete", rule)
    assert [problem.id for problem in check_recording(None)] == ["stories.E001"]


def test_an_unguarded_manager_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    loose: Any = models.Manager()
    loose.model = UpdateNote
    loose.name = "loose"
    monkeypatch.setitem(UpdateNote._meta.__dict__, "base_manager", loose)
    assert [problem.id for problem in check_recording(None)] == ["stories.E003"]


def test_a_column_that_the_ledger_does_not_cover_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    from stories.models.integrity import canonical  # noqa: PLC0415 - patched here alone

    form = canonical.FORMS[canonical.CURRENT_FORM]
    covered = tuple(name for name in form["byline"] if name != "credited_as")
    monkeypatch.setitem(form, "byline", covered)
    (problem,) = check_recording(None)
    assert problem.id == "stories.E004"
    assert problem.msg.endswith("the columns of Byline, or covers others: credited_as.")
    assert f"FORMS[{canonical.CURRENT_FORM + 1}]" in str(problem.hint)


@override_settings(SIMPLE_HISTORY_ENABLED=False)
def test_switching_the_history_off_fails_the_check_and_any_write(emil: User) -> None:
    assert [problem.id for problem in check_recording(None)] == ["stories.E006"]
    with pytest.raises(UnrecordedChange):
        make.begin(user=emil)
    assert not Article.objects.exists()
