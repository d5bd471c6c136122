"""Words that were separated or joined: the same words, or others with the same letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from stories.domain.significance.data import Level
from stories.domain.significance.lexicon.dictionary import has_dictionary, known, unknown
from stories.domain.significance.lexicon.people_words import PERSONS
from stories.domain.significance.lexicon.vocabulary import NUMBER_VALUES
from stories.domain.significance.lexicon.word_groups import members

# The same whether written as one word or two.
_SAME = members(
    "another cannot alot everyday everyone everybody everything anyone anybody someone somebody nobody"
    " noone underway ongoing altogether anytime onto percent goodbye okay thankyou alright worldwide"
    " nationwide citywide statewide countywide meantime meanwhile weekend anymore anyway awhile likewise"
    " albeit insofar inasmuch nonetheless nevertheless notwithstanding heretofore hereby thereby outright"
    " offline online"
)
# These mean different things as one word and as two, but hardly another fact.
_NEARLY = members("anymore awhile into onto anyway altogether already sometime everyday maybe anytime")
# Last parts of compound words and phrasal nouns.
_LAST = members(
    "site care place time day room work house home yard base line board book paper keeper maker holder"
    " owner field way road side ground port mark bank back up down out off over through around stop point"
    " shop store stand box ball game team mate master craft ship land mail phone print screen shot script"
    " sheet set scape top proof wide long worthy worker writer taker giver goer runner rider driver"
    " fighter player builder breaker bearer power plant pack pipe path pool park roll rail seat space star"
    " step stream storm struck table tail tank task tax tool track trade train wall ware wash watch water"
    " wave weight wheel wind window wing wire wood word world bed bath birth boat body bone boy brand"
    " bridge cake call camp car card case cast chair check class clock cloth coat code cook court crack"
    " crowd cut deck desk door dream dress drop eye face fall farm father file film finger fire fish flow"
    " fly foot force frame friend front fruit gate girl glass guard guide gun hair hall hand head heart"
    " hill hold hole horse hour kick kill law lead leaf life lift light list load lock loop making man map"
    " market mother mouth name neck net news night note pad page person people piece plane plate post"
    " press pull punch push rate record school sea sharing shift shoe shore show sign skin sleep song"
    " sound staff stage stone style suit sun swing talk tape term test theft town toy tree trip truck tube"
    " turn type user value view vision voice volt walk week wife woman year zone health security safety"
    " data web quarter"
)
# With these, two words are rarely the compound: "over time", "out side".
_PARTICLES = frozenset("over under out up down off through after by".split())
_DONE_TO_PERSONS = members(
    "eat* kill** hunt* hate* love* murder* bite* biting beat* shoot* stalk* rob** abuse* watch* follow*"
)
_SMALL = frozenset(
    "a an the i is it in on at to of or no not now here there he she we me my his her our us be by as so"
    " do go am are was has had this that then than but and for from with"
    " may can will".split()
)
# With a hyphen, these become other words.
_HYPHENATED = members(
    "resign* recover* recreate* reform* resort* represent* resent* release* recollect* remark* react*"
    " relay* restrain* reserve* resound* resolve* recount* recede* redress* repress* restore* retreat*"
    " reside* remove* repose* reprove* refuse* refund* repair* research* retire* reply replies replied record* recoil*"
    " recite* report* remit** resource+ recreation+ recovery recoveries resignation+ representation+ reservation+"
    " resolution+ reformation recollection+ restoration+ reaction+ removal+ repression"
    " unionized unionised unionize* unionise* ionized coop+ multiply extract corespondent"
)


def rejoined(old: Sequence[str], new: Sequence[str], language: str) -> Level:
    """Return how much it weighs that words with the same letters are separated differently, by spaces or hyphens."""
    level = Level.NONE
    for one, other in _segments(old, new):
        level = max(level, _judge(one, other, language), key=lambda found: found.rank)
    return level


def _judge(old: list[str], new: list[str], language: str) -> Level:
    if any(not char.isalpha() for char in "".join((*old, *new)).replace("-", "").replace("'", "")):
        return Level.TYPOGRAPHY
    if _counts_otherwise(old, new) or _acts_on(old, new):
        return Level.SUBSTANTIVE
    old_parts, new_parts = _parts(old), _parts(new)
    if old_parts == new_parts:
        return Level.TYPOGRAPHY
    hyphenated = any("-" in word for word in (*old, *new))
    short, long = sorted((old_parts, new_parts), key=len)
    if hyphenated and len(short) == 1:
        return Level.SUBSTANTIVE if short[0] in _HYPHENATED else Level.TYPOGRAPHY
    whole = short[0]
    if len(short) == 1 and len(long) == 2:
        if whole in _NEARLY:
            return Level.WORDING if whole != "everyday" else Level.TYPOGRAPHY
        if whole in _SAME:
            return Level.TYPOGRAPHY
        if long[0] in _PARTICLES and known(whole, language):
            # "Over time", "overtime"
            return Level.WORDING
        # A compound, recognised by its last part, or by being too new for one of the lists.
        if (
            (long[-1] in _LAST or long[-1].removesuffix("s") in _LAST or not known(whole, language))
            and not set(long) & _SMALL
            and _both(long, language)
        ):
            return Level.TYPOGRAPHY
    if not has_dictionary(language):
        return Level.WORDING
    if any(unknown(part, language) for part in old_parts):
        return Level.TYPOGRAPHY if all(known(part, language) for part in new_parts) else Level.WORDING
    return Level.WORDING if any(unknown(part, language) for part in new_parts) else Level.SUBSTANTIVE


def _counts_otherwise(old: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether hyphens join numbers otherwise: "two hundred-dollar bills", "two-hundred-dollar bills"."""
    return _numbers_apart(old) != _numbers_apart(new) or _about(old) != _about(new)


