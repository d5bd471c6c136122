"""Make a submitted story fit to be stored: clean its text, complete its names, check its references."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import TextField
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Problem, StoryInvalid
from stories.actions.texts import blank_if_invisible, strip_control_characters
from stories.actions.times import problem_with_time
from stories.domain import snapshot as domain
from stories.domain.text.controls import one_line
from stories.domain.text.segments import count_words
from stories.domain.text.slugs import normal_slug
from stories.models import Article, Author, PartKey, Picture, Section
from stories.models.integrity.registry import PART_MODELS, PART_TUPLES
from stories.models.rich_text import RichTextField
from stories.queries.publishing.versions import published_note_keys

MOST_WORDS = 100_000

# Plain texts with several lines although their column may be a short one; of the others, only those of a TextField.
_LINES = frozenset({"dek", "disclosure", "caption", "sentence", "was", "now", "description"})
# The address of an outside picture: over HTTP, or as an import gave it; never a scheme that runs code.
_PICTURE_ADDRESS = re.compile(r"^(https?://|about:invalid$|(?![a-zA-Z][a-zA-Z0-9+.-]*:)\S)")


def clean_story(
    story: domain.StorySnapshot, known: domain.StorySnapshot, article: Article | None = None
) -> domain.StorySnapshot:
    """Return the story as it can be stored: sanitised, its copied names filled in, its references checked.

    `known` is a story that is stored already: what equals it is not checked again. `article` is None for a new story.
    Raises StoryInvalid with every problem and its place. No query for an edit of words; one for each kind of new
    reference.
    """
    problems: list[Problem] = []
    before = {part.key: part for part in known.parts()}
    values: dict[str, Any] = {
        name: _clean_plain(name, getattr(story, name), getattr(known, name)) for name in domain.STORY_FIELDS
    }
    for name in domain.PART_FIELDS:
        values[name] = tuple(
            part if before.get(part.key) == part else _clean_part(part, story, problems)
            for part in getattr(story, name)
        )
    cleaned = domain.StorySnapshot(**values, erasure=story.erasure)
    if problems:
        raise StoryInvalid(problems)
    _check_keys(cleaned, before, article)
    _check_amendments(cleaned)
    _check_length(cleaned)
    cleaned = _with_section(cleaned, known)
    cleaned = _with_names(cleaned, before)
    return _with_sizes(cleaned, before)


def check_published_notes(
    article: Article, story: domain.StorySnapshot, stored: domain.StorySnapshot
) -> None:
    """Raise StoryInvalid if an edit would change or remove a note that is published, or scheduled.

    One query if the notes change, none otherwise.
    """
    if story.update_notes == stored.update_notes:
        return
    published = published_note_keys(article)
    notes = {note.key: note for note in story.update_notes}
    problems = [
        Problem(
            note.key,
            "text",
            place_of(stored, note.key),
            _(
                "This note has been published, or is to be, so it stays as it is. Add a new note that amends "
                "it instead."
            ),
        )
        for note in stored.update_notes
        if note.key in published and notes.get(note.key) != note
    ]
    if problems:
        raise StoryInvalid(problems)


def place_of(story: domain.StoryContent, key: UUID | None) -> str:
    """Return an editor's name for a part of a story, such as “quote 2”; "" for the story itself."""
    counts: Counter[type[domain.Part]] = Counter()
    for part in story.parts():
        counts[type(part)] += 1
        if part.key == key:
            return f"{PART_MODELS[type(part)]._meta.verbose_name} {counts[type(part)]}"
    return ""


def _clean_plain(name: str, value: Any, known: Any = None, *, has_lines: bool = False) -> Any:
    if type(value) is not str or value == known:
        return value
    value = blank_if_invisible(strip_control_characters(value))
    if name == "slug":
        value = normal_slug(value)
    return value.strip() if has_lines or name in _LINES else one_line(value)


def _clean_part(part: domain.Part, story: domain.StorySnapshot, problems: list[Problem]) -> domain.Part:
    values: dict[str, Any] = {}
    for field in fields(part):
        value = getattr(part, field.name)
        column = PART_MODELS[type(part)]._meta.get_field(field.name)
        problem = _problem_with(part, field.name, value)
        if isinstance(column, RichTextField):
            try:
                value = column.sanitizer(strip_control_characters(value))
            except ValidationError as error:
                problem = " ".join(error.messages)
        elif field.name == "text":
            value = blank_if_invisible(strip_control_characters(value)).strip()
        else:
            value = _clean_plain(field.name, value, has_lines=isinstance(column, TextField))
        values[field.name] = value
        if problem:
            problems.append(Problem(part.key, field.name, place_of(story, part.key), problem))
    return replace(part, **values)


