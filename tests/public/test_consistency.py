"""What a reader gets at the very moment at which something is published, withdrawn or withheld."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.actions.takedown.withholdings import lift_withholding, withhold_version, withhold_words
from stories.domain.snapshot import NoteKind
from stories.models import Article, Ground, Publication, User
from stories.models.roles import MANAGING_EDITOR
from stories.public.http import chrome
from tests import factories as make
from tests.ledger_last import undone

OF_THE_STORY: Final = (
    "/stories/the-dam/",
    "/stories/the-dam/versions/",
    "/stories/the-dam/versions/1/",
    "/stories/the-dam/versions/2/",
    "/stories/the-dam/compare/1...2/",
    "/stories/the-dam/compare/?from=1&to=2",
    "/stories/the-dam/data.json",
    "/stories/the-dam/feed/",
    "/stories/the-dam/timegate/",
    "/stories/the-dam/timemap/",
)
OF_THE_SITE: Final = (
    "/",
    "/section/technology/",
    "/section/technology/feed/",
    "/author/ines-calder/",
    "/feed/",
    "/feed.json",
    "/corrections/",
    "/corrections/feed/",
    "/search/?q=council",
    "/sitemap.xml",
    "/sitemap-1.xml",
    "/ledger/",
    "/ledger/heads.json",
)
ADDRESSES: Final = (*OF_THE_STORY, *OF_THE_SITE)
# The lists that query each story again.
ASKED_TWICE: Final = (*OF_THE_STORY, "/", "/feed/", "/corrections/", "/corrections/feed/")


@pytest.fixture
def maya(db: None) -> User:
    return make.make_user(MANAGING_EDITOR)


@pytest.fixture
def story(maya: User) -> Article:
    """Return a story with two versions, the second of them with a correction, and another story."""
    section = make.make_section()
    bylines = (make.byline(make.make_author()),)
    article = make.begin(make.wanted("The dam", section=section.pk, bylines=bylines), user=maya)
    make.go_live(article, user=maya)
    further_version(article, maya, number=0)
    make.go_live(make.begin(make.wanted("Another", section=section.pk), user=maya), user=maya)
    return article


def further_version(article: Article, user: User, *, number: int) -> Publication:
    """Publish one more version, with a correction, dated before the present request began."""
    at = make.minutes(10 + number)
    make.reword(article, user=user, number=number % len(make.ADVERBS), at=at)
    correction = make.note(f"Correction {number}.", NoteKind.CORRECTION, was="on", now="of")
    return make.go_live(article, user=user, notes=(correction,), at=at)


@contextmanager
def before_query(number: int, happens: Callable[[], object]) -> Iterator[list[str]]:
    """Let something happen right before the query of a number, counted from 0; yields those that were made so far."""
    asked: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.lstrip().startswith(("SELECT", "WITH")) and not happening:
            asked.append(sql)
            if len(asked) == number + 1:
                happening.append(True)
                happens()
                happening.clear()
        return execute(sql, *rest)

    happening: list[bool] = []
    with connection.execute_wrapper(watch):
        yield asked


def fresh() -> None:
    """Clear everything that is cached."""
    cache.clear()
    chrome.clear()


def queries_of(address: str) -> int:
    fresh()
    with CaptureQueriesContext(connection) as captured:
        Client().get(address)
    return len(captured)


def answers(address: str, happens: Callable[[], object]) -> set[int]:
    """Return the responses of an address if something happens before each of its queries in turn."""
    seen = set()
    for number in range(queries_of(address)):
        with undone():
            fresh()
            with before_query(number, happens):
                seen.add(Client().get(address).status_code)
    assert seen, "it asks the database nothing"
    return seen


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_publication_between_two_queries_fails_no_page(story: Article, maya: User, address: str) -> None:
    assert answers(address, lambda: further_version(story, maya, number=1)) <= {200, 302}


@pytest.mark.parametrize("address", ASKED_TWICE)
def test_a_withdrawal_between_two_queries_fails_no_page(story: Article, maya: User, address: str) -> None:
    def down() -> None:
        withdraw(article=story, user=maya, notice="It is down.", reason="As agreed", at=make.minutes(30))

    assert answers(address, down) <= ({200, 302, 410} if address in OF_THE_STORY else {200})


@pytest.mark.parametrize("address", OF_THE_STORY[:6])
def test_a_version_withheld_between_two_queries_fails_no_page(
    story: Article, maya: User, address: str
) -> None:
    def hide() -> None:
        live = Publication.objects.filter(article=story).latest("live_from")
        withhold_version(
            publication=live, ground=Ground.LEGAL, reason="As agreed", user=maya, at=make.minutes(30)
        )

    assert answers(address, hide) <= {200, 302, 403}


@pytest.mark.parametrize("address", ASKED_TWICE)
def test_a_story_brought_back_between_two_queries_fails_no_page(
    story: Article, maya: User, address: str
) -> None:
    withdraw(article=story, user=maya, notice="It is down.", reason="As agreed", at=make.minutes(30))

    def back() -> None:
        reinstate(article=story, user=maya, reason="As agreed", at=make.minutes(31))

    assert answers(address, back) <= ({200, 302, 410} if address in OF_THE_STORY else {200})


@pytest.mark.parametrize("address", OF_THE_STORY)
@pytest.mark.parametrize("withheld", ["version", "words"])
def test_a_withholding_lifted_between_two_queries_fails_no_page(
    story: Article, maya: User, address: str, withheld: str
) -> None:
    why: dict[str, Any] = {
        "ground": Ground.LEGAL,
        "reason": "As agreed",
        "user": maya,
        "at": make.minutes(30),
    }
    if withheld == "version":
        live = Publication.objects.filter(article=story).latest("live_from")
        standing = withhold_version(publication=live, **why)
    else:
        standing = withhold_words(article=story, words="council met", **why)

    def lift() -> None:
        lift_withholding(withholding=standing, user=other, reason="As agreed", at=make.minutes(31))

    other = make.make_user(MANAGING_EDITOR, name="mona")
    assert answers(address, lift) <= {200, 302, 403}


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_goes_live_by_its_time_while_a_page_is_read_is_on_the_next(
    story: Article, maya: User, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.reword(story, user=maya, number=3, at=make.minutes(20))
    make.go_live(
        story,
        user=maya,
        notes=(make.note("It comes soon."),),
        at=make.minutes(20),
        live_from=make.minutes(30),
    )
    moments = iter([make.minutes(29) + timedelta(minutes=10 * turn) for turn in range(50)])
    read: list[datetime] = []

    def now() -> datetime:
        read.append(next(moments))
        return read[-1]

    monkeypatch.setattr(timezone, "now", now)
    assert Client().get(address).status_code in (200, 302)
    assert len(read) == 1, "the clock is read once a request"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "address", ["/stories/the-dam/feed/", "/stories/the-dam/versions/", "/corrections/", "/"]
)
def test_another_connection_publishes_between_two_queries(story: Article, maya: User, address: str) -> None:
    with ThreadPoolExecutor(1) as elsewhere:
        for number in range(queries_of(address)):
            fresh()

            def publish(number: int = number) -> None:
                further_version(story, maya, number=1 + number)

            def there(publish: Callable[[], None] = publish) -> None:
                elsewhere.submit(publish).result(timeout=20)

            with before_query(number, there):
                assert Client().get(address).status_code == 200
        elsewhere.submit(lambda: connection.close()).result(timeout=20)
