"""A story is imported with its versions, whole or not at all, and recognized in a second import."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from stories.actions.archive.differences import ImportRefused
from stories.actions.archive.import_story import ImportOutcome, import_story, try_import_story
from stories.domain.archive.stories import load
from stories.domain.snapshot import ImageBlock, QuoteBlock, TextBlock
from stories.models import (
    Article,
    ImportedStory,
    LedgerEntry,
    OldAddress,
    Picture,
    Revision,
    User,
)
from stories.models.roles import EDITOR, REPORTER
from stories.queries.publishing.stored_versions import exported_story
from stories.queries.publishing.versions import old_address_target, versions
from stories.queries.story.snapshots import snapshot_at
from stories.queries.verification import Verification
from tests.archives import IMPORTER, NOW, import_archived, line, refusal, version
from tests.factories import begin, go_live, make_section, make_user, png, wanted

pytestmark = pytest.mark.django_db


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


def test_old_addresses_lead_to_the_story() -> None:
    import_archived(addresses=["/2020/03/council.html"])
    place = old_address_target("/2020/03/council.html", at=NOW)
    assert place is not None
    assert place.slug == "council-hears-objections"
    assert refusal(slug="another", addresses=["/2020/03/council.html"]) == (
        "The old address “/2020/03/council.html” belongs to another story. Take it out of one of the two."
    )
    assert OldAddress.objects.count() == 1


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
        (version(10, body="<div>" * 1_100), "Version 2, “body”: Its tags nest more than 1,000 deep."),
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
            "Version 2: link card 1, link: Enter a valid URL.",
        ),
        (
            version(10, blocks=[{"type": "text", "key": "a"}, {"type": "text", "key": "a"}]),
            "Version 2: text 1: Its key",
        ),
    ],
)  # fmt: skip
def test_a_bad_version_is_reported_with_its_number_and_field_and_nothing_is_stored(
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
        message = refusal(version(9, **given))
        assert place in message
        assert "times lie between the year 1600 and ten years from now" in message


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


def test_who_is_limited_to_sections_imports_into_those_alone() -> None:
    editor = make_user(EDITOR)
    editor.sections.add(make_section("culture", "Culture"))
    emil = User.objects.get(pk=editor.pk)
    ours, theirs = (
        line(version(section=name, section_name=name.capitalize())) for name in ("culture", "sports")
    )
    for story in (theirs, line()):
        with pytest.raises(PermissionDenied, match="limited to the section “Culture”"):
            import_story(story=load(story), user=emil, at=NOW)
    assert not Article.objects.exists()
    assert import_story(story=load(ours), user=emil, at=NOW).versions == 1
    longer = line(version(section="culture", section_name="Culture"), version(10, headline="It moved"))
    with pytest.raises(PermissionDenied, match="in no section"):
        import_story(story=load(longer), user=emil, at=NOW)
