"""What a single word weighs: figures, names' looks, words that turn a meaning, and slips of spelling.

English only, without a dictionary: short lists of what must never pass for a slip, and the shape of words
for the rest. Who calls this treats other languages as unjudged.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence, Set

from rapidfuzz.distance import OSA

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_MONTHS = (
    "january february march april may june july august september october november december jan feb mar apr jun"
    " jul aug sep sept oct nov dec"
).split()
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun"
).split()
# Words that are months or days only when they are written as such.
_ONLY_CAPITALISED = frozenset("march may mar dec jan jun sat sun wed mon fri".split())
_MAGNITUDES = (
    "hundred thousand million billion trillion dozen hundreds thousands millions billions trillions dozens score"
    " bn tn half halves quarter quarters thirds twice thrice double doubled doubles triple tripled triples"
    " quadruple percent % pct dollar dollars pound pounds euro euros cent cents pence yen"
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

# Words that deny; "n't" and "cannot" are taken apart before they are looked up.
NEGATIONS = frozenset(
    "not no never none nobody nothing nowhere neither nor without hardly barely scarcely".split()
)
# Words that say what somebody did, or is said to have done, to the law's or the body's harm.
VERDICTS = frozenset(
    "charge charged charges convict convicted conviction acquit acquitted guilty innocent arrest arrested indict"
    " indicted sentenced jailed sued fined banned fired resigned dismissed suspended kill killed murder murdered"
    " manslaughter die died dies dead death deaths alive injured wounded hurt rape raped assault assaulted abuse"
    " abused fraud theft stole stolen robbed bribed illegal legal unlawful lawful suspect suspected suspects"
    " immoral immortal prosecute prosecuted persecute persecuted"
    # How sure it is, which way it went, on whose side somebody stands.
    " might could believed apparently likely unlikely linked causes cause caused upheld overturned"
    " support supports supported oppose opposes opposed confessed unarmed armed genocide massacre terrorist"
    " incited inciting defected interned corrupt only former".split()
)
# Words that attribute, with what they come down to: a tense is no other claim.
REPORTING: dict[str, str] = {
    form: forms.split()[0]
    for forms in (
        "said say says saying",
        "told tell tells telling",
        "claimed claim claims claiming",
        "alleged allege alleges alleging allegedly allegation allegations",
        "accused accuse accuses accusing accusation",
        "according",
        "confirmed confirm confirms",
        "denied deny denies denying denial",
        "admitted admit admits admission",
        "insisted insist insists",
        "argued argue argues",
        "acknowledged acknowledge acknowledges",
        "conceded concede concedes",
        "testified testify testifies",
        "reportedly",
        "wrote writes write",
        "added adds",
        "confessed confess confesses",
        "purported purportedly",
        "stated",
        "anonymous anonymously unnamed",
    )
    for form in forms.split()
}
# Families of words: one put for another of its family, but of another class, turns what is said.
_FAMILIES: tuple[dict[str, str], ...] = tuple(
    {word: line for line in family for word in line.split()}
    for family in (
        ("will would shall", "may might can could", "must should ought", "did does do"),
        (
            "all every each everyone everybody always both",
            "most majority mostly usually many often",
            "some several few sometimes someone somebody any minority little",
        ),
        (
            "more greater higher larger bigger better over above exceeds",
            "less fewer lower smaller worse under below",
        ),
        ("before", "after"),
        ("now", "then"),
        (
            "increase increased increases rise rises rose up gain gained grew growing",
            "decrease decreased decreases fall falls fell down loss lost drop dropped drops shrank shrinking",
        ),
        ("win won wins", "lose lost loses"),
        ("accept accepted accepts approve approved", "except reject rejected rejects refuse refused"),
        ("buy buys bought", "sell sells sold"),
        ("he him his", "she her hers"),
    )
)
# Common words that lie within a slip of another: between two of them, nobody can tell a slip from a choice.
_REAL = frozenset(
    (
        "able accept access across adapt addition adopt adoption advice advise affect alone along among angel angle"
        " annual assess assets assist attach attack aunt aural away back bare basic basis bear beat become been"
        " before began begin begun behind being berth beside besides bigger birth black block board boarder bored"
        " border born borne bottom bought brake branch brand break breath breathe brief bright bring broad brought"
        " cable call came capital capitol care carrier case cash cast casual causal cause cease censor center"
        " central certain chance change charge chart chat cheap check cheer chief child choice choose chose citizen"
        " city civic civil close coarse coast code collision collusion come comet comic command comment commit"
        " common compare compete complement complete compliant compliment comply concept concern conduct confident"
        " confirm conform conscience conscious consist console consul contact contain content contest context"
        " contract control convert copy core corps corpse correct cost could council counsel count country county"
        " course court cover crash create crime critic critique crush custom dairy data date dead deal dear death"
        " decade decent decide deduct deep defer define defuse demand depend deprecate depreciate deploy descent"
        " desert design desire dessert detract device devise diary differ diffuse direct disburse discreet discrete"
        " disperse distract dive drawing drive driven dual duel duly ease east easy effect elicit elude emerge"
        " emigrant eminent employ ensure enter entire envelop envelope erase even event ever every exam except"
        " excise exercise exist expand expect expend expert extend extent face fact fail fair faith fall fare fast"
        " fate father fear feature federal feel fell fellow felt feral field fight file fill film final find fine"
        " fire firm first fiscal flair flare flaunt flee flout flower follow food force forest form formal formally"
        " former formerly fort forth forum found founder foul four free friend from full fund gain game gate gave"
        " general gentle give given goal gold good grand grant grave great greet grew grisly grizzly ground group"
        " grow guest guise half hall hand hang hard harm hate have head heal health hear heard heart heat height"
        " held help here hire hired hold hole home hope horde hoard hospitable hospital host house human humane"
        " idea ideal idle idol illicit illusion imminent immigrant imply incite inequity inform inside insight"
        " instance instant institute insure intense intent internal interest invest invite iniquity issue join judge"
        " jury just keep kids kind knew know labs laid land large last late later latter launch lawyer layer laws"
        " lead leader lean learn least leave lend less lessen lesson letter level liable libel life light like line"
        " link list listen live load loan local long look loop loose lord lose loss lost love made mail main make"
        " male manage manner many mark marital market martial mass match mate material matter mature mean measure"
        " meat median medal meddle media medium meet member mental metal meter method military mind mine minor"
        " minister miner minute miss mission model modern modest moment moral morale moreover morning mother move"
        " much must naval navel near neat need never news nice night nine note notice offer office official once"
        " only open operation opinion option order other outline over owner pain paint pair paper parent park part"
        " partly party pass past path patience patient peace peak pear peer people perfect period person personal"
        " personnel perspective petition phase phrase picture piece pilot place plain plan plane plant play plead"
        " please poem point police policy politic pool poor pore port position post pour power pray precede"
        " precedent premier present president press prevent prey price print prior prison private prize proceed"
        " process produce profit project promise proper property prophet propose prosecute persecute prospect"
        " protect prove provide public quarter question quick quiet quit quite race raise range rape rate rather"
        " reach read ready real realize really rear reason receipt recent recipe record reduce refer reflect refuse"
        " regard reign rein relate relation release relief relieve rely remain remote remove repeal repeat repeal"
        " replace reply report resign resolve respect respond respectfully respectively rest result retreat return"
        " reveal revenge revenue reverse review reward right ring rise road role roll room root rose round route"
        " rule safe said sail sale same sample save scene scheme school score script search season seat second"
        " secret section sector secure seek seem seen self sell send senior sense sent series serious serve server"
        " session settle sever several shake shape share sharp sheet shift shin ship shop shore short shot should"
        " show shut sick side sight sign simple since single site size skill slow small smart social solve some"
        " soon sort soul sound source south space spared speak special specie speed spend spent spirit split spoke"
        " sport staff stage stain stair stake stamp stand stare start state stationary stationery statue status"
        " statute stay steal steel step stick still stock stole stolen stone stop store story straight strait"
        " stranger strategy street strength stress strict strike strong stuck study style suit suite summary summer"
        " supply support suppose sure survey sweet table tail take tale talk tall target task taste taught taxi tax"
        " teach team tell term test text than thank that their them then theme there these they thick thin thing"
        " think third this thorough those though thought thread threat three threw through thrown throne thus time"
        " tired title told tone took tool topic total touch tough tour toward towed tower town track trade trail"
        " train transfer transform treat tree trend trial tribe tried trip troop trouble true trust truth turn"
        " umpire unite united unity until upon urban used user value vain vane vary vase vast vein verse version very"
        " view village vision visit visual voice vote wait wake walk wall want ward ware warm warn wary wash waste"
        " watch water wave weak wear weary weather week weigh weight well went were west wet what wheel when where"
        " whether which while white whole whom whose wide wife wild will wind wine wing winner wire wise wish with"
        " within woman women wonder word wore work world worn worse worst would wound wreck write wrote yeah year"
        " young your"
    ).split()
)
# Words that are something else in capitals.
_CASE_MATTERS = frozenset(
    "us it who may march china turkey polish job frank bill will mark grant chase gap apple amazon target meta"
    " alphabet shell oracle windows guardian times post sun mirror independent state house".split()
)
# What opens sentences and is nobody's name.
_OPENERS = frozenset(
    "a about above according across after again against ago all almost along already also although always among"
    " an and another any anyone are around as ask asked at back be because been before being below besides best"
    " better between both but by call can could despite did do does done don during each earlier either"
    " employees even ever every everyone everything except few finally find first for former from further get"
    " getting give given go good great had half has have having he help hence her here hers him his how however"
    " i if in indeed inside instead into is it its just keep last late later learn least less let like look"
    " make making many maybe me meanwhile might more moreover most much must my need neither never new next no"
    " nobody none nor not nothing now of off officials often on once one only open or other others our out over"
    " overall past people perhaps please police public rather read recently researchers residents right same"
    " see several shall she should similarly since so some someone something sometimes soon staff still such"
    " take than thanks that the their them then there therefore these they think this those though through"
    " throughout thus to today together too toward two under unlike until up upon us use using very want was we"
    " well were what whatever when whenever where whether which while who whose why will with within without"
    " workers would yes yet you your".split()
)
_PREFIXES = frozenset("un in im il ir dis mis non non- ex- anti anti- pro-".split())
_TITLES = frozenset("mr mrs ms dr st sen rep gov gen col lt sgt prof rev jr sr no vs inc corp co ltd".split())
_SUFFIXES = frozenset(
    "s es d ed ing ion ions er ers or ors r rs ive al ally ly y ily ies ied ity st est n en ment ments ness e".split()
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DIGITS = re.compile(r"\d+(?:\.\d+)*|[^\W\d]+|[$£€¥₹₽₩₪₫₴%‰]")


def figure(text: str, norm: str) -> str:
    """What a word comes to as a figure, date, time or sum ("12" for "twelve"); empty where it is none."""
    if norm in NUMBER_VALUES:
        return "" if norm in _ONLY_CAPITALISED and not text[:1].isupper() else NUMBER_VALUES[norm]
    if text in _CURRENCIES:
        return text
    parts = norm.split("-")
    if len(parts) > 1 and any(part in NUMBER_VALUES and part not in _ONLY_CAPITALISED for part in parts):
        return " ".join(NUMBER_VALUES.get(part, part) for part in parts if part)
    if any(char.isnumeric() for char in text):
        bare = _THOUSANDS.sub("", unicodedata.normalize("NFKC", text).casefold())
        return " ".join(_DIGITS.findall(re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", " o", bare)))
    return ""


def latin(word: str) -> bool:
    """Whether all letters of a word are of the Latin script."""
    return word.isascii() or all(
        not char.isalpha() or unicodedata.name(char, "").startswith("LATIN") for char in word
    )


def family_turned(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether a word was put for another of its family that says otherwise ("all" for "some")."""
    for family in _FAMILIES:
        before = {family[word] for word in old if word in family}
        after = {family[word] for word in new if word in family}
        if before and after and before != after:
            return True
    return False


