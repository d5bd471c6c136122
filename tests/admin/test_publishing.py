from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stories.models import Article, Cancellation, Embargo, Publication
from stories.queries.snapshots import working_snapshot
from tests.admin.conftest import signed_in
from tests.admin.typing import opened, sent, typed_in
from tests.factories import begin, change, go_live, make_user, minutes, note, text, wanted

pytestmark = pytest.mark.django_db


def page_of(article: Article) -> str:
    return reverse("admin:stories_article_publish", args=[article.pk])


def publish_by_form(client: Client, article: Article, **typed: Any) -> Any:
    """The page's form as it stands, with what is typed into it."""
    data = typed_in(client.get(page_of(article))) | typed
    return client.post(page_of(article), data | {"action": "publish"}, follow=True)


def on(moment: datetime, name: str) -> dict[str, str]:
    return {f"{name}_0": f"{moment:%Y-%m-%d}", f"{name}_1": f"{moment:%H:%M:%S}"}


def told(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_a_draft_goes_live(desk: Client, editor: User) -> None:
    article = begin(user=editor)
    response = publish_by_form(desk, article)
    assert "Revision 1 is live." in told(response)
    assert "Version 1 is live" in response.content.decode()
    assert Publication.objects.get().publication_class == "first"


def test_with_a_new_note_no_class_is_asked_for(desk: Client, editor: User) -> None:
    article = begin(user=editor)
    go_live(article, user=editor)
    change(article, user=editor, update_notes=(note("A name was misspelt."),))
    page = desk.get(page_of(article)).content.decode()
    assert "A name was misspelt." in page
    assert 'name="publication_class"' not in page
    publish_by_form(desk, article)
    assert Publication.objects.get(revision__number=2).publication_class == "noted"


def test_without_one_a_class_and_its_reason_are_asked_for_and_what_was_typed_stays(
    desk: Client, editor: User
) -> None:
    article = begin(user=editor)
    go_live(article, user=editor)
    change(article, user=editor, blocks=(text("<p>The council met on Tuesday.</p>"),))
    response = publish_by_form(desk, article, reason="It was a Tuesday, says the clerk.")
    assert "Readers would not be told of this change" in told(response)
    assert typed_in(response)["reason"] == "It was a Tuesday, says the clerk."
    response = publish_by_form(desk, article, publication_class="minor")
    assert "needs a reason" in told(response)
    publish_by_form(desk, article, publication_class="minor", reason="It was a Tuesday.")
    assert Publication.objects.get(revision__number=2).reason == "It was a Tuesday."


def test_the_page_shows_what_changes_for_readers_word_by_word(desk: Client, editor: User) -> None:
    article = begin(wanted("Council", text("<p>The council met on Monday.</p>")), user=editor)
    go_live(article, user=editor)
    block = working_snapshot(article).blocks[0]
    change(article, user=editor, blocks=(text("<p>The council met on Tuesday.</p>", key=block.key),))
    page = desk.get(page_of(article)).content.decode()
    assert "Monday" in page.split("<del>")[1].split("</del>")[0]
    assert "Tuesday" in page.split("<ins>")[1].split("</ins>")[0]


def test_override_is_offered_to_a_managing_editor_alone(
    desk: Client, editor: User, managing_editor: User
) -> None:
    article = begin(user=editor)
    go_live(article, user=editor)
    change(article, user=editor, dek="New.")
    assert 'value="override"' not in desk.get(page_of(article)).content.decode()
    assert 'value="override"' in signed_in(managing_editor).get(page_of(article)).content.decode()
    response = publish_by_form(desk, article, publication_class="override", reason="Because.")
    assert Publication.objects.count() == 1
    assert response.context["publish_form"].errors["publication_class"]


def test_it_is_scheduled_then_cancelled_with_a_reason(desk: Client, editor: User) -> None:
    article = begin(user=editor)
    tomorrow = timezone.now() + timedelta(days=1)
    response = publish_by_form(desk, article, when="later", **on(tomorrow, "live_from"))
    assert "is scheduled" in told(response)
    assert not Publication.objects.live(at=timezone.now()).exists()
    response = desk.post(page_of(article), {"action": "cancel", "cancel-reason": ""})
    assert response.context["cancel_form"].errors["reason"]
    desk.post(page_of(article), {"action": "cancel", "cancel-reason": "The minister asked for a day."})
    assert Cancellation.objects.get().reason == "The minister asked for a day."


def test_a_time_is_asked_for_where_it_is_to_go_live_later(desk: Client, editor: User) -> None:
    article = begin(user=editor)
    response = publish_by_form(desk, article, when="later")
    assert "Say on which day" in response.context["publish_form"].errors["live_from"][0]
    response = publish_by_form(
        desk, article, when="later", **on(minutes(0) - timedelta(days=9000), "live_from")
    )
    assert "is past" in told(response)
    assert not Publication.objects.exists()


def test_an_embargo_is_set_and_lifted(desk: Client, editor: User) -> None:
    article = begin(user=editor)
    until = on(timezone.now() + timedelta(days=2), "embargo-until")
    desk.post(page_of(article), {"action": "embargo", "embargo-reason": "Promised to the museum.", **until})
    assert "under embargo" in told(publish_by_form(desk, article))
    desk.post(page_of(article), {"action": "embargo", "embargo-reason": "They published it themselves."})
    assert Embargo.objects.count() == 2
    assert "is live" in told(publish_by_form(desk, article))


def test_what_was_looked_at_is_what_is_published(desk: Client, editor: User) -> None:
    article = begin(user=editor)
    data = typed_in(desk.get(page_of(article)))
    change(article, user=editor, dek="Not ready yet.")
    desk.post(page_of(article), data | {"action": "publish"})
    assert Publication.objects.get().revision.number == 1


def test_who_may_not_publish_is_turned_away(editor: User, reporter: User, auditor: User) -> None:
    article = begin(user=reporter)
    for person in (reporter, auditor):
        client = signed_in(person)
        assert client.get(page_of(article)).status_code == 403
        assert (
            client.post(page_of(article), {"action": "publish", "revision": "1", "when": "now"}).status_code
            == 403
        )
    assert not Publication.objects.exists()
    assert make_user().has_perm("stories.publish_article") is False


def test_save_and_publish_then_a_second_version_with_its_note(desk: Client, editor: User) -> None:
    article = begin(user=editor)
    publish_by_form(desk, article)
    data = opened(desk, article)
    assert (
        "Version 1 is live"
        in desk.get(reverse("admin:stories_article_change", args=[article.pk])).content.decode()
    )
    sent(desk, article, data | {"dek": "A line more."})
    page = desk.get(reverse("admin:stories_article_change", args=[article.pk])).content.decode()
    assert "1 revision since is not published" in page
