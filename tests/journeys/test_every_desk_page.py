"""Every page of the desk, wide in light colours and on a tablet in dark ones: no serious barrier, no overflow."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.actions.discard import discard
from stories.actions.order_erasure import order_erasure
from stories.actions.publishing.developing_mode import start_developing
from stories.actions.publishing.embargoes import set_embargo
from stories.actions.withdraw import withdraw
from stories.actions.withhold import withhold_words
from stories.management.demo import Desk, make_people, tell
from stories.models import Article, DeskRecord, Publication
from tests import factories as make
from tests.browser import all_barriers, barriers_to_the_eye, sign_in
from tests.factories import MORNING, minutes
from tests.journeys.conftest import Clock
from tests.journeys.writing import editor_of, save_and_review, write_over

pytestmark = pytest.mark.django_db(transaction=True)

# Addresses that answer scripts, or serve a picture: nobody reads a page there.
NO_PAGES = {"presence", "signed_in", "picture", "sentences", "choose", "erasures"}
# Each with what is looked for in it: what no colour and no width changes is looked for once.
WINDOWS = [(1280, "light", all_barriers), (820, "dark", barriers_to_the_eye)]


@pytest.fixture
def people(clock: Clock, transactional_db: None) -> dict[str, User]:
    people = make_people()
    tell(Desk(now=MORNING, **people))
    clock.now = minutes(1)
    return people


class Walk:
    """A person on their way through the admin, who notes what is wrong with each page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: list[str] = []
        self.seen: set[str] = set()

    def to(self, address: str) -> None:
        response = self.page.goto(address)
        assert response is not None
        assert response.status == 200, address
        self.look(address)

    def to_story(self, name: str, slug: str, *more: int | UUID, query: str = "") -> None:
        article = Article.objects.get(slug=slug)
        self.seen.add(name)
        self.to(reverse(f"admin:stories_article_{name}", args=[article.pk, *more]) + query)

    def look(self, where: str) -> None:
        for width, scheme, barriers in WINDOWS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            shown = f"{where} ({width}, {scheme})"
            self.found += [f"{shown}: {barrier}" for barrier in barriers(self.page)]
            wider = self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if wider > 0:
                self.found.append(f"{shown}: is {wider} pixels too wide")


def names_of_pages() -> Iterator[str]:
    for pattern in admin.site._registry[Article].get_urls():
        if pattern.name:
            yield pattern.name.removeprefix("stories_article_")


def walk_stories(walk: Walk) -> None:
    """Every page of a story, each in the states in which it looks otherwise."""
    answer, roofs, tram, offered = (
        "tessellate-answers-staff-on-face-recognition",
        "school-roofs-leak",
        "tram-timetable-eastern-districts",
        "night-trams-eastern-line",
    )
    walk.seen |= {"changelist", "add", "history", "change"}
    for query in ("", "?standing=waiting&q=roofs"):
        walk.to(reverse("admin:stories_article_changelist") + query)
    walk.to(reverse("admin:stories_article_add"))
    walk.to_story("change", answer)
    for slug in (answer, roofs, tram, "night-ferry-to-lindmere"):
        walk.to_story("publish", slug)
    for name in ("developing", "withdraw", "embargo", "assign", "history", "preview", "fix"):
        walk.to_story(name, answer)
    live = Publication.objects.filter(article__slug=answer).latest("pk")
    walk.to_story("published", answer, live.pk)
    walk.to_story("find", answer, query="?words=face&instead=facial")
    walk.to_story("cancel", "night-ferry-to-lindmere")
    walk.to_story("discard", tram)
    walk.to_story("offer", offered)
    walk.to_story("offer", tram)
    walk.to_story("revision", answer, 3)
    walk.to_story("changes", answer, 2)
    walk.to_story("restore", answer, 2)
    walk.to_story("compare", answer, 1, 4)
    walk.to_story("blame", answer, 4)
    walk.to_story("blame", answer, 4, query="?words=face+recognition")
    walk.to_story("blame", answer, 4, query="?words=412+employees")
    for record in DeskRecord.objects.select_related("article"):
        walk.to_story("desk", record.article.slug, record.request_key)


