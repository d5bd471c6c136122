"""Random histories of several stories: at every step each earlier revision is unchanged, and the ledger verifies."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import models
from hypothesis import Phase, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from stories.actions.editing.revise import revise
from stories.actions.errors import MergeConflict, Refused, StoryInvalid
from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.publish import publish
from stories.domain import snapshot as domain
from stories.models import Article, LedgerEntry, Publication, StoryAddress, StoryStatus, User
from stories.models.integrity.canonical import CURRENT_FORM, FORMS
from stories.models.integrity.registry import TRACKED_MODELS, history_model
from stories.models.roles import MANAGING_EDITOR
from stories.queries.desk.story_status import status_expressions
from stories.queries.publishing.versions import versions
from stories.queries.story.snapshots import snapshot_at, working_snapshot
from stories.queries.verification import Verification
from tests import factories as make
from tests.ledger_last import undone
from tests.tampering import run

VOCABULARY = ("the", "council", "met", "12", "21", "said", "“yes”", "naïve", "東京", "<b>", "&", "—")
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=5)
PARAGRAPHS = st.lists(WORDS.map(lambda words: f"<p>{' '.join(words)}</p>"), max_size=3).map("".join)
EDITS = ("headline", "insert", "rewrite", "delete", "reorder", "request", "note", "credit")
DATES = st.dates(date(1900, 1, 1), date(2026, 1, 1))
NAMES = st.sampled_from(["Corvid Systems", "the Forum", "Dana Whitlock", "O’Neill"])


@st.composite
def blocks(draw: st.DrawFn, key: UUID | None = None) -> domain.Block:
    key = key or draw(st.uuids(version=4))
    return draw(
        st.one_of(
            st.builds(domain.TextBlock, key=st.just(key), text=PARAGRAPHS),
            st.builds(domain.QuoteBlock, key=st.just(key), text=PARAGRAPHS, speaker=NAMES, said_on=DATES),
            st.builds(
                domain.QuoteBlock,
                key=st.just(key),
                text=PARAGRAPHS,
                anonymous=st.just(True),
                description=st.just("an employee"),
                anonymity_reason=st.just("for fear of reprisal"),
            ),
            st.builds(
                domain.ImageBlock, key=st.just(key), address=st.just("old/picture.png"), alt_text=NAMES
            ),
            st.builds(
                domain.EmbedBlock, key=st.just(key), address=st.just("https://example.org/"), title=NAMES
            ),
        )
    )


@st.composite
def edits(draw: st.DrawFn, story: domain.StorySnapshot) -> domain.StorySnapshot:
    """Return the story after one to three random edits."""
    for _ in range(draw(st.integers(1, 3))):
        body = list(story.blocks)
        doing = draw(st.sampled_from(EDITS))
        if doing == "headline":
            story = replace(story, headline=" ".join(draw(WORDS)), dek=" ".join(draw(WORDS)))
        elif doing == "insert":
            body.insert(draw(st.integers(0, len(body))), draw(blocks()))
        elif doing == "rewrite" and body:
            index = draw(st.integers(0, len(body) - 1))
            body[index] = draw(blocks(key=body[index].key))
        elif doing == "delete" and body:
            del body[draw(st.integers(0, len(body) - 1))]
        elif doing == "reorder":
            body = draw(st.permutations(body))
        elif doing == "request":
            asked = domain.CommentRequest(
                key=draw(st.uuids(version=4)), party=draw(NAMES), shown=draw(st.booleans())
            )
            received = tuple(
                replace(each, status=domain.RequestStatus.RECEIVED) for each in story.comment_requests[-1:]
            )
            story = replace(story, comment_requests=(*story.comment_requests[:-1], *received, asked))
        elif doing == "note":
            note = domain.UpdateNote(
                key=draw(st.uuids(version=4)),
                kind=draw(st.sampled_from(domain.NoteKind)),
                text=" ".join(draw(WORDS)),
            )
            # Sometimes the last note is removed: allowed until it is published.
            notes = story.update_notes if draw(st.booleans()) else story.update_notes[:-1]
            story = replace(story, update_notes=(*notes, note))
        elif doing == "credit":
            credit = domain.Byline(
                key=draw(st.uuids(version=4)), author="ines-calder", credited_as=draw(NAMES)
            )
            story = replace(story, bylines=(credit, *story.bylines[:1]))
        story = replace(story, blocks=tuple(body))
    return story


class Stories(RuleBasedStateMachine):
    """A newsroom with a handful of stories, and a copy of every revision of them."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = undone()
        self.stage.__enter__()
        self.maya: User = make.make_user(MANAGING_EDITOR)
        make.make_author()
        self.clock: datetime = make.MORNING
        self.memory: dict[int, list[domain.StorySnapshot]] = {}
        self.planned: dict[int, list[tuple[datetime, int]]] = {}

    def teardown(self) -> None:
        # Once per run: a broken entry stays broken in later steps, and is reported.
        found = [str(finding) for finding in Verification()]
        self.stage.__exit__(None, None, None)
        assert found == []

    def tick(self, minutes: int = 1) -> datetime:
        self.clock += timedelta(minutes=minutes)
        return self.clock

    def pick(self, data: st.DataObject) -> Article:
        return Article.objects.get(pk=data.draw(st.sampled_from(sorted(self.memory)), label="article"))

    @precondition(lambda self: len(self.memory) < 3)
    @rule(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        story = data.draw(edits(make.wanted(f"Story {len(self.memory)}", slug=f"story-{len(self.memory)}")))
        revision = revise(article=None, story=story, base=0, user=self.maya, at=self.tick())
        assert revision is not None
        self.memory[revision.article_id] = [working_snapshot(revision.article)]
        self.planned[revision.article_id] = []

    @precondition(lambda self: self.memory)
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        """Edit the latest revision, or one that somebody opened long ago."""
        article = self.pick(data)
        known = self.memory[article.pk]
        base = data.draw(st.integers(max(1, len(known) - 3), len(known)), label="base")
        wanted = data.draw(edits(known[base - 1]))
        entries = LedgerEntry.objects.count()
        try:
            revision = revise(
                article=article, story=wanted, base=base, user=self.maya, reason="edit", at=self.tick()
            )
        except (MergeConflict, StoryInvalid):
            revision = None
        now = working_snapshot(Article.objects.get(pk=article.pk))
        if revision is None:
            assert now == known[-1]
            assert LedgerEntry.objects.count() == entries
            return
        assert revision.number == len(known) + 1
        assert now != known[-1]
        if base == len(known):
            assert [part.key for part in now.parts()] == [part.key for part in wanted.parts()]
            assert now.headline == wanted.headline
        known.append(now)

    @precondition(lambda self: self.memory)
    @rule(data=st.data(), delay=st.sampled_from([0, 0, 3, 10]))
    def publish(self, data: st.DataObject, delay: int) -> None:
        article = self.pick(data)
        number = len(self.memory[article.pk])
        at = self.tick()
        plans = self.planned[article.pk]
        live = [plan for plan in plans if plan[0] <= at]
        live_from = at + timedelta(minutes=delay)
        # If two versions went live at one instant, neither would be newer.
        follows = not live or (live[-1][1] < number and live[-1][0] < live_from)
        allowed = len(live) == len(plans) and follows
        try:
            publication = publish(
                article=article,
                revision=number,
                user=self.maya,
                publication_class="override",
                reason="because it must",
                live_from=live_from,
                at=at,
            )
        except Refused:
            assert not allowed
        else:
            assert allowed
            plans.append((publication.live_from, number))

    @precondition(lambda self: self.memory)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        article = self.pick(data)
        at = self.tick()
        publication = Publication.objects.pending(at=at).filter(article=article).first()
        if publication is not None:
            cancel(publication=publication, user=self.maya, reason="not now", at=at)
            self.planned[article.pk].pop()

    @rule(minutes=st.integers(1, 12))
    def wait(self, minutes: int) -> None:
        self.tick(minutes)

    @precondition(lambda self: self.memory)
    @rule(data=st.data())
    def tamper(self, data: st.DataObject) -> None:
        """Change one character of history behind the actions' back, check that it is found, and undo it."""
        table = data.draw(st.sampled_from([m for m in TRACKED_MODELS if history_model(m).objects.exists()]))
        history = history_model(table)
        row = data.draw(st.sampled_from(list(history.objects.values())))
        columns = {field.attname: field for field in history._meta.concrete_fields}
        texts = [
            name
            for name in FORMS[CURRENT_FORM][str(table._meta.model_name)]
            if isinstance(columns[name], models.CharField | models.TextField)
            and row[name]
            and name != "history_type"
        ]
        column = data.draw(st.sampled_from(texts or ["ordering"]))
        value = row[column]
        if isinstance(value, str):
            index = data.draw(st.integers(0, len(value) - 1))
            forged: Any = value[:index] + ("x" if value[index] != "x" else "y") + value[index + 1 :]
        else:
            forged = value + 1
        self._write(history, row["history_id"], column, forged)
        (sequence,) = (
            entry.sequence
            for entry in LedgerEntry.objects.filter(kind="revision", article=row.get("parent_id", row["id"]))
            if json.loads(entry.payload)["revision"] == row["revision"]
        )
        found = [finding.sequence for finding in Verification()]
        # The newest history row is also compared with the working copy, and with a version's address and keys.
        assert found[0] == sequence
        assert set(found) <= {sequence, None}
        self._write(history, row["history_id"], column, value)

    def _write(self, history: Any, history_id: int, column: str, value: Any) -> None:
        sql = f"UPDATE {history._meta.db_table} SET {column} = %s WHERE history_id = %s"  # noqa: S608
        run(sql, value, history_id)

    @invariant()
    def every_revision_reads_as_it_read_then(self) -> None:
        for article, stories in self.memory.items():
            for number, story in enumerate(stories, start=1):
                assert snapshot_at(article, number) == story

    @invariant()
    def every_story_status_says_what_the_journals_say(self) -> None:
        derived = {f"derived_{name}": value for name, value in status_expressions().items()}
        cards: Any = StoryStatus.objects.annotate(**derived).values()
        for card in cards:
            for name in status_expressions():
                assert card[name] == card[f"derived_{name}"], name

    @invariant()
    def what_is_live_is_what_was_planned(self) -> None:
        for article, plans in self.planned.items():
            live = [
                (version.live_from, version.revision)
                for version in reversed(versions(article, at=self.clock))
            ]
            assert live == [plan for plan in plans if plan[0] <= self.clock]
            addresses = set(StoryAddress.objects.filter(article=article).values_list("slug", flat=True))
            assert {self.memory[article][revision - 1].slug for _, revision in plans} <= addresses


@pytest.mark.django_db
@pytest.mark.parametrize("lives", [4, pytest.param(25, marks=pytest.mark.drill)])
def test_random_lives_of_stories_are_remembered_exactly(lives: int) -> None:
    # A run has very many steps: shrinking a failure would take longer than reading it.
    phases = [Phase.explicit, Phase.reuse, Phase.generate]
    run_state_machine_as_test(
        Stories, settings=settings(max_examples=lives, stateful_step_count=20, deadline=None, phases=phases)
    )
