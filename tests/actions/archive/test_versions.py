"""An archived version becomes a story: its parts keep their keys, its authors and sections are created."""

from __future__ import annotations

import pytest

from stories.domain.snapshot import EmbedBlock, ImageBlock, NoteKind, QuoteBlock, RequestStatus, TextBlock
from stories.models import (
    Article,
    Author,
    Revision,
    Section,
)
from stories.queries.publishing.stored_versions import stored_versions
from stories.queries.publishing.versions import versions
from stories.queries.story.snapshots import snapshot_at
from tests.archives import BODY, NOW, import_archived, version

pytestmark = pytest.mark.django_db


def test_a_body_becomes_blocks_that_keep_their_keys_when_edited() -> None:
    import_archived(version(9), version(10, body=BODY.replace("Monday", "Tuesday")))
    article = Article.objects.get()
    first, second = snapshot_at(article.pk, 1), snapshot_at(article.pk, 2)
    assert [type(block) for block in first.blocks] == [TextBlock, QuoteBlock, TextBlock, ImageBlock]
    assert [block.key for block in first.blocks] == [block.key for block in second.blocks]
    assert [one == two for one, two in zip(first.blocks, second.blocks, strict=True)] == [
        False,
        True,
        True,
        True,
    ]


def test_whatever_a_page_displays_can_be_stored() -> None:
    import_archived(
        version(
            body='<iframe src="https://пример.example:10443/x"></iframe>'
            f'<figure><img src="https://e.org/{"x" * 2_000}" alt="{"long " * 500}">'
            f"<figcaption>{'word ' * 1_200}</figcaption></figure>"
            '<blockquote cite="https://münchen.example/a">Words.<footer>The <q>Boss</q></footer></blockquote>'
            "<ol><li>a<ol><li>b</li></ol></li><li></li><li>c</li></ol>"
        )
    )
    embed, image, caption, quote, listed = snapshot_at(Article.objects.get().pk, 1).blocks
    assert isinstance(embed, EmbedBlock)
    assert embed.address == "https://пример.example:10443/x"
    assert isinstance(image, ImageBlock)
    assert image.address == "about:invalid"
    assert isinstance(caption, TextBlock)
    assert len(caption.text.split()) == 1_200
    assert isinstance(quote, QuoteBlock)
    assert (quote.speaker, quote.source_url) == ("The “Boss”", "https://münchen.example/a")
    assert isinstance(listed, TextBlock)
    assert '<ol start="3"><li><p>c</p></li></ol>' in listed.text


def test_authors_and_sections_are_made_where_missing_and_names_kept_as_credited() -> None:
    Author.objects.create(slug="ines-calder", name="Ines M. Calder")
    import_archived(
        version(bylines=["Ines  Calder", "INES CALDER", "李明", "***"]), section="Science & Health"
    )
    story = snapshot_at(Article.objects.get().pk, 1)
    assert [byline.credited_as for byline in story.bylines] == ["Ines Calder", "INES CALDER", "李明", "***"]
    assert [byline.author for byline in story.bylines[:3]] == ["ines-calder", "ines-calder", "李明"]
    assert Author.objects.get(pk="ines-calder").name == "Ines M. Calder"
    assert Author.objects.get(pk=story.bylines[3].author).name == "***"
    assert Section.objects.get().name == "Science & Health"
    assert Section.objects.get().slug == "science-health"


def test_notes_add_up_and_requests_are_matched_by_party() -> None:
    asked = {"party": "Corvid", "requested_at": "2020-03-01T09:00:00Z"}
    import_archived(
        version(9, comment_requests=[{**asked, "status": "pending"}]),
        version(
            10,
            notes=[{"kind": "typo", "text": "One."}],
            comment_requests=[{**asked, "status": "received", "responded_at": "2020-03-02T09:30:00Z"}],
        ),
        version(11, notes=[{"kind": "correction", "text": "Two.", "was": "a", "now": "b"}]),
    )
    article = Article.objects.get()
    first, second, third = (snapshot_at(article.pk, number) for number in (1, 2, 3))
    assert first.comment_requests[0].key == second.comment_requests[0].key
    assert second.comment_requests[0].status is RequestStatus.RECEIVED
    assert third.comment_requests == ()
    assert [note.text for note in third.update_notes] == ["One.", "Two."]
    assert third.update_notes[1].kind is NoteKind.CORRECTION
    assert second.update_notes[0] == third.update_notes[0]


def test_a_version_that_reads_as_the_one_before_is_still_a_version() -> None:
    import_archived(version(9), version(10, body=f"<div>{BODY}</div>"))
    article = Article.objects.get()
    assert Revision.objects.count() == 1
    assert [each.number for each in versions(article.pk, at=NOW)] == [2, 1]


def test_every_version_is_stored_as_it_was_wanted() -> None:
    import_archived(*(version(hour, body=f"{BODY}<p>{hour}</p>") for hour in range(1, 20)))
    article = Article.objects.get()
    for number, (publication, story) in enumerate(stored_versions(article.pk), start=1):
        assert publication.revision.number == number
        assert story == snapshot_at(article.pk, number)
        assert f"<p>{number}</p>" in "".join(getattr(block, "text", "") for block in story.blocks)
