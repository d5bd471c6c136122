"""While the database is away everybody has an answer at once, and no answer is wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import override_settings
from psycopg_pool import PoolTimeout

from newsroom import database_outage
from newsroom.database_outage import OUTAGE, PAUSE, DatabaseOutageMiddleware
from newsroom.errors import server_error
from newsroom.postgresql import ServerHangs
from stories.actions.takedown.withdrawals import withdraw
from stories.actions.takedown.withholdings import withhold_words
from stories.models import Article, User
from stories.models.grounds import Ground
from stories.public.http import stale_copies
from tests.factories import begin, go_live, make_user, signed_in, text, wanted

STORY = "/stories/council/"


class Clock:
    """Time as the test says."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    clock = Clock()
    monkeypatch.setattr(database_outage, "time", clock)
    monkeypatch.setattr(stale_copies, "time", clock)
    monkeypatch.setattr("stories.actions.takedown.stale_copies.time", clock)
    stale_copies.clear()
    OUTAGE.end()
    yield clock
    OUTAGE.end()


@pytest.fixture(autouse=True)
def shared_cache() -> Iterator[None]:
    with override_settings(SHARED_CACHE=True):
        yield


def away(*_args: Any, **_options: Any) -> Any:
    """Fail like any query while the database is away."""
    raise OperationalError("connection refused") from psycopg.OperationalError("connection refused")


@pytest.fixture
def lost() -> Callable[[], Any]:
    """Take the database away for a block."""
    return lambda: connection.execute_wrapper(away)


class TestRequests:
    """The middleware alone, around a view that fails."""

    def answer(self, view: Callable[[HttpRequest], HttpResponse], method: str = "GET") -> Any:
        def get_response(request: HttpRequest) -> HttpResponse:
            try:
                return view(request)
            except Exception:
                return server_error(request)

        return DatabaseOutageMiddleware(get_response)(RequestFactory().generic(method, "/stories/x/"))

    def test_a_dead_connection_costs_a_reader_nothing(self) -> None:
        """After a restart of the server, the first query on an old connection fails; the second one succeeds."""
        asked = []

        def view(request: HttpRequest) -> HttpResponse:
            asked.append(request)
            return away() if len(asked) == 1 else HttpResponse("the page")

        assert self.answer(view).content == b"the page"
        assert len(asked) == 2
        assert not OUTAGE.lasts()

    def test_what_writes_is_never_sent_twice(self) -> None:
        asked = []

        def view(request: HttpRequest) -> HttpResponse:
            asked.append(request)
            return away()

        assert self.answer(view, "POST").status_code == 503
        assert len(asked) == 1

    @pytest.mark.parametrize("cause", [ServerHangs("no answer"), PoolTimeout("no connection")])
    def test_who_waited_in_vain_does_not_wait_twice(self, cause: Exception) -> None:
        asked = []

        def view(request: HttpRequest) -> HttpResponse:
            asked.append(request)
            raise OperationalError("waited") from cause

        assert self.answer(view).status_code == 503
        assert len(asked) == 1
        assert OUTAGE.lasts()

    def test_a_server_that_is_gone_is_503_with_a_time_to_come_again(self) -> None:
        response = self.answer(away)
        assert response.status_code == 503
        assert response["Retry-After"] == "5"
        assert response["Cache-Control"] == "no-store"
        assert "Please try again in a few seconds" in response.content.decode()

    def test_others_are_answered_without_waiting_and_one_at_a_time_finds_out(self, clock: Clock) -> None:
        self.answer(away)
        asked = []

        def view(request: HttpRequest) -> HttpResponse:
            asked.append(request)
            return away()

        for _ in range(5):
            assert self.answer(view).status_code == 503
        assert asked == []
        clock.now += PAUSE
        for _ in range(5):
            self.answer(view)
        # Once, and once more on a new connection.
        assert len(asked) == 2

    def test_once_it_is_back_everybody_is_served(self, clock: Clock) -> None:
        self.answer(away)
        clock.now += PAUSE
        for _ in range(3):
            assert self.answer(lambda _request: HttpResponse("the page")).status_code == 200

    @pytest.mark.parametrize("cause", [psycopg.errors.QueryCanceled, psycopg.errors.DeadlockDetected])
    def test_a_statement_that_took_too_long_is_no_outage(self, cause: type[Exception]) -> None:
        def view(_request: HttpRequest) -> HttpResponse:
            raise OperationalError("canceled") from cause("canceled")

        assert self.answer(view).status_code == 503
        assert not OUTAGE.lasts()

    def test_a_statement_that_took_too_long_is_reported_as_that(self) -> None:
        def view(_request: HttpRequest) -> HttpResponse:
            raise OperationalError("canceled") from psycopg.errors.QueryCanceled("canceled")

        for method in ("GET", "POST"):
            page_html = self.answer(view, method).content.decode()
            assert "This page took too long to make" in page_html
            assert "does not answer" not in page_html
        assert "does not answer" in self.answer(away).content.decode()

    def test_any_other_fault_is_500(self) -> None:
        def view(_request: HttpRequest) -> HttpResponse:
            raise ValueError

        assert self.answer(view).status_code == 500


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestWriting:
    """Requests that write, which can't be asked twice: their connection is tried before them."""

    def answer(self, before: Callable[..., Any]) -> Any:
        """Return the response to a POST that queries the database, with `before` called before each statement."""

        def get_response(_request: HttpRequest) -> HttpResponse:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 'saved'")
                return HttpResponse(*cursor.fetchone())

        with connection.execute_wrapper(before):
            return DatabaseOutageMiddleware(get_response)(RequestFactory().post("/admin/stories/"))

    def test_a_dead_connection_is_changed_before_anything_is_written(self) -> None:
        connection.ensure_connection()
        connection.connection.close()
        assert self.answer(lambda execute, *rest: execute(*rest)).content == b"saved"

    def test_without_a_server_nothing_was_sent_to_it_and_who_wrote_knows(self) -> None:
        assert "Nothing that you sent was saved" in self.answer(away).content.decode()

    def test_one_that_hangs_is_asked_once(self) -> None:
        asked = []

        def hang(*_args: Any) -> Any:
            asked.append(_args)
            raise OperationalError("no answer") from ServerHangs("no answer")

        assert self.answer(hang).status_code == 503
        assert len(asked) == 1


