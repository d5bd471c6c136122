"""Clauses that moved within their sentence without changing its meaning: "On Monday, ...", "..., he said"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from stories.domain.significance.lexicon.people_words import PERSONS
from stories.domain.significance.lexicon.vocabulary import REPORTING, is_month_or_weekday
from stories.domain.significance.lexicon.weighty_words import NEGATIONS
from stories.domain.significance.lexicon.word_groups import members
from stories.domain.significance.text import Text, Word
from stories.domain.significance.wording import marks
from stories.domain.significance.wording.sentences import sentence_of, spelled
from stories.domain.significance.wording.verb_forms import acts_in_past
from stories.domain.significance.wording.word_order import Gap

# More gaps than this are a rewritten text, which is significant for its number of words.
_MANY_GAPS: Final = 40
_LONGEST: Final = 14
_LONGEST_ATTRIBUTION: Final = 7
_LONGEST_TIME: Final = 7
_TIME_OPENS: Final = members(
    "on in at by during since until till after before from over for within throughout around about last next"
    " this every each early late earlier later a an two three four five six some most one"
)
_TIMES: Final = members(
    "second+ minute+ hour+ day+ night+ week+ weekend+ month+ year+ decade+ century centuries morning+ afternoon+"
    " evening+ noon midnight dawn dusk spring summer autumn winter a.m p.m today yesterday tomorrow tonight ago"
)
_ADVERBS: Final = members(
    "yesterday today tomorrow tonight however meanwhile therefore moreover furthermore nevertheless nonetheless"
    " recently currently afterwards afterward consequently"
)
_PLACE_OPENS: Final = members("in at near outside across")
_EVENT_OPENS: Final = members(
    "after before during despite amid following because if unless when while although"
)
_CLAUSE_OPENS: Final = _EVENT_OPENS | members("though since once until whereas as")
# "Under the plan"
_ORDERS: Final = members(
    "law+ plan+ deal+ agreement+ rule+ bill+ act+ policy policies proposal+ contract+ treaty order+"
)
_PRONOUNS: Final = members(
    "he she they it him her them his hers its their theirs himself herself itself themselves i we you my our your"
    " us me this these those another other others"
)
# If a sentence has one of these, a clause may belong to either part of it.
_BINDING: Final = (
    NEGATIONS
    | frozenset(REPORTING)
    | members(
        "only even alone just merely solely hardly barely nearly almost also too either neither"
        " who whom whose which that where when while because if unless although though than whether as after"
        " before until till since once so and but or nor yet then besides"
    )
)
# A second verb may depend on one of these; behind an article they are nouns.
_GOVERNING: Final = members(
    "think* thought believe* know knows knew known hope** hopes hoped hoping expect* fear* suspect* consider*"
    " decide* promise* let lets make makes made help* see sees saw seen hear hears heard watch* predict* remember*"
    " forget* forgot forgotten learn* find finds found feel feels felt doubt*"
)
_DETERMINERS: Final = members(
    "a an the this that these those his her its their our your my no some any each every"
)
_AUXILIARIES: Final = members(
    "is are was were be been being has have had having will would can could may might"
)
_SPOKEN: Final = members("said says say told tells added adds wrote writes announced reported stated")
_WEATHER: Final = members("rain* snow* freeze* froze hail* thaw*")
_YEAR: Final = re.compile(r"(?:1\d|20)\d\d(?:s)?")
_PARTING_OFF: Final = re.compile('[,.;?!”"’»]')
_SUBJECTS: Final = frozenset("he she they it we you".split())
_PARTING: Final = re.compile(r"[,;:()—–¦]|\s-\s")


def moved_clauses(old: Text, new: Text, gaps: Sequence[Gap]) -> Iterator[tuple[Gap, Gap]]:
    """Yield pairs of gaps between which a clause moved without changing the meaning."""
    if len(gaps) > _MANY_GAPS:
        return
    for number, first in enumerate(gaps):
        for second in gaps[number + 1 :]:
            if _moved(old, new, first, second):
                yield first, second
                break


def _moved(old: Text, new: Text, first: Gap, second: Gap) -> bool:
    source = first if first.old < first.old_end else second
    target = second if source is first else first
    span, place = (source.old, source.old_end), (target.new, target.new_end)
    if source.new < source.new_end or target.old < target.old_end:
        return False
    # "He said that" becomes "he said" behind the quotation.
    that = source is first and old.words[span[1] - 1].norm == "that"
    that_now = target is first and new.words[place[1] - 1].norm == "that"
    clause = old.words[span[0] : span[1] - that]
    if not clause or not _same(clause, new.words[place[0] : place[1] - that_now]):
        return False
    sentence, sentence_now = sentence_of(old, span[0]), sentence_of(new, place[0])
    if not (sentence[0] <= target.old <= sentence[1] and sentence_now[0] <= source.new <= sentence_now[1]):
        return False
    if sentence[1] < span[1] or sentence_now[1] < place[1]:
        return False
    if _free(old, span, new, place, sentence, sentence_now):
        return True
    if _turned(old, span, sentence) and _turned(new, place, sentence_now):
        return True
    # The reverse: the unchanged words are the clause, and the rest of the sentence moved.
    over = (min(first.old_end, second.old), max(first.old_end, second.old))
    over_now = (min(first.new_end, second.new), max(first.new_end, second.new))
    if not _same(old.words[slice(*over)], new.words[slice(*over_now)]):
        return False
    if _turned(old, over, sentence) and _turned(new, over_now, sentence_now):
        return True
    return _free(old, over, new, over_now, sentence, sentence_now)


def _free(
    old: Text,
    span: tuple[int, int],
    new: Text,
    span_now: tuple[int, int],
    sentence: tuple[int, int],
    sentence_now: tuple[int, int],
) -> bool:
    """Return whether a clause applies to its whole sentence, at both its old and its new place."""
    words = new.words[slice(*span_now)]
    if not words or len(words) > _LONGEST or any(word.quoted for word in words):
        return False
    norms = [word.norm for word in words]
    norms = norms[:-1] if norms[-1] == "that" else norms
    ends = _at_end(span, sentence) and _at_end(span_now, sentence_now)
    sides = [(old, span, sentence), (new, span_now, sentence_now)]
    if ends and (_attributes(norms) or _attributes_quotation(words, sides)):
        return all(_one_claim(*side) for side in sides)
    timed = _timed(words)
    rest = [word for text, at, whole in sides for word in _rest(text, at, whole)]
    if ends and all(_of_one_person(words, _rest(*side)) for side in sides):
        return all(_one_event(*side) for side in sides)
    if not timed and not (ends and _of_sentence(words)):
        return False
    if words[0].norm in _CLAUSE_OPENS and not timed and any(word.norm in _PRONOUNS for word in rest):
        return False
    return all(_one_event(*side) for side in sides)


def _turned(text: Text, span: tuple[int, int], sentence: tuple[int, int]) -> bool:
    """Return whether a stretch is who said a quotation or claim, next to "said" behind it: "said Smith"."""
    start, end = span
    if end - start > _LONGEST_ATTRIBUTION or {word.norm for word in text.words[start:end]} & _BINDING:
        return False
    if end < sentence[1] and text.words[end].norm in _SPOKEN:
        end += 1
    elif start > sentence[0] and text.words[start - 1].norm in _SPOKEN:
        start -= 1
    else:
        return False
    before = marks.between(text, start - 1) if start else ""
    behind = marks.between(text, end - 1)
    # "Said the mayor on Friday"
    closed = (
        end >= sentence[1] or _PARTING_OFF.search(behind) is not None or _timed(text.words[end : sentence[1]])
    )
    return closed and _PARTING_OFF.search(before) is not None


def _of_one_person(clause: Sequence[Word], rest: Sequence[Word]) -> bool:
    """Return whether a clause and the rest of its sentence are about one pronoun: "if he wins, he will pay"."""
    if len(clause) < 3 or len(rest) < 2 or clause[0].norm not in _CLAUSE_OPENS:
        return False
    subject = rest[0].norm
    if subject not in _SUBJECTS or clause[1].norm != subject:
        return False
    others = (*clause[2:], *rest[1:])
    return not any(
        word.norm in _PRONOUNS or word.norm in _BINDING or word.norm in PERSONS or word.text[:1].isupper()
        for word in others
    )


def _same(one: Sequence[Word], other: Sequence[Word]) -> bool:
    return [(spelled(w), w.quoted, w.href, w.style) for w in one] == [
        (spelled(w), w.quoted, w.href, w.style) for w in other
    ]


def _at_end(span: tuple[int, int], sentence: tuple[int, int]) -> bool:
    return span[0] == sentence[0] or span[1] == sentence[1]


def _attributes(words: Sequence[str]) -> bool:
    """Return whether words are only an attribution: "the mayor said", "according to police"."""
    if len(words) > _LONGEST_ATTRIBUTION:
        return False
    if words[:2] == ["according", "to"]:
        return not set(words[2:]) & (_BINDING - {"that"} - frozenset(REPORTING))
    return len(words) > 1 and words[-1] in _SPOKEN and not set(words[:-1]) & _BINDING


def _attributes_quotation(
    words: Sequence[Word], sides: Sequence[tuple[Text, tuple[int, int], tuple[int, int]]]
) -> bool:
    """Return whether words are an attribution with a time, and all the rest is quoted."""
    if not all(word.quoted for side in sides for word in _rest(*side)):
        return False
    spoken = next((number for number, word in enumerate(words) if word.norm in _SPOKEN), len(words))
    return _attributes([word.norm for word in words[: spoken + 1]]) and _timed(words[spoken + 1 :])


def _timed(words: Sequence[Word]) -> bool:
    """Return whether words are only an indication of time."""
    norms = [word.norm for word in words]
    if len(norms) < 2:
        return bool(norms) and (norms[0] in _ADVERBS or is_month_or_weekday(norms[0]))
    if norms[0] not in _TIME_OPENS and not is_month_or_weekday(norms[0]):
        return False
    if len(norms) > _LONGEST_TIME or set(norms[1:]) & ((_PRONOUNS - {"this"}) | (_BINDING - {"and", "or"})):
        return False
    return any(norm in _TIMES or is_month_or_weekday(norm) or _YEAR.fullmatch(norm) for norm in norms)


def _of_sentence(words: Sequence[Word]) -> bool:
    """Return whether words begin like a clause that applies to the whole sentence, or name a place."""
    norms = [word.norm for word in words]
    if len(norms) < 2:
        return False
    if _points(norms) or set(norms[1:]) & (_BINDING - {"that"}):
        return False
    if norms[0] in _CLAUSE_OPENS:
        return True
    if norms[0] == "under":
        return bool(_ORDERS.intersection(norms[1:3]))
    return norms[0] in _PLACE_OPENS and all(
        word.text[:1].isupper() for word in words[1:] if word.norm not in ("the", "of")
    )


def _points(norms: Sequence[str]) -> bool:
    """Return whether a word refers to somebody or something named elsewhere; the "it" of "it rains" does not."""
    return any(
        norm in _PRONOUNS
        and not (norm == "it" and norms[number + 1 : number + 2] and norms[number + 1] in _WEATHER)
        for number, norm in enumerate(norms)
    )


def _rest(text: Text, span: tuple[int, int], sentence: tuple[int, int]) -> list[Word]:
    return [*text.words[sentence[0] : span[0]], *text.words[span[1] : sentence[1]]]


def _unparted(text: Text, span: tuple[int, int], sentence: tuple[int, int], sign: re.Pattern[str]) -> bool:
    """Return whether the rest of a sentence does not contain such a mark."""
    return not any(
        sign.search(marks.between(text, number))
        for number in range(sentence[0], sentence[1] - 1)
        if not span[0] - 1 <= number < span[1]
    )


def _one_claim(text: Text, span: tuple[int, int], sentence: tuple[int, int]) -> bool:
    """Return whether an attribution applies to all of a sentence, at either end."""
    rest = {word.norm for word in _rest(text, span, sentence)}
    joined = rest & members("and but while whereas although though or nor yet")
    return (
        not joined
        and not rest & frozenset(REPORTING)
        and _unparted(text, span, sentence, re.compile("[;:()¦]"))
    )


def _one_event(text: Text, span: tuple[int, int], sentence: tuple[int, int]) -> bool:
    """Return whether a sentence describes a single event, so that a clause at either end applies to it."""
    rest = _rest(text, span, sentence)
    if any(_binds(rest, number) or _follows_verb(rest, number) for number in range(len(rest))):
        return False
    return _verbs(rest) < 2 and _unparted(text, span, sentence, _PARTING)


def _verbs(words: Sequence[Word]) -> int:
    """Return the least number of verbs, judging by their forms: "was", "had been seen", "ruled"."""
    found, helped = 0, False
    for word in words:
        if word.norm in _AUXILIARIES:
            found += not helped
            helped = True
        elif acts_in_past(word):
            found += not helped
            helped = False
        elif not word.norm.endswith("ly"):
            helped = False
    return found


def _binds(words: Sequence[Word], number: int) -> bool:
    norm = words[number].norm
    if norm in _GOVERNING:
        return number == 0 or words[number - 1].norm not in _DETERMINERS
    return norm in _BINDING


def _follows_verb(words: Sequence[Word], number: int) -> bool:
    """Return whether a second verb depends on the first: "to open", "opening"."""
    word = words[number]
    if word.norm == "to":
        following = words[number + 1 : number + 2]
        return not following or not (
            following[0].norm in _DETERMINERS
            or following[0].text[:1].isupper()
            or following[0].norm[:1].isdigit()
        )
    before = words[number - 1].norm if number else ""
    return word.norm.endswith("ing") and len(word.norm) > 4 and before not in _DETERMINERS | _AUXILIARIES
