"""Tell German nouns, which have capitals, from names: usually by an article before them."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from stories.domain.significance.text import Text, Word

_ARTICLES: Final = frozenset(
    "der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner im am zum zur ins"
    " beim vom dieser diese dieses diesen diesem jede jeder jedes sein seine seinen seinem seiner ihr ihre ihren"
    " ihrem ihrer unser unsere viele alle mehrere einige".split()
)
_ENDS_OF_ADJECTIVES: Final = ("e", "en", "er", "es", "em")
# Names that are used with an article.
_NAMES: Final = frozenset(
    "schweiz türkei ukraine slowakei mongolei niederlande niederlanden iran irak sudan jemen libanon kongo tschad"
    " niger vatikan kosovo krim pfalz lausitz elfenbeinküste emirate emiraten philippinen malediven bahamas usa eu"
    " rhein donau elbe main mosel neckar oder spree weser isar inn ruhr havel saale themse seine wolga nil amazonas"
    " mississippi alpen harz schwarzwald saarland breisgau ruhrgebiet allgäu balkan kaukasus sahara arktis antarktis"
    " bundestag bundesrat spiegel stern zeit bild welt kreml".split()
)


def is_common_noun(text: Text, word: Word) -> bool:
    """Return whether a capitalised word has an article, perhaps with an adjective, and is not a known name."""
    number = bisect_left(text.words, word.start, key=lambda other: other.start)
    following = text.words[number + 1 : number + 2]
    if not word.text[:1].isupper() or not word.text[1:].islower() or word.norm in _NAMES:
        return False
    if following and following[0].text[:1].isupper() and not following[0].opens:
        # "Der Minister Meier"
        return False
    before = [
        other for other in text.words[max(number - 2, 0) : number] if not other.opens or other is not word
    ]
    if not before:
        return False
    if before[-1].norm in _ARTICLES:
        return True
    adjective = before[-1].text.islower() and before[-1].norm.endswith(_ENDS_OF_ADJECTIVES)
    return adjective and len(before) > 1 and before[0].norm in _ARTICLES
