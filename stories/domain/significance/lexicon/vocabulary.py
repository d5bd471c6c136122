"""Classify a single word: a figure, a probable name, a word that attributes.

English only; callers treat other languages as unjudged.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence, Set

from rapidfuzz.distance import OSA

from stories.domain.significance.lexicon.opposed_words import has_opposite
from stories.domain.significance.lexicon.weighty_words import WEIGHTY
from stories.domain.significance.lexicon.word_groups import groups

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_MONTHS = (
    "january february march april may june july august september october november december jan feb mar"
    " apr jun jul aug sep sept oct nov dec"
).split()
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun"
).split()
# Words that are months or days only if capitalised.
_ONLY_CAPITALISED = frozenset("march may mar dec jan jun sat sun wed mon fri".split())
_MAGNITUDES = (
    "hundred thousand million billion trillion dozen hundreds thousands millions billions trillions"
    " dozens score bn tn half halves quarter quarters thirds twice thrice double doubled doubles triple"
    " tripled triples quadruple percent % pct dollar dollars pound pounds euro euros cent cents pence yen"
    " today yesterday tomorrow tonight noon midnight a.m p.m am pm"
).split()
_CURRENCIES = frozenset("$£€¥₹₽₩₪₫₴¢%‰°½¼¾")

NUMBER_VALUES: dict[str, str] = {
    **{word: str(value) for value, word in enumerate(_UNITS)},
    **{word: str(value * 10) for value, word in enumerate(_TENS, start=2)},
    **{
        f"{ten}-{unit}": str(tens * 10 + value)
        for tens, ten in enumerate(_TENS, start=2)
        for value, unit in enumerate(_UNITS[:10])
        if value
    },
    **{word: f"{value} o" for value, word in enumerate(_ORDINALS, start=1)},
    **{word: word[:3] for word in (*_MONTHS, *_WEEKDAYS)},
    **{word: word for word in _MAGNITUDES},
    "percent": "%",
    "pct": "%",
    "bn": "billion",
    "tn": "trillion",
    "a.m": "am",
    "p.m": "pm",
}

# Words of attribution, mapped to their group: another tense is not another claim.
REPORTING: dict[str, str] = groups(
    """
    said say says saying, told tell tells telling, claim*, allege* alleging allegedly allegation+,
    accuse* accusing accusation+, according, confirm*, deny denied denies denying denial+, admit**
    admission+, insist*, argue*, acknowledge*, concede*, testify testified testifies testimony,
    reportedly, write wrote writes written, add*, confess* confession+, purported, purportedly, state
    stated, anonymous anonymously unnamed, declare*, announce*, suggest*, warn*, report reported,
    boast*, joke*, shout*, whisper*, vow*, promise*, lied lie, speculate*, imply implied implies, hint*,
    assert*, contend*, maintained, reveal*, dispute*, rebut** refute*, retract*, apologise* apologize*,
    threaten*, swore swear swears, cite*, quote*
    """
)
# Words that mean something else if capitalised.
_CASE_MATTERS = frozenset(
    "us it who may march china turkey polish job frank bill will mark grant chase gap apple amazon target"
    " meta alphabet shell oracle windows guardian times post sun mirror independent state house aids sat"
    " act pin nice reading bath cork lima mobile orange phoenix jersey wales rice ham lent august chad"
    " jordan georgia guinea hungary greece japan brazil cologne moor moors turkeys earth mercury mars god"
    " lord catholic liberal democrat republican conservative labour labor green greens democratic orthodox"
    " reform"
    " welsh pole poles finn dane scot swede turk thai titan cuba rich will bush ford trump brown hunter".split()
)
# Ordinary words that are also people's names: at the beginning of a sentence they are ambiguous.
_ALSO_NAMES = frozenset(
    "archer ash ashes baker banks barber bard barker baron barrow bass bates bay beach bean beck bell"
    " bending berry best birch bird bishop black blackwood blunt bond booth bow bowman boyd brewer bridge"
    " bridges brook brooks brown buck burns bush butcher butler cannon carpenter carr carter carver case"
    " cash chance chandler chase church clay close coffin cole cook cooper crane cross crow curry daisy"
    " dale dawn day deacon dean deer dew dick dove drake duke dyer eagle earl east faith farmer fern field"
    " fields finch finn fisher flint flora flower flowers forest foster fountain fox frank frost gale"
    " gardener gates glass glen good goodman grace grant graves gray green grey grove guy hall ham hand"
    " hardy harper hart hawk hays hazel heath heather hill hills hood hook hope horn house hunt hunter"
    " iris ivy jack jade jasper jewel joy judge june just keen king kings knight lake lamb lance land lane"
    " law lay lily little long love low major mark marsh martin mason masters mercy mill miller mills mitt"
    " moody moon moor more moss neal noble north oak oaks olive page paige palmer park parks patience"
    " payne peace pearl penny perry piper pitt plant poole pope porter potter pound power powers price"
    " prince quick rain ray read reed reeves rice rich ridge rivers rob robin rock roman rose rosemary"
    " rowan ruby rush sage sailor sandy savage sharp shaw shepherd short silver singer skinner small smart"
    " smith snow south speaker spencer spring star starling steel stern stone story street strong summer"
    " summers swan swift tanner taylor teller thorn tiller turner underwood van violet viola wade walker"
    " wall walls ward waters weaver webb wells west wheeler white wild wilde will winter winters wise wolf"
    " wood woods worth wren wright"
    " young may june april august summer christian".split()
)
# Words that begin sentences and are not names.
_OPENERS = frozenset(
    "a about above according across after again against ago all almost along already also although always"
    " among an and another any anyone are around as ask asked at back be because been before being below"
    " besides best better between both but by call can could despite did do does done don during each"
    " earlier either employees even ever every everyone everything except few finally find first for"
    " former from further get getting give given go good great had half has have having he help hence her"
    " here hers him his how however i if in indeed inside instead into is it its just keep last late later"
    " learn least less let like look make making many maybe me meanwhile might more moreover most much"
    " must my need neither never new next no nobody none nor not nothing now of off officials often on"
    " once one only open or other others our out over overall past people perhaps please police public"
    " rather read recently researchers residents right same see several shall she should similarly since"
    " so some someone something sometimes soon staff still such take than thanks that the their them then"
    " there therefore these they think this those though through throughout thus to today together too"
    " toward two under unlike until up upon us use using very want was we well were what whatever when"
    " whenever where whether which while who whose why will with within without"
    " workers would yes yet you your".split()
)
_PREFIXES = frozenset(
    "un no not in im il ir dis mis non ex anti pro vice deputy sub semi quasi pseudo counter self co former de"
    " under over post pre mal near bi tri multi mono uni poly would-be so-called then-vice first second"
    " third two one".split()
)
_SHORTEST_STEM = 2
_NO_ALPHABETS = frozenset(
    ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "YI", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN", "")
)
_PREFIX_FAMILIES = (
    ("under", "over"),
    ("non", "for", "not-for"),
    ("pre", "post"),
    ("pro", "anti"),
    ("im", "em", "ex", "e"),
    ("in", "out"),
    ("in", "de", "ex"),
    ("up", "down"),
    ("hyper", "hypo"),
    ("inter", "intra"),
    ("macro", "micro"),
    ("maxi", "mini"),
    ("multi", "uni", "mono", "bi", "tri"),
    ("homo", "hetero"),
    ("fore", "hind"),
    ("after", "before"),
    ("en", "dis"),
    ("as", "des", "de"),
    ("inner", "outer"),
    ("north", "south"),
    ("step", "grand", "god"),
)
_SUFFIX_FAMILIES = (
    ("ful", "less"),
    ("fully", "lessly"),
    ("er", "ee"),
    ("ers", "ees"),
    ("or", "ee"),
    ("y", "less"),
    ("", "less"),
    ("", "-free"),
    ("", "free"),
    ("", "gate"),
    ("", "-elect"),
    ("", "-designate"),
    ("", "-in-law"),
    ("", "-general"),
    ("", "-in-chief"),
    ("able", "-free"),
    ("able", "-exempt"),
)
_TITLES = frozenset("mr mrs ms dr st sen rep gov gen col lt sgt prof rev jr sr no vs inc corp co ltd".split())
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# "$50M"
_SHORT_MAGNITUDES = {
    "k": "thousand",
    "m": "million",
    "b": "billion",
    "bn": "billion",
    "tn": "trillion",
    "t": "trillion",
}
_SHORT_SUM = re.compile(r"([$£€¥₹₽₩₪₫₴])(\d+(?:\.\d+)?)(k|m|bn?|tn?)")
_DIGITS = re.compile(r"[\^_]-?\d+|\d+(?:[./]\d+)*|[^\W\d_]+|[$£€¥₹₽₩₪₫₴%‰]")


def figure(text: str, norm: str) -> str:
    """Return the value of a word as a figure, date, time or sum ("12" for "twelve"), "" if it is none."""
    if norm in NUMBER_VALUES:
        return "" if norm in _ONLY_CAPITALISED and not text[:1].isupper() else NUMBER_VALUES[norm]
    if text in _CURRENCIES:
        return text
    parts = norm.split("-")
    if len(parts) > 1 and any(part in NUMBER_VALUES and part not in _ONLY_CAPITALISED for part in parts):
        return " ".join(NUMBER_VALUES.get(part, part) for part in parts if part)
    if any(char.isnumeric() for char in text):
        bare = _THOUSANDS.sub("", norm)
        sum_of_money = _SHORT_SUM.fullmatch(bare)
        if sum_of_money:
            return f"{sum_of_money[1]} {sum_of_money[2]} {_SHORT_MAGNITUDES[sum_of_money[3]]}"
        return " ".join(_DIGITS.findall(re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", " o", bare)))
    return ""


def is_latin(word: str) -> bool:
    """Return whether all letters of a word are of the Latin script."""
    return word.isascii() or all(
        not char.isalpha() or unicodedata.name(char, "").startswith("LATIN") for char in word
    )


def common_alphabet(*words: str) -> str:
    """Return the script of all letters of the words, "" if there are several, or one without an alphabet."""
    names = {
        unicodedata.name(char, "").partition(" ")[0] for word in words for char in word if char.isalpha()
    }
    return names.pop() if len(names) == 1 and not names & _NO_ALPHABETS else ""


def changes_affix(old: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether a word's meaning was changed by a prefix or suffix ("unlikely", "ex-wife", "harmless")."""
    return any(
        _affixed(one, other) or _affixed(other, one)
        for one in old
        for other in new
        # Words with neither the same end nor the same beginning are not forms of each other.
        if one != other and (one[-_SHORTEST_STEM:] == other[-_SHORTEST_STEM:] or one[:2] == other[:2])
    )


