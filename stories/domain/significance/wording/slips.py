"""Recognise spelling mistakes, corrected or made; a name never counts as one."""

from __future__ import annotations

from bisect import bisect_right

from stories.domain.significance.findings import TextContext
from stories.domain.significance.lexicon.dictionary import (
    fixes_spelling,
    has_dictionary,
    known,
    looks_misspelt,
    same_word,
)
from stories.domain.significance.lexicon.vocabulary import (
    also_a_name,
    common_alphabet,
    is_month_or_weekday,
    looks_like_name,
)
from stories.domain.significance.text import Text, Word
from stories.domain.significance.wording.facets import is_address, is_code, is_figure, reporting
from stories.domain.significance.wording.german_nouns import is_common_noun

_SHORTEST_MONTH = 6


class Slips:
    """Recognises spelling mistakes between two texts at one place of a story."""

    def __init__(self, old: Text, new: Text, place: TextContext) -> None:
        self.old, self.new, self.place = old, new, place

    def is_fix(self, before: Word, after: Word) -> bool:
        """Return whether a misspelt word was corrected; never true for a name or a figure."""
        old, new, vocabulary = before.norm, after.norm, self.place.vocabulary
        if self._of_calendar(before, after):
            return True
        if before.norm == after.norm or not common_alphabet(old, new) or not self._unnamed(before, after):
            return False
        if any(char.isdigit() for char in old + new) or is_address(before) or is_address(after):
            return False
        # If the story has both words elsewhere, both are words.
        if old in vocabulary.new and new in vocabulary.old:
            return False
        return fixes_spelling(old, new, self.place.language) or same_word(old, new, self.place.language)

    def _of_calendar(self, before: Word, after: Word) -> bool:
        """Return whether a misspelt month or weekday was corrected ("Febuary"): no name, for all its capital."""
        return (
            self.place.english
            and len(after.norm) >= _SHORTEST_MONTH
            and before.text[:1].isupper() == after.text[:1].isupper()
            and is_month_or_weekday(after.norm)
            and fixes_spelling(before.norm, after.norm, self.place.language)
        )

    def _unnamed(self, before: Word, after: Word) -> bool:
        """Return whether neither word is part of a name, judging by their capitals and places."""
        names = [self.is_name(word) for word in (before, after)]
        if not any(names) or self._german_nouns(before, after):
            return True
        if not (self.may_open(before) and self.may_open(after)):
            return False
        # Where any word has a capital, a word known not to be a name is enough.
        if not all(names):
            return True
        following = self._following(after)
        return (
            len(after.norm) > 4
            and not also_a_name(after.norm)
            and known(after.norm, self.place.language)
            and (
                following is None
                or self.place.titled
                or not (following.text[:1].isupper() or reporting(following))
            )
        )

    def _german_nouns(self, before: Word, after: Word) -> bool:
        """Return whether both words are German common nouns, which have capitals."""
        return self.place.nouns_have_capitals and (
            is_common_noun(self.old, before) and is_common_noun(self.new, after)
        )

    def _following(self, word: Word) -> Word | None:
        number = bisect_right(self.new.words, word.start, key=lambda other: other.start)
        return self.new.words[number] if number < len(self.new.words) else None

    def may_be_slip(self, before: Word, after: Word) -> bool:
        """Return whether a word may be a spelling mistake that can't be proven.

        That is a mistake made, or any in a language without a word list.
        """
        if not common_alphabet(before.norm, after.norm) or is_figure(before) or is_figure(after):
            return False
        language = self.place.language
        if not language.lower().startswith("en") and not has_dictionary(language):
            return looks_misspelt(before.norm, after.norm) and not self._capital(before, after)
        return self._unnamed(before, after) and fixes_spelling(after.norm, before.norm, language)

    def _capital(self, before: Word, after: Word) -> bool:
        return before.text[:1].isupper() != after.text[:1].isupper() or before.text[:1].isupper()

    def is_name(self, word: Word) -> bool:
        if word.text.islower() or is_figure(word) or is_address(word):
            return False
        if is_code(word):
            return True
        opens = self.may_open(word)
        lower = self.place.vocabulary.lower if opens else frozenset()
        return looks_like_name(word.text, opens=opens, lower=lower)

    def may_open(self, word: Word) -> bool:
        return word.opens or self.place.titled
