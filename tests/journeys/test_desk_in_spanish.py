"""The whole desk in Spanish: no page has a word of the English desk, and none is too wide for a phone."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from stories.models import User
from tests import factories as make, messages
from tests.browser import sign_in
from tests.journeys.test_every_desk_page import people, walk_audit, walk_hidden, walk_lists, walk_stories
from tests.walking import Walk

__all__ = ["people"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill]

# What is stored, and what readers read, is in the site's language, which is English here. So are names of groups.
STORED = re.compile(
    "|".join(
        [
            r"^Edits that wait, on top",
            r"^A request for comment",
            r"^Comment from a party",
            r"^Restored revision",
            r"^Outside auditor$|^off the record$|^did not respond$",
            r"reached out to|respond to|declined to comment|for comment",
            r"^(Published|Updated|Changed|Correction|Update|First published|Minor edit)",
        ]
    )
)
LEAST_LETTERS = 14


def english_sentences() -> list[str]:
    """Return the English of the desk that is told apart from its Spanish: whole messages, without places in them."""
    return [
        message.singular
        for message, forms in messages.read_catalog().items()
        if len(message.singular) >= LEAST_LETTERS
        and message.singular not in forms
        and not re.search(r"%\(|<|\{", message.singular)
        and not STORED.search(message.singular)
    ]


class SpanishWalk(Walk):
    """Notes what is in English, and what is too wide at the width of a phone."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.english = english_sentences()

    def look(self, where: str) -> None:
        self.page.set_viewport_size({"width": 390, "height": 900})
        # Django stores the names of permissions as they were when each was created.
        self.page.evaluate(
            "document.querySelectorAll('[id*=permissions] option').forEach(each => each.remove())"
        )
        lines = set(self.page.locator("body").inner_text().splitlines())
        lines |= set(
            self.page.locator("body").evaluate(
                "body => [...body.querySelectorAll('[aria-label], [title], [placeholder]')].flatMap("
                "each => ['aria-label', 'title', 'placeholder'].map(name => each.getAttribute(name) || ''))"
            )
        )
        for sentence in () if "/preview/" in where else self.english:
            if any(sentence in line for line in lines):
                self.found.append(f"{where}: {sentence}")
        wider = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wider > 0:
            self.found.append(f"{where}: is {wider} pixels too wide")
        if folder := os.environ.get("SCREENSHOTS"):
            name = re.sub(r"\W+", "-", urlsplit(where).path + urlsplit(where).query).strip("-")
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_no_page_of_the_desk_has_english_words_or_is_too_wide(
    page: Page, live_server: LiveServer, people: dict[str, User]
) -> None:
    chief = make.make_user(None, name="head", is_superuser=True, is_staff=True)
    User.objects.update(language="es")
    walk = SpanishWalk(page)
    sign_in(page, live_server, chief)
    walk_lists(walk, people)
    sign_in(page, live_server, people["maya"])
    walk.to(reverse("admin:index"))
    walk.to(reverse("admin:stories_comment_desk"))
    walk.to(reverse("desk:glossary"))
    walk.to(reverse("desk:settings"))
    walk_stories(walk)
    walk_hidden(walk)
    walk_audit(walk)
    assert walk.found == [], "\n".join(walk.found)
