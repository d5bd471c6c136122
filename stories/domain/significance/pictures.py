"""Pictures that only moved, or that were invisible."""

from __future__ import annotations

from uuid import UUID

from stories.domain.archive.pieces import MISSING_ADDRESS
from stories.domain.diff.data import BlockUnit, BodyUnit, Op, TextUnit
from stories.domain.significance.addresses import same_picture
from stories.domain.significance.repairs import without_written_tags
from stories.domain.snapshot import Block, ImageBlock
from stories.domain.text.captions import as_html
from stories.domain.text.segments import plain_text


def pictures_elsewhere(body: tuple[BodyUnit, ...]) -> frozenset[UUID]:
    """Return the keys of pictures that were deleted and inserted again under another key, with the same words."""
    pictures: dict[Op, list[ImageBlock]] = {Op.DELETE: [], Op.INSERT: []}
    for unit in body:
        if isinstance(unit, BlockUnit) and unit.op in pictures and isinstance(unit.block, ImageBlock):
            pictures[unit.op].append(unit.block)
    found = set()
    for old in pictures[Op.DELETE]:
        for new in pictures[Op.INSERT]:
            if new.key not in found and _one_picture(old, new):
                found |= {old.key, new.key}
                break
    return frozenset(found)


def captions_elsewhere(body: tuple[BodyUnit, ...]) -> frozenset[str]:
    """Return the captions that became paragraphs, or were paragraphs, as either was deleted or inserted."""
    found: set[str] = set()
    for picture, paragraph in ((Op.DELETE, Op.INSERT), (Op.INSERT, Op.DELETE)):
        captions = {
            bare_words(as_html(unit.block.caption))
            for unit in body
            if isinstance(unit, BlockUnit) and unit.op is picture and isinstance(unit.block, ImageBlock)
        } | {
            bare_words(str(field.old if picture is Op.DELETE else field.new))
            for unit in body
            if isinstance(unit, BlockUnit) and isinstance(unit.block, ImageBlock)
            for field in unit.fields
            if field.name == "caption" and not (field.old and field.new)
        }
        captions -= {""}
        if captions:
            found |= captions & {
                bare_words(unit.raw) for unit in body if isinstance(unit, TextUnit) and unit.op is paragraph
            }
    return frozenset(found)


def bare_words(html: str) -> str:
    """Return the words of a paragraph, or of a caption as HTML, in lower case."""
    return " ".join(without_written_tags(plain_text(html)).split()).casefold()


def _one_picture(old: ImageBlock, new: ImageBlock) -> bool:
    same = old.picture == new.picture and (bool(old.picture) or same_picture(old.address, new.address))
    return same and (old.alt_text, old.caption, old.credit) == (new.alt_text, new.caption, new.credit)


def is_unseen(block: Block, captions: frozenset[str]) -> bool:
    """Return whether a block is an invisible picture: an import may have found no address.

    `captions` are those that also occur as paragraphs.
    """
    if not isinstance(block, ImageBlock) or block.picture or block.address not in ("", MISSING_ADDRESS):
        return False
    return not block.caption or bare_words(as_html(block.caption)) in captions