def _problem_with(part: domain.Part, name: str, value: Any) -> str:
    """Return what is wrong with a value, if the column's own error would be unclear; "" if nothing."""
    if isinstance(value, date):
        return problem_with_time(value, at=timezone.now())
    elsewhere = isinstance(part, domain.ImageBlock) and name == "address" and value
    if elsewhere and not _PICTURE_ADDRESS.match(value):
        return _("This is no address of a picture. Give one that begins with https://.")
    return ""


def _check_keys(
    story: domain.StorySnapshot, before: dict[UUID, domain.Part], article: Article | None
) -> None:
    """Raise StoryInvalid for a key used twice, or by another story.

    A key names one part of one story for life; a block may become another kind of block, but never a byline.
    """
    counted = Counter(part.key for part in story.parts())
    taken = {key for key, count in counted.items() if count > 1}
    new = {
        part.key: name
        for name in domain.PART_FIELDS
        for part in getattr(story, name)
        if part.key not in before or PART_TUPLES[type(before[part.key])] != name
    }
    if new:
        mine = article.pk if article else None
        taken |= {
            part_key.key
            for part_key in PartKey.objects.filter(key__in=new)
            if part_key.article_id != mine or part_key.holder != new[part_key.key]
        }
    if taken:
        raise StoryInvalid(
            Problem(key, "key", place_of(story, key), _("Its key %(key)s is taken already.") % {"key": key})
            for key in sorted(taken)
        )


def _check_amendments(story: domain.StorySnapshot) -> None:
    """Raise StoryInvalid for a note that amends a missing note, or, directly or through others, itself."""
    amends = {note.key: note.amends for note in story.update_notes}
    problems: dict[UUID, str] = {}
    for key, amended in amends.items():
        if amended and amended not in amends:
            problems[key] = _("The note that it amends is not there.")
        seen = {key}
        while amended and amended not in seen:
            seen.add(amended)
            amended = amends.get(amended)
        if amended:
            problems[key] = _("It amends itself, directly or by way of others. Choose another note.")
    if problems:
        raise StoryInvalid(
            Problem(key, "amends", place_of(story, key), message) for key, message in problems.items()
        )


def _check_length(story: domain.StorySnapshot) -> None:
    texts = [str(getattr(part, "text", "")) for part in story.blocks]
    # A word has at least one character, so most stories need no counting.
    if sum(len(text) for text in texts) <= MOST_WORDS:
        return
    words = sum(count_words(text) for text in texts)
    if words > MOST_WORDS:
        message = _("The story has %(found)s words; it may have %(most)s. Split it into two stories.")
        raise StoryInvalid(
            [Problem(None, "", "", message % {"found": f"{words:,}", "most": f"{MOST_WORDS:,}"})]
        )


def _with_section(story: domain.StorySnapshot, known: domain.StorySnapshot) -> domain.StorySnapshot:
    """Return the story with the section's present name, or with the stored name if the section is unchanged."""
    if story.section == known.section and (known.section_name or not story.section):
        return replace(story, section_name=known.section_name)
    if not story.section:
        return replace(story, section_name="")
    name = Section.objects.filter(pk=story.section).values_list("name", flat=True).first()
    if name is None:
        message = _("There is no section “%(section)s”.") % {"section": story.section}
        raise StoryInvalid([Problem(None, "section", _("section"), message)])
    return replace(story, section_name=name)


def _with_names(story: domain.StorySnapshot, before: dict[UUID, domain.Part]) -> domain.StorySnapshot:
    """Return the story with the author's name in each byline that gives none."""
    new = [byline for byline in story.bylines if before.get(byline.key) != byline]
    if not new:
        return story
    names = dict(Author.objects.filter(pk__in=[byline.author for byline in new]).values_list("pk", "name"))
    missing = [byline for byline in new if byline.author not in names]
    if missing:
        raise StoryInvalid(
            Problem(
                byline.key,
                "author",
                place_of(story, byline.key),
                _("There is no author “%(author)s”.") % {"author": byline.author},
            )
            for byline in missing
        )
    return replace(
        story,
        bylines=tuple(
            byline if byline.credited_as else replace(byline, credited_as=names[byline.author])
            for byline in story.bylines
        ),
    )


def _with_sizes(story: domain.StorySnapshot, before: dict[UUID, domain.Part]) -> domain.StorySnapshot:
    """Return the story with the width and height of each picture, stored so that pages need no look-up."""
    new = {
        block.picture
        for block in story.blocks
        if isinstance(block, domain.ImageBlock) and block.picture and before.get(block.key) != block
    }
    if not new:
        return story
    pictures = Picture.objects.in_bulk(list(new))
    blocks: list[domain.Block] = []
    for block in story.blocks:
        if isinstance(block, domain.ImageBlock) and block.picture in new:
            picture = pictures.get(block.picture)
            if picture is None:
                message = _("Its file is not there. Choose the picture again.")
                raise StoryInvalid([Problem(block.key, "picture", place_of(story, block.key), message)])
            block = replace(block, width=picture.width, height=picture.height)
        blocks.append(block)
    return replace(story, blocks=tuple(blocks))
