"""The small pages around a story: what is pending, embargo, developing, withdrawn, discarded, given away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stories.models import Article, Assignment, Cancellation, Embargo, Publication, User
from stories.queries.publishing.developing_mode import is_developing, owes_summary
from stories.queries.publishing.versions import versions
from tests.admin.reviewing import messages_of, on, page, review, reword, send
from tests.admin.typing import typed_in
from tests.factories import begin, change, go_live, signed_in, text, wanted

pytestmark = pytest.mark.django_db

WORDS = "<p>The council met on Monday.</p><p>Nobody spoke.</p>"


@pytest.fixture
def article(editor: User) -> Article:
    article = begin(wanted("Council", text(WORDS), slug="council"), user=editor)
    go_live(article, user=editor)
    return article


@pytest.fixture
def scheduled(desk: Client, editor: User, article: Article) -> Article:
    """Return a live story with a further version to go live tomorrow, and a word changed since."""
    reword(article, editor, "Nobody spoke", "A clerk spoke")
    tomorrow = on(timezone.now() + timedelta(days=1), "live_from")
    review(desk, article, kind="update", text="A clerk spoke, after all.", when="later", **tomorrow)
    return article


# -------------------------------------------------------------------------------------------- what is pending


def test_what_is_scheduled_is_cancelled_with_a_reason(desk: Client, scheduled: Article) -> None:
    response = desk.post(page("cancel", scheduled), {"reason": ""})
    assert response.context["form"].errors["reason"]
    response = desk.post(page("cancel", scheduled), {"reason": "The minister asked for a day."}, follow=True)
    assert "What is live stays" in messages_of(response)
    assert Cancellation.objects.get().reason == "The minister asked for a day."
    assert "nothing to cancel" in messages_of(desk.get(page("cancel", scheduled), follow=True))


def test_an_urgent_fix_says_in_the_same_step_what_becomes_of_what_is_pending(
    desk: Client, scheduled: Article
) -> None:
    fixed = {"textblock_set-0-text": "<p>The council met on Tuesday.</p><p>Nobody spoke.</p>"}
    form = typed_in(desk.get(page("fix", scheduled))) | fixed
    result = desk.post(page("fix", scheduled), form | {"_review": "Review this fix"})
    new_difference = str(result.context["rebased"].comparison.body)
    assert "clerk" in new_difference.split("<ins>")[1].split("</ins>")[0]
    assert "Nobody" in new_difference.split("<del>")[1].split("</del>")[0]
    assert "Monday" not in new_difference
    typed = typed_in(result) | {"kind": "correction", "text": "It was a Tuesday.", "cause": "wrong"}
    undecided = {name: value for name, value in typed.items() if name != "pending"}
    assert "Say what happens to it" in send(desk, "fix", scheduled, undecided).content.decode()
    send(desk, "fix", scheduled, typed | {"pending": "rebase"})
    pending = Publication.objects.pending(at=timezone.now()).get()
    assert pending.search_text.text.endswith("The council met on Tuesday.\nA clerk spoke.")
    assert versions(scheduled.pk, at=timezone.now())[0].number == 2
    send(desk, "cancel", scheduled, {"reason": "Enough."})
    assert not Publication.objects.pending(at=timezone.now()).exists()


def test_where_both_change_the_same_words_the_page_says_so(desk: Client, scheduled: Article) -> None:
    fixed = {"textblock_set-0-text": "<p>The council met on Monday.</p><p>Three people spoke.</p>"}
    form = typed_in(desk.get(page("fix", scheduled))) | fixed
    result = desk.post(page("fix", scheduled), form | {"_review": "Review this fix"})
    assert result.context["rebased"].conflicts
    assert "both change the same words" in result.content.decode()
    typed = typed_in(result) | {
        "kind": "correction",
        "text": "Three spoke.",
        "cause": "wrong",
        "pending": "rebase",
    }
    refused = send(desk, "fix", scheduled, typed)
    assert "Cancel it instead" in " ".join(refused.context["form"].errors["pending"])


# -------------------------------------------------------------------------------------------------- embargo


def test_an_embargo_is_set_kept_and_lifted(desk: Client, editor: User) -> None:
    article = begin(user=editor)
    until = on(timezone.now() + timedelta(days=2), "until")
    desk.post(page("embargo", article), {"reason": "Promised to the museum.", **until})
    refused = review(desk, article, confirmed="on", when="now")
    assert "under embargo" in " ".join(refused.context["form"].errors["live_from"])
    desk.post(page("embargo", article), {"reason": "They published it themselves."})
    assert Embargo.objects.count() == 2
    assert "is live" in review(desk, article, confirmed="on").content.decode()


# --------------------------------------------------------------------------------------------- developing


def test_a_story_develops_with_a_line_each_and_ends_with_one_note(
    desk: Client, editor: User, article: Article
) -> None:
    response = desk.post(
        page("developing", article), {"step": "start", "start-reason": "The vote."}, follow=True
    )
    assert "the story is developing, until" in messages_of(response)
    assert "Developing" in response.content.decode()
    change(article, user=editor, dek="Counting has begun.")
    result = typed_in(desk.get(page("publish", article)))
    assert result["kind"] == "developing"
    review(desk, article, text="Counting has begun.")
    assert versions(article.pk, at=timezone.now())[0].line == "Counting has begun."
    empty = desk.post(page("developing", article), {"step": "end", "end-kind": "update", "end-text": ""})
    assert empty.context["end_form"].errors["text"]
    desk.post(
        page("developing", article), {"step": "end", "end-kind": "update", "end-text": "The vote was lost."}
    )
    assert not is_developing(article.pk, at=timezone.now())
    assert not owes_summary(article.pk)
    assert Publication.objects.latest("pk").reason == "The vote was lost."


def test_out_of_developing_mode_its_class_is_not_offered(
    desk: Client, editor: User, article: Article
) -> None:
    change(article, user=editor, dek="More.")
    assert 'value="developing"' not in desk.get(page("publish", article)).content.decode()


# ------------------------------------------------------------------------------- withdrawn, discarded, given


def test_a_managing_editor_withdraws_a_story_and_brings_it_back(
    managing_editor: User, article: Article
) -> None:
    maya, reader = signed_in(managing_editor), Client()
    refused = maya.post(page("withdraw", article), {"notice": "", "reason": "A court."})
    assert "Write the notice" in str(refused.context["form"].non_field_errors())
    assert typed_in(refused)["reason"] == "A court."
    maya.post(page("withdraw", article), {"notice": "We took this down.", "reason": "A court."})
    assert reader.get("/stories/council/").status_code == 410
    result = maya.get(page("change", article)).content.decode()
    assert "Withdrawn" in result
    assert page("fix", article) not in result
    assert "Bring it back first" in maya.get(page("publish", article)).content.decode()
    maya.post(page("withdraw", article), {"reason": "The court changed its mind."})
    assert reader.get("/stories/council/").status_code == 200


def test_a_draft_is_discarded_and_recovered(desk: Client, editor: User, article: Article) -> None:
    draft = begin(wanted("A draft"), user=editor)
    done = desk.post(page("discard", draft), {"reason": "No news."}, follow=True)
    assert "The draft is discarded" in messages_of(done)
    stories = reverse("admin:stories_article_changelist")
    assert "A draft" not in desk.get(stories).content.decode()
    assert "A draft" in desk.get(stories, {"standing": "discarded"}).content.decode()
    desk.post(page("discard", draft), {"reason": ""})
    assert "A draft" in desk.get(stories).content.decode()
    refused = desk.post(page("discard", article), {"reason": "As agreed"})
    assert "can be withdrawn, never deleted" in str(refused.context["form"].non_field_errors())


def test_a_story_is_given_to_a_reporter_and_taken_back(
    desk: Client, editor: User, reporter: User, auditor: User
) -> None:
    article = begin(wanted("A draft"), user=editor)
    result = desk.get(page("assign", article)).content.decode()
    assert "Rosa Reporter" in result
    assert "Aldo Auditor" not in result
    assert signed_in(reporter).get(page("discard", article)).status_code == 403
    desk.post(page("assign", article), {"to": reporter.pk, "reason": "Call the clerk."})
    assert signed_in(reporter).get(page("discard", article)).status_code == 200
    assert "Rosa Reporter" in desk.get(reverse("admin:stories_article_changelist")).content.decode()
    mine = signed_in(reporter).get(reverse("admin:stories_article_changelist"), {"standing": "mine"})
    assert "A draft" in mine.content.decode()
    desk.post(page("assign", article), {"to": "", "reason": ""})
    assert Assignment.objects.count() == 2
    assert signed_in(reporter).get(page("discard", article)).status_code == 403


@pytest.mark.parametrize(
    ("standing", "listed"),
    [("draft", "A draft"), ("live", "Council"), ("developing", "Council"), ("withdrawn", "Gone")],
)
def test_the_list_is_narrowed_to_where_stories_stand(
    desk: Client, editor: User, managing_editor: User, article: Article, standing: str, listed: str
) -> None:
    begin(wanted("A draft"), user=editor)
    gone = begin(wanted("Gone"), user=editor)
    go_live(gone, user=editor)
    signed_in(managing_editor).post(page("withdraw", gone), {"notice": "Down.", "reason": "A court."})
    desk.post(page("developing", article), {"step": "start", "start-reason": ""})
    result = desk.get(reverse("admin:stories_article_changelist"), {"standing": standing})
    assert [each.headline for each in result.context["cl"].queryset] == [listed]
