"""Weigh a change of a story's body: its paragraphs, quotations, pictures and link cards."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from stories.domain.diff.data import BlockUnit, BodyUnit, FieldDiff, Op, StoryDiff, TextUnit
from stories.domain.significance.addresses import Sameness, plain_address, same_picture, sameness
from stories.domain.significance.data import Reason, ReasonKind
from stories.domain.significance.findings import Findings, TextContext, Vocabulary
from stories.domain.significance.lexicon.vocabulary import is_near_spelling
from stories.domain.significance.pictures import bare_words, captions_elsewhere, is_unseen, pictures_elsewhere
from stories.domain.significance.repairs import is_quotation, same_spelling
from stories.domain.significance.text import Text, read, same_look
from stories.domain.significance.wording.sentences import bag
from stories.domain.significance.wording.words_compared import compare, title_case
from stories.domain.snapshot import (
    Block,
    ImageBlock,
    ProseBlock,
    QuoteBlock,
)
from stories.domain.text import captions
from stories.domain.text.segments import plain_text

# Shorter paragraphs are compared word by word even if most of them was replaced (a heading, a cell).
_SHORT = 8

_ATTRIBUTION_FIELDS = frozenset(("speaker_title", "source", "description", "anonymous", "anonymity_reason"))
_TAG = re.compile("<[^<>]*>")
_HREF = re.compile(r"""\bhref\s*=\s*["']([^"']+)""")
# Up to this many words, if all of them are among these, say nothing.
_FEW = 4
_NOTHING_SAID = frozenset("a an and at by for from in of on or the to with".split())
_SIZE_FIELDS = frozenset(("width", "height"))
# Why it weighs that a block comes in or goes out; for other kinds, because it is a block.
_REASONS = {"image": ReasonKind.PICTURE, "embed": ReasonKind.EMBED}


class BodyMeasure:
    """Collects the findings of a difference of two bodies; `touched` says whether anything differs at all."""

    def __init__(self, diff: StoryDiff) -> None:
        self.diff = diff
        self.found = Findings()
        self.touched = False
        language = diff.field("language")
        # A story whose language changed is judged in no language.
        self.language = str(language.new) if language.old == language.new else ""
        self.vocabulary = Vocabulary(lambda: _plain_sides(diff, "old"), lambda: _plain_sides(diff, "new"))
        self.old_heads, self.new_heads = _heads(diff.body)
        self.pictures_elsewhere = pictures_elsewhere(diff.body)
        self.captions_elsewhere = captions_elsewhere(diff.body)

    def body(self) -> None:
        region: list[TextUnit] = []
        for unit in self.diff.body:
            if unit.op is not Op.EQUAL:
                self.touched = True
            if isinstance(unit, BlockUnit):
                if unit.kind != "text" or unit.fields:
                    self._region(region)
                    region = []
                self._head(unit)
            elif unit.markup or unit.op is Op.MOVED_AWAY:
                continue
            elif unit.op in (Op.EQUAL, Op.MOVE):
                self._region(region)
                region = []
                self._text(unit)
            else:
                region.append(unit)
        self._region(region)

    def _region(self, units: list[TextUnit]) -> None:
        """Weigh neighbouring paragraphs that changed: splitting or joining paragraphs is typography."""
        if not units:
            return
        ops = {unit.op for unit in units}
        if len(units) > 1 and ops != {Op.INSERT} and ops != {Op.DELETE} and len({u.kind for u in units}) == 1:
            old, new = self._sides(
                "".join(unit.old_text for unit in units), "".join(unit.new_text for unit in units), units[0]
            )
            short = (
                len(units) == 2
                and ops == {Op.INSERT, Op.DELETE}
                and len(old.words) + len(new.words) <= _SHORT
            )
            same = [(w.norm, w.quoted) for w in old.words] == [(w.norm, w.quoted) for w in new.words]
            if (same or short) and old.words and new.words:
                compare(old, new, self.place(units[-1].key, "text"), self.found)
                return
        rewritten = self._rewritten(units)
        for unit in units:
            if unit not in rewritten:
                self._text(unit)

    def _rewritten(self, units: list[TextUnit]) -> list[TextUnit]:
        """Weigh paragraphs that were deleted and inserted again with nearly the same words; return them."""
        dropped = [unit for unit in units if unit.op is Op.DELETE]
        done: list[TextUnit] = []
        for new in (unit for unit in units if unit.op is Op.INSERT):
            for old in (unit for unit in dropped if unit not in done and unit.kind == new.kind):
                before, after = self._sides(old.old_text, new.new_text, new)
                if before.words and _nearly_the_same(before, after):
                    self._compared(before, after, new)
                    done += [old, new]
                    break
        return done

    def _text(self, unit: TextUnit) -> None:
        if unit.op in (Op.INSERT, Op.DELETE):
            self._whole(unit)
            return
        if unit.op is Op.MOVE:
            self.found.wording = True
        if unit.old_key != unit.new_key:
            self._changed_block(unit)
        if unit.changes:
            self._compared(*self._sides(unit.old_text, unit.new_text, unit), unit)
        if unit.tagged:
            self._set_otherwise(unit)

    def _compared(self, old: Text, new: Text, unit: TextUnit) -> None:
        heading = unit.path[-1].tag if unit.path else ""
        titled = heading in ("h1", "h2", "h3", "h4", "h5", "h6") and (title_case(old) or title_case(new))
        compare(old, new, self.place(unit.key, "text", titled=titled), self.found)

    def _set_otherwise(self, unit: TextUnit) -> None:
        """Weigh a paragraph that became a quotation, or ceased to be one, by its markup."""
        was = "blockquote" in unit.old_elements
        entered = any(element.tag == "blockquote" for element in unit.path)
        if was != entered:
            self._quoted_now(unit, entered=entered)

    def _quoted_now(self, unit: TextUnit, *, entered: bool) -> None:
        """Weigh words that became a quotation, or ceased to be one, by markup alone."""
        if is_quotation(read(unit.old_text if entered else unit.new_text)):
            self.found.wording = True
            return
        text = plain_text(unit.new_text)
        self.add(ReasonKind.QUOTED_WORDS, "" if entered else text, text if entered else "", unit.key, "text")

    def _sides(self, old: str, new: str, unit: TextUnit) -> tuple[Text, Text]:
        before, after = same_spelling(old, new)
        return self._read(before, unit), self._read(after, unit)

    def _read(self, html: str, unit: TextUnit) -> Text:
        quotation = unit.kind == "quote" or any(element.tag == "blockquote" for element in unit.path)
        return read(html, quotation=quotation)

    def _whole(self, unit: TextUnit) -> None:
        """Weigh an inserted or deleted paragraph; in a quotation that remains, as changed quoted words."""
        raw = unit.old_text or unit.new_text
        text = self._read(raw, unit)
        is_added = unit.op is Op.INSERT
        for address in text.media:
            self.add(
                ReasonKind.PICTURE, "" if is_added else address, address if is_added else "", unit.key, "text"
            )
        if not text.words:
            return
        if bare_words(raw) in self.captions_elsewhere:
            self.found.wording = True
            return
        if len(text.words) <= _FEW and all(word.norm in _NOTHING_SAID for word in text.words):
            # Remains of a page's template ("by", "by , and"), not part of a sentence.
            self.found.wording = True
            return
        words = plain_text(raw)
        within = unit.kind == "quote" and unit.key in self.old_heads and unit.key in self.new_heads
        kind = ReasonKind.PARAGRAPH_IN if is_added else ReasonKind.PARAGRAPH_OUT
        kind = ReasonKind.QUOTED_WORDS if within else kind
        self.add(kind, "" if is_added else words, words if is_added else "", unit.key, "text")

    def drop_moved(self) -> None:
        """Remove the reasons for pictures in the text and links that only moved."""
        pictures = [r for r in self.found.reasons if r.kind is ReasonKind.PICTURE and r.field == "text"]
        removed, is_added = ([r for r in pictures if not getattr(r, side)] for side in ("new", "old"))
        dropped: list[Reason] = []
        for reason in removed:
            again = [r for r in is_added if r not in dropped and same_picture(reason.old, r.new)]
            dropped += [reason, *again[:1]] if again else []
        links = [r for r in self.found.reasons if r.kind is ReasonKind.LINK_TARGET and r.old and not r.new]
        if links:
            targets = {
                plain_address(address)
                for unit in self.diff.body
                if isinstance(unit, TextUnit) and not unit.markup
                for address in _HREF.findall(unit.new_text)
            }
            dropped += [reason for reason in links if reason.old in targets]
        if dropped:
            self.found.reasons = [reason for reason in self.found.reasons if reason not in dropped]
            self.found.grave -= len(dropped)
            self.found.wording = True

    def _changed_block(self, unit: TextUnit) -> None:
        """Weigh text that passed from one block to another: into a quotation, out of one, or to another speaker."""
        assert unit.old_key
        assert unit.new_key
        old, new = self.old_heads[unit.old_key], self.new_heads[unit.new_key]
        if isinstance(old, QuoteBlock) != isinstance(new, QuoteBlock):
            self._quoted_now(unit, entered=isinstance(new, QuoteBlock))
        elif isinstance(old, QuoteBlock) and isinstance(new, QuoteBlock) and _who(old) != _who(new):
            self.add(ReasonKind.ATTRIBUTION, _who(old), _who(new), unit.key, "speaker")

    def _head(self, unit: BlockUnit) -> None:
        if unit.op is Op.MOVE:
            self.found.wording = True
        if unit.op in (Op.INSERT, Op.DELETE):
            block, is_added = unit.block, unit.op is Op.INSERT
            if block.key in self.pictures_elsewhere or is_unseen(block, self.captions_elsewhere):
                self.found.wording = True
                return
            # Running text weighs by its paragraphs, and with a quote's paragraphs who said them; a title weighs here.
            if not isinstance(block, ProseBlock) or (block.label and not isinstance(block, QuoteBlock)):
                kind, label = _REASONS.get(block.kind, ReasonKind.BLOCK), block.label
                self.add(kind, "" if is_added else label, label if is_added else "", block.key, block.kind)
            return
        if unit.op is Op.MOVED_AWAY:
            return
        for field in unit.fields:
            self._head_field(field, unit.block)

    def _head_field(self, field: FieldDiff, block: Block) -> None:
        old, new = ("" if side is None else str(side) for side in (field.old, field.new))
        name, key = field.name, block.key
        if name in _SIZE_FIELDS:
            return
        if name == "kind":
            kind = ReasonKind.QUOTED_WORDS if "quote" in (old, new) else ReasonKind.PICTURE
            self.add(kind, old, new, key, name)
        elif name == "said_on":
            self.add(ReasonKind.FIGURE, old, new, key, name)
        elif name == "source_url" or (name == "address" and not isinstance(block, ImageBlock)):
            same = sameness(old, new)
            if same is Sameness.OTHER:
                self.add(ReasonKind.LINK_TARGET, old, new, key, name)
            self.found.wording = self.found.wording or same is Sameness.SAME_THING
        elif (name == "address" and same_picture(old, new)) or (
            name == "caption" and bare_words(captions.as_html(old or new)) in self.captions_elsewhere
        ):
            self.found.wording = True
        elif name in ("picture", "address"):
            self.add(ReasonKind.PICTURE, old, new, key, name)
        elif same_look(old, new):
            return
        elif name in ("speaker", "credit"):
            slipped = name == "credit" or is_near_spelling(old, new)
            self.add(ReasonKind.NAME if slipped else ReasonKind.ATTRIBUTION, old, new, key, name)
        elif name == "alt_text":
            before = len(self.found.reasons), self.found.words, self.found.transcribed, self.found.grave
            self.plain(field, key)
            del self.found.reasons[before[0] :]
            self.found.wording = True
            _, self.found.words, self.found.transcribed, self.found.grave = before
        elif name in _ATTRIBUTION_FIELDS:
            at, weight = len(self.found.reasons), self.found.weight
            self.plain(field, key)
            if self.found.weight != weight:
                del self.found.reasons[at:]
                self.add(ReasonKind.ATTRIBUTION, old, new, key, name)
        else:
            self.plain(field, key)

    def plain(self, field: FieldDiff, where: UUID | None, *, titled: bool = False) -> None:
        # The links of a caption are compared as links, not as words.
        rich = field.name == "caption"
        sides = (captions.as_html(str(side)) if rich else str(side) for side in (field.old, field.new))
        old, new = (read(side, html=rich) for side in sides)
        titled = titled and (title_case(old) or title_case(new))
        compare(old, new, self.place(where, field.name, titled=titled), self.found)

    def place(self, where: UUID | None, name: str, *, titled: bool = False) -> TextContext:
        return TextContext(where, name, self.vocabulary, self.language, titled)

    def add(self, kind: ReasonKind, old: str, new: str, where: UUID | None, name: str) -> None:
        self.found.add(Reason(kind=kind, old=old, new=new, where=where, field=name, was=old, now=new))


def _nearly_the_same(old: Text, new: Text) -> bool:
    """Return whether two paragraphs have the same words in any order; for short ones, most of them."""
    before, after = bag(old.words), bag(new.words)
    if before == after:
        return True
    longer = max(len(before), len(after))
    shared = sum((Counter(before) & Counter(after)).values())
    return longer <= _SHORT and shared * 3 >= longer * 2


def _plain_sides(diff: StoryDiff, which: str) -> Iterator[str]:
    for unit in diff.body:
        if isinstance(unit, TextUnit) and not unit.markup and unit.op is not Op.MOVED_AWAY:
            yield _TAG.sub(" ", unit.old_text if which == "old" else unit.new_text)
    for name in ("dek", "disclosure"):
        yield str(getattr(diff.field(name), which))


def _heads(body: tuple[BodyUnit, ...]) -> tuple[dict[UUID, Block], dict[UUID, Block]]:
    """Return the blocks of the old and the new side, by key, without their texts."""
    heads = [unit for unit in body if isinstance(unit, BlockUnit)]
    return {unit.old.key: unit.old for unit in heads if unit.old}, {
        unit.new.key: unit.new for unit in heads if unit.new
    }


def _who(block: QuoteBlock) -> str:
    return block.speaker or block.description
