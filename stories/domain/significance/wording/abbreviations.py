"""Abbreviations, and the words that they stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from stories.domain.significance.text import Text

_WRITTEN_OUT: Final = """
pg page; pgs pages; pp pages; p page; ch chapter; chs chapters; para paragraph; vol volume; vols
volumes; ed edition; eds editors; fig figure; figs figures; no number; nos numbers; approx
approximately; est established; est estimated; dept department; depts departments; govt government; gov
governor; govs governors; sen senator; sens senators; rep representative; reps representatives; gen
general; col colonel; lt lieutenant; sgt sergeant; capt captain; cpl corporal; cmdr commander; maj
major; adm admiral; pres president; prof professor; profs professors; dr doctor; st street; st saint;
ave avenue; av avenue; blvd boulevard; rd road; ln lane; hwy highway; pkwy parkway; sq square; ct court;
mt mount; mtn mountain; ft fort; pt point; apt apartment; bldg building; fl floor; rm room; ste suite;
univ university; inst institute; assn association; assoc association; org organization; org
organisation; orgs organizations; co company; cos companies; corp corporation; inc incorporated; ltd
limited; bros brothers; intl international; int'l international; natl national; nat'l national; fed
federal; admin administration; dir director; mgr manager; asst assistant; exec executive; sec secretary;
secy secretary; treas treasurer; supt superintendent; atty attorney; hr hour; hrs hours; min minutes;
mins minutes; sec seconds; secs seconds; yr year; yrs years; mo month; mos months; wk week; wks weeks;
lb pound; lbs pounds; oz ounces; ft feet; in inches; yd yard; yds yards; mi miles; km kilometers; km
kilometres; cm centimeters; cm centimetres; mm millimeters; mm millimetres; kg kilograms; kg kilos; g
grams; mg milligrams; l liters; l litres; ml milliliters; ml millilitres; sq square; cu cubic; mph miles
per hour; kph kilometers per hour; kph kilometres per hour; max maximum; min minimum; avg average; temp
temperature; tel telephone; ext extension; info information; intro introduction; ref reference; refs
references; doc document; docs documents; docs documentation; app application; apps applications; repo
repository; repos repositories; spec specification; specs specifications; config configuration; dev
development; dev developer; devs developers; env environment; lib library; auth authentication; photo
photograph; photos photographs; phone telephone; exam examination; lab laboratory; labs laboratories; ad
advertisement; ads advertisements; math mathematics; stats statistics; demo demonstration; vs versus; v
versus; etc et cetera; etc and so on; e.g for example; eg for example; i.e that is; ie that is; aka also
known as; a.k.a also known as; w/ with; feb february; jan january; tv television; pc personal computer;
uk united kingdom; u.k united kingdom; us united states; u.s united states; usa united states; u.s.a
united states; eu european union; un united nations; u.n united nations; d.c district of columbia; nyc
new york city; la los angeles; m million; bn billion; tn trillion; k thousand; mil million; thru
through; tho though; nite night; pls please; thx thanks; b/c because; re regarding; cont continued; incl
including; misc miscellaneous; hist history; bio biography; bios biographies; ops operations; comms
communications; rec recreation; reqs requirements; req requirement; qty quantity; tech technology;
telecom telecommunications; vet veterinarian; ok okay; yr year; qtr quarter; mon monday; tue tuesday;
tues tuesday; wed wednesday; thu thursday; thurs thursday; fri friday; sat saturday; sun sunday; mar
march; apr april; jun june; jul july; aug august; sep september; sept september; oct october; nov
november; dec december; calif california; fla florida; tex texas; mass massachusetts; pa pennsylvania;
mich michigan; ill illinois; wash washington; ore oregon; ariz arizona; colo colorado; conn connecticut;
ga georgia; md maryland; minn minnesota; miss mississippi; n.y new york; n.j new jersey; n.c north
carolina; ca california; tx texas; ny new york; nj new jersey; va virginia; rev reverend; hon honorable;
jr junior; sr senior; pm prime minister; mp member of parliament; mps members of parliament
"""
_EXPANDED: Final[dict[str, frozenset[str]]] = {}
for _entry in _WRITTEN_OUT.split(";"):
    _short, _, _long = " ".join(_entry.split()).partition(" ")
    if _short:
        _EXPANDED[_short] = _EXPANDED.get(_short, frozenset()) | {_long}
# "Nongovernmental" counts as two words.
_PREFIXED: Final = re.compile("^(non)(?=[a-z]{5})", re.IGNORECASE)
_UNSPOKEN: Final = frozenset("of the and for in on to a an &".split())
_SHORTEST_NAME: Final = 2


def is_abbreviation(old: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether one of two stretches is the other with its abbreviations spelled out."""
    return _stands_for(old, new) or _stands_for(new, old)


def is_abbreviated_in_brackets(text: Text, start: int, end: int) -> bool:
    """Return whether words only repeat the abbreviation next to them in brackets, or are that abbreviation."""
    words = [word.text for word in text.words]
    if start < end < len(words) and "(" in _between(text, end - 1):
        return len(words[end]) >= _SHORTEST_NAME and is_abbreviation([words[end]], words[start:end])
    if (
        end - start != 1
        or not start
        or "(" not in _between(text, start - 1)
        or len(words[start]) < _SHORTEST_NAME
    ):
        return False
    return any(
        is_abbreviation([words[start]], words[begin:start])
        for begin in range(max(start - 2 * len(words[start]), 0), start - 1)
    )


def _between(text: Text, number: int) -> str:
    return text.plain[text.words[number].end : text.words[number + 1].start]


def _stands_for(short: Sequence[str], long: Sequence[str]) -> bool:
    """Return whether `short` abbreviates `long`, word by word or as its initials ("FBI")."""
    if not short or not long:
        return False
    if len(short) == 1 and len(long) > 1:
        bare = short[0].replace(".", "").casefold()
        if short[0].endswith("s") and long[-1].endswith("s"):
            # "NGOs"
            bare = bare[:-1]
        whole = [part for word in long for part in word.split("-")]
        if _begin_with(bare, short[0], whole) or _begin_with(bare, short[0], _prefixes_apart(whole)):
            return True
        return " ".join(long).casefold() in _EXPANDED.get(_key(short[0]), ())
    if len(short) != len(long):
        return False
    pairs = list(zip(short, long, strict=True))
    changed = [(one, other) for one, other in pairs if one.casefold() != other.casefold()]
    return bool(changed) and all(
        other.casefold().rstrip(".") in _EXPANDED.get(_key(one), ()) for one, other in changed
    )


def _begin_with(initials: str, short: str, words: Sequence[str]) -> bool:
    """Return whether an abbreviation in capitals consists of the initials of words."""
    spoken = [word for word in words if word.casefold() not in _UNSPOKEN]
    # Two initials prove little unless the words are a name.
    named = all(word[:1].isupper() for word in spoken)
    if len(initials) < _SHORTEST_NAME or not (named or len(initials) > _SHORTEST_NAME):
        return False
    return short.removesuffix("s").isupper() and any(
        "".join(word[0] for word in side if word).casefold() == initials for side in (words, spoken)
    )


def _prefixes_apart(words: Sequence[str]) -> list[str]:
    """Return words with "non" as a word of its own: "NGO" is a nongovernmental organization."""
    return [part for word in words for part in _PREFIXED.sub(r"\1 ", word).split()]


def _key(word: str) -> str:
    return word.casefold().rstrip(".")
