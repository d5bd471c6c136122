"""A story is imported with its versions, whole or not at all, and recognized in a second import."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from stories.actions.actors import SystemActor
from stories.actions.archive.differences import ImportRefused
from stories.actions.archive.import_story import ImportOutcome, ImportResult, import_story, try_import_story
from stories.actions.archive.pictures import _decoded
from stories.domain.archive.stories import load
from stories.domain.snapshot import ImageBlock, NoteKind, QuoteBlock, RequestStatus, TextBlock
from stories.models import (
    Article,
    Author,
    ImportedStory,
    LedgerEntry,
    OldAddress,
    Picture,
    Publication,
    Revision,
    Section,
    StoryAddress,
)
from stories.models.roles import EDITOR, REPORTER
from stories.queries.publishing.stored_versions import exported_story, stored_versions
from stories.queries.publishing.versions import old_address_target, versions
from stories.queries.story.snapshots import snapshot_at
from stories.queries.verification import Verification
from tests.archives import BODY, line, version
from tests.factories import begin, change, go_live, make_user, note, png, wanted

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
IMPORTER = SystemActor("importer")


def import_archived(*given: dict[str, Any], media: Path | None = None, **values: Any) -> ImportResult:
    return import_story(story=load(line(*given, **values)), user=IMPORTER, media=media, at=NOW)


def refusal(*given: dict[str, Any], **values: Any) -> str:
    """Return the refusal of a story's import; check that nothing of it was written."""
    counts = [
        model.objects.count() for model in (Article, Revision, Publication, LedgerEntry, Author, Section)
    ]
    with pytest.raises(ImportRefused) as caught:
        import_archived(*given, **values)
    assert counts == [
        model.objects.count() for model in (Article, Revision, Publication, LedgerEntry, Author, Section)
    ]
    return str(caught.value)


def test_versions_keep_their_times_and_the_ledger_keeps_when_they_came_in() -> None:
    story = load(
        line(
            version(9, reason="first publication", editor="mk"),
            version(11, body="<p>Tuesday.</p>", reason="the day", editor="jd", **{"class": "minor"}),
            section="city-hall",
            language="es",
            source_id="wp-17",
        )
    )
    result = import_story(story=story, user=IMPORTER, at=NOW)
    assert (result.outcome, result.versions) == (ImportOutcome.IMPORTED, 2)
    article = Article.objects.get()
    second, first = versions(article.pk, at=NOW)
    assert [first.live_from.hour, second.live_from.hour] == [9, 11]
    assert [first.publication_class, second.publication_class] == ["imported", "minor"]
    assert (second.section, second.section_name, second.language) == ("city-hall", "City hall", "es")
    revisions = Revision.objects.order_by("number")
    assert [(each.number, each.user_id, each.user_name, each.reason) for each in revisions] == [
        (1, None, "mk", "first publication"),
        (2, None, "jd", "the day"),
    ]
    assert {each.recorded_at for each in revisions} == {NOW}
    entry = LedgerEntry.objects.get(kind="import")
    event = ImportedStory.objects.get()
    assert entry.recorded_at == NOW
    assert event.line_digest in entry.payload
    assert event.line_digest == story.digest
    assert "council-hears-objections, 2 versions" in entry.words.text
    assert "council-hears-objections" not in entry.payload
    assert list(Verification()) == []


def test_the_entry_of_a_story_of_one_version_counts_one_version() -> None:
    import_archived()
    assert ImportedStory.objects.get().reason == "council-hears-objections, 1 version"


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


def test_old_addresses_lead_to_the_story() -> None:
    import_archived(addresses=["/2020/03/council.html"])
    place = old_address_target("/2020/03/council.html", at=NOW)
    assert place is not None
    assert place.slug == "council-hears-objections"
    assert refusal(slug="another", addresses=["/2020/03/council.html"]) == (
        "The old address “/2020/03/council.html” belongs to another story. Take it out of one of the two."
    )
    assert OldAddress.objects.count() == 1


