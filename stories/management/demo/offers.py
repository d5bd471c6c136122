"""Demo stories that a reporter offered for review: one waits for its editor, one was declined."""

from __future__ import annotations

from stories.actions.publishing.review_requests import offer, take_back
from stories.domain import snapshot as domain
from stories.management.demo.desk import DemoDesk, byline, text


def add_offers(desk: DemoDesk) -> None:
    """Add offers as they appear on the desk's front page, for the editor and for the writer."""
    tram = domain.StorySnapshot(
        headline="Night trams return to the Eastern line in March",
        dek="The city pays for a year of service between midnight and five.",
        slug="night-trams-eastern-line",
        section="city",
        bylines=(byline("night tram", "rosa-lindqvist", "Rosa Lindqvist"),),
        blocks=(
            text(
                "night tram",
                "<p>Trams will run through the night again on the Eastern line from 6 March, the transport office said "
                "on Tuesday. The city has set aside the money for one year.</p>",
            ),
        ),
    )
    article = desk.begin(
        tram, at=desk.ago(hours=5), by=desk.rosa, reason="From the transport office’s briefing"
    )
    offer(
        article=article,
        revision=1,
        user=desk.rosa,
        reason="The date and the year are checked with the office. The mayor’s quote comes tonight.",
        at=desk.ago(hours=2),
    )
    market = domain.StorySnapshot(
        headline="Market hall to close for repairs until summer",
        slug="market-hall-repairs",
        section="city",
        bylines=(byline("market hall", "rosa-lindqvist", "Rosa Lindqvist"),),
        blocks=(
            text(
                "market hall", "<p>The market hall closes on Saturday, and its traders move to the quay.</p>"
            ),
        ),
    )
    article = desk.begin(market, at=desk.ago(hours=9), by=desk.rosa, reason="From a trader’s notice")
    offer(article=article, revision=1, user=desk.rosa, at=desk.ago(hours=8))
    take_back(
        article=article,
        user=desk.emil,
        reason="One source so far. Please ask the city when the traders were told.",
        at=desk.ago(hours=7),
    )
