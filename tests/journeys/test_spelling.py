"""Spelling is checked in a story's form, in the story's language."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import User
from tests.browser import sign_in
from tests.factories import begin, quote, text, wanted
from tests.journeys.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_field_of_the_storys_words_is_checked_in_its_language(
    page: Page, live_server: LiveServer, emil: User, clock: Clock
) -> None:
    story = wanted("El consejo", text(), quote(), dek="Una línea", language="es")
    article = begin(story, user=emil)
    sign_in(page, live_server, emil)
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    editors = page.locator(".order-machine .ProseMirror[contenteditable]")
    expect(editors).to_have_count(2)
    words = [editors.first, editors.last, page.locator("#id_headline"), page.locator("#id_dek")]
    for field in words:
        expect(field).to_have_attribute("lang", "es")
        expect(field).to_have_attribute("spellcheck", "true")
        assert field.evaluate("field => field.spellcheck")
    page.locator(".about-story > summary").click()
    page.locator("#id_language").fill("pt-BR")
    page.locator("#id_language").blur()
    for field in words:
        expect(field).to_have_attribute("lang", "pt-BR")
    # The desk's own texts and searches are in the page's language.
    assert page.locator("#id_why").get_attribute("lang") is None
    assert page.locator("label[lang]").count() == 0
