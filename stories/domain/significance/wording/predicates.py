"""Verbs that say another thing in another form: who acts, whether it has happened, whether it is still so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from simplemma import lemmatize

from stories.domain.significance.lexicon.vocabulary import REPORTING
from stories.domain.significance.text import Text, Word
from stories.domain.significance.wording.sentences import sentence_of
from stories.domain.significance.wording.verb_forms import acts_in_past, is_being, marks_agent

# Longer stretches are rewritten, and weigh for their number of words.
_LONGEST: Final = 6
_FUTURE: Final = frozenset(("will", "would", "shall"))
_FACTS: Final = frozenset("is are was were has have had did does do".split())
_PRESENT: Final = frozenset(("is", "are", "am"))
_PAST: Final = frozenset(("was", "were"))
_SUBJECTS: Final = frozenset("he she who i they we you".split())
_BEFORE_NOUNS: Final = frozenset("a an the his her their its our my your".split())


def changes_predicate(
    old: Text, old_range: tuple[int, int], new: Text, new_range: tuple[int, int], language: str
) -> bool:
    """Return whether a verb of an unchanged subject says another thing in its new form.

    "Gave", "was given": who acts; "will close", "closed": whether it has happened; "he is the owner", "he was the
    owner": whether he still is.
    """
    removed, added = old.words[slice(*old_range)], new.words[slice(*new_range)]
    if not (removed and added):
        # "It would cost them jobs", "it cost them jobs"
        return bool(removed or added) and all(_has([word], _FUTURE) for word in (*removed, *added))
    if max(len(removed), len(added)) > _LONGEST:
        return False
    code = language.lower()[:2]
    return (
        _ceased(old, old_range, new, new_range)
        or _carried_out(removed, added, code)
        or _carried_out(added, removed, code)
        or _acts_otherwise(old, old_range, new, new_range, code)
    )


def _acts_otherwise(
    old: Text, old_range: tuple[int, int], new: Text, new_range: tuple[int, int], code: str
) -> bool:
    """Return whether a verb became passive, or ceased to be, behind the same subject."""
    if not (_is_verbal(old.words[old_range[0]]) and _is_verbal(new.words[new_range[0]])):
        return False
    suffered, suffered_now = _suffered(old, *old_range, code), _suffered(new, *new_range, code)
    if suffered == suffered_now:
        return False
    done, done_now = _lemmas(old.words[slice(*old_range)], code), _lemmas(new.words[slice(*new_range)], code)
    return bool((suffered & done_now) - suffered_now or (suffered_now & done) - suffered)


def _is_verbal(word: Word) -> bool:
    return is_being(word) or acts_in_past(word) or (word.text.islower() and word.norm.endswith(("ing", "s")))


def _suffered(text: Text, start: int, end: int, code: str) -> set[str]:
    """Return the verbs of a stretch that are in the passive voice."""
    passive = [
        word
        for number, word in enumerate(text.words[start:end], start)
        if number and is_being(text.words[number - 1]) and marks_agent(word)
    ]
    return _lemmas(passive, code)


def _carried_out(planned: Sequence[Word], done: Sequence[Word], code: str) -> bool:
    """Return whether what will or would happen on one side has happened on the other, or happens."""
    if not _has(planned, _FUTURE) or _has(done, _FUTURE):
        return False
    return _has(done, _FACTS) or bool(_lemmas(planned, code) & _lemmas(done, code))


def _lemmas(words: Sequence[Word], code: str) -> set[str]:
    return {lemmatize(word.norm, code, low_memory=True) for word in words if word.text.islower()}


def _has(words: Sequence[Word], norms: frozenset[str]) -> bool:
    return any(word.norm in norms and (word.text.islower() or word.opens) for word in words)


def _ceased(old: Text, old_range: tuple[int, int], new: Text, new_range: tuple[int, int]) -> bool:
    """Return whether a person is something on one side and was it on the other; not in what somebody said."""
    if old_range[1] - old_range[0] != 1 or new_range[1] - new_range[0] != 1 or not old_range[0]:
        return False
    i, j = old_range[0], new_range[0]
    forms = {old.words[i].norm, new.words[j].norm}
    if not (forms & _PRESENT and forms & _PAST) or i + 1 >= len(old.words):
        return False
    subject = old.words[i - 1]
    if subject.norm not in _SUBJECTS and (subject.opens or not subject.text[:1].isupper()):
        return False
    if old.words[i + 1].norm not in _BEFORE_NOUNS:
        return False
    start, _ = sentence_of(old, i)
    return not any(word.norm in REPORTING for word in old.words[start:i])
