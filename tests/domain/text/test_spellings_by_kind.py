"""Withheld names in spellings of each kind that readers and writers use: hidden, and no more than that."""

from __future__ import annotations

import pytest

from stories.domain.text.mask import Mask

X = "[x]"

HIDDEN = {
    "initials": [
        ("J.R.R. Tolkien", "J. R. R. Tolkien; JRR Tolkien; J.R.R. TOLKIEN; J R R Tolkien", "X; X; X; X"),
        ("J. Doe", "J Doe; J. Doe’s; J.Doe", "X; X’s; X"),
        ("Jo D.", "Jo D. said. Jo D, 34, said.", "X said. X, 34, said."),
        ("Sammy Davis Jr.", "Sammy Davis Jr said; Sammy Davis, Jr., said", "X said; X, said"),
        ("Martin Luther King, Jr.", "Martin Luther King Jr. said", "X said"),
    ],
    "order": [("Doe, Jo", "Jo Doe said, @JoDoe", "X said, X")],
    "apostrophes": [
        ("O'Brien", "O’Brien’s, O´Brien, OʼBrien, O′Brien, O＇Brien", "X’s, X, X, X, X"),
        ("Jo Doe", "Jo Doe´s and Jo Doeʼs", "X´s and Xʼs"),
        ("Kaʻiulani", "Ka'iulani; Ka’iulani; Ka‘iulani; Kaiulani", "X; X; X; X"),
        ("Ka‘iulani", "Kaʻiulani", "X"),
        ("ʿAlī Ḥasan", "Ali Hasan; ‘Alī Ḥasan", "X; X"),
        ("Мар’яна", "Мар'яна, Марʼяна, МАР’ЯНА", "X, X, X"),
        ("צ׳רצ׳יל", "צ'רצ'יל, צ’רצ’יל", "X, X"),
    ],
    "figures behind": [
        ("Jo Doe", "Jo Doe¹ said, Jo Doe² too", "X¹ said, X² too"),
        ("Jo Doe", "the user jodoe77, JoDoe1990", "the user X77, X1990"),
    ],
    "umlauts": [
        ("Jürgen Müller", "Juergen Müller; Jürgen Mueller; Jurgen Müller", "X; X; X"),
        ("Juergen Mueller", "Juergen Müller; Jürgen Mueller", "X; X"),
        ("Novak Đoković", "Novak Dokovic; Novak Djokovic; NOVAK ĐOKOVIĆ", "X; X; X"),
    ],
    "joints": [
        ("列夫·托尔斯泰", "列夫•托尔斯泰；列夫∙托尔斯泰；列夫⋅托尔斯泰；列夫托尔斯泰", "X；X；X；X"),
        (
            "ジャン=リュック・ドー",
            "ジャン゠リュック・ドー；ジャン・リュック・ドー；ジャンリュックドー",
            "X；X；X",
        ),
        ("Անի-Մարի", "Անի֊Մարի, Անի Մարի", "X, X"),
    ],
    "a space inside": [
        ("王伟", "王　伟先生；王 伟说；王&伟", "X先生；X说；王&伟"),
        ("佐藤花子", "佐藤 花子さん；佐藤　花子氏", "Xさん；X氏"),
        ("김철수", "김 철수는", "X는"),
        ("남궁민수", "남궁 민수가", "X가"),
    ],
    "korean endings": [
        (
            "김철수",
            "김철수였던; 김철수라면; 김철수보다는; 김철수만의; 김철수한테도",
            "X였던; X라면; X보다는; X만의; X한테도",
        ),
        ("김철수", "김철수에게만; 김철수이기도; 김철수인지; 김철수뿐만", "X에게만; X이기도; X인지; X뿐만"),
    ],
    "arabic": [
        ("عبد الرحمن", "عبد ٱلرحمن؛ عبد الرحمٰن", "X؛ X"),
        ("فاطمة", "فاطمه قالت، وفاطمة", "X قالت، وX"),
        ("شہباز", "شهباز", "X"),
        ("کمال", "كمال ڪمال", "X X"),
    ],
    "hindi": [
        ("फ़ातिमा", "फातिमा ने, फ़ातिमा", "X ने, X"),
        ("चाँदनी", "चांदनी ने", "X ने"),
        ("अनन्त", "अनंत ने", "X ने"),
        ("अनंत", "अनन्त ने", "X ने"),
    ],
    "consonants without a vowel": [
        ("മോഹൻ", "മോഹന്\u200d പറഞ്ഞു", "X\u200d പറഞ്ഞു"),
        ("উৎপল", "উত্\u200dপল বলেন", "X বলেন"),
    ],
    "thai": [
        ("แพร", "นางเเพรพูด", "นางXพูด"),
        ("กี่", "นายก\u0e48\u0e35พูด", "นายXพูด"),
    ],
    "tibetan": [("བཀྲ་ཤིས་", "བཀྲ་ཤིས། བཀྲ་ཤིས་ཀྱིས", "X། Xཀྱིས")],
    "greek": [
        ("Αθηνά", "Ἀθηνᾶ, ΑΘΗΝΑ, Αθηνὰ", "X, X, X"),
        ("Μαΐστρος", "ΜΑΪΣΤΡΟΣ, Μαϊστρος", "X, X"),
        ("ᾠδή", "ωδή, ᾨδή, ΩΔΗ", "X, X, X"),
    ],
    "armenian": [("Սևակ", "Սեւակ, ՍԵՒԱԿ, ՍԵՎԱԿ", "X, X, X")],
    "mailboxes": [
        ("Jean-Luc Picard", "jpicard@x.org; jlpicard@x.org; jean-luc.picard@x.org", "X; X; X"),
        (
            "Mary Jane Watson",
            "mary.watson@x.org; watson.mary@x.org; @marywatson; mary.j.watson@x.org",
            "X; X; X; X",
        ),
        ("Anna van der Berg", "a.vanderberg@x.nl; avdberg@x.nl; anna.vanderberg@x.nl", "X; X; X"),
        ("José de la Cruz", "jdelacruz@x.mx; @delacruzjose", "X; X"),
    ],
    "older encodings": [
        ("Jürgen Müller", "https://x.de/?q=J%FCrgen+M%FCller", "X"),
        ("Юрий", "https://x.ru/?q=%DE%F0%E8%E9", "X"),
        ("王伟", "https://x.cn/?q=%CD%F5%CE%B0 https://x.cn/?q=%u738B%u4F1F", "X X"),
        ("山田", "https://x.jp/?q=%8ER%93c", "X"),
    ],
}
HTML = [
    ("Jo Doe", "<p>Jo Doe<sup>1</sup> spoke</p>", f"<p>{X}<sup>1</sup> spoke</p>"),
    ("Jo Doe", '<p>Jo Doe<a href="#fn1">1</a> spoke</p>', f'<p>{X}<a href="#fn1">1</a> spoke</p>'),
    ("王伟", "<p>王\n伟说，王<br>伟</p>", f"<p>{X}说，{X}</p>"),
]
OTHERS = {
    "figures": [("CO", "CO2"), ("Unit 1", "Unit 10, Unit 1A"), ("Jo Doe", "Mojo Doe77, jodoering77")],
    "initials": [
        ("Jo D.", "Jo Doe, Jo Dan"),
        ("J.R. Doe", "J.R. Doer"),
        ("He left.", "He left Rome"),
        ("Sammy Davis Jr.", "Sammy Davis said"),
    ],
    "order": [("killed, Doe", "Doe killed nobody"), ("Jo Doe, Ann Lee", "Ann Lee Jo Dow")],
    "mailboxes": [
        ("Mary Jane Watson", "mary@x.org, jane.watson-parker@x.org, janew@x.org"),
        ("Jean-Luc Picard", "jean.picardo@x.org, lpicards@x.org"),
        ("Jo Doe", "https://x.org/caf%E9?q=%FC"),
    ],
    "a space inside": [
        ("王伟", "国王。伟大，王为"),
        ("이준", "이 준비는, 이준석, 아이 준"),
        ("김철수", "김철순, 이 철수, 김철수민"),
    ],
    "arabic": [("محمد", "محمدي، أحمد، محمود"), ("فاطمة", "فاطميون")],
    "hindi": [("मोहन", "मोहनी, सम्मोहन"), ("रमा", "रमाकांत")],
    "thai": [("แก้ว", "แก๊ว"), ("สม", "สมุทร")],
    "greek": [("Ελένη", "Ελένης"), ("Λευτέρης", "Λευτέρη")],
    "umlauts": [("Müller", "Møller, Muellers"), ("Jo Doe", "Joe Dö")],
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_withheld_name_is_hidden_in_spellings_of_each_kind(kind: str) -> None:
    for words, text, masked in HIDDEN[kind]:
        assert Mask((words,), X).text(text) == masked.replace("X", X), (words, text)


@pytest.mark.parametrize(("words", "html", "masked"), HTML)
def test_a_withheld_name_is_hidden_before_a_footnote_and_over_a_line_break(
    words: str, html: str, masked: str
) -> None:
    assert Mask((words,), X).text(html, html=True) == masked


@pytest.mark.parametrize("kind", OTHERS)
def test_words_that_are_only_like_a_withheld_name_stay_whole(kind: str) -> None:
    for words, text in OTHERS[kind]:
        assert Mask((words,), X).text(text) == text, (words, text)