def test_what_came_in_already_is_skipped_however_it_is_written() -> None:
    import_archived(version(9), version(10, headline="Council hears more"))
    entries = LedgerEntry.objects.count()
    article = Article.objects.get()
    assert (
        import_archived(version(9), version(10, headline="Council hears more")).outcome
        is ImportOutcome.SKIPPED
    )
    assert (
        import_archived(version(9, dek=" "), version(10, headline="Council hears  more")).outcome
        is ImportOutcome.SKIPPED
    )
    exported = exported_story(article.pk, at=NOW).line
    assert import_story(story=load(line(**exported)), user=IMPORTER, at=NOW).outcome is ImportOutcome.SKIPPED
    assert LedgerEntry.objects.count() == entries


def test_a_longer_story_appends_its_new_versions() -> None:
    import_archived(version(9), source_id="wp-17")
    result = import_archived(
        version(9, slug="council-hears-objections"),
        version(10, body=BODY.replace("Monday", "Friday")),
        slug="renamed-there",
        source_id="wp-17",
    )
    assert (result.outcome, result.versions) == (ImportOutcome.APPENDED, 1)
    article = Article.objects.get()
    assert "Friday" in repr(snapshot_at(article.pk, 2).blocks)
    assert ImportedStory.objects.count() == 2
    assert set(StoryAddress.objects.values_list("slug", flat=True)) == {
        "council-hears-objections",
        "renamed-there",
    }
    assert list(Verification()) == []


@pytest.mark.parametrize(
    ("second", "field"),
    [
        ({"headline": "Other"}, "headline"),
        ({"body": BODY.replace("We", "They")}, "blocks"),
        ({"bylines": ["Ines Calder"]}, "bylines"),
        ({"live_from": "2020-03-02T10:00:01Z"}, "live_from"),
        ({"class": "minor"}, "class"),
        ({"notes": [{"kind": "typo", "text": "a"}]}, "update_notes"),
    ],
)
def test_a_story_that_differs_is_refused_with_the_first_version_that_does(
    second: dict[str, Any], field: str
) -> None:
    import_archived(version(9), version(10, dek="more"), version(11))
    changed = {**version(10, dek="more"), **second}
    assert refusal(version(9), changed, version(11, dek="x")) == (
        f"Version 2 is not as it is here: “{field}” differs. Nothing of this story was imported."
    )


def test_a_story_that_grew_here_is_not_the_archives_any_more() -> None:
    import_archived(version(9))
    article = Article.objects.get()
    editor = make_user(EDITOR)
    change(article, user=editor, update_notes=(note(),), at=NOW)
    go_live(article, user=editor, at=NOW)
    assert refusal(version(9)) == (
        "Version 2 is here, but not in the archive: this story was published here since."
    )


def test_edits_that_wait_here_do_not_go_live_with_the_archives_next_version() -> None:
    import_archived(version(9))
    change(Article.objects.get(), user=make_user(EDITOR), headline="A draft", at=NOW)
    assert refusal(version(9), version(10)) == (
        "This story has unpublished edits here. Publish or undo them, then import its new versions."
    )


