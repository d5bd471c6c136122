"""Anonymous quotes are listed if the reason that readers are given has less than three words."""

from __future__ import annotations

import pytest

from stories.domain.snapshot import QuoteBlock
from stories.models import User
from stories.queries.audit import queues
from stories.queries.audit.anonymous_sources import anonymous
from tests.factories import begin, change, go_live, minutes, quote, wanted
from tests.queries.audit.reading import sequences, sign

pytestmark = pytest.mark.django_db


def unnamed(reason: str) -> QuoteBlock:
    return quote(speaker="", anonymous=True, description="an aide", anonymity_reason=reason)


def test_a_published_quote_whose_reason_says_next_to_nothing_is_listed(editor: User, auditor: User) -> None:
    bare, reasoned = unnamed("on request"), unnamed("for fear of reprisal")
    article = begin(wanted("Staff speak", bare, reasoned, quote()), user=editor)
    assert anonymous().lines == []
    go_live(article, user=editor)
    (line,) = anonymous().lines
    assert (line.facts.quote.key, line.facts.revision.number) == (bare.key, 1)
    sign(line.sequence, auditor)
    assert anonymous(unsigned=True).lines == []


def test_it_is_listed_under_the_revision_that_wrote_it_as_it_is(editor: User) -> None:
    article = begin(wanted("Staff speak", quote()), user=editor)
    go_live(article, user=editor)
    change(article, user=editor, blocks=(unnamed("none"),), at=minutes(1))
    change(article, user=editor, dek="More", at=minutes(2))
    (line,) = anonymous().lines
    assert line.facts.revision.number == 2


def test_page_after_page_each_is_listed_once(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "PAGE_LENGTH", 1)
    for number in range(3):
        go_live(begin(wanted(f"Story {number}", unnamed("none")), user=editor), user=editor)
    found, before = [], None
    for _page in range(3):
        page = anonymous(before=before)
        found += sequences(page)
        before = page.following
    assert (len(set(found)), before) == (3, None)
