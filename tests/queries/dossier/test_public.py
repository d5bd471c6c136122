"""The public part of a dossier: versions as readers see them, each with its notes and the digest of its entry."""

from __future__ import annotations

import pytest

from stories.actions.takedown.withholdings import withhold_version, withhold_words
from stories.models import Article, LedgerEntry, Publication
from stories.models.users import User
from stories.queries.dossier import public as module
from stories.queries.dossier.public import entries_of, public_page
from tests.factories import minutes

pytestmark = pytest.mark.django_db

AT = minutes(60)


def test_each_version_has_its_story_what_came_before_its_notes_and_its_entry(article: Article) -> None:
    first, second, third = public_page(article.pk, 1, at=AT).versions
    assert (first.before, second.before, third.before) == (None, first.story, second.story)
    assert [[note.text for note in each.notes] for each in (first, second, third)] == [
        [],
        ["Typographical errors in the quotation were fixed."],
        ["A comment of the Liberty Watch was added."],
    ]
    for each in (first, second, third):
        entry = LedgerEntry.objects.get(kind="publication", event_id=each.version.publication_id)
        assert (each.sequence, each.digest) == (entry.sequence, bytes(entry.digest).hex())


def test_what_is_withheld_is_in_none_of_it(article: Article, maya: User) -> None:
    withhold_words(article=article, words="answered its staff", user=maya, ground="court", reason="An order.")
    second = Publication.objects.order_by("live_from")[1]
    withhold_version(publication=second, user=maya, ground="court", reason="An order.")
    versions = public_page(article.pk, 1, at=AT).versions
    assert versions[1].story is None
    assert versions[2].before == versions[0].story
    assert all("answered its staff" not in repr(version.story) for version in versions)


def test_it_comes_in_pages_that_begin_with_how_the_one_before_ended(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = public_page(article.pk, 1, at=AT).versions
    monkeypatch.setattr(module, "VERSIONS_A_PAGE", 2)
    last = public_page(article.pk, 9, at=AT)
    assert (last.number, last.pages, last.total) == (2, 2, 3)
    assert last.versions == whole[2:]


def test_no_publication_has_no_entry() -> None:
    assert entries_of([]) == {}