def test_a_slug_that_another_story_went_live_under_is_refused() -> None:
    editor = make_user(EDITOR)
    go_live(begin(wanted(slug="council-hears-objections"), user=editor), user=editor)
    assert refusal(source_id="wp-17").startswith(
        "The slug “council-hears-objections” is taken by another story"
    )
    assert refusal() == (
        "Version 1 is not as it is here: “live_from” differs. Nothing of this story was imported."
    )
    assert refusal(version(slug="council-hears-objections"), slug="other").startswith(
        "Version 1: The address “council-hears-objections” belongs to another story"
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (version(10, headline=""), "Version 2: headline: This field cannot be blank."),
        (version(10, headline="x" * 301), "Version 2: headline: Ensure this value has at most 300 characters"),
        (version(10, language="x!"), "Version 2: language: This is no language tag."),
        (version(10, body="<div>" * 99), "Version 2, “body”: Its tags nest more than 60 deep."),
        (version(10, body="x" * 5_000_000), "Version 2, “body”: It has 5,000,000 characters; a body may have"),
        (version(10, body="<p>a b</p>" * 150_000), "Version 2: text 1: This text has"),
        (
            version(10, blocks=[{"type": "text", "key": "a", "text": "<b></x>" * 100_000}]),
            "Version 2: text 1: The tags of this text nest more than 60 deep.",
        ),
        (version(10, **{"class": "first"}), "Version 2: only the first version can be of class “first”."),
        (
            version(10, comment_requests=[{"party": "a", "status": "pending", "responded_at": "2020-01-01T00:00Z"}]),
            "Version 2: comment request 1, state: This request has an answer’s time",
        ),
        (
            version(10, notes=[{"kind": "typo", "text": ""}]),
            "Version 2: update note 1, text: This field cannot be blank.",
        ),
        (
            version(10, notes=[{"kind": "typo", "text": "a", "amends": "b"}]),
            "Version 2: update note 1: The note that it amends is not there.",
        ),
        (
            version(10, blocks=[{"type": "quote", "key": "a", "text": "b", "anonymous": True, "speaker": "Ann"}]),
            "Version 2: quote 1, speaker: An anonymous quote carries no name.",
        ),
        (
            version(10, blocks=[{"type": "embed", "key": "a", "address": "nowhere"}]),
            "Version 2: link card 1, address: Enter a valid URL.",
        ),
        (
            version(10, blocks=[{"type": "text", "key": "a"}, {"type": "text", "key": "a"}]),
            "Version 2: text 1: Its key",
        ),
    ],
)  # fmt: skip
def test_a_bad_version_is_told_with_its_number_and_field_and_nothing_is_left(
    given: dict[str, Any], sentence: str
) -> None:
    assert refusal(version(9), given).startswith(sentence)


@pytest.mark.parametrize(
    "never", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "0001-01-02T00:00:00+14:00"]
)
def test_another_systems_never_and_no_date_are_refused_in_every_field(never: str) -> None:
    asked = {"party": "a", "status": "received", "requested_at": "2020-01-01T00:00Z"}
    for given, place in (
        ({"live_from": never}, "“live_from”"),
        ({"comment_requests": [asked | {"requested_at": never}]}, "comment request 1: “requested_at”"),
        ({"comment_requests": [asked | {"responded_at": never}]}, "comment request 1: “responded_at”"),
        (
            {"blocks": [{"type": "quote", "key": "a", "text": "b", "speaker": "Ann", "said_on": never[:10]}]},
            "quote 1",
        ),
    ):
        said = refusal(version(9, **given))
        assert place in said
        assert "times lie between the year 1600 and ten years from now" in said


def test_only_the_last_version_may_wait_for_its_time() -> None:
    waiting = version(headline="Later", live_from="2030-01-01T00:00:00Z")
    assert refusal(version(9), waiting, version(live_from="2031-01-01T00:00:00Z")) == (
        "Version 2: “live_from” is still to come; only the last version may wait for its time."
    )
    import_archived(version(9), waiting)
    assert [each.headline for each in versions(Article.objects.get().pk, at=NOW)] == [
        "Council hears objections"
    ]


def test_script_in_every_field_is_text_or_gone() -> None:
    script = "<script>alert(1)</script>"
    import_archived(
        version(
            headline=script,
            dek=script,
            bylines=[script],
            disclosure=script,
            body=f"{script}<p onclick='x'>a{script}</p><img src='javascript:x' alt='{script}'>",
            reason=script,
            editor=script,
            notes=[{"kind": "typo", "text": script, "was": script}],
            comment_requests=[{"party": script, "status": "pending", "sentence": script}],
        ),
        section=script,
    )
    story = snapshot_at(Article.objects.get().pk, 1)
    assert story.headline == script
    assert [block.text for block in story.blocks if isinstance(block, TextBlock)] == ["<p>a</p>"]
    assert [block.address for block in story.blocks if isinstance(block, ImageBlock)] == ["about:invalid"]


