"""Whose words are whose: through splits, joins, moves, merges, restores and fixes."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from stories.domain.blame.blame import Lifetime, TextHistory, Trace, Transfer, TransferKind, blame
from stories.domain.blame.moves import Spot, TextLocation
from stories.domain.blame.words import Edit, visible_text, words_of

A, B, C = (TextLocation(UUID(int=number), "text") for number in (1, 2, 3))
HEADLINE = TextLocation(None, "headline")

MET = "<p>The council met on Monday and heard the staff of the harbour.</p>"
OBJECTED = "<p>They objected to the sale of cameras.</p>"


def traces(
    texts: Mapping[TextLocation, list[tuple[int, str]]],
    place: TextLocation,
    revision: int,
    sources: Mapping[int, int] | None = None,
) -> dict[str, Trace]:
    """Return the trace of every word of a place at a revision, by the word; of a repeated word, the last."""
    history = TextHistory(texts, sources or {})
    words = words_of(history.text(place, revision))
    found = blame(history, [Spot(place, word.span) for word in words], revision)
    return {word.text: trace for word, trace in zip(words, found, strict=True)}


def origins(*args: object, **kwargs: object) -> dict[str, int]:
    return {word: trace.revision for word, trace in traces(*args, **kwargs).items()}  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------ one place


def test_a_word_is_theirs_who_typed_it_and_its_neighbours_stay_whose_they_were() -> None:
    texts = {
        A: [(1, MET), (2, MET.replace("Monday", "Tuesday")), (3, MET.replace("Monday", "early Tuesday"))]
    }
    found = origins(texts, A, 3)
    assert {word: number for word, number in found.items() if number != 1} == {"Tuesday": 2, "early": 3}


def test_an_earlier_version_is_asked_for_itself() -> None:
    texts = {A: [(1, MET), (5, MET.replace("Monday", "Tuesday")), (9, MET)]}
    assert origins(texts, A, 4)["Monday"] == 1
    assert origins(texts, A, 7)["Tuesday"] == 5
    assert origins(texts, A, 9)["Monday"] == 9
    assert traces(texts, A, 4)["Monday"].lifetimes == (Lifetime(1, 5),)
    assert traces(texts, A, 9)["Monday"].lifetimes == (Lifetime(9, None),)


def test_making_words_bold_or_linking_them_brings_nothing_in() -> None:
    linked = MET.replace("the staff", '<a href="https://example.org/?a=1&amp;b=2 x">the <em>staff</em></a>')
    assert set(origins({A: [(1, MET), (2, linked)]}, A, 2).values()) == {1}


def test_who_repeats_a_word_brought_in_the_repetition_alone() -> None:
    history = TextHistory(
        {A: [(1, "<p>They waited and left.</p>"), (2, "<p>They waited and waited and left.</p>")]}, {}
    )
    spots = [Spot(A, word.span) for word in words_of(history.text(A, 2))]
    assert [trace.revision for trace in blame(history, spots, 2)] == [1, 1, 1, 2, 2, 1]


def test_a_common_word_amid_a_sentence_rewritten_is_not_the_old_one() -> None:
    new = "<p>Nobody at all had ever expected the outcome that voters in town finally saw.</p>"
    assert set(origins({A: [(1, MET), (2, new)]}, A, 2).values()) == {2}


def test_a_removal_is_reported_with_who_did_it() -> None:
    texts = {A: [(1, MET), (4, MET.replace(" of the harbour", ""))]}
    assert traces(texts, A, 2)["harbour"].removed_in == 4
    assert traces(texts, A, 2)["council"].removed_in is None


def test_plain_fields_have_their_authors_too() -> None:
    texts = {HEADLINE: [(1, "Council hears staff"), (3, "Council hears, answers staff")]}
    assert origins(texts, HEADLINE, 3) == {"Council": 1, "hears": 1, "answers": 3, "staff": 1}


# --------------------------------------------------------------------------------- from place to place


def test_words_keep_their_author_through_a_split() -> None:
    texts = {
        A: [(1, MET + OBJECTED), (2, MET)],
        B: [(2, OBJECTED), (3, OBJECTED.replace("They", "They loudly"))],
    }
    found = traces(texts, B, 3)
    assert found["objected"].revision == 1
    assert found["objected"].transfers == (Transfer(TransferKind.SPLIT, 2, 1, A, B),)
    assert found["objected"].lifetimes == (Lifetime(1, None),)
    assert found["loudly"].revision == 3


def test_words_keep_their_author_through_a_join() -> None:
    texts = {A: [(1, MET), (3, MET + OBJECTED)], B: [(2, OBJECTED), (3, "")]}
    found = traces(texts, A, 3)
    assert found["objected"].revision == 2
    assert found["objected"].transfers == (Transfer(TransferKind.JOINED, 3, 2, B, A),)
    assert found["council"].transfers == ()


def test_a_block_of_one_word_is_joined_like_any_other() -> None:
    texts = {A: [(1, MET), (3, MET + "<p>Never.</p>")], B: [(2, "<p>Never.</p>"), (3, "")]}
    assert origins(texts, A, 3)["Never"] == 2


def test_a_passage_edited_as_it_moved_keeps_what_was_not_edited() -> None:
    long = "<p>They objected to the sale of cameras and asked the board for an answer in public.</p>"
    edited = long.replace("cameras and asked", "drones and wanted").replace("in public", "this week")
    texts = {A: [(1, MET + long), (2, MET)], B: [(2, edited)]}
    found = origins(texts, B, 2)
    assert {word for word, number in found.items() if number == 2} == {"drones", "wanted", "this", "week"}


def test_paragraphs_that_change_places_within_a_block_keep_their_author() -> None:
    texts = {A: [(1, MET + OBJECTED), (2, OBJECTED + MET)]}
    assert set(origins(texts, A, 2).values()) == {1}


def test_a_few_words_that_are_deleted_here_and_typed_there_are_chance() -> None:
    texts = {
        A: [(1, MET), (2, MET.replace(" of the harbour", ""))],
        B: [(1, OBJECTED), (2, "<p>They objected to the sale of the harbour cameras.</p>")],
    }
    assert origins(texts, B, 2)["harbour"] == 2
    texts = {
        A: [(1, MET), (2, "<p>The council met on Monday.</p>")],
        B: [(1, OBJECTED), (2, OBJECTED + "<p>Nobody had told the staff of this.</p>")],
    }
    assert origins(texts, B, 2)["staff"] == 2


def test_a_block_that_becomes_another_kind_keeps_its_words_under_its_key() -> None:
    assert set(origins({A: [(1, MET)], B: [(1, OBJECTED)]}, A, 1).values()) == {1}
    speaker = TextLocation(A.key, "speaker")
    texts = {A: [(1, MET)], speaker: [(2, "Dana Whitlock")]}
    assert set(origins(texts, A, 2).values()) == {1}
    assert set(origins(texts, speaker, 2).values()) == {2}


# -------------------------------------------------------------------------------- what takes words over


def test_a_restore_gives_words_back_to_who_wrote_them() -> None:
    texts = {A: [(1, MET), (2, ""), (3, MET)]}
    found = traces(texts, A, 3, sources={3: 1})["council"]
    assert found.revision == 1
    assert found.transfers == (Transfer(TransferKind.CARRIED_OVER, 3, 1, A, A),)
    assert found.lifetimes == (Lifetime(1, 2), Lifetime(3, None))
    assert found.removed_in is None


def test_who_types_the_same_words_again_brought_them_in() -> None:
    assert set(origins({A: [(1, MET), (2, ""), (3, MET)]}, A, 3).values()) == {3}


def test_words_removed_before_a_restore_and_brought_back_by_it_were_removed_by_nobody() -> None:
    texts = {A: [(1, MET), (2, ""), (3, MET)]}
    assert traces(texts, A, 1, sources={3: 1})["council"].removed_in is None
    assert traces(texts, A, 1, sources={})["council"].removed_in == 2


def test_a_restore_of_other_words_brings_back_none_that_stand_there_by_another_hand() -> None:
    texts = {A: [(1, MET), (2, ""), (3, MET)], HEADLINE: [(1, "One"), (2, "Two"), (4, "One")]}
    assert traces(texts, A, 1, sources={4: 1})["council"].removed_in == 2
    assert traces(texts, A, 4, sources={4: 1})["council"].revision == 3


def test_words_that_are_there_twice_are_followed_where_they_were_asked_about() -> None:
    texts = {A: [(1, OBJECTED), (2, ""), (3, OBJECTED)], B: [(2, OBJECTED), (4, "")]}
    found = traces(texts, A, 3, sources={3: 1})["cameras"]
    assert found.revision == 1
    assert found.removed_in is None


def test_edits_that_wait_under_a_fix_stay_their_authors() -> None:
    waiting = MET + OBJECTED
    fixed = MET.replace("Monday", "Tuesday")
    both = fixed + OBJECTED
    texts = {A: [(1, MET), (2, waiting), (3, fixed), (4, both)]}
    found = traces(texts, A, 4, sources={3: 1, 4: 2})
    assert found["objected"].revision == 2
    assert found["objected"].lifetimes == (Lifetime(2, 3), Lifetime(4, None))
    assert found["Tuesday"].revision == 3
    assert found["council"].revision == 1


def test_a_split_a_merge_and_a_restore_on_the_way_are_all_reported() -> None:
    merged = OBJECTED.replace("cameras", "cameras to the county")
    texts = {
        A: [(1, MET + OBJECTED), (2, MET), (4, MET.replace("Monday", "Friday")), (6, MET)],
        B: [(2, OBJECTED), (3, merged), (5, ""), (6, merged)],
    }
    found = traces(texts, B, 6, sources={6: 3})
    assert found["sale"].revision == 1
    assert [passage.kind for passage in found["sale"].transfers] == [
        TransferKind.CARRIED_OVER,
        TransferKind.SPLIT,
    ]
    assert found["sale"].lifetimes == (Lifetime(1, 5), Lifetime(6, None))
    assert found["county"].revision == 3


# --------------------------------------------------------------------------------------- as it may come


@st.composite
def histories(draw: st.DrawFn) -> tuple[TextHistory, dict[str, int], int]:
    """Draw the history of a story in which every word is typed once: its texts, who typed which word, its newest
    revision.

    Each revision does one thing: it types words, removes some, splits, joins, moves or restores.
    """
    stories: list[dict[TextLocation, list[str]]] = [{}]
    typed: dict[str, int] = {}
    sources: dict[int, int] = {}
    places = [TextLocation(UUID(int=number), "text") for number in range(1, 40)]
    used = 0
    for revision in range(1, draw(st.integers(2, 12)) + 1):
        story = {place: list(words) for place, words in stories[-1].items()}
        full = [place for place, words in story.items() if len(words) > 8]
        doings = ["begin", *(["type", "cut"] if story else []), *(["split", "shift"] if full else [])]
        doings += ["join"] if len(story) > 1 else []
        doings += ["restore"] if revision > 2 else []
        doing = draw(st.sampled_from(doings))
        if doing == "begin":
            used += 1
            story[places[used]] = _typed(typed, revision, draw(st.integers(1, 20)))
        elif doing == "type":
            words = story[draw(st.sampled_from(sorted(story)))]
            at = draw(st.integers(0, len(words)))
            words[at:at] = _typed(typed, revision, draw(st.integers(1, 6)))
        elif doing == "cut":
            words = story[draw(st.sampled_from(sorted(story)))]
            at = draw(st.integers(0, len(words) - 1)) if words else 0
            del words[at : at + draw(st.integers(1, 4))]
        elif doing == "split":
            place = draw(st.sampled_from(sorted(full)))
            at = draw(st.integers(1, len(story[place]) - 5))
            used += 1
            story[places[used]] = story[place][at:]
            del story[place][at:]
        elif doing == "shift":
            place = draw(st.sampled_from(sorted(full)))
            others = sorted(set(story) - {place}) or [place]
            moved, story[place] = story[place][:5], story[place][5:]
            story[draw(st.sampled_from(others))] += moved
        elif doing == "join":
            first, second = draw(st.permutations(sorted(story)))[:2]
            story[first] += story.pop(second)
        else:
            sources[revision] = draw(st.integers(1, revision - 1))
            story = {place: list(words) for place, words in stories[sources[revision]].items()}
        stories.append({place: words for place, words in story.items() if words})
    texts_of: dict[TextLocation, list[tuple[int, str]]] = {}
    for revision, story in enumerate(stories):
        for place in {*story, *texts_of}:
            text = f"<p>{' '.join(story[place])}</p>" if place in story else ""
            known = texts_of.setdefault(place, [])
            if text != (known[-1][1] if known else ""):
                known.append((revision, text))
    return (
        TextHistory({place: known for place, known in texts_of.items() if known}, sources),
        typed,
        len(stories) - 1,
    )


def _typed(typed: dict[str, int], revision: int, count: int) -> list[str]:
    words = [f"w{len(typed) + number}" for number in range(count)]
    typed.update(dict.fromkeys(words, revision))
    return words


def spots_of(history: TextHistory, revision: int) -> list[tuple[str, Spot]]:
    return [
        (word.text, Spot(place, word.span))
        for place in history.texts
        for word in words_of(history.text(place, revision))
    ]


@given(histories())
def test_every_word_of_every_revision_is_traced_to_who_typed_it(
    drawn: tuple[TextHistory, dict[str, int], int],
) -> None:
    history, typed, newest = drawn
    for revision in range(1, newest + 1):
        spots = spots_of(history, revision)
        found = blame(history, [spot for _, spot in spots], revision)
        assert [trace.revision for trace in found] == [typed[word] for word, _ in spots]


@given(histories())
def test_a_word_is_said_to_be_there_exactly_when_it_is(
    drawn: tuple[TextHistory, dict[str, int], int],
) -> None:
    history, _typed_at, newest = drawn
    there = {revision: {word for word, _ in spots_of(history, revision)} for revision in range(1, newest + 1)}
    for revision in range(1, newest + 1):
        spots = spots_of(history, revision)
        for (word, _), trace in zip(
            spots, blame(history, [spot for _, spot in spots], revision), strict=True
        ):
            present = {
                number for number in there if any(lifetime.holds(number) for lifetime in trace.lifetimes)
            }
            assert present == {number for number, words in there.items() if word in words}


# ------------------------------------------------------------------------------- the words of a text


TAGS = ["<p>", "</p>", "<em>", "</em>", '<a href="/x y?a=1">', "</a>", "<br>"]
TEXTS = ["one", "two", "three ", " ", "\n", ", ", "&amp;", "1,200", "don’t", "。", "字"]
HTML = st.lists(st.sampled_from([*TAGS, *TEXTS]), max_size=40).map("".join)


@given(HTML, HTML)
def test_forward_and_back_agree_and_lead_to_the_same_word(old: str, new: str) -> None:
    edit = Edit(old, new)
    for word in words_of(old):
        there = edit.forward(word.span)
        if there is not None:
            assert edit.back(there) == word.span
            assert new[there.start : there.end] == old[word.span.start : word.span.end]
    later_spans = [edit.forward(word.span) for word in words_of(old)]
    assert [span for span in later_spans if span] == sorted(span for span in later_spans if span)


@given(HTML, HTML)
def test_what_left_and_what_stayed_are_all_the_words(old: str, new: str) -> None:
    edit = Edit(old, new)
    removed = [token.span for stretch in edit.removed for token in stretch]
    added = [token.span for stretch in edit.added for token in stretch]
    assert removed == [word.span for word in words_of(old) if edit.forward(word.span) is None]
    assert added == [word.span for word in words_of(new) if edit.back(word.span) is None]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>AT&amp;T won.</p>", [("AT&T", 0, 4), ("won", 4, 7)]),
        ("<p>One <em>two</em>\n three</p>", [("One", 0, 3), ("two", 3, 6), ("three", 6, 11)]),
        ("<p>“No”, he said.</p>", [("No", 1, 3), ("he", 5, 7), ("said", 7, 11)]),
    ],
)
def test_words_are_placed_by_the_visible_characters_before_them(
    html: str, expected: list[tuple[str, int, int]]
) -> None:
    assert [(word.text, word.first, word.last) for word in words_of(html)] == expected


def test_what_a_reader_reads_has_no_tags_and_parts_paragraphs() -> None:
    assert visible_text("<p>One <b>t</b>wo.</p><p>AT&amp;T</p>") == " One two. AT&T "
