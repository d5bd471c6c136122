"""Versions are listed if nobody but their publisher ever edited the story."""

from __future__ import annotations

import pytest

from stories.models import User
from stories.queries.audit import own_author as module, queues
from stories.queries.audit.own_author import own_author
from tests.archives import version
from tests.factories import begin, go_live, minutes, reword, wanted
from tests.queries.audit.reading import NOW, newest_version, sequences, sign, take_in

pytestmark = pytest.mark.django_db


def test_what_nobody_else_ever_touched_is_listed(editor: User, reporter: User, auditor: User) -> None:
    own, other = begin(wanted("Own"), user=editor), begin(wanted("Hers"), user=reporter)
    for article in (own, other):
        reword(article, user=editor)
        go_live(article, user=editor, at=minutes(10))
    take_in(editor, version(9), at=20)
    assert sequences(own_author(at=NOW)) == [newest_version(own)]
    assert own_author(at=minutes(9)).lines == []
    sign(newest_version(own), auditor)
    assert own_author(at=NOW, unsigned=True).lines == []


def test_a_page_that_read_enough_says_where_the_next_begins(
    editor: User, reporter: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = begin(wanted("Own"), user=editor)
    go_live(own, user=editor, at=minutes(10))
    for number in range(3):
        go_live(begin(wanted(f"Hers {number}"), user=reporter), user=editor, at=minutes(20))
    for each in (module, queues):
        monkeypatch.setattr(each, "WINDOW", 2)
    page = own_author(at=NOW)
    assert (page.lines, page.looked_back) == ([], True)
    assert sequences(own_author(at=NOW, before=page.following)) == [newest_version(own)]


def test_without_a_publication_there_is_nothing() -> None:
    assert own_author(at=NOW).lines == []
