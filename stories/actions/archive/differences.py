"""Compare a stored story with an archived one: are they equal, or is the stored one the beginning of the other?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from stories.actions.archive.versions import archived_snapshot
from stories.actions.editing.clean import clean_story
from stories.actions.errors import Refused
from stories.domain import snapshot as domain
from stories.domain.archive.schema import describe_place
from stories.domain.archive.stories import ArchivedStory, ArchiveError
from stories.domain.text.mask import NOTHING
from stories.models import Publication


class ImportRefused(Refused):
    """A story that was not imported; nothing of it was written. The message names the place and the reason."""


def compare(story: ArchivedStory, stored: Sequence[tuple[Publication, domain.StorySnapshot]]) -> None:
    """Raise ImportRefused, naming the first version that differs, unless each stored version equals the archive's."""
    before = domain.EMPTY
    for index, (publication, here) in enumerate(stored):
        place = describe_place("versions", index)
        if index == len(story.versions):
            raise ImportRefused(
                _("%(place)s is here, but not in the archive: this story was published here since.")
                % {"place": place}
            )
        different = _difference(story, index, publication, here, before)
        if different:
            raise ImportRefused(
                _("%(place)s is not as it is here: “%(field)s” differs. Nothing of this story was imported.")
                % {"place": place, "field": different}
            )
        before = here


def _difference(
    story: ArchivedStory,
    index: int,
    publication: Publication,
    here: domain.StorySnapshot,
    before: domain.StorySnapshot,
) -> str:
    """Return the first field in which an archived version differs from the stored one; "" for none."""
    version = story.versions[index]
    if version.live_from != publication.live_from:
        return "live_from"
    if version.publication_class != publication.publication_class:
        return "class"
    try:
        archived, _removed = archived_snapshot(story, index, before)
        if archived.section != here.section:
            return "section"
        # Cleaning looks up every author; an unknown one would hide that the bylines differ.
        if [byline.author for byline in archived.bylines] != [byline.author for byline in here.bylines]:
            return "bylines"
        archived = clean_story(_with_keys_of(here, archived), here)
    except ArchiveError as error:
        raise ImportRefused(str(error)) from None
    except Refused as refusal:
        raise ImportRefused(f"{describe_place('versions', index)}: {refusal}") from None
    archived = replace(archived, section_name=version.section_name or here.section_name)
    public, ours = archived.public(withheld=NOTHING), here.public(withheld=NOTHING)
    names = (*domain.STORY_FIELDS, *domain.PART_FIELDS)
    return next((name for name in names if getattr(public, name) != getattr(ours, name)), "")


def _with_keys_of(here: domain.StorySnapshot, archived: domain.StorySnapshot) -> domain.StorySnapshot:
    """Return the archived story with the keys of the stored one: two stories do not differ by their keys."""
    keys = {
        part.key: stored.key
        for name in domain.PART_FIELDS
        for part, stored in zip(
            getattr(archived, name), getattr(here.public(withheld=NOTHING), name), strict=False
        )
    }
    values: dict[str, Any] = {
        name: tuple(replace(part, key=keys.get(part.key, part.key)) for part in getattr(archived, name))
        for name in domain.PART_FIELDS
    }
    stored_images = {block.key: block for block in here.blocks if isinstance(block, domain.ImageBlock)}
    values["blocks"] = tuple(
        _as_stored(block, stored_images.get(block.key)) if isinstance(block, domain.ImageBlock) else block
        for block in values["blocks"]
    )
    values["update_notes"] = tuple(
        replace(note, amends=keys.get(note.amends, note.amends)) if note.amends else note
        for note in values["update_notes"]
    )
    return replace(archived, **values)


def _as_stored(block: domain.ImageBlock, stored: domain.ImageBlock | None) -> domain.ImageBlock:
    """Return an image as it was stored at the time, whether or not its file was found."""
    if stored is None:
        return block
    same = stored.address == block.picture if block.picture else bool(stored.picture)
    if not (same or block.address.startswith("data:")):
        return block
    return replace(
        block, picture=stored.picture, address=stored.address, width=stored.width, height=stored.height
    )