def prefixed(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether a word was turned by what stands before it ("likely", "unlikely"; "wife", "ex-wife")."""
    pairs = ((one, other) for side, against in ((old, new), (new, old)) for one in side for other in against)
    return any(other.endswith(one) and other[: -len(one)] in _PREFIXES for one, other in pairs if one)


def guarded(word: str) -> bool:
    """Whether a word weighs too much to pass for a slip of spelling."""
    return (
        word in NEGATIONS
        or word in VERDICTS
        or word in REPORTING
        or word in NUMBER_VALUES
        or any(word in family for family in _FAMILIES)
    )


def case_matters(norm: str) -> bool:
    """Whether a word is another word in capitals ("us", "march")."""
    return norm in _CASE_MATTERS


def is_title(norm: str) -> bool:
    """Whether a full stop after this word ends no sentence ("Mr.", "Sen.")."""
    return norm in _TITLES or norm in _MONTHS or len(norm) == 1


def looks_like_name(text: str, *, opens: bool, lower: Set[str]) -> bool:
    """Whether a word is taken for part of a name.

    opens: it stands where any word has a capital. lower: the words that the story writes small.
    """
    if not text[:1].isupper():
        # "iPhone", "eBay"; but not what is small throughout.
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
        or guarded(bare)
        or {bare, bare + "s", bare.removesuffix("s"), bare.removesuffix("d")} & lower
    ):
        return False
    return not (len(bare) > 6 and bare.endswith(("ly", "ing")))


def stem(text: str) -> str:
    """A word without its possessive."""
    return re.sub(r"['’](?:s|S)?$", "", text)


def slip(old: str, new: str) -> bool:
    """Whether two small-letter words differ by a slip of spelling alone ("recieve", "receive")."""
    if misspelt(old, new):
        return True
    if guarded(old) or guarded(new) or (old in _REAL and new in _REAL):
        return False
    if _plain(old) == _plain(new):
        return True
    if old.endswith("'s") and new.endswith("'s"):
        old, new = old[:-2], new[:-2]
    shortest = min(len(old), len(new))
    if not (old.isalpha() and new.isalpha()) or (shortest < 4 and sorted(old) != sorted(new)) or shortest < 3:
        return False
    swapped_start = old[0] != new[0] and old[:2] == new[1::-1]
    if old[0] != new[0] and not swapped_start:
        return False
    if OSA.distance(old, new) > (1 if shortest < 7 else 2):
        return False
    return not _inflected(old, new)


def misspelt(old: str, new: str) -> bool:
    """Whether one is a weighty word and the other that word with a consonant doubled or not ("arest", "arrest").

    No other slip is let through in a word that turns a meaning: what is left is mostly no word at all.
    """
    short, long = sorted((old, new), key=len)
    if len(short) < 5 or len(long) != len(short) + 1 or not long.isalpha() or {old, new} <= _REAL:
        return False
    if guarded(old) == guarded(new):
        return False
    doubled = range(1, len(long))
    return any(
        long[at] == long[at - 1] and long[at] not in "aeiou" and long[:at] + long[at + 1 :] == short
        for at in doubled
    )


def nearly(old: str, new: str) -> bool:
    """Whether two names are one, misspelt."""
    return bool(old and new) and OSA.distance(old.casefold(), new.casefold()) <= 2


def _plain(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char))


def _inflected(old: str, new: str) -> bool:
    """Whether two words are one with other endings: a choice of grammar, not a slip."""
    shared = 0
    while shared < min(len(old), len(new)) and old[shared] == new[shared]:
        shared += 1
    endings = {old[shared:], new[shared:]}
    if "" in endings:
        return bool((endings - {"", "e"}) & _SUFFIXES)
    return endings <= _SUFFIXES
