"""Each kind of block has its half in every layer; what is missing is named with its file.

The system checks of stories/models/integrity/block_checks.py do the same for the model and the names.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, get_type_hints
from uuid import UUID, uuid4

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse

from stories.admin.story_form.inlines import BLOCK_INLINES, BlockInline, plain_inline
from stories.domain.archive.schema import FIELD_SCHEMAS, archive_schema
from stories.domain.blocks.base import ProseBlock
from stories.domain.snapshot import BLOCK_KINDS, Block, EmbedBlock, NoteKind, TextBlock
from stories.domain.text.mask import WITHHELD_ADDRESS, Mask
from stories.models.integrity.registry import block_model_by_name
from stories.models.roles import MANAGING_EDITOR
from stories.queries.verification import Verification
from stories.rendering.story.blocks import render_block, template_of
from tests.factories import begin, change, go_live, make_user, minutes, note, signed_in, text, wanted

each_kind = pytest.mark.parametrize("kind", BLOCK_KINDS.values(), ids=BLOCK_KINDS.keys())


def file_of(kind: type[Block]) -> str:
    return f"stories/domain/blocks/{kind.kind}.py"


def names_of(kind: type[Block]) -> set[str]:
    return {field.name for field in fields(kind) if field.name != "key"}


def offered_by(inline: type[BlockInline]) -> set[str]:
    """Return the names of the fields that an inline shows."""
    entries = [entry for _title, options in inline.fieldsets or [] for entry in options["fields"]]
    return {name for entry in entries for name in ([entry] if isinstance(entry, str) else entry)}


@each_kind
def test_a_kind_is_in_the_file_with_its_name_at_a_place_of_its_own(kind: type[Block]) -> None:
    assert kind.__module__ == f"stories.domain.blocks.{kind.kind}", (
        f"Move {kind.__name__} to {file_of(kind)}."
    )
    same = [other.kind for other in BLOCK_KINDS.values() if other.position == kind.position]
    assert same == [kind.kind], f"Give the kinds {same} different positions in stories/domain/blocks/."


@each_kind
def test_every_field_of_a_kind_can_be_left_out(kind: type[Block]) -> None:
    required = {
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING and field.name != "key"
    }
    assert not required, f"Give these fields in {file_of(kind)} a default: {required}."


@each_kind
def test_a_kind_says_which_of_its_words_readers_can_search(kind: type[Block]) -> None:
    # With words of its own, a kind of running text would otherwise have its text searched alone, unnoticed.
    says = "searched" in vars(kind) or (issubclass(kind, ProseBlock) and "words" not in vars(kind))
    assert says, f"Enter in {file_of(kind)} which of its `words` are `searched`, () for none."
    assert set(kind.searched) <= set(kind.words), (
        f"`searched` in {file_of(kind)} names fields not in `words`."
    )


@each_kind
def test_an_archive_can_hold_every_field_of_a_kind(kind: type[Block]) -> None:
    types = get_type_hints(kind)
    unknown = {name: types[name] for name in names_of(kind) if types[name] not in FIELD_SCHEMAS}
    assert not unknown, f"Enter these types in FIELD_SCHEMAS, stories/domain/archive/schema.py: {unknown}."
    written = set(archive_schema()["$defs"][f"{kind.kind}-block"]["properties"]) - {"type", "key"}
    assert written == names_of(kind), (
        f"Give {kind.kind}-block in stories/domain/archive/story-archive-1.schema.json the fields of {file_of(kind)}."
    )


@each_kind
def test_an_address_in_a_block_is_masked_as_an_address(kind: type[Block]) -> None:
    model = block_model_by_name(kind)
    assert model is not None, f"Add {kind.__name__} to stories/models/blocks.py."
    for name in names_of(kind):
        if type(model._meta.get_field(name)).__name__ == "URLField":
            block: Any = kind(key=uuid4(), **{name: "https://example.org/ann-lee"})
            masked = getattr(Mask(words=("Ann Lee",), instead="[withheld]").masked(block), name)
            assert masked in ("", WITHHELD_ADDRESS), (
                f"Call {name} in {file_of(kind)} `address` or `source_url`: withheld words are found in those."
            )


@each_kind
def test_the_story_form_can_edit_every_field_of_a_kind(kind: type[Block]) -> None:
    inlines = [inline for inline in BLOCK_INLINES if inline.model.__name__ == kind.__name__]
    assert len(inlines) == 1
    offered = offered_by(inlines[0])
    editable = {name for name in names_of(kind) if inlines[0].model._meta.get_field(name).editable}
    # A picture is uploaded, not chosen from a list.
    missing = editable - offered - {"picture"}
    assert not missing, (
        f"Enter in `fieldsets` of {inlines[0].__name__}, stories/admin/story_form/inlines.py: {missing}."
    )


@pytest.mark.parametrize("kind", [TextBlock, EmbedBlock])
def test_a_kind_without_an_inline_of_its_own_gets_one_with_all_its_fields(kind: type[Block]) -> None:
    model = block_model_by_name(kind)
    assert model is not None
    assert offered_by(plain_inline(kind, model)) == names_of(kind) | {"region", "ordering", "part_key"}


@each_kind
def test_a_kind_has_a_template(kind: type[Block]) -> None:
    try:
        get_template(template_of(kind.kind))
    except TemplateDoesNotExist:
        pytest.fail(f"The block kind “{kind.kind}” has no template: add templates/{template_of(kind.kind)}.")
    assert render_block(kind(key=uuid4())) is not None


# -------------------------------------------------------------------------------------------- in use, everywhere

# What else a kind needs to be valid; its words and addresses are filled in by themselves.
NEEDED: dict[str, dict[str, Any]] = {
    "quote": {"description": "", "anonymity_reason": ""},
    "image": {"address": "https://example.org/hall.png"},
}
KEY = UUID(int=7)
ADDRESS = "https://example.org/source"


def example(kind: type[Block], words: str) -> Block:
    """Return a valid block of a kind with these words in each of its fields for words."""
    filled = {
        name: f"<p>{words} in {name}.</p>" if name == "text" else f"{words} in {name}" for name in kind.words
    }
    filled |= dict.fromkeys(names_of(kind) & {"address", "source_url"}, ADDRESS)
    return kind(key=KEY, **filled | NEEDED.get(kind.kind, {}))


@pytest.mark.django_db
@each_kind
def test_a_block_of_any_kind_is_stored_published_compared_found_and_verified(kind: type[Block]) -> None:
    user = make_user(MANAGING_EDITOR)
    article = begin(wanted("Council meets", text(), example(kind, "Beavers"), slug="council"), user=user)
    go_live(article, user=user)
    change(article, user=user, at=minutes(1), blocks=(text(), example(kind, "Otters")))
    go_live(article, user=user, at=minutes(1), notes=[note("They were otters.", NoteKind.CORRECTION)])
    change(article, user=user, at=minutes(2), blocks=(example(kind, "Otters"),))
    for name in ("story", "versions", "story_data"):
        assert Client().get(reverse(f"public:{name}", args=["council"])).status_code == 200
    compared = Client().get(reverse("public:compare", args=["council", 1, 2])).text
    assert "Beavers" in compared
    assert "Otters" in compared
    desk = signed_in(user)
    for name in ("change", "history", "publish", "preview"):
        assert desk.get(reverse(f"admin:stories_article_{name}", args=[article.pk])).status_code == 200
    assert desk.get(reverse("admin:stories_article_changes", args=[article.pk, 2])).status_code == 200
    found = desk.get(reverse("admin:stories_article_find", args=[article.pk]), {"words": "Otters"}).text
    written = [name for name in kind.words if "Otters" in getattr(example(kind, "Otters"), name)]
    assert found.count("<mark>Otters</mark>") == len(written)
    assert not list(Verification())