def walk_hidden(walk: Walk) -> None:
    """The pages on which words are withheld and erased: before, and while a second person is waited for."""
    bridge = Article.objects.get(slug="harrow-bridge-cracks")
    chief = make.make_user(None, username="chief", is_superuser=True)
    for name in ("withhold", "erase"):
        walk.to_story(name, bridge.slug)
    held = withhold_words(article=bridge, words="Harrow", ground="court", reason="An order.", user=chief)
    order = order_erasure(
        article=bridge,
        scope="words",
        words="Harrow",
        ground="court",
        authority="A court",
        reason="As agreed",
        user=chief,
    )
    walk.to_story("withheld", bridge.slug, held.pk)
    walk.to_story("erasure", bridge.slug, order.pk)


def test_no_page_of_the_desk_has_a_barrier(
    page: Page, live_server: LiveServer, people: dict[str, User]
) -> None:
    sign_in(page, live_server, people["maya"])
    walk = Walk(page)
    walk.to(reverse("admin:index"))
    walk.to(reverse("admin:stories_comment_desk"))
    page.get_by_text("Log, move, record").first.click()
    walk.look("a request on the comment desk, open")
    walk.to(reverse("admin:stories_comment_desk") + "?state=all&asked=long-ago")
    walk_stories(walk)
    walk_hidden(walk)
    assert set(names_of_pages()) - walk.seen - NO_PAGES - {"delete"} == set()
    assert not walk.found, "\n".join(walk.found)


def test_no_state_that_a_page_gets_into_has_a_barrier(
    page: Page, live_server: LiveServer, people: dict[str, User]
) -> None:
    maya, emil = people["maya"], people["emil"]
    article = make.begin(make.wanted("Council hears objections"), user=emil, at=MORNING)
    make.go_live(article, user=emil, at=MORNING)
    sign_in(page, live_server, maya)
    walk = Walk(page)

    form = f"/admin/stories/article/{article.pk}/change/"
    page.goto(form)
    page.get_by_label("Headline").fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    walk.look("a form that is refused")

    page.goto(form)
    write_over(editor_of(page, "textblock_set-0"), "Monday", "Tuesday")
    make.change(
        article, user=emil, blocks=(make.text("<p>The council met on Friday.</p>", key=key_of(article)),)
    )
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Somebody else changed the same places")).to_be_visible()
    walk.look("a form with a conflict")

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as revision 3")).to_be_visible()
    page.get_by_label("Headline").fill("Council heard objections")
    page.reload()
    walk.look("a form with typing to give back")
    save_and_review(page)
    page.get_by_label("At a time").check()
    page.get_by_role("button", name="Publish", exact=True).click()
    walk.look("a review that is refused")

    set_embargo(article=article, until=minutes(300), user=maya, reason="Promised.", at=minutes(1))
    start_developing(article=article, user=maya, at=minutes(1))
    for name in ("embargo", "developing", "publish"):
        walk.to_story(name, article.slug)
    withdraw(article=article, user=maya, notice="Down.", reason="As agreed", at=minutes(1))
    for name in ("withdraw", "change", "publish"):
        walk.to_story(name, article.slug)
    draft = make.begin(make.wanted("A draft"), user=maya, at=MORNING)
    discard(article=draft, user=maya)
    for name in ("discard", "change", "publish"):
        walk.to_story(name, draft.slug)
    assert not walk.found, "\n".join(walk.found)


def test_no_page_of_a_reporter_or_an_auditor_has_a_barrier(
    page: Page, live_server: LiveServer, people: dict[str, User]
) -> None:
    walk = Walk(page)
    for name in ("rosa", "aldo"):
        sign_in(page, live_server, people[name])
        walk.to(reverse("admin:index"))
        walk.to(reverse("admin:stories_article_changelist"))
        walk.to(reverse("admin:stories_comment_desk") + "?state=all")
        # A draft of the reporter's own, which the auditor reads; a live story, which neither may change.
        for slug in ("market-hall-repairs", "school-roofs-leak"):
            walk.to_story("change", slug)
            walk.to_story("history", slug)
        page.context.clear_cookies()
    assert not walk.found, "\n".join(walk.found)


def key_of(article: Article) -> UUID:
    block = article.textblock_set.get()
    assert isinstance(block.key, UUID)
    return block.key