def _stem(word: str, prefix: str) -> str:
    """Return the rest of a word behind a prefix, "" if it lacks the prefix or the rest is too short."""
    rest = word.removeprefix(prefix).lstrip("-")
    return rest if word.startswith(prefix) and len(rest) > _SHORTEST_STEM else ""


def _affixed(one: str, other: str) -> bool:
    """Return whether one word has an affix that changes its meaning, or both have affixes of one family."""
    if len(one) > 2 and other.endswith(one) and other[: -len(one)].rstrip("-") in _PREFIXES:
        return True
    for family in _PREFIX_FAMILIES:
        stems = {_stem(one, before) for before in family} & {_stem(other, after) for after in family}
        if stems - {""}:
            return True
    return any(
        len(one) > len(before) + 2 and one.endswith(before) and one.removesuffix(before) + after == other
        for before, after in _SUFFIX_FAMILIES
    )


def guarded(word: str) -> bool:
    """Return whether a word weighs too much to be ignored as a repetition."""
    return word in WEIGHTY or word in REPORTING or word in NUMBER_VALUES or has_opposite(word)


def case_matters(norm: str) -> bool:
    """Return whether a word is another word if capitalised ("us", "march")."""
    return norm in _CASE_MATTERS


def also_a_name(norm: str) -> bool:
    """Return whether an ordinary word is also a person's name ("baker")."""
    return norm in _ALSO_NAMES


