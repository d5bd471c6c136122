"""Other demo stories, one in every state that a story can be in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from stories.actions.comment_desk.desk_records import log_attempt, save_desk_record
from stories.actions.editing.pictures import store_picture
from stories.domain import snapshot as domain
from stories.management.demo.desk import DemoDesk, byline, key, text
from stories.models import Article
from stories.queries.story.snapshots import working_snapshot


def add_policy(desk: DemoDesk) -> None:
    """Add a page: the corrections policy, linked in every page's footer."""
    policy = domain.StorySnapshot(
        kind=domain.StoryKind.PAGE,
        headline="How we correct our stories",
        slug="corrections-policy",
        blocks=(
            text(
                "policy",
                "<p>We fix what is wrong, and we say that we did. Every version that was ever published stays "
                "readable, and every change between two versions can be seen.</p>"
                "<h2>What we call a correction</h2>"
                "<p>When something that we published was wrong, we publish a <strong>correction</strong>, above the "
                "story. When it was right but could be misread, a <strong>clarification</strong>. When the world has "
                "moved on, an <strong>update</strong>, below the story.</p>"
                "<h2>Pending comment</h2>"
                "<p>When we have asked somebody for comment and wait for an answer, the story says so until it "
                "comes.</p>",
            ),
        ),
    )
    article = desk.begin(policy, at=desk.ago(days=90), by=desk.emil, reason="Policy agreed by the editors")
    desk.publish(article, at=desk.ago(days=90))


def add_reservoir(desk: DemoDesk) -> None:
    """Add a corrected story: a wrong figure, announced and fixed."""
    story = domain.StorySnapshot(
        headline="Reservoirs at 61 percent after the driest autumn in twelve years",
        dek="The water board asks households to save, and rules out a ban before spring.",
        slug="reservoirs-after-dry-autumn",
        section="climate",
        bylines=(byline("reservoir", "rosa-lindqvist", "Rosa Lindqvist"),),
        blocks=(
            text(
                "reservoir",
                "<p>The county’s four reservoirs held 61 percent of what they can on Monday, the water board said, the "
                "least at this time of the year since 2014.</p>"
                "<p>Households use 148 litres a person a day on average. The board asks them for 130.</p>"
                "<table><tbody><tr><th><p>Reservoir</p></th><th><p>Held</p></th></tr>"
                "<tr><td><p>Upper Harrow</p></td><td><p>58 percent</p></td></tr>"
                "<tr><td><p>Lindmere</p></td><td><p>66 percent</p></td></tr></tbody></table>",
            ),
            domain.ImageBlock(
                key=key("reservoir picture"),
                picture=store_picture(content=_chart(), user=desk.emil).digest,
                alt_text="A chart of five bars, each lower than the one before: the reservoirs’ level "
                "from 2022 to 2026.",
                caption="The level of the reservoirs in November, over five years.",
                credit="Newsroom graphic, from the water board’s figures",
            ),
        ),
    )
    article = desk.begin(
        story, at=desk.ago(days=5, hours=3), by=desk.rosa, reason="From the board’s statement"
    )
    desk.publish(article, at=desk.ago(days=5, hours=2))
    working = working_snapshot(Article.objects.get(pk=article.pk))
    body = working.blocks[0]
    assert isinstance(body, domain.TextBlock)
    desk.change(
        article,
        at=desk.ago(days=4, hours=22),
        by=desk.emil,
        reason="The board’s figure is litres a person, ours was a household’s from 2019",
        blocks=(replace(body, text=body.text.replace("148 litres", "139 litres")), *working.blocks[1:]),
        update_notes=(
            domain.UpdateNote(
                key=key("litres"),
                kind=domain.NoteKind.CORRECTION,
                text="An earlier version of this story gave a wrong figure for what a person uses of water a day.",
                was="148 litres",
                now="139 litres",
            ),
        ),
    )
    desk.publish(article, at=desk.ago(days=4, hours=21))


def add_library(desk: DemoDesk) -> None:
    """Add a minor edit: no note, but a reason that the auditor reads."""
    body = text(
        "library",
        "<p>The Lindmere branch library reopens on Saturday after eleven months of works, with a new childrens’ "
        "room and longer hours.</p><p>It will be open until eight in the evening on weekdays.</p>",
    )
    story = domain.StorySnapshot(
        headline="Lindmere library reopens on Saturday",
        slug="lindmere-library-reopens",
        section="city",
        bylines=(byline("library", "rosa-lindqvist", "Rosa Lindqvist"),),
        blocks=(
            body,
            domain.EmbedBlock(
                key=key("library card"),
                address="https://example.org/library/hours",
                title="Opening hours of all branches",
                description="The city library’s own list.",
            ),
        ),
    )
    article = desk.begin(story, at=desk.ago(days=3, hours=4), by=desk.rosa, reason="Announced by the city")
    desk.publish(article, at=desk.ago(days=3, hours=3))
    working = working_snapshot(Article.objects.get(pk=article.pk))
    desk.change(
        article,
        at=desk.ago(days=3, hours=2),
        by=desk.emil,
        reason="Apostrophe",
        blocks=(replace(body, text=body.text.replace("childrens’", "children’s")), *working.blocks[1:]),
    )
    desk.publish(
        article, at=desk.ago(days=3, hours=1), publication_class="minor", reason="A misplaced apostrophe"
    )