def test_a_picture_is_found_by_its_path_or_its_name_or_inside_the_body(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "hall.jpg").write_bytes(png())
    (tmp_path / "only name.png").write_bytes(png())
    data = f"data:image/png;base64,{b64encode(png()).decode()}"
    body = (
        "<img src='https://old.example.org/assets/hall.jpg?w=1' alt='a'>"
        f"<img src='/2019/only%20name.png' alt='b'><img src='{data}' alt='c'><img src='/gone.png'>"
    )
    result = import_archived(version(body=body), media=tmp_path)
    blocks = snapshot_at(Article.objects.get().pk, 1).blocks
    images = [block for block in blocks if isinstance(block, ImageBlock)]
    assert {image.picture for image in images[:3]} == {Picture.objects.get().digest}
    assert (images[0].width, images[0].height, images[0].address) == (40, 30, "")
    assert (images[3].picture, images[3].address) == ("", "/gone.png")
    assert (result.missing_files, result.missing_alt_texts) == (1, 1)
    assert import_archived(version(body=body, dek=" ")).outcome is ImportOutcome.SKIPPED


def test_no_file_outside_the_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(png())
    media = tmp_path / "media"
    media.mkdir()
    (media / "link.png").symlink_to(tmp_path / "secret.png")
    body = "<img src='../secret.png' alt='a'><img src='/..%2fsecret.png' alt='a'><img src='link.png' alt='a'>"
    assert import_archived(version(body=body), media=media).missing_files == 3
    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "data:image/png;base64,AAAA!!!!",
        "data:image/jpeg;base64,/9j/4AAQSkZJRg",
        "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0h9'/></svg>",
        "data:image/webp;base64,",
        "/assets/hall.jpg",
    ],
)
def test_a_picture_that_can_not_be_read_costs_its_story_nothing_but_the_picture(
    tmp_path: Path, address: str
) -> None:
    (tmp_path / "hall.jpg").write_bytes(b"nothing")
    body = (
        f'<p>Before.</p><figure><img src="{address}" alt="The hall"><figcaption>In May</figcaption></figure>'
    )
    tried = try_import_story(story=load(line(version(body=body))), user=IMPORTER, media=tmp_path, at=NOW)
    result = import_archived(version(body=body), media=tmp_path)
    assert tried == result
    (sentence,) = result.unreadable_pictures
    assert "This file can’t be read as a picture." in sentence
    _before, image = snapshot_at(Article.objects.get().pk, 1).blocks
    assert isinstance(image, ImageBlock)
    assert (image.picture, image.alt_text, image.caption) == ("", "The hall", "In May")
    assert image.address == (address if address.startswith("/") else "about:invalid")
    assert import_archived(version(body=body, dek=" "), media=tmp_path).outcome is ImportOutcome.SKIPPED


def test_a_data_picture_is_read_however_its_letters_are_written() -> None:
    whole = b64encode(png()).decode()
    for letters in (
        whole,
        whole.rstrip("="),
        whole.replace("+", "-").replace("/", "_"),
        whole[:20] + "\n " + whole[20:],
        whole.replace("+", "%2B"),
    ):
        assert _decoded(f"data:image/png;BASE64,{letters}") == png()


@pytest.mark.parametrize(
    "given",
    [
        {"headline": "Mayor resigns\x0bHarbour talks fail"},
        {"headline": "Mayor resigns\x0cHarbour talks fail"},
        {"headline": "Mayor resigns\x1eHarbour talks fail"},
        {"headline": "Mayor resigns\u2028Harbour talks fail"},
        {"headline": "Mayor resigns\x85Harbour talks fail"},
    ],
)
def test_a_control_character_that_separates_words_does_not_glue_them(given: dict[str, Any]) -> None:
    separator = given["headline"][len("Mayor resigns")]
    import_archived(
        version(
            dek=f"Dek one{separator}dek two",
            body=f"<p>First line{separator}second line</p><p>one&#11;two</p>",
            notes=[{"kind": "typo", "text": f"A note{separator}goes on"}],
            **given,
        )
    )
    story = snapshot_at(Article.objects.get().pk, 1)
    assert story.headline == "Mayor resigns Harbour talks fail"
    assert story.dek == "Dek one dek two"
    assert [block.text for block in story.blocks if isinstance(block, TextBlock)] == [
        "<p>First line second line</p><p>one two</p>"
    ]
    assert story.update_notes[0].text == "A note goes on"


