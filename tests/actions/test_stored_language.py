"""What is stored, and what readers read, is in the site's language, whatever language its actor reads the desk in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import translation

from stories.actions.comment_desk.outcomes import PartyAnswer, RequestOutcome, receive_answer, record_outcome
from stories.actions.comment_desk.statements import Placement, PlacementStyle, place_statement
from stories.actions.editing.restore import restore
from stories.actions.publishing.fix import fix
from stories.actions.publishing.publish import publish
from stories.actions.takedown.erasure_orders import order_erasure
from stories.actions.takedown.take_back import take_back_version
from stories.actions.takedown.withholdings import withhold_version
from stories.domain.snapshot import RequestStatus
from stories.models import Article, User
from stories.models.erasures import ErasureScope
from stories.models.grounds import Ground
from stories.queries.publishing.versions import live_publication
from stories.queries.story.snapshots import latest_revision, snapshot_at, working_snapshot
from tests import messages
from tests.factories import (
    begin,
    byline,
    change,
    go_live,
    make_author,
    minutes,
    note,
    quote,
    request,
    signed_in,
    text,
    wanted,
)
from tests.rendering.markup import visible

pytestmark = pytest.mark.django_db

# Words of messages between their places; shorter ones may be anybody's.
LEAST_LETTERS = 12


def spanish_pieces() -> set[str]:
    """Return the words of every translation between its places, but those that the original has too."""
    found = set()
    for message, forms in messages.read_catalog().items():
        for form in forms if message.singular else ():
            for piece in re.split(r"%\(\w+\)s|\{\w+\}|<[^>]*>", form):
                words = piece.strip(" .,:;“”«»()")
                if len(words) >= LEAST_LETTERS and words not in message.singular:
                    found.add(words)
    return found


def stored_texts() -> Iterator[tuple[str, str]]:
    """Yield every text that the database holds of the app, with its column."""
    for model in apps.get_app_config("stories").get_models():
        columns = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._base_manager.values(*columns) if columns else ():
            yield from ((f"{model.__name__}.{name}", str(value)) for name, value in row.items() if value)


def spanish_stored() -> list[str]:
    pieces = spanish_pieces()
    return [f"{column}: {text}" for column, text in stored_texts() if any(piece in text for piece in pieces)]


@pytest.fixture
def article(editor: User, reporter: User) -> Article:
    asked = (request("Corvid"), request("Heron"), request("Alba"))
    story = wanted(
        "Council meets",
        text("<p>The council met in the old hall.</p>"),
        text("<p>Staff spoke for an hour.</p>"),
        quote("<p>We met.</p>", speaker="Dana Whitlock"),
        comment_requests=asked,
        bylines=(byline(make_author()),),
    )
    return begin(story, user=editor)


def working(article: Article) -> dict[str, UUID]:
    return {
        each.party: each.key for each in working_snapshot(Article.objects.get(pk=article.pk)).comment_requests
    }


def test_no_action_stores_the_language_of_who_acts(article: Article, editor: User, maya: User) -> None:
    with translation.override("es"):
        go_live(article, user=editor)
        keys = working(article)
        answer = PartyAnswer(at=minutes(1), channel="email", terms="on-the-record", statement="We hear you.")
        receive_answer(article=article, request_key=keys["Corvid"], user=editor, answer=answer)
        place_statement(
            article=article,
            request_key=keys["Corvid"],
            user=editor,
            placement=Placement(
                key=uuid4(), style=PlacementStyle.PARAGRAPH, words="We hear you.", speaker="Dana"
            ),
            outcome=RequestOutcome(status=RequestStatus.RECEIVED, responded_at=minutes(1)),
            at=minutes(2),
        )
        for status, party in ((RequestStatus.DECLINED, "Heron"), (RequestStatus.NO_RESPONSE, "Alba")):
            outcome = RequestOutcome(
                status=status, responded_at=minutes(3) if status is RequestStatus.DECLINED else None
            )
            record_outcome(
                article=article, request_key=keys[party], user=editor, outcome=outcome, at=minutes(3)
            )
        live = working_snapshot(Article.objects.get(pk=article.pk))
        second = go_live(
            article, user=editor, at=minutes(4), notes=(note("Corvid answered."),), cause="moved-on"
        )
        # An edit that waits and a fix that clashes with it.
        change(
            article,
            user=editor,
            at=minutes(5),
            blocks=(text("<p>All new.</p>"), *live.blocks[1:]),
            dek="Soon",
        )
        take_back_version(
            publication=second, note="It was too early.", user=editor, reason="A slip", at=minutes(6)
        )
        newest = latest_revision(article.pk)
        now_live = live_publication(article, at=minutes(7))
        assert now_live is not None
        live_revision = now_live.revision.number
        publish(
            article=article,
            revision=newest,
            user=editor,
            live_from=minutes(600),
            notes=(note("What is to come."),),
            cause="moved-on",
            at=minutes(7),
        )
        fixed = replace(snapshot_at(article.pk, live_revision), headline="Council met")
        fix(
            article=article,
            story=fixed,
            base=live_revision,
            user=editor,
            notes=[note("The headline says when.")],
            cause="moved-on",
            pending="rebase",
            at=minutes(8),
        )
        restore(article=article, revision=1, seen=latest_revision(article.pk), user=editor, at=minutes(9))
        withhold_version(publication=second, user=maya, ground=Ground.LEGAL, reason="A court", at=minutes(10))
        order_erasure(
            article=article,
            user=maya,
            scope=ErasureScope.WORDS,
            words="old hall",
            authority="Court 1",
            ground=Ground.COURT,
            reason="So it says",
        )
    assert spanish_stored() == []


def test_what_the_desk_proposes_for_readers_is_in_the_sites_language(article: Article, editor: User) -> None:
    editor.language = "es"
    editor.save()
    desk = signed_in(editor)
    publication = go_live(article, user=editor)
    keys = working(article)
    answer = PartyAnswer(at=minutes(1), channel="phone", terms="on-the-record", statement="We hear you.")
    receive_answer(article=article, request_key=keys["Corvid"], user=editor, answer=answer)
    record_outcome(
        article=article,
        request_key=keys["Corvid"],
        user=editor,
        outcome=RequestOutcome(status=RequestStatus.DECLINED, responded_at=minutes(1)),
        at=minutes(2),
    )
    review = page(desk, "publish", article)
    assert "Corvid declined to comment; the story says so now." in review
    assert "¿Qué clase de cambio es?" in review
    found = desk.get(
        reverse("admin:stories_article_find", args=[article.pk]), {"words": "hall", "instead": "house"}
    ).content.decode()
    assert "“hall” replaced by “house”." in found
    assert publication.pk


def page(desk: Client, name: str, article: Article) -> str:
    return desk.get(reverse(f"admin:stories_article_{name}", args=[article.pk])).content.decode()


def test_a_review_shows_the_sentences_of_readers_in_the_sites_language(
    article: Article, editor: User
) -> None:
    editor.language = "es"
    editor.save()
    go_live(article, user=editor)
    record_outcome(
        article=article,
        request_key=working(article)["Corvid"],
        user=editor,
        outcome=RequestOutcome(status=RequestStatus.DECLINED, responded_at=minutes(1)),
        at=minutes(2),
    )
    review = page(signed_in(editor), "publish", article)
    assert "Corvid declined to comment" in visible(review)
    assert "Pedimos comentarios" not in review