def add_bridge(desk: DemoDesk) -> None:
    """Add an overdue request for comment: tried twice, past its deadline; the page says who has not answered yet."""
    contractor = domain.CommentRequest(
        key=key("contractor"),
        party="Brackwater Engineering",
        requested_at=desk.ago(days=2, hours=6),
        asked_how="by e-mail and phone",
    )
    story = domain.StorySnapshot(
        headline="Inspectors found cracks in the Harrow bridge a year before it was closed",
        dek="The report was sent to the contractor. The city says that it never saw it.",
        slug="harrow-bridge-cracks",
        section="city",
        dateline="HARROW",
        bylines=(
            byline("bridge", "ines-calder", "Ines Calder"),
            byline("bridge", "rosa-lindqvist", "Rosa Lindqvist"),
        ),
        blocks=(
            text(
                "bridge story",
                "<p>Cracks in two of the Harrow bridge’s nine girders were found a year before it was closed to "
                "traffic, according to an inspection report seen by the newsroom.</p>",
            ),
            domain.QuoteBlock(
                key=key("inspector"),
                text="<p>We wrote it in red. There is no other colour for that.</p>",
                anonymous=True,
                description="an engineer who worked on the inspection",
                anonymity_reason="because their contract forbids them to speak",
            ),
            text("bridge end", "<p>Some 14,000 vehicles a day crossed it until September.</p>"),
        ),
        comment_requests=(contractor,),
    )
    article = desk.begin(
        story, at=desk.ago(days=2, hours=4), by=desk.emil, reason="Report checked with a second source"
    )
    desk.publish(article, at=desk.ago(days=2, hours=3))
    record = save_desk_record(
        article=article,
        request_key=contractor.key,
        user=desk.emil,
        deadline=desk.ago(hours=20),
        contact="Press office, switchboard",
    )
    for hours, channel, summary in ((54, "email", "Six questions sent."), (27, "phone", "Voicemail left.")):
        log_attempt(
            record=record,
            user=desk.emil,
            at=desk.ago(hours=hours),
            channel=channel,
            terms="on-the-record",
            summary=summary,
        )


def add_ferry(desk: DemoDesk) -> None:
    """Add a scheduled story: published, but not public before its time."""
    story = domain.StorySnapshot(
        headline="Night ferry to Lindmere starts on the first",
        slug="night-ferry-to-lindmere",
        section="city",
        bylines=(byline("ferry", "rosa-lindqvist", "Rosa Lindqvist"),),
        blocks=(
            text(
                "ferry",
                "<p>From the first of the month a ferry crosses to Lindmere every hour of the night.</p>",
            ),
        ),
    )
    article = desk.begin(story, at=desk.ago(hours=5), by=desk.rosa, reason="Written for the morning")
    desk.publish(article, at=desk.ago(hours=4), live_from=desk.now + timedelta(hours=18))


def add_draft(desk: DemoDesk) -> None:
    """Add a draft that was never published."""
    story = domain.StorySnapshot(
        headline="What the tram’s new timetable means for the eastern districts",
        slug="tram-timetable-eastern-districts",
        section="city",
        bylines=(byline("tram", "rosa-lindqvist", "Rosa Lindqvist"),),
        blocks=(text("tram", "<p>Every ten minutes, the operator says. We counted.</p>"),),
    )
    article = desk.begin(story, at=desk.ago(hours=3), by=desk.rosa, reason="")
    desk.change(
        article, at=desk.ago(hours=2), by=desk.rosa, reason="A dek", dek="A morning with a stopwatch."
    )


def _chart() -> bytes:
    """Return a picture of our own: five bars, each lower than the one before."""
    picture = Image.new("RGB", (1600, 900), "#f4f1ea")
    draw = ImageDraw.Draw(picture)
    for index, height in enumerate((640, 600, 560, 480, 420)):
        left = 180 + index * 260
        draw.rectangle((left, 800 - height, left + 170, 800), fill="#1f5673" if index < 4 else "#b3541e")
    draw.line((140, 800, 1460, 800), fill="#333333", width=4)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