@pytest.fixture
def article(db: None, managing_editor: User) -> Article:
    body = text("<p>The harbour master resigned.</p>")
    article = begin(wanted("Council", body, slug="council"), user=managing_editor)
    go_live(article, user=managing_editor)
    return article


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Return the lines of the log, from warnings on."""
    found: list[str] = []

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(f"{record.levelname} {record.getMessage()}")

    handler = Lines(logging.WARNING)
    loggers = [logging.getLogger(), logging.getLogger("django")]
    for logger in loggers:
        logger.addHandler(handler)
    yield found
    for logger in loggers:
        logger.removeHandler(handler)


@pytest.fixture
def reader() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.django_db
class TestPages:
    """The site itself, with its database taken away."""

    def test_a_page_that_was_read_is_shown_as_it_was_and_says_so(
        self, article: Article, reader: Client, lost: Any
    ) -> None:
        assert reader.get(STORY).status_code == 200
        with lost():
            for _ in range(2):
                response = reader.get(STORY)
                page = response.content.decode()
                assert response.status_code == 200
                assert "The harbour master resigned." in page
                assert "We can’t reach the place where our stories are stored" in page
                assert "12:16 a.m. UTC" in page
                assert response["Cache-Control"] == "no-store"
                assert "database-away" in response["Cache-Status"]

    @pytest.mark.parametrize(
        "path", ["/", STORY, f"{STORY}versions/", f"{STORY}versions/1/", "/feed/", "/corrections/"]
    )
    def test_every_kind_of_page_is(self, article: Article, reader: Client, lost: Any, path: str) -> None:
        assert reader.get(path).status_code == 200
        with lost():
            assert reader.get(path).status_code == 200

    def test_a_page_that_nobody_read_is_503(self, article: Article, reader: Client, lost: Any) -> None:
        with lost():
            assert reader.get(STORY).status_code == 503

    def test_a_copy_grows_old(self, article: Article, reader: Client, lost: Any) -> None:
        reader.get(STORY)
        cache.clear()
        with lost():
            assert reader.get(STORY).status_code == 503

    def test_nothing_of_a_draft_or_of_the_desk_is_copied(
        self, article: Article, managing_editor: User, lost: Any
    ) -> None:
        desk = signed_in(managing_editor)
        desk.raise_request_exception = False
        address = f"/admin/stories/article/{article.pk}/change/"
        assert desk.get(address).status_code == 200
        with lost():
            response = desk.get(address)
            assert response.status_code == 503
            assert f'<a href="{address}">Open the page again</a>' in response.content.decode()

    def test_what_was_withheld_since_is_in_no_copy(
        self,
        article: Article,
        managing_editor: User,
        reader: Client,
        lost: Any,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        reader.get(STORY)
        with django_capture_on_commit_callbacks(execute=True):
            withhold_words(
                article=article,
                words="harbour master",
                user=managing_editor,
                ground=Ground.SOURCE,
                notice="Withheld for privacy.",
                reason="A promise to a source.",
            )
        with lost():
            assert reader.get(STORY).status_code == 503

    def test_what_was_withdrawn_since_is_in_no_copy(
        self, article: Article, managing_editor: User, reader: Client, lost: Any
    ) -> None:
        reader.get(STORY)
        withdraw(article=article, user=managing_editor, reason="A judge said so.", notice="It was withdrawn.")
        with lost():
            assert reader.get(STORY).status_code == 503

    def test_a_page_read_after_a_takedown_may_be_shown(
        self, article: Article, reader: Client, lost: Any, clock: Clock
    ) -> None:
        other = begin(wanted("Other", slug="other"), user=(maya := make_user("Managing editor", name="mia")))
        go_live(other, user=maya)
        withdraw(article=other, user=maya, reason="A judge said so.", notice="It was withdrawn.")
        clock.now += 60
        reader.get(STORY)
        with lost():
            assert reader.get(STORY).status_code == 200

    def test_without_a_cache_that_all_processes_share_nothing_is_kept(
        self, article: Article, reader: Client, lost: Any
    ) -> None:
        with override_settings(SHARED_CACHE=False):
            reader.get(STORY)
            with lost():
                assert reader.get(STORY).status_code == 503

    @pytest.mark.parametrize("path", ["/", STORY, "/admin/", "/nothing/here/"])
    def test_the_log_has_a_line_when_it_goes_and_one_when_it_returns(
        self, article: Article, managing_editor: User, lost: Any, clock: Clock, lines: list[str], path: str
    ) -> None:
        desk = signed_in(managing_editor)
        desk.raise_request_exception = False
        with lost():
            for _ in range(5):
                assert desk.get(path).status_code == 503
                assert desk.post("/admin/stories/article/add/").status_code == 503
                clock.now += PAUSE / 2
        clock.now += PAUSE
        for _ in range(2):
            assert desk.get("/corrections/").status_code == 200
        assert lines == [
            "ERROR The database does not answer. Readers get pages as they were, all others 503.",
            "WARNING The database answers again.",
        ]

    def test_a_503_of_which_the_database_is_no_cause_has_its_line(
        self, reader: Client, lines: list[str]
    ) -> None:
        def canceled(*_args: Any) -> Any:
            raise OperationalError("canceled") from psycopg.errors.QueryCanceled("canceled")

        with connection.execute_wrapper(canceled):
            assert reader.get("/corrections/").status_code == 503
        assert lines == ["ERROR Service Unavailable: /corrections/"]
