"""The site speaks the language of its settings, and says where a story is in another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone, translation
from pytest_django import Settings

from stories.actions.publishing.developing_mode import start_developing
from stories.actions.takedown.withdrawals import withdraw
from stories.domain.snapshot import ImageBlock, NoteKind, RequestStatus, StoryKind
from stories.models import User
from stories.public.http.responses import busy
from tests.factories import (
    begin,
    byline,
    change,
    go_live,
    make_author,
    make_section,
    minutes,
    note,
    quote,
    request,
    text,
    wanted,
)
from tests.public.stories import make_answer
from tests.rendering.markup import visible

# Words that no Spanish page has, whoever wrote it.
ENGLISH = frozenset(
    "the of and to with was is this it its by for from what changed see all version stories updated "
    "published not you".split()
)


@pytest.fixture
def spanish(settings: Settings) -> Iterator[None]:
    settings.LANGUAGE_CODE = "es"
    settings.SITE_NAME = "El Correo"
    settings.REPORT_ERRORS_TO = "fallos@example.org"
    with translation.override("es"):
        yield


def make_spanish_site(user: User) -> None:
    """Create stories in Spanish, so that every English word on their pages is the site's own."""
    parties = [
        request("Corvid", status=RequestStatus.PENDING, asked_how="por correo"),
        request("Alba", status=RequestStatus.PENDING),
        request("Sol", status=RequestStatus.NO_RESPONSE),
        request("Luna", status=RequestStatus.DECLINED, responded_at=minutes(5)),
    ]
    anonymous = quote(
        "<p>Nos escuchan.</p>",
        speaker="",
        anonymous=True,
        description="Una empleada",
        anonymity_reason="teme represalias",
    )
    absent = ImageBlock(key=uuid4(), address="https://example.org/a.png", alt_text="Una plaza")
    paragraphs = [
        text(f"<p>Párrafo {number} sobre <strong>una plaza</strong> cerrada.</p>") for number in range(6)
    ]
    article = begin(
        wanted(
            "Plaza cerrada",
            *paragraphs,
            anonymous,
            absent,
            language="es",
            section=make_section("ciudad", "Ciudad").pk,
            bylines=(byline(make_author("eva", "Eva Sol")), byline(make_author("leo", "Leo Mar"))),
            comment_requests=tuple(parties),
        ),
        user=user,
    )
    go_live(article, user=user, at=minutes(10))
    fixed = replace(paragraphs[1], text="<p>Párrafo 1 sobre una plaza abierta.</p>")
    change(
        article,
        user=user,
        at=minutes(20),
        headline="Plaza abierta",
        blocks=(fixed, *paragraphs[2:], paragraphs[0], quote("<p>Oímos.</p>", speaker="Ana"), absent),
        comment_requests=(replace(parties[0], status=RequestStatus.RECEIVED), *parties[1:]),
        update_notes=(
            note("La plaza abre.", NoteKind.CORRECTION, was="cerrada", now="abierta"),
            note("Responde Corvid.", NoteKind.COMMENT_ADDED),
        ),
    )
    go_live(article, user=user, at=minutes(20))
    start_developing(article=article, user=user, at=minutes(500))
    change(article, user=user, at=minutes(510), dek="Abre hoy")
    go_live(
        article,
        user=user,
        at=minutes(510),
        publication_class="developing",
        reason="Abre hoy.",
        cause="moved-on",
    )
    go_live(
        begin(wanted("Normas", text("<p>Las normas.</p>"), kind=StoryKind.PAGE, language="es"), user=user),
        user=user,
    )
    down = begin(wanted("Caso", text("<p>Caso.</p>"), slug="caso", language="es"), user=user)
    go_live(down, user=user, at=minutes(30))
    withdraw(article=down, user=user, notice="Lo retiramos.", reason="juez", at=minutes(40))


