"""WCAG 2.2 AA, as far as a machine can judge it, on every public page: wide and narrow, light and dark."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page

from stories.actions.reinstate import reinstate
from stories.actions.start_developing import start_developing
from stories.actions.store_picture import store_picture
from stories.actions.withdraw import withdraw
from stories.domain.snapshot import ImageBlock, StoryKind
from tests.browser import barriers
from tests.factories import begin, change, embed, go_live, minutes, png, text, wanted
from tests.public.stories import make_answer, make_corrected

TABLE = (
    "<h2>What it costs</h2><ul><li><p>one</p></li></ul>"
    "<table><tbody><tr><th><p>Town</p></th><th><p>A year</p></th></tr>"
    "<tr><td><p>Orland</p></td><td><p>$30,000</p></td></tr></tbody></table>"
)
ADDRESSES = [
    "/",
    "/section/technology/",
    "/author/ines-calder/",
    "/corrections/",
    "/corrections/?kind=typo&kind=developing",
    "/ledger/",
    "/search/",
    "/stories/corvid-answers/",
    "/stories/corvid-answers/versions/",
    "/stories/corvid-answers/versions/1/",
    "/stories/corvid-answers/compare/1...3/",
    "/stories/ferry-budget-approved/",
    "/stories/ferry-budget-approved/versions/1/",
    "/stories/ferry-budget-approved/compare/1...2/",
    "/stories/costs/",
    "/stories/costs/compare/1...2/",
    "/stories/costs/versions/2/",
    "/stories/costs/versions/",
    "/stories/came-back/",
    "/stories/arabic/",
    "/stories/pictures/",
    "/stories/pictures/compare/1...2/",
    "/pages/policy/",
]
WITHDRAWN = "/stories/taken-down/"
UNKNOWN = "/nothing/here/"


def make_site(user: User) -> None:
    make_answer(user)
    make_corrected(user)
    card = embed(description="All of it.")
    article = begin(wanted("Costs", text(TABLE), card), user=user)
    go_live(article, user=user, at=minutes(70))
    changed = TABLE.replace("$30,000", "$40,000").replace("<li><p>one</p></li>", "<li><p>two</p></li>")
    change(article, user=user, at=minutes(80), blocks=(card, text(changed)))
    start_developing(article=article, user=user, at=minutes(300))
    go_live(
        article,
        user=user,
        at=minutes(310),
        publication_class="developing",
        reason="Prices rise as we write.",
        cause="moved-on",
    )
    down = begin(wanted("Taken down"), user=user)
    go_live(down, user=user, at=minutes(90))
    withdraw(article=down, user=user, notice="We took this down.", reason="libel", at=minutes(95))
    back = begin(wanted("Came back"), user=user)
    go_live(back, user=user, at=minutes(90))
    withdraw(article=back, user=user, notice="We took this down.", reason="libel", at=minutes(95))
    reinstate(article=back, user=user, reason="settled", at=minutes(96))
    arabic = wanted("عنوان", text("<p>كلمات.</p>"), slug="arabic", language="ar", dek="سطر")
    go_live(begin(arabic, user=user), user=user, at=minutes(97))
    go_live(begin(wanted("Policy", kind=StoryKind.PAGE), user=user), user=user, at=minutes(98))
    make_pictures(user)


def make_pictures(user: User) -> None:
    """A story whose second version has another picture, and its paragraphs in another order."""
    paragraphs = [
        text(f"<p>Paragraph {number} tells of a field, and of who owns it.</p>") for number in range(4)
    ]
    pictures = [
        ImageBlock(
            key=uuid4(),
            picture=store_picture(content=png(width, 300), user=user).pk,
            width=width,
            height=300,
            alt_text="A red field",
            caption="A field.",
            credit="Ada Lind",
        )
        for width in (640, 320)
    ]
    article = begin(wanted("Pictures", *paragraphs, pictures[0]), user=user)
    go_live(article, user=user, at=minutes(320))
    change(article, user=user, at=minutes(330), blocks=(*paragraphs[1:], paragraphs[0], pictures[1]))
    go_live(article, user=user, at=minutes(330), publication_class="override", reason="order")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_public_page_has_a_barrier(
    page: Page, transactional_db: None, maya: User, width: int, scheme: str
) -> None:
    make_site(maya)
    # The console counts every 410 and 404 as a fault of the page that is answered.
    for refused in (WITHDRAWN, UNKNOWN):
        page.route(f"**{refused}", lambda route: route.fulfill(response=route.fetch(), status=200))
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = []
    for address in (*ADDRESSES, WITHDRAWN, UNKNOWN):
        response = page.goto(address)
        assert response is not None
        assert response.status == 200, address
        found += [f"{address}: {barrier}" for barrier in barriers(page)]
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            found.append(f"{address}: is {wider} pixels wider than a window of {width}")
    assert not found, "\n".join(found)


def test_a_reader_skips_to_the_text_by_keyboard(page: Page, transactional_db: None, maya: User) -> None:
    make_site(maya)
    page.goto("/stories/corvid-answers/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_reader_compares_two_versions_by_the_form(page: Page, transactional_db: None, maya: User) -> None:
    make_site(maya)
    page.goto("/stories/corvid-answers/")
    page.get_by_role("link", name="All 3 versions of this story").click()
    page.get_by_label("Compare version").select_option("1")
    page.get_by_label("with version").select_option("3")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**/compare/1...3/")
    assert page.locator("ins", has_text="No one should be a suspect.").is_visible()
