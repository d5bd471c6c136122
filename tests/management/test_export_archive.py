"""`manage.py export_archive`: the public side of every version, with the same bytes whatever its source."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from stories.actions.editing.pictures import store_picture
from stories.actions.publishing.developing_mode import start_developing
from stories.domain.archive.stories import load
from stories.domain.snapshot import ImageBlock, NoteKind, RequestStatus, StoryKind
from stories.models import Article, Author, OldAddress, Section
from stories.models.record.recording import append
from stories.models.roles import MANAGING_EDITOR
from stories.queries.publishing.stored_versions import exported_story
from tests.archives import line, passing_site, version, write_archive
from tests.factories import (
    MORNING,
    begin,
    byline,
    change,
    embed,
    go_live,
    make_author,
    make_section,
    make_user,
    minutes,
    note,
    png,
    quote,
    request,
    text,
    wanted,
)

pytestmark = pytest.mark.django_db


def export(path: Path, *slugs: str) -> bytes:
    call_command("export_archive", *slugs, out=path, stdout=StringIO(), stderr=StringIO())
    return path.read_bytes()


def import_(path: Path, **options: Any) -> None:
    call_command("import_archive", str(path), stdout=StringIO(), stderr=StringIO(), **options)


def make_rich_story() -> None:
    """Create a story with everything that readers may see, through the real actions."""
    editor = make_user(MANAGING_EDITOR)
    make_section("US", "From the country")
    make_section("technology", "Technology")
    picture = store_picture(content=png(400, 300), user=editor)
    asked = request("Corvid Systems")
    hidden = request("Somebody else", shown=False)
    first_note = note("A misspelt name was corrected.")
    article = begin(
        wanted(
            "An answer",
            text("<p>One &amp; two.</p>"),
            quote(source="a transcript", source_url="https://example.org/t", said_on=MORNING.date()),
            quote(speaker="", anonymous=True, description="an employee", anonymity_reason="fear of reprisal"),
            ImageBlock(
                key=text().key, picture=picture.digest, alt_text="A square", caption="Red", credit="Us"
            ),
            ImageBlock(key=text().key, address="/gone.png", alt_text="Gone"),
            embed(),
            section="US",
            dateline="NEW YORK",
            disclosure="We may earn a commission.",
            bylines=(
                byline(make_author()),
                byline(make_author("jdoe", "Jane Doe"), credited_as="J. Doe"),
            ),
            comment_requests=(asked, hidden),
            language="en-GB",
        ),
        user=editor,
    )
    go_live(article, user=editor)
    change(article, user=editor, dek="A draft in between", at=minutes(1), reason="secret reason")
    change(
        article,
        user=editor,
        at=minutes(2),
        update_notes=(first_note,),
        slug="an-answer-renamed",
        section="technology",
        comment_requests=(
            request("Corvid Systems", key=asked.key, status=RequestStatus.RECEIVED, responded_at=minutes(1)),
            hidden,
        ),
    )
    go_live(article, user=editor, at=minutes(3))
    # The newest note on top, amending the one before.
    second_note = note(
        "The date of the first note was wrong.", NoteKind.CORRECTION, amends=first_note.key, was="a", now="b"
    )
    change(article, user=editor, at=minutes(4), update_notes=(second_note, first_note))
    go_live(article, user=editor, at=minutes(5))
    change(article, user=editor, at=minutes(6), headline="An answer, developing")
    start_developing(article=article, user=editor, at=minutes(6))
    go_live(
        article,
        user=editor,
        at=minutes(7),
        publication_class="developing",
        reason="More to come",
        cause="moved-on",
    )
    change(article, user=editor, at=minutes(8), headline="An unpublished headline")
    append(OldAddress(path="/2019/answer", article=article))
    page = begin(wanted("Corrections policy", kind=StoryKind.PAGE), user=editor)
    go_live(page, user=editor)
    begin(wanted("A draft that nobody published"), user=editor)
    Author.objects.filter(pk="jdoe").update(name="Jane D.")
    Section.objects.filter(pk="US").update(name="Renamed since")


def test_exported_imported_into_an_empty_site_and_exported_again_it_is_the_same_bytes(
    tmp_path: Path, settings: Settings
) -> None:
    archive, media = tmp_path / "first.jsonl", tmp_path / "first.jsonl.media"
    with passing_site():
        make_rich_story()
        first = export(archive)
    (file,) = media.iterdir()
    settings.MEDIA_ROOT = tmp_path / "another site's pictures"
    import_(archive, media=media)
    assert export(tmp_path / "second.jsonl") == first
    assert (tmp_path / "second.jsonl.media" / file.name).read_bytes() == file.read_bytes()
    import_(archive, media=media)
    assert export(tmp_path / "third.jsonl") == first


def test_only_what_readers_may_see_goes_out(tmp_path: Path) -> None:
    make_rich_story()
    content = export(tmp_path / "a.jsonl").decode()
    for secret in ("Somebody else", "secret reason", "nobody published", "An unpublished headline", "Maya"):
        assert secret not in content
    page, story = (json.loads(each) for each in content.splitlines()[::-1])
    assert (page["slug"], page["kind"]) == ("corrections-policy", "page")
    assert story["slug"] == "an-answer-renamed"
    assert story["addresses"] == ["/2019/answer"]
    first, second, third, fourth = story["versions"]
    assert [each["class"] for each in story["versions"]] == ["first", "noted", "noted", "developing"]
    assert "reason" not in first
    assert (first["slug"], first["section"], first["section_name"]) == ("an-answer", "US", "From the country")
    assert fourth["line"] == "More to come"
    assert first["bylines"] == ["Ines Calder", {"name": "J. Doe", "author": "jdoe"}]
    assert [each["type"] for each in first["blocks"]] == ["text", "quote", "quote", "image", "image", "embed"]
    assert [each["party"] for each in first["comment_requests"]] == ["Corvid Systems"]
    assert [each["text"] for each in second["notes"]] == ["A misspelt name was corrected."]
    assert third["notes"][0]["place"] == 1
    for each in content.splitlines():
        load(each.encode())


def test_a_zipped_export_is_the_same_whenever_and_whatever_it_is_called(tmp_path: Path) -> None:
    import_(write_archive(tmp_path / "in.jsonl", line(slug="b"), line(slug="a")))
    assert export(tmp_path / "one.jsonl.gz") == export(tmp_path / "other.jsonl.gz")
    assert not list(tmp_path.glob("*.part"))


def test_chosen_stories_go_out_alone(tmp_path: Path) -> None:
    import_(write_archive(tmp_path / "in.jsonl", line(slug="b"), line(slug="a"), line(slug="c")))
    content = export(tmp_path / "out.jsonl", "c", "a")
    assert [json.loads(each)["slug"] for each in content.splitlines()] == ["a", "c"]
    with pytest.raises(CommandError, match="No story went live under nowhere"):
        export(tmp_path / "out.jsonl", "nowhere")
    assert (tmp_path / "out.jsonl").read_bytes() == content


def test_a_version_to_come_is_not_exported(tmp_path: Path) -> None:
    later = (timezone.now() + timedelta(days=9)).isoformat()
    import_(
        write_archive(tmp_path / "in.jsonl", line(version(9), version(headline="Later", live_from=later)))
    )
    assert b"Later" not in export(tmp_path / "out.jsonl")


def test_an_export_asks_as_often_for_a_story_of_many_versions_as_for_one_of_few(tmp_path: Path) -> None:
    import_(
        write_archive(
            tmp_path / "in.jsonl",
            line(version(9), slug="few"),
            line(*(version(hour, headline=f"At {hour}") for hour in range(1, 21)), slug="many"),
        )
    )
    counts = []
    for article in Article.objects.order_by("pk"):
        with CaptureQueriesContext(connection) as queries:
            exported_story(article.pk, at=timezone.now())
        counts.append(len(queries))
    assert counts[0] == counts[1] == 12


def test_to_standard_output_it_writes_the_archive_alone(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    import_(write_archive(tmp_path / "in.jsonl", line()))
    capfdbinary.readouterr()
    call_command("export_archive", verbosity=0)
    assert capfdbinary.readouterr().out == export(tmp_path / "out.jsonl")
