"""Two people with one story open, each in a window of their own."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import Presence, User
from tests.browser import barriers, sign_in
from tests.factories import begin, change, go_live, minutes, text, wanted
from tests.journeys.conftest import Clock
from tests.journeys.writing import editor_of, write_over

pytestmark = pytest.mark.django_db(transaction=True)


def look_again(page: Page) -> None:
    """Dispatch the event of a window that gets the focus; the page would poll by itself within half a minute."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_each_sees_the_other_and_what_the_other_saved_and_who_leaves_is_gone(
    page: Page, reader: Page, live_server: LiveServer, emil: User, maya: User, clock: Clock
) -> None:
    article = begin(wanted("Council", text("<p>One.</p>"), text("<p>Two.</p>")), user=emil)
    address = f"/admin/stories/article/{article.pk}/change/"
    hers = reader
    sign_in(page, live_server, emil)
    sign_in(hers, live_server, maya)
    page.goto(address)
    expect(editor_of(page, "textblock_set-0")).to_contain_text("One.")
    hers.goto(address)
    expect(hers.get_by_role("status").get_by_text("Emil Editor has this story open too.")).to_be_visible()
    look_again(page)
    expect(page.get_by_text("Maya Managing has this story open too.")).to_be_visible()
    assert barriers(page, within=".presence") == []

    clock.now = minutes(2)
    write_over(editor_of(hers, "textblock_set-1"), "Two.", "Two, she says.")
    hers.get_by_role("button", name="Save", exact=True).click()
    expect(hers.get_by_text("Saved as revision 2.")).to_be_visible()
    write_over(editor_of(page, "textblock_set-0"), "One.", "One, he says.")
    look_again(page)
    sentence = "Maya Managing saved revision 2 (2 Mar 2026, 09:02). When you save, both are merged."
    expect(page.get_by_text(sentence)).to_be_visible()
    hers.goto("/admin/")
    look_again(page)
    expect(page.get_by_text("Maya Managing has this story open too.")).to_be_hidden()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as revision 3.")).to_be_visible()
    expect(editor_of(page, "textblock_set-0")).to_contain_text("One, he says.")
    expect(editor_of(page, "textblock_set-1")).to_contain_text("Two, she says.")
    expect(page.get_by_text(sentence)).to_be_hidden()
    assert not Presence.objects.filter(user_id=maya.pk).exists()


def test_a_review_and_a_fix_name_each_other_too(
    page: Page, reader: Page, live_server: LiveServer, emil: User, maya: User
) -> None:
    article = begin(wanted("Council"), user=emil)
    go_live(article, user=emil)
    change(article, user=emil, dek="Waits.")
    sign_in(page, live_server, emil)
    sign_in(reader, live_server, maya)
    page.goto(f"/admin/stories/article/{article.pk}/publish/")
    expect(page.get_by_role("heading", name="Review and publish")).to_be_visible()
    page.wait_for_function("() => document.querySelector('[data-says]').dataset.messages")
    reader.goto(f"/admin/stories/article/{article.pk}/fix/")
    expect(reader.get_by_text("Emil Editor has this story open too.")).to_be_visible()
    # Waiting edits do not matter to a fix of what is live.
    expect(reader.get_by_text("saved revision")).to_have_count(0)
    change(article, user=maya, dek="Waits longer.")
    look_again(page)
    expect(page.get_by_text("Maya Managing has this story open too.")).to_be_visible()
    expect(page.get_by_text("Before you publish, you are shown what changed.")).to_be_visible()
