"""The same questions give the same answers on both databases, in every script."""

from __future__ import annotations

import pytest

from stories.domain.text.passages import END, START
from stories.models import User
from stories.queries.site.search import search
from tests.factories import begin, go_live, minutes, text, wanted
from tests.public.conftest import NOW

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

# slug, language, headline, text
STORIES = (
    (
        "slash",
        "en",
        "Harbour talks go on",
        "Mayors of the Lindholm/Kestrelby district met on input/output controls.",
    ),
    (
        "dot",
        "en",
        "Ferry firm sold",
        "The operator Fjordline.example was sold. COVID-19 cases rose; an F-16 flew over.",
    ),
    ("accent", "en", "Council elects Jose’s rival", "Councillor José Müller-Peña of Málaga spoke in Ōsaka."),
    (
        "stop",
        "en",
        "The Who to play at the harbour",
        "A concert by The Who was announced. They have not been here.",
    ),
    ("minus", "en", "Budget without taxes", "The budget raises taxes on quayside parking."),
    ("cjk", "ja", "東京都知事選挙の結果", "東京都知事選挙は七月に行われた。投票率は六割だった。"),
    ("han", "zh", "王伟当选市长", "王伟说话了。新市长来自北京。"),
    ("hangul", "ko", "이준이 말했다", "시장은 서울에서 말했다."),
    ("thai", "th", "ข่าวกรุงเทพ", "นายกรัฐมนตรีเดินทางไปเชียงใหม่"),
    (
        "shy",
        "de",
        "Minister tritt zurück",
        "Die Bundes\u00adregierung und das Donau\u00addampf\u00adschiff. Maß\u200bnahmen.",
    ),
    ("nfd", "fr", "Cafe\u0301 Zu\u0308rich", "Les proprie\u0301taires ont proteste\u0301."),
    ("arabic", "ar", "نتائج الانتخابات", "قال الرَّئِيسُ مُحَمَّد عَلِي إن الانتخابات جرت."),
    ("hindi", "hi", "चुनाव के नतीजे", "मुख्यमंत्री ने हिन्दी में बात की। राम शर्मा भी थे।"),
    ("apostrophe", "en", "O’Dowd doesn’t resign", "Minister O’Dowd doesn’t want to resign. D’Angelo does."),
    ("turkish", "tr", "İstanbul'da seçim", "İSTANBUL IŞIK Diyarbakır ilçesi."),
    ("russian", "ru", "Мэр уходит", "Ёлка стоит на площади, сказал мой сосед."),
    ("greek", "el", "Εκλογές στην Αθήνα", "Ο δήμαρχος μίλησε."),
    (
        "number",
        "en",
        "Budget of 1,200,000",
        "The sum of $1,200,000 and 3.5% on 2024-05-01, phone 555-0100, #ferry C++ .NET",
    ),
    ("urdu", "ur", "شہباز شریف", "وزیر اعظم ٱلرحمن سے ملے، قیمت ١٬٢٠٠٬٠٠٠۔"),
    ("nukta", "hi", "फ़ातिमा की जीत", "हिंदी में बधाई, १२,००,००० रुपये।"),
    ("chillu", "ml", "മോഹന്\u200d പറഞ്ഞു", "കൊച്ചിയിൽ."),
    ("sara", "th", "นางเเพรพูด", "ปี๒๕๖๗มีน้ำท่วม"),
    ("okina", "en", "Kaʻiulani of Hawaiʻi", "Марʼяна O’Brien met ʿAlī Sørensen."),
    ("halfwidth", "ja", "ｽｰﾊﾟｰﾏｰｹｯﾄ開店", "葛\U000e0100城市で。"),
    ("jamo", "ko", "\u1107\u116e\u1109\u1161\u11ab에서", "말했다."),
    ("armenian", "hy", "ԵՐԵՎԱՆ", "Քաղաքը."),
    ("tibetan", "bo", "བོད་ལྗོངས་ནང", "ལྷ་ས།"),
)
ASKED: tuple[tuple[str, set[str]], ...] = (
    ("Lindholm", {"slash"}),
    ("kestrelby district", {"slash"}),
    ("output", {"slash"}),
    ("input/output", {"slash"}),
    ("Fjordline", {"dot"}),
    ("fjordline.example", {"dot"}),
    ("covid 19", {"dot"}),
    ("COVID-19", {"dot"}),
    ("f 16", {"dot"}),
    ("Malaga", {"accent"}),
    ("MÁLAGA", {"accent"}),
    ("Osaka", {"accent"}),
    ("Muller-Pena", {"accent"}),
    ("jose", {"accent"}),
    ("The Who", {"stop"}),
    ('"The Who"', {"stop"}),
    ("“The Who”", {"stop"}),
    ('"Who the"', set()),
    ("parking -5", set()),
    ("quayside or parking", set()),
    ("budget -taxes", {"minus"}),
    ("tax budget", {"minus"}),
    ("東京都知事選挙", {"cjk"}),
    ("知事", {"cjk"}),
    ("投票率", {"cjk"}),
    ("都", {"cjk"}),
    ("京東", set()),
    ("王伟", {"han"}),
    ("北京", {"han"}),
    ("伟王", set()),
    ("이준", {"hangul"}),
    ("서울", {"hangul"}),
    ("กรุงเทพ", {"thai"}),
    ("เชียงใหม่", {"thai"}),
    ("Bundesregierung", {"shy"}),
    ("bundes\u00adregierung", {"shy"}),
    ("Maßnahmen", {"shy"}),
    ("massnahmen", {"shy"}),
    ("Maßnahme", {"shy"}),
    ("café", {"nfd"}),
    ("Zürich", {"nfd"}),
    ("protesté", {"nfd"}),
    ("الرئيس", {"arabic"}),
    ("محمد علي", {"arabic"}),
    ("محمـــد", {"arabic"}),
    ("राम", {"hindi"}),
    ("रमा", set()),
    ("चुनाव नतीजे", {"hindi"}),
    ("O'Dowd", {"apostrophe"}),
    ("doesn't", {"apostrophe"}),
    ("D’Angelo", {"apostrophe"}),
    ("istanbul", {"turkish"}),
    ("ışık", {"turkish"}),
    ("ёлка", {"russian"}),
    ("елка", {"russian"}),
    ("мои", set()),
    ("δημαρχος", {"greek"}),
    ("Αθηνα", {"greek"}),
    ("$1,200,000", {"number", "urdu", "nukta"}),
    ("555 0100", {"number"}),
    ("3.5", {"number"}),
    ("#ferry", {"number", "dot"}),
    ("NEAR(budget taxes)", set()),
    ("headline:budget", set()),
    ("budg*", set()),
    ("budget AND taxes", set()),
    ("% _ \\ '", set()),
    ("شهباز", {"urdu"}),
    ("الرحمن", {"urdu"}),
    ("1200000", {"number", "urdu", "nukta"}),
    ("फातिमा", {"nukta"}),
    ("हिन्दी", {"hindi", "nukta"}),
    ("हिंदी", {"hindi", "nukta"}),
    ("മോഹൻ", {"chillu"}),
    ("แพร", {"sara"}),
    ("2567", {"sara"}),
    ("น้ำท่วม", {"sara"}),
    ("น\u0e4d\u0e49าท่วม", {"sara"}),
    ("Ka'iulani", {"okina"}),
    ("Kaiulani", {"okina"}),
    ("Hawaii", {"okina"}),
    ("Мар’яна", {"okina"}),
    ("OBrien", {"okina"}),
    ("ali", {"okina"}),
    ("Soerensen", {"okina"}),
    ('"o brien met"', {"okina"}),
    ('"obrien kaiulani"', set()),
    ("Mueller Pena", {"accent"}),
    ("スーパー", {"halfwidth"}),
    ("葛城市", {"halfwidth"}),
    ("부산", {"jamo"}),
    ("Երևան", {"armenian"}),
    ("ལྗོངས་", {"tibetan"}),
)


@pytest.fixture(autouse=True)
def stories(maya: User) -> None:
    for number, (slug, language, headline, words) in enumerate(STORIES):
        story = wanted(headline, text(f"<p>{words}</p>"), slug=slug, language=language)
        go_live(begin(story, user=maya), user=maya, at=minutes(number))


def test_every_question_has_its_answer() -> None:
    answers = {asked: {each.version.slug for each in search(asked, at=NOW).results} for asked, _ in ASKED}
    assert answers == dict(ASKED)


@pytest.mark.parametrize(
    ("asked", "marked"), [("osaka", "Ōsaka"), ("知事", "知事"), ("bundesregierung", "Bundes\u00adregierung")]
)
def test_what_was_found_is_marked_as_it_is_spelt(asked: str, marked: str) -> None:
    (found,) = search(asked, at=NOW).results
    assert f"{START}{marked}{END}" in found.passage
