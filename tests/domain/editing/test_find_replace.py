from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given, strategies as st

from stories.domain.editing.find_replace import as_slug, find_matches, replace_matches, replacement_text
from stories.domain.snapshot import (
    CommentRequest,
    EmbedBlock,
    ImageBlock,
    NoteKind,
    QuoteBlock,
    StorySnapshot,
    TextBlock,
    UpdateNote,
)
from stories.domain.text.find import SearchWords, replace_in_text, text_matches
from stories.domain.text.segments import plain_text


def story(**values: object) -> StorySnapshot:
    return StorySnapshot(**{"headline": "Nothing", "slug": "nothing", **values})  # type: ignore[arg-type]


def found_in(text: str, words: str, *, html: bool = True, **options: bool) -> list[str]:
    return [span.found for span in text_matches(text, SearchWords(words, **options), html=html)]


class TestFinding:
    @pytest.mark.parametrize(
        ("text", "words", "found"),
        [
            ("<p>Cor<em>vid</em> met corvid.</p>", "Corvid", ["Corvid", "corvid"]),
            ("<p>AT&amp;T&nbsp;says</p>", "at&t says", ["AT&T\u00a0says"]),
            ("<p>the company’s answer</p>", "company's", ["company’s"]),
            ("<p>the company's answer</p>", "company’s", ["company's"]),
            ("<p>“We hear you”</p>", '"we hear you"', ["“We hear you”"]),
            ("<p>2019–2020</p>", "2019-2020", ["2019–2020"]),
            ("<p>Cor\u00advid</p>", "corvid", ["Corvid"]),
            ("<p>Cafe\u0301 Corvid</p>", "café", ["Cafe\u0301"]),
            ("<p>die Straße</p>", "STRASSE", ["Straße"]),
            ("<p>New\n  York</p>", "new york", ["New York"]),
            ("<p>New<br>York</p>", "new york", ["New York"]),
            ("<p>New</p><p>York</p>", "new york", []),
            ("<table><tbody><tr><td>New</td><td>York</td></tr></tbody></table>", "new york", []),
            ('<p><a href="https://corvid.example">here</a></p>', "corvid", []),
            ("<p>anything</p>", "  ", []),
        ],
    )
    def test_words_are_found_as_they_are_read(self, text: str, words: str, found: list[str]) -> None:
        assert [each.replace("\u00a0", " ") for each in found_in(text, words)] == [
            each.replace("\u00a0", " ") for each in found
        ]

    def test_capitals_and_whole_words_are_asked_for(self) -> None:
        text = "<p>Smith and smith and Smithson.</p>"
        assert found_in(text, "Smith") == ["Smith", "smith", "Smith"]
        assert found_in(text, "Smith", match_case=True) == ["Smith", "Smith"]
        assert found_in(text, "Smith", whole_words=True) == ["Smith", "smith"]

    def test_markup_is_text_where_a_field_is_no_html(self) -> None:
        assert found_in("a <b> tag", "<b>", html=False) == ["<b>"]

    def test_a_place_is_displayed_with_what_stands_around_it(self) -> None:
        (span,) = text_matches("<p>Before <em>it</em> Smith said so.</p>", SearchWords("smith"), html=True)
        assert (span.before, span.behind) == ("Before it ", " said so.")
        assert (span.lead, span.trail) == (span.before, span.behind)

    def test_what_stands_around_it_is_cut_at_a_word_and_says_so(self) -> None:
        (span,) = text_matches(f"<p>{'anyone ' * 9}Smith{' anyone' * 9}</p>", SearchWords("smith"), html=True)
        assert span.before.startswith("one anyone")
        assert span.lead == f"… {'anyone ' * 8}"
        assert span.trail == f"{' anyone' * 8} …"

    def test_a_whole_story_is_searched(self) -> None:
        searched = story(
            headline="Corvid Systems answers",
            dek="What Corvid Systems said",
            slug="why-corvid-systems-answers",
            disclosure="Corvid Systems is a sponsor.",
            dateline="Corvid Systems",
            blocks=(
                TextBlock(key=uuid4(), text="<p>Corvid Systems</p>"),
                QuoteBlock(
                    key=uuid4(),
                    text="<p>Corvid Systems</p>",
                    speaker="Corvid Systems",
                    speaker_title="Corvid Systems",
                    source="Corvid Systems",
                ),
                ImageBlock(
                    key=uuid4(), alt_text="Corvid Systems", caption="Corvid Systems", credit="Corvid Systems"
                ),
                EmbedBlock(
                    key=uuid4(), address="https://e.org", title="Corvid Systems", description="Corvid Systems"
                ),
            ),
            comment_requests=(
                CommentRequest(key=uuid4(), party="Corvid Systems", sentence="Corvid Systems"),
            ),
            update_notes=(
                UpdateNote(
                    key=uuid4(), kind=NoteKind.CORRECTION, text="Corvid Systems", was="Corvid Systems"
                ),
            ),
        )
        found = find_matches(searched, SearchWords("corvid systems"))
        assert [place.field for place in found] == [
            *("headline", "dek", "slug", "dateline", "disclosure"),
            *("text", "text", "speaker", "speaker_title", "source"),
            *("alt_text", "caption", "credit", "title", "description"),
            *("party", "sentence", "text", "was"),
        ]
        assert len({place.name for place in found}) == len(found)
        assert not find_matches(replace_matches(searched, found, "Raven"), SearchWords("corvid"))

    def test_the_address_may_be_in_any_script(self) -> None:
        assert [place.span.found for place in find_matches(story(slug="東京-東"), SearchWords("東京"))] == [
            "東京"
        ]
        assert [
            place.span.found for place in find_matches(story(slug="in-zurich"), SearchWords("Zürich"))
        ] == ["zurich"]

    def test_half_a_word_of_the_slug_is_none(self) -> None:
        assert not find_matches(story(slug="corvids-answer"), SearchWords("corvid"))


