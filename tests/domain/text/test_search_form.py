"""One form for texts and queries: what one contains, the other finds, in every script and spelling."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, strategies as st

from stories.domain.text import passages
from stories.domain.text.ellipsis import with_ellipsis
from stories.domain.text.passages import END, START, passage
from stories.domain.text.search_form import FIELD_BREAK, IndexedWord, Term, indexed, pieces, terms, tokens


def holds(text: str, asked: str, *, language: str = "en") -> bool:
    """Return whether a text is found, by comparing words one by one as a database does."""
    held = indexed(text, language=language)
    return bool(terms(asked)) and all(_found(term, held) for term in terms(asked))


def _found(term: Term, held: str) -> bool:
    if any(f" {stem} " in held for stem in term.stems):
        return True
    return f" {' '.join(term.words)}{'' if term.is_prefix else ' '}" in held


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Mayors of the Lindholm/Kestrelby district", "Kestrelby"),
        ("input/output controls", "output"),
        ("Fjordline.example was sold", "fjordline"),
        ("COVID-19 cases rose", "covid 19"),
        ("An F-16 flew over", "f 16"),
        ("call 555-0100", "555 0100"),
        ("The Who to play", "The Who"),
        ("The Who to play", '"The Who"'),
        ("José Müller-Peña of Málaga spoke in Ōsaka", "malaga osaka Muller-Pena"),
        ("Malaga", "Málaga"),
        ("Cafe\u0301 Zu\u0308rich", "Café Zürich"),
        ("Bundes\u00adregierung", "Bundesregierung"),
        ("a zero\u200bwidth word", "zerowidth"),
        ("東京都知事選挙は七月に行われた", "東京都知事選挙"),
        ("東京都知事選挙は七月に行われた", "知事"),
        ("投票率は六割だった", "投票率"),
        ("東京都", "都"),
        ("東京都", "東"),
        ("iPhone発売日が決まった", "iPhone発売"),
        ("东京2020奥运会", "2020奥运"),
        ("이준이 말했다", "이준"),
        ("กรุงเทพมหานคร", "กรุงเทพ"),
        ("قال الرَّئِيسُ إن", "الرئيس"),
        ("محمـــد", "محمد"),
        ("\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd", "\u05e9\u05dc\u05d5\u05dd"),
        ("मुख्यमंत्री ने हिन्दी में बात की", "हिन्दी"),
        ("İstanbul'da seçim, IŞIK", "istanbul ışık"),
        ("Die Straße", "strasse"),
        ("Die STRASSE", "Straße"),
        ("Budget of 1,200,000", "1200000"),
        ("Budget of 1\u202f200\u202f000", "1,200,000"),
        ("O’Dowd doesn’t", "O'Dowd doesn't"),
        ("Lindholm’s plan", "Lindholm"),
        ("Lindholm plan", "lindholm's plan"),
        ("Ærø and Łódź", "aero lodz"),
        ("العام ٢٠٢٤", "2024"),
        ("ёлка", "елка"),
        ("council hears objections", "objection"),
        ("an objection", "objections"),
    ],
)
def test_a_text_is_found_by_what_readers_type(text: str, asked: str) -> None:
    assert holds(text, asked)


# Words that are written in two ways; each way finds the other.
BOTH_WAYS = {
    "arabic": ["ٱلرحمن الرحمن", "فاطمة فاطمه", "شہباز شهباز", "ڪمال كمال", "ﻣﺤﻤﺪ محمد", "ﻻ لا"],
    "hindi": ["फ़ातिमा फातिमा", "चाँद चांद", "हिन्दी हिंदी", "सम्बन्ध संबंध", "पण्डित पंडित", "गङ्गा गंगा"],
    "indic": ["മോഹന്\u200d മോഹൻ", "উত্\u200dপল উৎপল", "ਫ਼ਰੀਦ ਫਰੀਦ"],
    "thai": ["เเพร แพร", "ก\u0e48\u0e35 กี่", "น\u0e4d\u0e49าท่วม น้ำท่วม", "ໝູ່ ຫມູ່"],
    "figures": [
        "๒๕๖๗ 2567",
        "១២៣ 123",
        "١٬٢٠٠٬٠٠٠ 1200000",
        "१,२०० 1200",
        "12,00,000 1200000",
        "１，２００ 1200",
    ],
    "apostrophes": [
        "OʼBrien O'Brien",
        "Марʼяна Мар’яна",
        "Hawaiʻi Hawai‘i",
        "Qurʾān Qur'an",
        "צ׳רצ׳יל צ'רצ'יל",
    ],
    "greek": ["ᾠδή ωδη", "τῷ τω", "ᾼδης ΑΔΗΣ"],
    "armenian": ["ԵՐԵՎԱՆ Երևան", "Երեւան Երևան"],
    "kana": ["ｽｰﾊﾟｰﾏｰｹｯﾄ スーパーマーケット", "か\u3099っこう がっこう"],
    "korean": ["\u1109\u1165\u110b\u116e\u11af 서울", "\u1109\u1165\u110b\u116e\u11af서울 서울서울"],
    "invisible": ["葛\U000e0100城 葛城", "co\u034fde code"],
}


@pytest.mark.parametrize("kind", BOTH_WAYS)
def test_a_word_is_found_in_either_of_its_two_spellings(kind: str) -> None:
    for pair in BOTH_WAYS[kind]:
        one, other = pair.split()
        assert holds(f"({one})", other), pair
        assert holds(f"({other})", one), pair


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Pat O’Brien spoke", "OBrien"),
        ("O’Brien’s plan", "obrien"),
        ("In Hawaiʻi", "Hawaii"),
        ("the Qurʾān", "quran"),
        ("ʿAlī spoke", "ali"),
        ("They don’t", "dont"),
        ("Doeʼs plan", "doe"),
        ("Jürgen Müller", "Mueller"),
        ("Lars Sørensen", "soerensen"),
        ("Lars Soerensen", "Sørensen"),
        ("Ms Mueller", "Müller"),
        ("Novak Đoković", "Djokovic"),
        ("Zu\u0308rich", "Zuerich"),
        ("ปี๒๕๖๗มี", "2567"),
    ],
)
def test_a_name_is_found_without_its_apostrophe_or_umlaut(text: str, asked: str) -> None:
    assert holds(text, asked, language="xx")


def test_a_found_spelling_is_marked() -> None:
    assert passage("Ms Mueller spoke.", terms("Müller"), language="en") == f"Ms {START}Mueller{END} spoke."


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("The budget raises taxes on quayside parking", "parking -5"),
        ("Pat O’Brien, they don’t", '"obrien dont"'),
        ("a poet, the blue", "pot"),
        ("แก้ว", "แก๊ว"),
        ("quayside", "quayside or parking"),
        ("राम शर्मा", "रमा"),
        ("कला", "काल"),
        ("мои дни", "мой"),
        ("play the harbour, who", '"The Who"'),
        ("京都東", "東京"),
        ("東、京都", "東京都"),
        ("one two", '"two one"'),
        ("words", "!!! ***"),
        ("words", ""),
        ("words", "\U0001f98a"),
    ],
)
def test_a_text_is_not_found_by_something_else(text: str, asked: str) -> None:
    assert not holds(text, asked)


def test_a_minus_has_no_meaning() -> None:
    assert holds("The budget raises taxes", "budget -taxes")


def test_no_phrase_goes_from_the_dek_into_the_text() -> None:
    assert (
        indexed("A new mayor", "takes office", language="xx") == f" a new mayor {FIELD_BREAK} takes office "
    )


def test_a_text_of_any_length_fits_into_an_index() -> None:
    for text in ("word " * 1_000_000, "".join(map(chr, range(0x4E00, 0x9FFF))) * 40, "x" * 1_000_000):
        assert len(indexed(text, language="en").encode()) < 650_000


def test_every_character_gives_words_without_spaces_or_nothing() -> None:
    for code in (*range(0x20, 0xD800), *range(0xE002, 0x30000)):
        for token in tokens(chr(code)):
            assert token.form
            assert not any(map(str.isspace, token.form)), hex(code)


@given(st.text(max_size=60))
def test_whatever_stands_in_a_text_is_found_by_its_own_words(text: str) -> None:
    for token in tokens(text):
        assert token.form
        assert 0 <= token.start < token.end <= len(text)
    for word in text.split():
        if terms(word) and '"' not in word and not set(word) & set("“”„«»"):
            assert holds(text, word), word


@given(st.text(max_size=80))
def test_a_form_is_its_own_form(text: str) -> None:
    words = [token.form for token in tokens(text)]
    alone = [token.form for word in words for token in tokens(word)]
    assert set(words) <= set(alone) | {word for word in words if len(word) > 1}


class TestPassages:
    def test_the_words_are_marked_where_they_stand(self) -> None:
        found = passage("The council hears objections on Monday.", terms("objection monday"), language="en")
        assert found == f"The council hears {START}objections{END} on {START}Monday{END}."

    def test_a_long_text_is_cut_around_the_first_of_them(self) -> None:
        text = "Nothing of it. " * 100 + "The ferry sails. " + "Nothing more. " * 100
        found = passage(text, terms("ferry"), language="en")
        assert f"The {START}ferry{END} sails." in found
        assert found.startswith("…")
        assert found.endswith("…")
        assert len(found) < 260

    @pytest.mark.parametrize(
        ("words", "cut"),
        [
            ("The ferry sails. ", "The ferry sails. …"),
            ("“The ferry sails.” ", "“The ferry sails.” …"),
            ("The ferry sails, ", "The ferry sails…"),
            ("The ferry sails… ", "The ferry sails…"),
            ("Does the ferry sail? ", "Does the ferry sail? …"),
            (f"The {START}ferry{END} ", f"The {START}ferry{END}…"),
            (f"It sails, the {START}ferry.{END}", f"It sails, the {START}ferry.{END} …"),
        ],
    )
    def test_no_full_stop_runs_into_the_sign_that_more_follows(self, words: str, cut: str) -> None:
        assert with_ellipsis(words) == cut

    def test_a_passage_that_ends_with_a_sentence_has_its_sign_apart(self) -> None:
        for length in range(200, 260):
            found = passage(f"A ferry. {'x' * length}. {'More. ' * 40}", terms("ferry"), language="en")
            assert ".…" not in found

    def test_a_script_without_spaces_is_marked_as_one(self) -> None:
        found = passage("昨日、東京都知事選挙は行われた。", terms("東京都知事"), language="ja")
        assert found == f"昨日、{START}東京都知事{END}選挙は行われた。"

    def test_a_text_that_does_not_hold_them_begins_at_its_beginning(self) -> None:
        assert passage("The council.", terms("ferry"), language="en") == "The council."

    @pytest.mark.parametrize(
        ("text", "asked", "marked"),
        [
            ("It cost 1,200 or 12,000.", "1200 12000", ["1,200", "12,000"]),
            ("A ﬁne Cafe\u0301, a FINE café.", "fine cafe", ["ﬁne", "Cafe\u0301", "FINE", "café"]),
            ("The zo\u00ado’s zoo.", "zoo", ["zo\u00ado’s", "zoo"]),
            ("Straße or STRASSE", "strasse", ["Straße", "STRASSE"]),
            ("a b A, ab", "a", ["a", "A"]),
            ("open, source Open Source", '"open source"', ["open, source", "Open Source"]),
            ("X都 and 東京都", "都", ["都", "都"]),
            ("x٣ and X3", "x3", ["x٣", "X3"]),
        ],
    )
    def test_no_word_is_passed_over_for_how_it_is_spelt(
        self, text: str, asked: str, marked: list[str]
    ) -> None:
        found = passage(text, terms(asked), language="ja")
        assert [piece.partition(END)[0] for piece in found.split(START)[1:]] == marked

    @given(
        st.text(alphabet="aAbBsS'’ ,.12\u0301\u0338\u00ad東京ﬁß\n_-", max_size=60),
        st.sampled_from("aABbs1ß東"),
    )
    def test_pieces_are_all_words_but_those_that_begin_otherwise(self, text: str, word: str) -> None:
        begins = [token.form for token in tokens(word)]
        found = [token for piece, _end in pieces(text, begins) for token in piece]
        assert found == [token for token in tokens(text) if token in found]
        for token in tokens(text):
            assert token in found or not token.form.startswith(begins[0][:2]), token

    @given(
        st.text(alphabet="aAbBsS'’ ,.12\n_-", max_size=60),
        st.text(alphabet="aAbs1 \"'", max_size=12),
    )
    def test_a_plain_text_is_marked_as_one_with_other_signs(self, text: str, asked: str) -> None:
        def marked(text: str) -> str:
            return passage(text, terms(asked), language="en")

        # The dagger is no word, and takes the way of texts that may spell a letter otherwise.
        assert f"{marked(text)} †".strip() == marked(f"{text} †")

    @pytest.mark.parametrize("unit", ["ac-", "a1", "ac’s-", "1,000ac"])
    def test_a_long_text_without_spaces_is_read_once(
        self, unit: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read = 0

        def counted(text: str, start: int = 0) -> Iterator[IndexedWord]:
            nonlocal read
            for word in tokens(text, start):
                read += 1
                yield word

        monkeypatch.setattr(passages, "tokens", counted)
        passage(unit * 5_000, terms("access"), language="en")
        assert read < 50_000

    @given(st.text(max_size=300), st.text(max_size=20))
    def test_without_its_marks_it_is_a_piece_of_the_text(self, text: str, asked: str) -> None:
        text = text.replace(START, "").replace(END, "")
        found = passage(text, terms(asked), language="en").replace(START, "").replace(END, "").strip("…")
        assert found.strip() in " ".join(text.split()) or not found
