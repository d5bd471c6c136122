"""Forms that were opened before an erasure: refused, so that no erased word comes back with them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stories.actions.takedown.erase import erase
from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure
from stories.admin.page.in_place import HEADER
from stories.models import Article, DeskRecord, Publication, Revision, User
from stories.models.roles import MANAGING_EDITOR
from stories.queries.story.snapshots import working_snapshot
from tests.admin.reviewing import messages_of, page, reword
from tests.admin.typing import opened, sent, typed_in
from tests.factories import begin, go_live, make_user, minutes, request, text, wanted

pytestmark = pytest.mark.django_db

NAME = "Zebulon Quaxby"
ERASED = "erased by order since you opened it"


@pytest.fixture
def article(editor: User) -> Article:
    """Return a live story with words that are to be erased, and an edit that waits."""
    asked = request("Corvid Systems")
    block = text(f"<p>The guests met {NAME} in the garden.</p>")
    article = begin(wanted("A garden party", block, comment_requests=(asked,)), user=editor)
    go_live(article, user=editor)
    reword(article, editor, "garden", "wide garden", at=minutes(5))
    return article


def erase_name(article: Article) -> int:
    order = order_erasure(
        article=article,
        scope="words",
        words=NAME,
        ground="court",
        authority="District Court, 4 O 12/26",
        reason="An order of the court.",
        user=make_user(MANAGING_EDITOR, name="ordering"),
    )
    approve_erasure(order=order, user=make_user(MANAGING_EDITOR, name="approving"))
    return erase(order=order, at=minutes(30)).erasure.pk


def assert_refused(response: Any, article: Article, *, revisions: int = 2) -> None:
    """Assert that the response leads to a fresh page with a message, and the words are nowhere."""
    assert ERASED in messages_of(response)
    assert NAME not in response.content.decode()
    assert Revision.objects.filter(article=article).count() == revisions
    assert NAME not in repr(working_snapshot(Article.objects.get(pk=article.pk)))


def test_a_form_from_before_an_erasure_is_not_saved_and_the_browser_forgets_it(
    desk: Client, article: Article
) -> None:
    form = opened(desk, article)
    erase_name(article)
    answer = sent(desk, article, form | {"headline": "Another party"})
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("admin:stories_article_change", args=[article.pk]),
    )
    assert f"typed_saved_{form['opened']}" in answer.cookies
    assert_refused(desk.get(answer["Location"]), article)


def test_a_page_that_stays_after_a_save_is_told_to_go(desk: Client, article: Article) -> None:
    form = opened(desk, article)
    erase_name(article)
    user = str(desk.session["_auth_user_id"])
    address = reverse("admin:stories_article_change", args=[article.pk])
    answer = desk.post(address, form | {"headline": "Another", "_continue": "Save"}, headers={HEADER: user})
    assert answer.json() == {"leaves_for": address}
    assert f"typed_saved_{form['opened']}" in answer.cookies
    assert Revision.objects.filter(article=article).count() == 2


@pytest.mark.parametrize("carried", [None, "", "0", "x", "999999", "-1"])
def test_a_form_that_carries_no_right_number_is_not_saved(
    desk: Client, article: Article, carried: str | None
) -> None:
    form = opened(desk, article)
    erase_name(article)
    form.pop("erasure")
    if carried is not None:
        form["erasure"] = carried
    assert_refused(desk.post(page("change", article), form | {"_continue": "Save"}, follow=True), article)


@pytest.mark.parametrize("button", ["_put_back", "_resolve", "_preview", "_find"])
def test_no_button_of_an_older_form_shows_it_again(desk: Client, article: Article, button: str) -> None:
    form = opened(desk, article)
    erase_name(article)
    assert_refused(desk.post(page("change", article), form | {button: "1772445600000"}, follow=True), article)


def test_a_form_that_is_opened_after_it_saves(desk: Client, article: Article) -> None:
    number = erase_name(article)
    form = opened(desk, article)
    assert form["erasure"] == str(number)
    answer = desk.post(
        page("change", article), form | {"headline": "Another party", "_continue": "Save"}, follow=True
    )
    assert "Saved as revision 3" in messages_of(answer)
    assert working_snapshot(Article.objects.get(pk=article.pk)).headline == "Another party"


def test_another_storys_erasure_is_not_its_own(desk: Client, article: Article, editor: User) -> None:
    other = begin(wanted("Council"), user=editor)
    form = opened(desk, other)
    erase_name(article)
    sent(desk, other, form | {"headline": "Council votes"})
    assert working_snapshot(Article.objects.get(pk=other.pk)).headline == "Council votes"


def test_a_new_storys_form_sent_again_brings_nothing_back(desk: Client) -> None:
    form = opened(desk)
    form |= {"headline": "A party", "slug": "a-party", "dek": f"{NAME} pours tea"}
    sent(desk, None, form)
    article = Article.objects.get(slug="a-party")
    erase_name(article)
    answer = desk.post(reverse("admin:stories_article_add"), form | {"_continue": "Save"}, follow=True)
    assert_refused(answer, article, revisions=1)


def test_a_fix_from_before_an_erasure_is_refused_at_its_form(desk: Client, article: Article) -> None:
    form = typed_in(desk.get(page("fix", article)))
    erase_name(article)
    assert_refused(desk.post(page("fix", article), form | {"_review": "Review"}, follow=True), article)


@pytest.mark.parametrize("step", ["publish", "review", "back"])
@pytest.mark.parametrize("forged", [False, True])
def test_a_signed_fix_under_review_is_refused(
    desk: Client, article: Article, step: str, forged: bool
) -> None:
    form = typed_in(desk.get(page("fix", article))) | {"headline": "Another party"}
    review = typed_in(desk.post(page("fix", article), form | {"_review": "Review"}))
    assert review["wanted"]
    number = erase_name(article)
    typed = {"kind": "update", "text": "The headline was changed.", "step": step}
    if forged:
        # The page's number can be forged; the signed story's can't.
        review["erasure"] = str(number)
    answer = desk.post(page("fix", article), review | typed, follow=True)
    assert ERASED in messages_of(answer)
    assert NAME not in answer.content.decode()
    assert Publication.objects.count() == 1


def test_a_review_from_before_an_erasure_is_not_published(desk: Client, article: Article) -> None:
    review = typed_in(desk.get(page("publish", article)))
    erase_name(article)
    typed = {"kind": "update", "text": f"{NAME} was there.", "step": "publish"}
    assert_refused(desk.post(page("publish", article), review | typed, follow=True), article)
    assert Publication.objects.count() == 1


def test_a_search_from_before_an_erasure_replaces_nothing(desk: Client, article: Article) -> None:
    found = desk.get(page("find", article), {"words": "guests", "instead": NAME})
    places = [place.found.name for place in found.context["places"]]
    data = typed_in(found) | {"place": places}
    erase_name(article)
    assert_refused(desk.post(page("find", article), data, follow=True), article)


def test_a_statement_from_before_an_erasure_is_not_kept(desk: Client, article: Article) -> None:
    (asked,) = working_snapshot(article).comment_requests
    form = typed_in(desk.get(page("desk", article, asked.key)))
    erase_name(article)
    answer = desk.post(
        page("desk", article, asked.key), form | {"step": "record", "record-contact": NAME}, follow=True
    )
    assert_refused(answer, article)
    assert not DeskRecord.objects.filter(contact__contains=NAME).exists()


@pytest.mark.parametrize(
    "name", ["embargo", "discard", "withdraw", "assign", "developing", "offer", "cancel"]
)
def test_no_reason_that_was_typed_before_an_erasure_is_taken(
    client: Client, article: Article, name: str
) -> None:
    client.force_login(make_user(MANAGING_EDITOR))
    erase_name(article)
    answer = client.post(page(name, article), {"reason": NAME, "erasure": "0"}, follow=True)
    assert_refused(answer, article)


def test_every_form_of_a_storys_pages_carries_the_number(client: Client, article: Article) -> None:
    client.force_login(make_user(MANAGING_EDITOR))
    number = erase_name(article)
    (asked,) = working_snapshot(article).comment_requests
    addresses = [
        *(page(name, article) for name in ("change", "fix", "publish", "embargo", "withdraw")),
        *(page(name, article) for name in ("assign", "developing", "offer")),
        f"{page('find', article)}?words=guests&instead=people",
        page("desk", article, asked.key),
        page("restore", article, 1),
    ]
    for address in addresses:
        content = client.get(address).content.decode()
        # The sign-out form is none of the story's.
        forms = [form for form in content.split("<form")[1:] if 'method="post"' in form.split(">")[0]]
        of_the_story = [
            form for form in forms if 'id="logout-form"' not in form and "data-resume-typed" not in form
        ]
        assert of_the_story, address
        for form in of_the_story:
            assert f'name="erasure" value="{number}"' in form.split("</form>")[0], (address, form[:200])


def test_the_desk_says_which_stories_had_an_erasure(desk: Client, article: Article, editor: User) -> None:
    other = begin(wanted("Council"), user=editor)
    number = erase_name(article)
    address = reverse("admin:stories_article_erasures")
    answer = desk.get(address, {"story": [str(article.pk), str(other.pk), "x", "9" * 30]})
    assert answer.json() == {str(article.pk): number}
    desk.logout()
    assert desk.get(address).status_code == 302


def test_restoring_a_revision_from_before_an_erasure_brings_the_placeholder(
    desk: Client, article: Article
) -> None:
    erase_name(article)
    form = typed_in(desk.get(page("restore", article, 1)))
    desk.post(page("restore", article, 1), form, follow=True)
    story = working_snapshot(Article.objects.get(pk=article.pk))
    assert Revision.objects.filter(article=article).count() == 3
    assert NAME not in repr(story)
    assert "[words erased]" in repr(story)


def test_a_note_may_be_typed_anew(desk: Client, article: Article) -> None:
    erase_name(article)
    review = typed_in(desk.get(page("publish", article)))
    typed = {"kind": "update", "text": "A word was added.", "step": "publish"}
    desk.post(page("publish", article), review | typed, follow=True)
    assert Publication.objects.count() == 2
