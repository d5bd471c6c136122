"""What all ways of publishing share: one measurement, few queries, and all ledger entries together, last."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.actions.publishing import publishing_session
from stories.actions.publishing.developing_mode import end_developing, start_developing
from stories.actions.publishing.fix import fix
from stories.domain.diff.compare import StoryDiff
from stories.domain.significance.data import Significance
from stories.domain.significance.measure import measure as how_much
from stories.models import LedgerEntry, User
from stories.queries.story.snapshots import snapshot_at, working_snapshot
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_publication_is_measured_once(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    article = make.begin(user=editor)
    make.go_live(article, user=editor)
    make.reword(article, user=editor, at=make.minutes(1))
    measured: list[Significance] = []

    def measure(change: StoryDiff) -> Significance:
        measured.append(how_much(change))
        return measured[-1]

    monkeypatch.setattr(publishing_session, "measure", measure)
    version = make.go_live(article, user=editor, notes=(make.note(),), at=make.minutes(2))
    assert [each.level for each in measured] == [version.card.significance]


def test_many_minor_versions_in_a_row_cost_no_more_queries_than_two(editor: User) -> None:
    article = make.begin(user=editor)
    make.go_live(article, user=editor)
    costs = []
    first = working_snapshot(article).blocks[0]
    for number in range(len(make.ADVERBS)):
        at = make.minutes(1 + number)
        # One word replaces another, so that all changes together are still minor.
        reworded = make.text(f"<p>The council met {make.ADVERBS[number]} on Monday.</p>", key=first.key)
        make.change(article, user=editor, at=at, blocks=(reworded,))
        with CaptureQueriesContext(connection) as captured:
            make.go_live(article, user=editor, at=at, publication_class="minor", reason="A word")
        costs.append(len(captured))
    # The first follows a version that was announced to readers: it queries nothing earlier.
    assert costs[1] == costs[-1]
    assert len(costs) > 4


def test_a_publication_of_many_events_appends_its_entries_in_one_call(editor: User) -> None:
    article = make.begin(user=editor)
    make.go_live(article, user=editor)
    make.change(article, user=editor, dek="Soon", at=make.minutes(1))
    make.go_live(article, user=editor, notes=(make.note(),), at=make.minutes(2), live_from=make.minutes(90))
    make.change(article, user=editor, dateline="Later", at=make.minutes(3))
    before = LedgerEntry.objects.count()
    with CaptureQueriesContext(connection) as captured:
        fix(
            article=article,
            story=replace(snapshot_at(article.pk, 1), disclosure="Fixed"),
            base=1,
            user=editor,
            notes=(make.note("A disclosure was fixed."),),
            pending="rebase",
            at=make.minutes(4),
        )
    appended = [query["sql"] for query in captured if 'INSERT INTO "stories_ledgerentry"' in query["sql"]]
    kinds = list(LedgerEntry.objects.filter(sequence__gt=before).values_list("kind", flat=True))
    assert len(appended) == 1
    # The pending version is cancelled, the fix goes live, then the pending version and the edits are reapplied.
    assert sorted(kinds) == ["cancellation", "publication", "publication", *["revision"] * (len(kinds) - 3)]
    assert kinds.count("revision") >= 3
    assert [str(finding) for finding in Verification()] == []


def test_the_end_of_developing_mode_is_one_call_too(editor: User) -> None:
    article = make.begin(user=editor)
    make.go_live(article, user=editor)
    start_developing(article=article, user=editor, at=make.minutes(1))
    with CaptureQueriesContext(connection) as captured:
        end_developing(article=article, note=make.note("In sum."), user=editor, at=make.minutes(2))
    assert sum('INSERT INTO "stories_ledgerentry"' in query["sql"] for query in captured) == 1
    assert [str(finding) for finding in Verification()] == []
