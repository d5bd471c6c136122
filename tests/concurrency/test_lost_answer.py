"""What an editor is told when the connection to the database is lost at a COMMIT, and who then sends the form again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from django.test import Client
from django.utils import timezone

from newsroom.database_outage import OUTAGE
from stories.models import Article, Publication, Revision, User, Withdrawal, Withholding
from stories.queries.verification import Verification
from tests import factories as make
from tests.admin.reviewing import on, page
from tests.admin.typing import address_of, opened, typed_in
from tests.concurrency.lost_commit import commit_lost

# Only a server's connection is lost while who asked lives on.
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

NOT_SURE: Final = "so it may have been saved, or not. Open the page again in a few seconds and look."
ONCE: Final = "This form was sent twice. It was published once, and here it stands."

Send = Callable[[], Any]


@pytest.fixture(autouse=True)
def no_outage() -> Iterator[None]:
    OUTAGE.end()
    yield
    OUTAGE.end()


@pytest.fixture
def desk(maya: User) -> Client:
    client = make.signed_in(maya)
    client.raise_request_exception = False
    return client


@pytest.fixture
def article(maya: User) -> Article:
    """A live story with an edit that waits."""
    article = make.begin(make.wanted("The dam", slug="the-dam"), user=maya)
    make.go_live(article, user=maya)
    make.reword(article, user=maya)
    return article


def lost(send: Send, *, arrives: bool) -> None:
    """Send a form whose COMMIT is lost, and see what is said."""
    with commit_lost(arrives=arrives):
        answer = send()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert NOT_SURE in answer.content.decode()
    assert "Nothing that you sent was saved" not in answer.content.decode()


def save(desk: Client, article: Article) -> Send:
    data = {**opened(desk, article), "dek": "Saved", "_continue": "Save"}
    return lambda: desk.post(address_of(article), data, follow=True)


def begin(desk: Client, _article: Article) -> Send:
    data = {**opened(desk), "headline": "A new story", "slug": "a-new-story", "_continue": "Save"}
    return lambda: desk.post(address_of(None), data, follow=True)


def publish(desk: Client, article: Article, **typed: str) -> Send:
    data = {**typed_in(desk.get(page("publish", article))), "kind": "update", "text": "It met briefly."}
    return lambda: desk.post(page("publish", article), {**data, **typed, "step": "publish"}, follow=True)


def schedule(desk: Client, article: Article) -> Send:
    tomorrow = timezone.localtime() + timedelta(days=1)
    return publish(desk, article, when="later", **on(tomorrow, "live_from"))


def fix(desk: Client, article: Article) -> Send:
    form = {**typed_in(desk.get(page("fix", article))), "dek": "Fixed", "_review": "Review this fix"}
    review = typed_in(desk.post(page("fix", article), form))
    data = {**review, "kind": "update", "text": "It says what it is about.", "step": "publish"}
    return lambda: desk.post(page("fix", article), data, follow=True)


def withhold(desk: Client, article: Article) -> Send:
    data = {"words": "council met", "ground": "legal", "reason": "As agreed"}
    return lambda: desk.post(page("withhold", article), data, follow=True)


def withdraw(desk: Client, article: Article) -> Send:
    data = typed_in(desk.get(page("withdraw", article))) | {"notice": "It is down.", "reason": "As agreed"}
    return lambda: desk.post(page("withdraw", article), data, follow=True)


# What each makes, and what is said when its form arrives again although it was carried out.
FORMS: Final = [
    (save, Revision, "This was saved already, as revision 3."),
    (begin, Article, "This form was sent twice. The story was begun once, and here it stands."),
    (publish, Publication, ONCE),
    (schedule, Publication, ONCE),
    (fix, Publication, ONCE),
    (withhold, Withholding, "already"),
    (withdraw, Withdrawal, "perhaps this was done already. Nothing more was done."),
]


@pytest.mark.parametrize(("form", "model", "message"), FORMS, ids=[form.__name__ for form, *_rest in FORMS])
def test_a_form_whose_commit_was_lost_is_sent_again_and_carried_out_once(
    desk: Client, article: Article, form: Callable[[Client, Article], Send], model: Any, message: str
) -> None:
    send, before = form(desk, article), model.objects.count()
    lost(send, arrives=False)
    assert model.objects.count() == before
    lost(send, arrives=True)
    assert model.objects.count() == before + 1
    revisions = Revision.objects.count()
    answer = send()
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert (model.objects.count(), Revision.objects.count()) == (before + 1, revisions)
    assert [str(finding) for finding in Verification()] == []
