"""Recognise forms of English verbs by their letters."""

from __future__ import annotations

from typing import Final

from stories.domain.significance.lexicon.word_groups import members
from stories.domain.significance.text import Word

_IRREGULAR: Final = members(
    "shot hit cut put set let shut hurt cost quit beat bit bled broke broken brought built bought caught chose"
    " chosen came dealt drew drawn drove driven ate eaten fell fallen fed fought fled flew flown forbade forbidden"
    " gave given went gone grew grown held hid hidden kept knew led left lent lost met paid ran sold sent shook"
    " slept slid spent spoke spoken stood stole stolen struck sued swept took taken taught threw thrown told won"
    " wore worn wrote written wept crept dug hung knelt leapt rode rang sat slew spat sprang stung swam swung tore torn"
    " woke withdrew withdrawn born bound become became begun sworn laid lain lay rose risen sang sank sunk stuck"
)
_BEING: Final = frozenset("is are was were be been being".split())
# With these, subject and object are interchangeable: "the site launched", "the site was launched".
_EITHER_WAY: Final = members(
    "launched opened closed started ended finished completed changed moved grown grew increased decreased improved"
    " developed expanded updated shipped merged split broke broken burned burnt sank sunk turned stopped begun"
    " retired relocated registered enrolled graduated shut released published widened shortened ended based"
    " located scheduled planned supposed used related limited called named titled worked excited pleased interested"
    " involved engaged focused dedicated committed required expected needed"
)


def acts_in_past(word: Word) -> bool:
    """Return whether a word looks like a verb in the past tense, or its participle."""
    return word.text.islower() and (
        word.norm in _IRREGULAR or (word.norm.endswith("ed") and len(word.norm) > 4)
    )


def is_being(word: Word) -> bool:
    return word.norm in _BEING


def marks_agent(word: Word) -> bool:
    """Return whether "was" before a participle distinguishes who acts from who is acted on ("he was robbed")."""
    return acts_in_past(word) and word.norm not in _EITHER_WAY