def _numbers_apart(words: Sequence[str]) -> list[str]:
    """Return the numbers that are apart from the next number, which belongs to the word behind it."""
    found = []
    for word, following in pairwise(words):
        parts = following.split("-")
        if (
            _is_number(word.split("-")[-1])
            and len(parts) > 1
            and _is_number(parts[0])
            and not _is_number(parts[1])
        ):
            found.append(word)
    return found


def _about(words: Sequence[str]) -> bool:
    """Return whether a number is made an estimate by its ending: "twenty-odd", "fifty-some"."""
    return any(
        _is_number(before) and after in ("odd", "some")
        for word in words
        for before, after in pairwise(word.split("-"))
    )


def _is_number(part: str) -> bool:
    value = NUMBER_VALUES.get(part, "")
    return value.isdigit() or part in ("hundred", "thousand", "million", "billion", "dozen")


def _acts_on(old: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether a hyphen decides who acts: "a man-eating shark", "a man eating shark"."""
    return _done_to_persons(old) != _done_to_persons(new)


def _done_to_persons(words: Sequence[str]) -> list[str]:
    return [
        word
        for word in words
        for whom, _, verb in [word.partition("-")]
        if verb in _DONE_TO_PERSONS and (whom in PERSONS or whom == "human")
    ]


def _both(parts: list[str], language: str) -> bool:
    return min(map(len, parts)) > 1 and all(known(part, language) for part in parts)


def _parts(words: Sequence[str]) -> list[str]:
    return [part for word in words for part in word.replace("'", "").split("-") if part]


def _segments(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the shortest stretches of both sides that have the same letters."""
    one: list[str] = []
    other: list[str] = []
    rest = list(new)
    for word in old:
        one.append(word)
        while rest and _length(other) < _length(one):
            other.append(rest.pop(0))
        if _length(one) == _length(other):
            yield one, other
            one, other = [], []
    if one or other or rest:
        yield one, [*other, *rest]


def _length(words: list[str]) -> int:
    return sum(char not in "-'" for word in words for char in word)