def test_hard_and_narrow_spaces_stay_in_every_text() -> None:
    for space in ("\u202f", "\u2009", "\xa0", "\u3000"):
        import_archived(
            version(
                headline=f"10{space}000 euros",
                dek=f"Non{space}!",
                body=(
                    f'<p>10{space}000</p><img src="/a.jpg" alt="10{space}000">'
                    f"<blockquote><p>a{space}b</p></blockquote>"
                ),
            ),
            slug=f"space-{ord(space):x}",
        )
        story = snapshot_at(Article.objects.latest("pk").pk, 1)
        assert story.headline == f"10{space}000 euros"
        assert story.dek == f"Non{space}!"
        text, image, quote = story.blocks
        assert isinstance(text, TextBlock)
        assert isinstance(image, ImageBlock)
        assert isinstance(quote, QuoteBlock)
        assert text.text.replace("&nbsp;", "\xa0") == f"<p>10{space}000</p>"
        assert image.alt_text == f"10{space}000"
        assert quote.text.replace("&nbsp;", "\xa0") == f"<p>a{space}b</p>"


def test_what_a_text_says_besides_its_words_comes_in_and_goes_out_again() -> None:
    body = (
        '<p dir="rtl" lang="ar">قال</p><p>See <a href="#fn1">1</a>.</p><ol start="3" reversed><li>a</li></ol>'
        '<table><tr><th scope="col">County</th></tr></table><p id="fn1">Note</p>'
    )
    import_archived(version(body=body))
    article = Article.objects.get()
    (text,) = snapshot_at(article.pk, 1).blocks
    assert isinstance(text, TextBlock)
    assert text.text == (
        '<p lang="ar" dir="rtl">قال</p><p>See <a href="#fn1">1</a>.</p>'
        '<ol start="3" reversed=""><li><p>a</p></li></ol>'
        '<table><tbody><tr><th scope="col"><p>County</p></th></tr></tbody></table><p id="fn1">Note</p>'
    )
    exported = exported_story(article.pk, at=NOW).line
    assert import_story(story=load(line(**exported)), user=IMPORTER, at=NOW).outcome is ImportOutcome.SKIPPED


@pytest.mark.parametrize(
    "ours", ["/", "/feed/", "/feed", "/search/?q=a", "/admin/", "/admin/x", "/robots.txt", "/#!/story/1"]
)
def test_an_old_address_that_is_a_page_of_ours_is_refused_with_a_sentence(ours: str) -> None:
    assert refusal(addresses=[ours]) == (
        f"The old address “{ours}” is that of a page of this site, so it can’t lead to the story. "
        "Take it out of the archive."
    )


def test_two_ways_to_write_an_old_address_are_one_address() -> None:
    import_archived(addresses=["/caf%C3%A9/", "/caf%c3%a9", "/café/"])
    assert OldAddress.objects.get().path == "/café"
    assert refusal(slug="another", addresses=["/cafe\u0301"]) == (
        "The old address “/cafe\u0301” belongs to another story. Take it out of one of the two."
    )
    assert list(Verification()) == []


def test_a_try_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "hall.jpg").write_bytes(png())
    story = load(line(version(9), version(10, body="<div>x</div>")))
    tried = try_import_story(story=story, user=IMPORTER, media=tmp_path, at=NOW)
    assert not Article.objects.exists()
    assert not Picture.objects.exists()
    assert not LedgerEntry.objects.exists()
    assert tried == import_story(story=story, user=IMPORTER, media=tmp_path, at=NOW)
    with pytest.raises(ImportRefused):
        try_import_story(story=replace(story, versions=story.versions[:1]), user=IMPORTER, at=NOW)


def test_only_who_may_publish_may_import() -> None:
    with pytest.raises(PermissionDenied):
        import_story(story=load(line()), user=make_user(REPORTER), at=NOW)
    assert not Article.objects.exists()
    assert import_story(story=load(line()), user=make_user(EDITOR), at=NOW).versions == 1


def test_every_version_is_stored_as_it_was_wanted() -> None:
    import_archived(*(version(hour, body=f"{BODY}<p>{hour}</p>") for hour in range(1, 20)))
    article = Article.objects.get()
    for number, (publication, story) in enumerate(stored_versions(article.pk), start=1):
        assert publication.revision.number == number
        assert story == snapshot_at(article.pk, number)
        assert f"<p>{number}</p>" in "".join(getattr(block, "text", "") for block in story.blocks)