@pytest.mark.django_db
def test_a_spanish_site_says_not_a_word_of_english(client: Client, maya: User, spanish: None) -> None:
    make_spanish_site(maya)
    pages = {
        "500": render_to_string("500.html"),
        "503": render_to_string("503.html", {"again": "/admin/"}),
        "busy": busy(3, at=timezone.now()).content.decode(),
        "stale": render_to_string("stories/public/stale.html", {"at": minutes(5)}),
    }
    for address in (
        "/",
        "/section/ciudad/",
        "/author/eva/",
        "/corrections/",
        "/corrections/?month=2020-01",
        "/search/",
        "/search/?q=plaza",
        "/search/?q=nada",
        "/stories/plaza-cerrada/",
        "/stories/plaza-cerrada/versions/",
        *(f"/stories/plaza-cerrada/versions/{number}/" for number in (1, 2, 3)),
        *(f"/stories/plaza-cerrada/compare/{pair}/" for pair in ("1...2", "2...3", "1...3")),
        "/stories/plaza-cerrada/feed/",
        "/pages/normas/",
        "/stories/caso/",
        "/nada/",
    ):
        pages[address] = client.get(address).content.decode()
    found = []
    for address, html in pages.items():
        # What a feed holds is HTML within XML.
        page_text = visible(unescape(html)) if address.endswith("/feed/") else visible(html)
        page_text += " ".join(re.findall(r'(?:aria-label|title|data-\w+)="([^"/]*)"', html))
        page_words = set(re.findall(r"\w+", re.sub(r"https?://\S+", "", page_text).lower()))
        found += [f"{word} at {address}" for word in page_words & ENGLISH]
        if html.lstrip().startswith("<!DOCTYPE"):
            assert '<html lang="es" dir="ltr">' in html, address
    assert not found, "\n".join(sorted(found))
    story = visible(pages["/stories/plaza-cerrada/"])
    for words in (
        "Por Eva Sol y Leo Mar",
        "Publicado el 2 de marzo de 2026 a las 09:10 UTC",
        "Pedimos comentarios a Alba el 2 de marzo",
        "Sol no respondió a una petición de comentarios",
        "Corrección 2 de marzo de 2026",
        "Las 3 versiones de este artículo",
    ):
        assert words in story
    changed = visible(pages["/stories/plaza-cerrada/compare/1...2/"])
    assert "Cambio de titular; 3 palabras cambiadas en 1 párrafo;" in changed


@pytest.mark.django_db
def test_what_a_browser_asks_for_changes_nothing(client: Client, maya: User) -> None:
    """One page for everybody, or every cache on the way would have to store one per language."""
    make_answer(maya)
    for address in ("/", "/stories/corvid-answers/", "/stories/corvid-answers/compare/1...3/"):
        plain, asked = client.get(address), client.get(address, headers={"accept-language": "es"})
        assert plain.content == asked.content
        assert "Vary" not in asked


@pytest.mark.django_db
def test_the_sites_own_words_in_a_foreign_story_say_whose_they_are(client: Client, maya: User) -> None:
    first = text("<p>كلمات أولى هنا.</p>")
    article = begin(wanted("عنوان", first, quote(), slug="arabic", language="ar"), user=maya)
    go_live(article, user=maya, at=minutes(10))
    change(article, user=maya, at=minutes(20), headline="عنوان آخر", blocks=(quote(), first))
    go_live(
        article, user=maya, at=minutes(20), publication_class="override", reason="As agreed", cause="moved-on"
    )
    html = client.get("/stories/arabic/compare/1...2/").content.decode()
    assert '<div class="compared" lang="ar" dir="rtl">' in html
    for element, of_class in (("span", ' class="unseen"'), ("p", ' class="fate"'), ("dt", "")):
        assert f'<{element} lang="en-us" dir="ltr"{of_class}>' in html
        assert f"<{element}{of_class}>" not in html
    english = client.get("/stories/arabic/versions/1/").content.decode()
    assert '<h1 lang="ar" dir="rtl">' in english