class TestReplacing:
    @pytest.mark.parametrize(
        ("text", "words", "instead", "expected"),
        [
            ("<p>Smith said.</p>", "smith", "Smyth", "<p>Smyth said.</p>"),
            (
                '<p>Ann <a href="x">Smith</a> Jones said.</p>',
                "Ann Smith Jones",
                "Ann Smyth Jones",
                '<p>Ann <a href="x">Smyth</a> Jones said.</p>',
            ),
            ("<p>Cor<em>vid</em> said.</p>", "corvid", "Corbid", "<p>Cor<em>bid</em> said.</p>"),
            ('<p>Smith <a href="x">Jones</a>.</p>', "smith jones", "Lee", "<p>Lee.</p>"),
            ("<p><strong>Smith</strong>.</p>", "smith", "B & Q", "<p><strong>B &amp; Q</strong>.</p>"),
            ("<p>AT&amp;T</p>", "at&t", "AT&C", "<p>AT&amp;C</p>"),
            ("<p>O’Neil’s</p>", "o'neil's", "O'Neal's", "<p>O’Neal’s</p>"),
            ("<p>New<br>York</p>", "new york", "Old York", "<p>Old<br>York</p>"),
            ("<p>12 and 12</p>", "12", "112", "<p>112 and 112</p>"),
        ],
    )
    def test_letters_in_common_stay_inside_their_tags(
        self, text: str, words: str, instead: str, expected: str
    ) -> None:
        assert (
            replace_in_text(text, text_matches(text, SearchWords(words), html=True), instead, html=True)
            == expected
        )

    def test_capitals_are_retained_where_asked_for(self) -> None:
        text = "Smith, SMITH, smith"
        places = text_matches(text, SearchWords("smith"), html=False)
        assert replace_in_text(text, places, "smyth", html=False, keep_case=True) == "Smyth, SMYTH, smyth"
        assert replace_in_text(text, places, "Smyth", html=False) == "Smyth, Smyth, Smyth"

    def test_only_the_chosen_places_change(self) -> None:
        text = TextBlock(key=uuid4(), text="<p>Smith and Smith.</p>")
        whole = story(headline="Smith speaks", slug="smith-speaks", blocks=(text,))
        headline, slug, first, _ = find_matches(whole, SearchWords("smith"))
        updated = replace_matches(whole, [headline, first], "Smyth")
        assert (updated.headline, updated.slug) == ("Smyth speaks", "smith-speaks")
        assert updated.blocks == (TextBlock(key=text.key, text="<p>Smyth and Smith.</p>"),)
        assert replace_matches(whole, [slug], "Ann O’Néal").slug == "ann-oneal-speaks"
        assert replacement_text(slug, "Ann O’Néal") == as_slug("Ann O'Neal") == "ann-oneal"

    @given(
        st.lists(
            st.sampled_from(["Smith", "<em>Smith</em>", "Smi<b>th</b>", " said ", "&amp;", "<br>"]),
            max_size=12,
        ),
        st.sampled_from(["Smyth", "X", "Smith & Sons", "<i>"]),
    )
    def test_a_reader_reads_the_new_words_in_the_place_of_the_old(
        self, parts: list[str], instead: str
    ) -> None:
        html = f"<p>{''.join(parts)}</p>"
        after = replace_in_text(html, text_matches(html, SearchWords("Smith"), html=True), instead, html=True)
        assert plain_text(after) == plain_text(html).replace("Smith", instead)
