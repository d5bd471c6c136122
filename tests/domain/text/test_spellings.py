"""Withheld names in every script and spelling: hidden where they are the name, and nowhere else."""

from __future__ import annotations

import unicodedata

import pytest

from stories.domain.withholding import Mask

X = "[x]"

HIDDEN = [
    # By the rules of each script.
    ("अनिल", "अनिल ने कहा।", f"{X} ने कहा।"),
    ("राम", "राम ने कहा। रामू चुप रहा।", f"{X} ने कहा। रामू चुप रहा।"),
    ("राम", "राम-लीला", f"{X}-लीला"),
    ("राम शर्मा", "राम  शर्मा, राम\u00a0शर्मा", f"{X}, {X}"),
    ("রহিম", "রহিম বললেন, রহিমা নন", f"{X} বললেন, রহিমা নন"),
    ("பாரதி", "பாரதி பேசினார்", f"{X} பேசினார்"),
    ("王伟", "王伟说话了", f"{X}说话了"),
    ("王伟", "昨天，王\u200b伟说", f"昨天，{X}说"),
    ("山田太郎", "山田太郎さんは、", f"{X}さんは、"),
    ("ジョン・ドー", "ジョン・ドーは、ジョンドーも", f"{X}は、{X}も"),
    ("ガイ", "ｶﾞｲさん", f"{X}さん"),
    ("이준", "이준 말했다. 이준은 이준호와 이준에게", f"{X} 말했다. {X}은 이준호와 {X}에게"),
    ("김철수", "김철수씨는 김철수의 김철수대표가", f"{X}씨는 {X}의 {X}대표가"),
    ("김철수", unicodedata.normalize("NFD", "김철수") + " 말", f"{X} 말"),
    ("มาลี", "นางมาลีกล่าว", f"นาง{X}กล่าว"),
    ("สุข", "คุณสุขและสุขา", f"คุณ{X}และสุขา"),
    ("សុខ", "លោកសុខនិយាយ", f"លោក{X}និយាយ"),
    ("ခင်ခင်", "ဒေါ်ခင်ခင်ပြော", f"ဒေါ်{X}ပြော"),
    ("محمد علي", "قال محمد علي. ثم مُحَمَّد عَلِي ومحمـــد علي.", f"قال {X}. ثم {X} و{X}."),
    ("محمد علي", "لمحمد علي وبمحمد علي", f"ل{X} وب{X}"),
    ("علی رضایی", "علي رضايي", X),
    ("كريم", "الكريم كريمة", f"ال{X} كريمة"),
    ("الرشيد", "للرشيد", X),
    ("אנה כהן", "אָנָה כֹּהֵן ולאנה כהן", f"{X} ול{X}"),
    ("Jo Doe", "Jo Doe’s, Jo Doe's and JO DOE", f"{X}’s, {X}'s and {X}"),
    ("Jo Doe", "Ｊｏ　Ｄｏｅ", X),
    ("Jo Doe", "Jo\u00ad Do\u200be", X),
    ("Jo Doe", "Jo_Doe Jo-Doe Jo.Doe JoDoe Doe, Jo", f"{X} {X} {X} {X} {X}"),
    ("Jo Doe", "Jo Doeさんと Jo Doe는", f"{X}さんと {X}는"),
    ("O’Neil", "O'Neil O`Neil O‘Neil", f"{X} {X} {X}"),
    ("José Muñoz", "Jose Munoz, JOSÉ MUÑOZ, Jose\u0301 Mun\u0303oz", f"{X}, {X}, {X}"),
    ("Jose Munoz", "José Muñoz", X),
    ("Strauß", "STRAUSS, Strauss", f"{X}, {X}"),
    ("İnci Işık", "İnci Işık'ın, INCI IŞIK", f"{X}'ın, {X}"),
    ("Юрий Ёлкин", "ЮРИЙ ЕЛКИН, Юрий Ёлкин", f"{X}, {X}"),
    ("Νίκος", "ΝΙΚΟΣ, Νίκος", f"{X}, {X}"),
    ("Nguyễn Văn Hùng", "Nguyen Van Hung", X),
    ("Ng", "Ms Ng spoke", f"Ms {X} spoke"),
    # Written as addresses are.
    ("Jo Doe", "Write to jo.doe@example.org.", f"Write to {X}."),
    ("Jo Doe", "or jdoe@example.org, j.doe@example.org", f"or {X}, {X}"),
    ("Jo Doe", "see https://example.org/people/jo-doe, @JoDoe", f"see {X}, {X}"),
    ("Jo Doe", "see /people/jo-doe and example.org/jo_doe", f"see {X} and {X}"),
    ("Jo Doe", "#JoDoe #JODOE #freejodoe #JusticeForJoDoe @jo_doe77", " ".join([X] * 5)),
    ("Jo Doe", "at https://x.example/?q=Jo%20Doe&a=1", f"at {X}"),
    ("Jürgen Müller", "juergen.mueller@example.de, j.muller@example.de", f"{X}, {X}"),
    ("王伟", "https://x.example/%E7%8E%8B%E4%BC%9F", X),
    ("王伟", "@王伟 #王伟", f"@{X} #{X}"),
    ("राम शर्मा", "#रामशर्मा @राम_शर्मा", f"{X} {X}"),
    ("محمد علي", "#محمد_علي", X),
    ("Müller", "see xn--mller-kva.example/", f"see {X}"),
]
KEPT = [
    ("अनिल", "अनिला ने कहा। सुअनिल"),
    ("राम", "रामू, सीताराम, रमा, राम्"),
    ("கலா", "கலாம்"),
    ("สุข", "สุขา"),
    ("សុខ", "សុខ្ម"),
    ("アン", "アンナ"),
    ("이준", "이준호"),
    ("علي", "عليا"),
    ("Jo Doe", "Jo Doering and what Jo does, Jo. Doe"),
    ("Jo Doe", "@JoDoering, jodoering@example.org, https://example.org/jo-doering"),
    ("Neil", "O’Neil"),
    ("Hùng", "Hưng"),
    ("Müller", "Møller"),
    ("Ng", "ng, Ngo"),
    ("An Na", "anna"),
    ("Al So", "also"),
    ("Unit 1", "Unit 12"),
    ("1.5 million", "15 million"),
]


@pytest.mark.parametrize(("words", "text", "masked"), HIDDEN)
def test_a_withheld_name_is_hidden_in_every_spelling(words: str, text: str, masked: str) -> None:
    assert Mask((words,), X).text(text) == masked


@pytest.mark.parametrize(("words", "text"), KEPT)
def test_another_name_that_only_holds_it_stays_whole(words: str, text: str) -> None:
    assert Mask((words,), X).text(text) == text


@pytest.mark.parametrize(("words", "text", "_masked"), HIDDEN)
def test_a_decomposed_text_is_hidden_likewise(words: str, text: str, _masked: str) -> None:
    composed = Mask((words,), X).text(text)
    decomposed = Mask((unicodedata.normalize("NFD", words),), X).text(unicodedata.normalize("NFD", text))
    assert unicodedata.normalize("NFC", decomposed) == unicodedata.normalize("NFC", composed)
