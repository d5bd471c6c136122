"""A misspelt name is found wherever it stands and put right in one revision; the review warns of what is left."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import Article, Revision, User
from stories.queries.story.snapshots import working_snapshot
from tests.admin.typing import address_of
from tests.browser import barriers, sign_in
from tests.factories import begin, go_live, quote, text, wanted
from tests.journeys.conftest import Clock
from tests.journeys.writing import editor_of, save_and_review, write_over

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_name_is_put_right_everywhere(
    page: Page, live_server: LiveServer, emil: User, clock: Clock
) -> None:
    article = begin(
        wanted(
            "Whitlok answers her staff",
            text("<p>Dana Whit<em>lok</em> spoke on Monday.</p><p>“We hear you,” Whitlok said.</p>"),
            quote("<p>We hear you.</p>", speaker="Dana Whitlok"),
        ),
        user=emil,
    )
    go_live(article, user=emil)
    sign_in(page, live_server, emil)
    page.goto(address_of(article))

    # One place is corrected by hand, and the review lists where the old name still occurs.
    write_over(editor_of(page, "textblock_set-0"), "Whitlok", "Whitlock")
    save_and_review(page)
    left = page.get_by_role("region", name="Old words that still stand in the story")
    expect(left).to_contain_text("Whitlok: The headline, The slug, Text 1, Quote 1, speaker.")
    assert barriers(page, within=".left-over") == []
    left.get_by_role("link", name="Find “Whitlok”").press("Enter")

    # By keyboard from here on: the search, the replacement, the button.
    expect(page.get_by_role("heading", name="Whitlok: 4 places")).to_be_visible()
    page.get_by_label("Replace with").fill("Whitlock")
    page.get_by_label("Replace with").press("Enter")
    expect(page.get_by_role("checkbox", name="The headline")).to_be_checked()
    expect(page.get_by_role("checkbox", name="The slug")).not_to_be_checked()
    expect(page.get_by_label("What changed, and why?")).to_have_value("“Whitlok” replaced by “Whitlock”.")
    page.get_by_role("checkbox", name="The slug").press("Space")
    page.get_by_role("checkbox", name="The slug").press("Space")
    assert barriers(page, within="#content-main") == []
    page.get_by_role("button", name="Replace 3 places, in one revision").press("Enter")

    expect(page.get_by_text("in 3 places, as revision 3. It still stands in 1 place.")).to_be_visible()
    story = working_snapshot(Article.objects.get())
    assert story.headline == "Whitlock answers her staff"
    assert story.blocks[0].text.startswith("<p>Dana Whit<em>lock</em> spoke")  # type: ignore[attr-defined]
    assert story.blocks[1].speaker == "Dana Whitlock"  # type: ignore[attr-defined]
    assert Revision.objects.get(number=3).reason == "“Whitlok” replaced by “Whitlock”."

    # Unsaved changes are saved before the search.
    page.goto(address_of(article))
    page.get_by_label("Dek").fill("What Whitlock said.")
    page.get_by_role("button", name="Save and find").click()
    expect(page.get_by_role("heading", name="Find in this story")).to_be_visible()
    page.get_by_label("Find", exact=True).fill("whitlock said")
    page.get_by_label("Find", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="whitlock said: 2 places")).to_be_visible()
