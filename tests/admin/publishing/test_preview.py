"""What readers will see, before they can; and what is left to do once they do."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from stories.actions.editing.pictures import store_picture
from stories.actions.publishing.developing_mode import start_developing
from stories.actions.publishing.publish import publish
from stories.domain.snapshot import ImageBlock, NoteKind, StoryKind
from stories.models import Article, Publication, User
from stories.queries.story.snapshots import working_snapshot
from tests.admin.reviewing import page, review, reword
from tests.admin.typing import typed_in
from tests.factories import (
    begin,
    byline,
    change,
    go_live,
    make_author,
    make_section,
    note,
    png,
    signed_in,
    text,
    wanted,
)

pytestmark = pytest.mark.django_db

WORDS = "<p>The mayor, Ada Bell, counted 12 people.</p>"


@pytest.fixture
def article(editor: User) -> Article:
    article = begin(wanted("Council", text(WORDS), slug="council"), user=editor)
    go_live(article, user=editor)
    return article


def test_the_preview_is_the_real_page_with_what_is_typed_and_nobody_keeps_it(
    desk: Client, editor: User, article: Article
) -> None:
    reword(article, editor, "12 people", "21 people")
    typed = typed_in(desk.get(page("publish", article)))
    typed |= {"kind": "correction", "text": "It was 21.", "note-0-kind": "update", "note-0-text": "And more."}
    answer = desk.post(page("preview", article), typed)
    page_html = answer.content.decode()
    assert answer.headers["Cache-Control"].startswith("private, no-store")
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "21 people" in page_html
    assert "It was 21." in page_html
    assert "And more." in page_html
    assert "site-header" in page_html
    assert "It was 21." not in Client().get("/stories/council/").content.decode()
    assert Publication.objects.count() == 1


def test_it_stands_in_the_frame_of_the_site_with_its_pages(
    desk: Client, editor: User, article: Article
) -> None:
    go_live(begin(wanted("How we correct", kind=StoryKind.PAGE), user=editor), user=editor)
    assert "How we correct</a>" in desk.get(page("preview", article)).content.decode()


def test_a_first_version_and_a_fix_are_previewed_too(desk: Client, editor: User, article: Article) -> None:
    draft = begin(wanted("A draft"), user=editor)
    assert "A draft" in desk.get(page("preview", draft)).content.decode()
    assert desk.get(page("preview", draft), {"revision": "7"}).status_code == 404
    fix = typed_in(desk.get(page("fix", article))) | {"headline": "The council", "_review": "Review"}
    typed = typed_in(desk.post(page("fix", article), fix))
    assert "The council" in desk.post(page("preview", article), typed).content.decode()
    assert desk.post(page("preview", article), {"wanted": "broken"}).status_code == 404


def dead_links(html: str) -> list[str]:
    """Return the links of a page on this site that lead to nothing."""
    found = set(re.findall(r'<a [^>]*href="(/[^"#]*)', html))
    return sorted(link for link in found if Client().get(link, follow=True).status_code != 200)


@pytest.mark.parametrize("is_live", [False, True], ids=["never live", "live under another slug"])
@pytest.mark.parametrize("is_developing", [False, True], ids=["settled", "developing"])
def test_no_link_of_a_preview_is_dead(
    desk: Client, editor: User, *, is_live: bool, is_developing: bool
) -> None:
    city, ines = make_section("city", "City"), byline(make_author())
    story = wanted("Fire at the mill", text(WORDS), slug="fire", section=city.pk, bylines=(ines,))
    article = begin(story, user=editor)
    if is_live:
        change(article, user=editor, update_notes=(note("It burns.", NoteKind.UPDATE),))
        go_live(article, user=editor)
    if is_developing:
        start_developing(article=article, user=editor)
    mills, jo = make_section("mills", "Mills"), byline(make_author("jo-doe", "Jo Doe"))
    change(article, user=editor, slug="mill-fire", section=mills.pk, bylines=(jo,))
    typed = {"kind": "correction", "text": "It was 21.", "was": "20", "now": "21"}
    page_html = desk.post(page("preview", article), typed).content.decode()
    assert not dead_links(page_html)
    for words in ("It was 21.", "Mills", "Jo Doe"):
        assert words in page_html
    assert ("This story is developing." in page_html) is is_developing
    assert ('href="/stories/fire/versions/"' in page_html) is is_live


def test_a_picture_that_no_version_shows_yet_is_seen_under_review_at_the_desks_address(
    desk: Client, editor: User, article: Article
) -> None:
    picture = store_picture(content=png(400, 300), user=editor)
    block = ImageBlock(key=uuid4(), picture=picture.digest, alt_text="A square")
    change(article, user=editor, blocks=(*working_snapshot(article).blocks, block))
    page_html = desk.get(page("publish", article)).content.decode()
    assert reverse("admin:stories_article_picture", args=[picture.digest]) in page_html
    assert f'"/pictures/{picture.digest}/' not in page_html


def test_after_a_correction_the_other_stories_that_hold_the_words_are_listed(
    desk: Client,
    editor: User,
    managing_editor: User,
    article: Article,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for name in ("Second", "Third", "Down"):
        other = begin(wanted(name, text("<p>So said Ada Bell, mayor.</p>")), user=editor)
        go_live(other, user=editor)
    signed_in(managing_editor).post(page("withdraw", other), {"notice": "Down.", "reason": "A court."})
    longer = begin(wanted("Longer", text("<p>So said Ada Bellamy.</p>")), user=editor)
    go_live(longer, user=editor)
    moved_on = begin(wanted("Moved on", text("<p>So said Ada Bell.</p>")), user=editor)
    go_live(moved_on, user=editor)
    change(moved_on, user=editor, blocks=(text("<p>So said somebody.</p>"),))
    review(desk, moved_on, kind="update", text="Moved on.", cause="moved-on")
    reword(article, editor, "Ada Bell", "Ada Ball")
    done = review(desk, article, kind="correction", text="Her name is Ball.", cause="wrong", was="Ada Bell")
    assert {each.headline for each, _may_fix in done.context["elsewhere"]} == {"Second", "Third"}
    assert "So said Ada Bell, mayor." in done.content.decode()
    assert page("fix", Article.objects.get(headline="Second")) in done.content.decode()
    with django_assert_max_num_queries(20):
        again = desk.get(done.request["PATH_INFO"], {"words": "Ada Bellamy"})
    assert [each.headline for each, _may_fix in again.context["elsewhere"]] == ["Longer"]


def test_the_bare_name_is_looked_for_where_the_correction_repeats_nothing(
    desk: Client, editor: User, article: Article
) -> None:
    other = begin(wanted("Second", text("<p>So said Ada Bell, mayor.</p>")), user=editor)
    go_live(other, user=editor)
    reword(article, editor, "Ada Bell", "Ada Ball")
    done = review(desk, article, kind="correction", text="Her name is Ball.", cause="wrong", was="", now="")
    assert [each.headline for each, _may_fix in done.context["elsewhere"]] == ["Second"]


def test_a_note_that_corrects_nothing_lists_nothing(desk: Client, editor: User, article: Article) -> None:
    change(article, user=editor, dek="More.")
    done = review(desk, article, kind="update", text="We added a line.")
    assert "Other live stories" not in done.content.decode()


def test_what_was_typed_is_given_back_where_somebody_published_it_first(
    desk: Client, editor: User, article: Article
) -> None:
    reword(article, editor, "12 people", "21 people")
    typed = typed_in(desk.get(page("publish", article))) | {
        "kind": "correction",
        "text": "It was 21, said I.",
    }
    correction = note("It was 21.", NoteKind.CORRECTION)
    publish(article=article, revision=2, user=editor, notes=[correction])
    page_html = desk.post(page("publish", article), typed).content.decode()
    assert "There is nothing to publish." in page_html
    assert "It was 21, said I." in page_html
    assert "It was 21, said I." not in desk.get(page("publish", article)).content.decode()
