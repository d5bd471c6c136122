"""`manage.py import_archive`: what it prints, what it leaves behind, and how it treats bad files."""

from __future__ import annotations

import gzip
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from stories.models import Article, LedgerEntry, Publication
from tests.archives import line, version, write_archive

pytestmark = pytest.mark.django_db


def run(*files: Path, **options: Any) -> tuple[str, str]:
    """Return what the command prints to both outputs; fail the test if the command fails."""
    out, err = StringIO(), StringIO()
    call_command("import_archive", *map(str, files), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def run_failing(*files: Path, **options: Any) -> tuple[str, str, str]:
    """Return what the command prints to both outputs, and why it fails."""
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_archive", *map(str, files), stdout=out, stderr=err, **options)
    assert caught.value.returncode == 1
    return out.getvalue(), err.getvalue(), str(caught.value)


def test_it_reports_what_it_did(tmp_path: Path) -> None:
    archive = write_archive(
        tmp_path / "a.jsonl",
        line(
            version(9, body="<div><p class='x'>a</p><script>b</script></div><img src='/a.png'>"), version(10)
        ),
        b"\n",
        line(slug="second"),
    )
    out, _err = run(archive)
    assert "Imported 2 stories, appended to 0, skipped 0 that are here already, failed 0." in out
    assert "Versions written: 3." in out
    assert "Images without a file: 3. Images without an alt text: 1." in out
    assert "  div 1 in 1 stories: council-hears-objections 1" in out
    assert "  script 1 in 1 stories" in out
    assert "  p[class] 1 in 1 stories" in out
    assert "stories/s. Peak memory: " in out
    assert "skipped 2 that are here already" in run(archive)[0]
    assert Publication.objects.count() == 3


def test_a_long_report_is_cut_and_whole_on_request(tmp_path: Path) -> None:
    odd = "".join(f"<x-{letter}>a</x-{letter}>" for letter in "abcdefghijklmn")
    archive = write_archive(tmp_path / "a.jsonl", line(version(body=odd)))
    short, _err = run(archive, dry_run=True)
    assert "and 4 of 4 more kinds; -v 2 names all." in short
    assert "x-n 1" not in short
    assert "x-n 1" in run(archive, verbosity=2)[0]


def test_a_dry_run_reports_and_writes_nothing(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "a.jsonl", line(), line(slug="second"))
    out, _err = run(archive, dry_run=True)
    assert out.startswith("This was a dry run: nothing was written.")
    assert "Imported 2 stories" in out
    assert not Article.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_a_bad_story_is_reported_with_its_line_and_the_others_are_imported(tmp_path: Path) -> None:
    archive = write_archive(
        tmp_path / "a.jsonl.gz",
        gzip.compress(
            line(slug="first")
            + b'{"format": \n'
            + line(version(live_from="2020-01-01T00:00:00"), slug="naive")
            + b"\xff\xfe\n"
            + line(version(9), version(9), slug="twice")
            + line(version(body="<div>" * 5000), slug="deep")
            + line(version(10, headline=""), slug="unnamed")
            + line(slug="last")
        ),
    )
    out, err, failure = run_failing(archive)
    assert set(Article.objects.values_list("slug", flat=True)) == {"first", "last"}
    assert "Imported 2 stories, appended to 0, skipped 0 that are here already, failed 6." in out
    failures = [each.removeprefix("a.jsonl.gz, line ") for each in err.splitlines() if each]
    beginnings = [
        "2: The line is not JSON: at character 11, Expecting value.",
        "3: Version 1: “live_from” is “2020-01-01T00:00:00”, which has no offset from UTC; write it as in ",
        "4: The line is not UTF-8: its byte 1 belongs to no character.",
        "5: Version 2: “live_from” is 2020-03-02T09:00:00+00:00, which is not after the version before it ",
        "6: Version 1, “body”: Its tags nest more than 1,000 deep.",
        "7: Version 1: headline: This field cannot be blank.",
    ]
    assert len(failures) == len(beginnings)
    for sentence, beginning in zip(failures, beginnings, strict=True):
        assert sentence.startswith(beginning)
    assert failure.startswith("6 stories failed, as said above, and left no trace.")


def test_a_file_that_breaks_off_is_imported_up_to_there_and_goes_on_when_fetched_anew(tmp_path: Path) -> None:
    stories = [line(slug=f"story-{number}") for number in range(40)]
    whole = gzip.compress(b"".join(stories), compresslevel=0)
    archive = write_archive(tmp_path / "a.jsonl.gz", whole[: len(whole) // 2])
    _out, err, _failure = run_failing(archive)
    assert "The file breaks off or is damaged after line" in err
    there = Article.objects.count()
    assert 0 < there < 40
    archive.write_bytes(whole)
    out, _err = run(archive)
    assert f"Imported {40 - there} stories, appended to 0, skipped {there} that" in out


def test_a_file_that_is_damaged_is_reported(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(line() * 50))
    whole[20:40] = bytes(20)
    _out, err, _failure = run_failing(write_archive(tmp_path / "a.jsonl.gz", bytes(whole)))
    assert "damaged after line" in err


def test_a_file_that_is_not_there_is_reported_before_anything_is_imported(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "a.jsonl", line())
    with pytest.raises(CommandError, match=r"There is no file .*b\.jsonl\. Nothing was imported"):
        run(archive, tmp_path / "b.jsonl")
    with pytest.raises(CommandError, match="is no folder"):
        run(archive, media=tmp_path / "nowhere")
    assert not Article.objects.exists()


def test_a_line_that_is_endless_is_left_out_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stories.management.archive_files.MOST_LINE_BYTES", 5_000)
    archive = write_archive(tmp_path / "a.jsonl", b"x" * 20_000 + b"\n", line())
    _out, err, _failure = run_failing(archive)
    assert "a.jsonl, line 1: It has more than" in err
    assert Article.objects.count() == 1