def is_month_or_weekday(norm: str) -> bool:
    return norm in _MONTHS or norm in _WEEKDAYS or (norm.endswith("s") and norm[:-1] in _WEEKDAYS)


def is_title(norm: str) -> bool:
    """Return whether a full stop after this word does not end a sentence ("Mr.", "Sen.")."""
    return norm in _TITLES or norm in _MONTHS or len(norm) == 1


def looks_like_name(text: str, *, opens: bool, lower: Set[str]) -> bool:
    """Return whether a word looks like part of a name.

    `opens`: it is where any word has a capital. `lower` are the words that the story writes in lower case.
    """
    if not text[:1].isupper():
        # "iPhone", "eBay"; but not words in lower case throughout.
        return any(char.isupper() for char in text) and not text[:1].isdigit()
    bare = stem(text).casefold()
    if text == "I" or text.startswith(("I'", "I’")):
        return False
    if not opens:
        return True
    if len(bare) > 1 and any(char.isupper() for char in text[1:]):
        return True
    if (
        bare in _OPENERS
        or re.split("['’]", bare)[0] in _OPENERS
        or guarded(bare)
        or {bare, bare + "s", bare.removesuffix("s"), bare.removesuffix("d")} & lower
    ):
        return False
    return not (len(bare) > 6 and bare.endswith(("ly", "ing")))


def stem(text: str) -> str:
    """Return a word without its possessive."""
    return re.sub(r"['’](?:s|S)?$", "", text)


def is_near_spelling(old: str, new: str) -> bool:
    """Return whether two names are probably one, misspelt."""
    return bool(old and new) and OSA.distance(old.casefold(), new.casefold()) <= 2
