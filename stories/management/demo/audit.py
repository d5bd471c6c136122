"""Demo data for auditors: something in each queue, an open question and an answered one."""

from __future__ import annotations

from dataclasses import replace

from stories.actions.audit.questions import answer_question, ask_question, sign_off
from stories.actions.takedown.withdrawals import withdraw
from stories.domain import snapshot as domain
from stories.management.demo.desk import DemoDesk, byline, key, text
from stories.models import Article, LedgerEntry, Publication
from stories.queries.ledger.lines import entries_of
from stories.queries.story.snapshots import working_snapshot


def add_market(desk: DemoDesk) -> None:
    """Add a story with an overridden headline, an untried party, a poor reason for anonymity, and a single author."""
    landlord = domain.CommentRequest(
        key=key("landlord"), party="Ostrava Holdings", requested_at=desk.ago(days=2, hours=1)
    )
    trader = domain.QuoteBlock(
        key=key("trader"),
        text="<p>They want us out by spring.</p>",
        anonymous=True,
        description="a trader",
        anonymity_reason="on request",
    )
    story = domain.StorySnapshot(
        headline="Traders say the covered market may close",
        slug="covered-market-may-close",
        section="city",
        bylines=(byline("market", "ines-calder", "Ines Calder"),),
        blocks=(
            text("market", "<p>Eleven of the covered market’s 40 traders have been given notice.</p>"),
            trader,
        ),
        comment_requests=(landlord,),
    )
    article = desk.begin(story, at=desk.ago(days=2), by=desk.emil, reason="Seen three of the letters")
    desk.publish(article, at=desk.ago(days=1, hours=23))
    headline = "Traders given notice as the covered market is to close"
    desk.change(
        article, at=desk.ago(days=1, hours=20), by=desk.emil, reason="The letters say so", headline=headline
    )
    desk.publish(
        article,
        at=desk.ago(days=1, hours=19),
        by=desk.maya,
        publication_class="override",
        reason="The letters were confirmed as genuine; the text said so from the start",
    )
    working = working_snapshot(Article.objects.get(pk=article.pk))
    desk.change(
        article,
        at=desk.ago(days=1, hours=18),
        by=desk.emil,
        reason="The landlord’s number was wrong, so they were never reached",
        comment_requests=tuple(each for each in working.comment_requests if each.key != landlord.key),
        blocks=(*working.blocks, replace(trader, key=key("trader again"), text="<p>Nobody asked us.</p>")),
    )
    _question(
        desk,
        article,
        "Who confirmed the letters, and why were readers not told that the headline is another?",
    )


def add_withdrawn(desk: DemoDesk) -> None:
    """Add a story that was withdrawn."""
    story = domain.StorySnapshot(
        headline="Ten recipes for a cold week",
        slug="recipes-for-a-cold-week",
        section="city",
        bylines=(byline("recipes", "rosa-lindqvist", "Rosa Lindqvist"),),
        blocks=(text("recipes", "<p>Soup, and nine other things.</p>"),),
    )
    article = desk.begin(story, at=desk.ago(days=4), by=desk.rosa, reason="For the weekend")
    desk.publish(article, at=desk.ago(days=3, hours=23))
    withdraw(
        article=article,
        user=desk.maya,
        notice="This story used recipes without their author’s permission. We have apologised to her.",
        reason="The author wrote to us",
        at=desk.ago(days=3),
    )


def add_audit(desk: DemoDesk) -> None:
    """Add a question about an apostrophe, its answer, and a sign-off."""
    library = Article.objects.get(slug="lindmere-library-reopens")
    entry = _last_publication(library)
    asked = ask_question(
        entry=entry,
        user=desk.aldo,
        reason="Was anything changed besides the apostrophe?",
        at=desk.ago(days=2, hours=20),
    )
    answer_question(
        question=asked,
        user=desk.emil,
        reason="No. The style desk had pointed it out.",
        at=desk.ago(days=2, hours=19),
    )
    sign_off(
        entry=entry,
        user=desk.aldo,
        reason="The comparison shows nothing else.",
        at=desk.ago(days=2, hours=18),
    )


def _question(desk: DemoDesk, article: Article, words: str) -> None:
    ask_question(entry=_last_publication(article), user=desk.aldo, reason=words, at=desk.ago(hours=5))


def _last_publication(article: Article) -> LedgerEntry:
    publication = Publication.objects.filter(article=article).latest("pk")
    return LedgerEntry.objects.get(pk=entries_of([publication])["publication", publication.pk])
