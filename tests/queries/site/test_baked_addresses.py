"""The addresses that are baked, and those that an event changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from stories.actions.takedown.withdrawals import withdraw
from stories.domain.baking.folder import BakedFolder
from stories.models import Article, EntryKind, User
from stories.queries.site import feeds, sitemaps
from stories.queries.site.baked_addresses import (
    EVERYTHING,
    UNSEEN,
    Changed,
    changed_by,
    credited,
    lists,
    published_stories,
    story_pages,
)
from tests.factories import begin, byline, change, go_live, make_author, make_section, minutes, note, wanted

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(maya: User) -> Article:
    article = begin(
        wanted("The dam", slug="the-dam", section=make_section().slug, bylines=(byline(make_author()),)),
        user=maya,
    )
    go_live(article, user=maya)
    change(article, user=maya, at=minutes(1), dek="A dek")
    go_live(article, user=maya, at=minutes(2), notes=(note(),))
    return article


def test_a_storys_pages_are_all_that_lead_to_no_query(article: Article, client: Client) -> None:
    found = list(story_pages(article.pk, at=minutes(3)))
    story = "/stories/the-dam/"
    parts = [
        "",
        "versions/",
        "data.json",
        "feed/",
        "timemap/",
        "versions/2/",
        "versions/1/",
        "compare/1...2/",
    ]
    assert found == [f"{story}{part}" for part in parts]
    for address in [*found, *lists(at=minutes(3))]:
        assert client.get(address).status_code == 200, address


def test_a_withdrawn_storys_notice_stands_at_each(article: Article, maya: User, client: Client) -> None:
    before = list(story_pages(article.pk, at=minutes(3)))
    withdraw(article=article, user=maya, notice="We took it down.", reason="A judge said so", at=minutes(4))
    found = list(story_pages(article.pk, at=minutes(5)))
    assert found == before
    assert {client.get(address).status_code for address in found} == {410}


def test_a_draft_has_no_pages(maya: User) -> None:
    draft = begin(user=maya)
    assert list(story_pages(draft.pk, at=minutes(3))) == []
    assert published_stories(at=minutes(3)) == []


def test_lists_are_of_the_site_its_sections_and_authors(article: Article) -> None:
    found = list(lists(at=minutes(3)))
    for address in (
        "/",
        "/feed/",
        "/section/technology/",
        "/section/technology/feed/",
        "/author/ines-calder/",
    ):
        assert address in found
    assert "/author/ines-calder/" not in list(lists(at=minutes(3), authors=set()))
    assert credited(article.pk) == {"ines-calder"}


def test_what_readers_do_not_see_changes_nothing(article: Article) -> None:
    for kind in UNSEEN:
        assert changed_by(kind, article.pk, at=minutes(3)) == Changed()


def test_every_other_kind_changes_at_least_the_story_and_the_front_page(article: Article) -> None:
    for kind in set(EntryKind) - UNSEEN:
        changed = changed_by(kind, article.pk, at=minutes(3))
        assert EVERYTHING in changed.below or (
            "/" in changed.addresses and "/stories/the-dam/" in changed.below
        )


def covered(changed: Changed, address: str) -> bool:
    return address in changed.addresses or any(address.startswith(each) for each in changed.below)


def test_a_takedown_changes_every_list_and_the_storys_pages(article: Article) -> None:
    for kind in (
        EntryKind.WITHDRAWAL,
        EntryKind.WITHHOLDING,
        EntryKind.WITHHOLDING_DECISION,
        EntryKind.ERASURE,
    ):
        changed = changed_by(kind, article.pk, at=minutes(3))
        for address in (*story_pages(article.pk, at=minutes(3)), *lists(at=minutes(3))):
            # What is the same whatever the stories say may go too.
            assert covered(changed, address), (kind, address)


def test_a_publication_changes_the_lists_that_show_it(article: Article) -> None:
    make_author("maud-okoro", "Maud Okoro")
    changed = changed_by(EntryKind.PUBLICATION, article.pk, at=minutes(3))
    for address in (*story_pages(article.pk, at=minutes(3)), *lists(at=minutes(3), authors={"ines-calder"})):
        assert covered(changed, address), address
    assert not covered(changed, "/author/maud-okoro/")


def test_an_imported_story_moves_the_later_ones(
    article: Article, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in (feeds, sitemaps):
        monkeypatch.setattr(each, "PAGE_LENGTH", 1)
    go_live(begin(wanted("Another"), user=maya), user=maya, at=minutes(1))
    pages = [*[f"/sitemap-{number}.xml" for number in (1, 2)], *[f"/feed/archive/{n}/" for n in (1, 2)]]
    assert set(pages) <= set(lists(at=minutes(3)))
    changed = changed_by(EntryKind.IMPORT, article.pk, at=minutes(3))
    assert all(covered(changed, address) for address in pages)


def test_an_event_of_no_story_changes_lists(article: Article) -> None:
    changed = changed_by(EntryKind.PROFILE, None, at=minutes(3))
    assert covered(changed, "/author/ines-calder/")
    assert covered(changed, "/pictures/abc/320")
    assert not covered(changed, "/stories/the-dam/")


def test_every_address_is_one_that_nginx_looks_up(article: Article, tmp_path: Path) -> None:
    folder = BakedFolder(tmp_path)
    for address in (*story_pages(article.pk, at=minutes(3)), *lists(at=minutes(3))):
        folder.link(address)
