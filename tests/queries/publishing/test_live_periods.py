"""The live periods give the same answers as the journals, whatever happened to a newsroom's stories."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from stories.actions.errors import Refused
from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.publish import publish
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.actions.takedown.withholdings import lift_withholding, withhold_version, withhold_words
from stories.domain.snapshot import NoteKind, StoryKind
from stories.models import Article, Publication, Section, User, Withholding
from stories.models.roles import MANAGING_EDITOR
from stories.queries.publishing import versions as site
from stories.queries.publishing.live_periods import live_periods
from stories.queries.site.corrections import note_lines
from stories.queries.site.live_pages import live_page
from stories.queries.story.snapshots import latest_revision, working_snapshot
from stories.queries.verification.story.live_periods import check_live_periods
from stories.queries.verification.story.published_stories import check_published_stories
from tests import factories as make
from tests.ledger_last import undone
from tests.queries.publishing import live_by_history as history

AUTHORS = {"ines-calder": "Ines Calder", "bo-lind": "Bo Lind"}
SECTIONS = ("technology", "city", "")
# What happens next, to which of the stories, and how many minutes later something is to be live.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "begin",
                "publish",
                "note",
                "schedule",
                "cancel",
                "withhold",
                "words",
                "lift",
                "withdraw",
                "reinstate",
            ]
        ),
        st.integers(0, 3),
        st.integers(0, 9),
    ),
    min_size=6,
    max_size=25,
)


class Newsroom:
    def __init__(self) -> None:
        self.maya = make.make_user(MANAGING_EDITOR)
        self.other = make.make_user(MANAGING_EDITOR, name="Olga Orr")
        self.authors = [make.make_author(*each) for each in AUTHORS.items()]
        for slug in filter(None, SECTIONS):
            make.make_section(slug, slug.title())
        self.articles: list[Article] = []
        self.at = make.MORNING
        self.begin(0)

    def step(self, name: str, which: int, number: int) -> None:
        self.at += timedelta(minutes=1 + number % 4)
        article = Article.objects.get(pk=self.articles[which % len(self.articles)].pk)
        with suppress(Refused):
            {
                "begin": lambda: self.begin(number),
                "publish": lambda: self.publish(article, number),
                "note": lambda: self.publish(article, number, noted=True),
                "schedule": lambda: self.publish(
                    article, number, live_from=self.at + timedelta(minutes=5 + number)
                ),
                "cancel": lambda: self.cancel(article),
                "withhold": lambda: self.withhold(article, number),
                "words": lambda: withhold_words(article=article, words="Ines Calder", **self.why()),
                "lift": lambda: self.lift(article),
                "withdraw": lambda: withdraw(
                    article=article, notice="Gone.", reason="An order", user=self.maya, at=self.at
                ),
                "reinstate": lambda: reinstate(
                    article=article, reason="It ended", user=self.maya, at=self.at
                ),
            }[name]()

    def begin(self, number: int) -> None:
        kind = StoryKind.PAGE if number == 9 else StoryKind.STORY
        story = make.wanted(f"Story {len(self.articles)}", section=SECTIONS[number % 3], kind=kind)
        story = replace(story, bylines=(make.byline(self.authors[number % 2]),))
        self.articles.append(make.begin(story, user=self.maya, at=self.at))

    def publish(
        self, article: Article, number: int, *, noted: bool = False, live_from: datetime | None = None
    ) -> None:
        before = working_snapshot(article)
        kind = (NoteKind.CORRECTION, NoteKind.UPDATE, NoteKind.TYPO)[number % 3]
        notes = (*before.update_notes, make.note("Ten, not 9.", kind=kind)) if noted else before.update_notes
        make.change(
            article,
            user=self.maya,
            at=self.at,
            headline=f"{before.headline} {number}",
            section=SECTIONS[number % 3],
            bylines=(make.byline(self.authors[number % 2]),),
            update_notes=notes,
        )
        publish(
            article=article,
            revision=latest_revision(article.pk),
            user=self.maya,
            at=self.at,
            live_from=live_from,
            publication_class="" if noted else "override",
            reason="As agreed",
            pending="rebase" if number % 2 else "cancel",
        )

    def cancel(self, article: Article) -> None:
        pending = Publication.objects.pending(at=self.at).filter(article=article).first()
        if pending is not None:
            cancel(publication=pending, user=self.maya, reason="Not yet", at=self.at)

    def withhold(self, article: Article, number: int) -> None:
        live = list(Publication.objects.live(at=self.at).filter(article=article))
        if live:
            withhold_version(publication=live[number % len(live)], **self.why())

    def lift(self, article: Article) -> None:
        last = Withholding.objects.filter(article=article).last()
        if last is not None:
            lift_withholding(withholding=last, user=self.other, reason="It is over", at=self.at)

    def why(self) -> dict[str, Any]:
        return {"ground": "court", "reason": "An order.", "user": self.maya, "at": self.at}


def fact(version: site.Version) -> history.Fact:
    return (
        *(version.article_id, version.publication_id, version.number, version.live_from),
        *(version.first_live_from, version.updated_at, version.withheld),
    )


def facts(found: Iterable[site.Version]) -> list[history.Fact]:
    return [fact(version) for version in found]


def same_answers(newsroom: Newsroom, at: datetime) -> None:
    every = history.versions(at)
    numbers = [article.pk for article in newsroom.articles]
    by_article = site.versions_of(numbers, at=at)
    assert [each for number in sorted(by_article) for each in facts(by_article[number])] == every
    assert facts(site.live_stories(at=at, limit=50)) == history.live_stories(at)
    for section in filter(None, SECTIONS):
        found = site.live_stories(at=at, limit=50, section=section)
        assert facts(found) == history.live_stories(at, section=section)
    for author in AUTHORS:
        found = site.live_stories(at=at, limit=50, author=author)
        assert facts(found) == history.live_stories(at, author=author)
    assert {slug for slug, _name in site.live_sections(at=at)} == history.live_sections(at)
    kinds = [str(kind) for kind in NoteKind]
    assert [line.place.id for line in note_lines(at=at, limit=99, kinds=kinds)] == history.notes(at)
    newest = {each[0]: each for each in reversed(every)}
    for article in newsroom.articles:
        slug = Article.objects.get(pk=article.pk).slug
        page, version, wanted = live_page(slug, at=at), site.live_version(slug, at=at), newest.get(article.pk)
        assert (page is None, version is None) == (wanted is None, wanted is None)
        if page is not None and version is not None and wanted is not None:
            assert fact(version) == wanted
            assert (page.publication_id, page.number, page.withheld) == (wanted[1], wanted[2], wanted[6])


@pytest.mark.django_db
@settings(max_examples=15, deadline=None)
@given(steps=STEPS)
def test_whatever_happens_lists_and_pages_say_what_the_journals_say(
    steps: list[tuple[str, int, int]],
) -> None:
    with undone():
        newsroom = Newsroom()
        for step in steps:
            newsroom.step(*step)
        numbers = [article.pk for article in newsroom.articles]
        assert all(pair.expected == pair.stored for pair in live_periods(numbers).values())
        assert [*check_live_periods(numbers), *check_published_stories(numbers)] == []
        for minutes in (-7, -2, 0, 4, 9, 30):
            same_answers(newsroom, newsroom.at + timedelta(minutes=minutes))


@pytest.mark.django_db
def test_a_page_of_a_list_goes_on_where_the_one_before_ended(db: None) -> None:
    maya: User = make.make_user(MANAGING_EDITOR)
    for number in range(5):
        # Two at a time.
        at = make.minutes(number // 2)
        make.go_live(make.begin(make.wanted(f"Story {number}"), user=maya), user=maya, at=at)
    at = make.minutes(9)
    every = site.live_stories(at=at, limit=9)
    assert len(every) == 5
    for index, version in enumerate(every):
        before = (version.first_live_from, version.article_id)
        assert site.live_stories(at=at, limit=9, before=before) == every[index + 1 :]
    assert Section.objects.count() == 0
