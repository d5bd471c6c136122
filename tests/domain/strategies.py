"""Random stories for property tests: `stories()`, and `edits(story)`, an edited version of a story.

Texts have what an editor writes (paragraphs, lists, tables, links, emphasis) and, with `broken`, any markup at all.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any, get_type_hints
from uuid import UUID

from hypothesis import strategies as st

from stories.domain.snapshot import (
    BLOCK_KINDS,
    Block,
    Byline,
    CommentRequest,
    NoteKind,
    Part,
    ProseBlock,
    RequestStatus,
    StoryKind,
    StorySnapshot,
    TextBlock,
    UpdateNote,
)

# Sampled, not generated letter by letter: the structure of a story matters more than its words.
PHRASES = (
    "the company said",
    "on Friday that it would",
    "answer staff who object to police use of its cameras, ",
    "1,200.50 of 12%",
    "$5",
    "AT&amp;T &lt;3 don’t",
    "(sic) “no”",
    "日本 ภาษา",
    "a b c",
    "the company ",
    "<em>the company</em>",
    '<a href="/a">said so</a>',
    '<a href="/b">said so</a>',
    "it<br>would",
    "\nthe&nbsp;end  ",
)
PLAIN = (
    "",
    "Ann Lee",
    "the company answers staff",
    "the company would not answer",
    "5 < 6 & <b>",
    "日本",
    "x",
)

plain = st.sampled_from(PLAIN)
_words = st.sampled_from(PHRASES)
_moments = st.sampled_from([datetime(2018, 11, 8, 21, 10, tzinfo=UTC), datetime(2019, 1, 1, tzinfo=UTC)])


def _inline() -> st.SearchStrategy[str]:
    return st.lists(_words, min_size=1, max_size=5).map(" ".join)


_items = st.lists(_inline().map("<li>{}</li>".format), min_size=1, max_size=3).map("".join)
_rows = st.lists(
    st.lists(_inline().map("<td>{}</td>".format), min_size=2, max_size=2).map(
        lambda cells: f"<tr>{''.join(cells)}</tr>"
    ),
    min_size=1,
    max_size=2,
).map("".join)
paragraphs = st.one_of(
    _inline().map("<p>{}</p>".format),
    _inline().map("<p>{}</p>".format),
    _inline().map("<h2>{}</h2>".format),
    _items.map("<ul>{}</ul>".format),
    _items.map("<ol>\n{}\n</ol>".format),
    _rows.map("<table><tbody>{}</tbody></table>".format),
    st.just("<hr>"),
)
texts = st.tuples(st.lists(paragraphs, max_size=4), st.sampled_from(["", "\n"])).map(
    lambda pair: pair[1].join(pair[0])
)
broken = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<li>",
                "</ul>",
                "<",
                ">",
                "&",
                "<em>",
                "</a>",
                "<tr>",
                "</table>",
                '<a href="',
                "\x00",
            ]
        ),
        _words,
        st.text(max_size=2),
    ),
    max_size=8,
).map("".join)
any_texts = st.one_of(texts, texts, texts, broken)

_dates = st.sampled_from([None, date(2018, 11, 8), date(2019, 1, 1)])
_BY_TYPE: dict[object, st.SearchStrategy[Any]] = {
    str: plain,
    bool: st.booleans(),
    int: st.integers(0, 9),
    int | None: st.sampled_from([None, 640, 480]),
    date | None: _dates,
}


def _of_block(kind: type[Block]) -> dict[str, st.SearchStrategy[Any]]:
    types = get_type_hints(kind)
    return {
        field.name: any_texts if kind.rich and field.name == "text" else _BY_TYPE[types[field.name]]
        for field in fields(kind)
        if field.name != "key"
    }


FIELDS: dict[type[Part], dict[str, st.SearchStrategy[Any]]] = {
    **{kind: _of_block(kind) for kind in BLOCK_KINDS.values()},
    Byline: {"author": st.sampled_from(["ann", "bo"]), "credited_as": plain},
    CommentRequest: {
        "party": plain,
        "status": st.sampled_from(RequestStatus),
        "requested_at": st.one_of(st.none(), _moments),
        "responded_at": st.one_of(st.none(), _moments),
        "shown": st.booleans(),
        "sentence": plain,
    },
    UpdateNote: {
        "kind": st.sampled_from(NoteKind),
        "text": plain,
        "was": plain,
        "now": plain,
        "amends": st.sampled_from([None, UUID(int=1), UUID(int=2)]),
    },
}
_STORY: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from(StoryKind),
    "headline": plain,
    "dek": plain,
    "slug": plain,
    "section": plain,
    "section_name": plain,
    "language": st.sampled_from(["en", "de"]),
    "dateline": plain,
    "disclosure": plain,
}
# Each kind of part has keys of its own, since a key is unique in a story across kinds. There are few, so that two
# sides collide.
_KINDS: dict[str, tuple[int, tuple[type[Part], ...]]] = {
    "bylines": (100, (Byline,)),
    "blocks": (200, (TextBlock, *BLOCK_KINDS.values())),
    "comment_requests": (300, (CommentRequest,)),
    "update_notes": (400, (UpdateNote,)),
}


def keys(name: str) -> st.SearchStrategy[UUID]:
    """Draw keys for one kind of part, few enough that two sides sometimes add the same."""
    first, _ = _KINDS[name]
    return st.integers(first, first + 7).map(lambda number: UUID(int=number))


@st.composite
def parts(draw: st.DrawFn, name: str, key: UUID) -> Part:
    """Draw a part with this key for the field `name` of a story."""
    kind = draw(st.sampled_from(_KINDS[name][1]))
    return kind(key=key, **{field: draw(values) for field, values in FIELDS[kind].items()})


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """Draw a block of any kind."""
    block = draw(parts("blocks", draw(keys("blocks"))))
    assert isinstance(block, Block)
    return block


@st.composite
def stories(draw: st.DrawFn) -> StorySnapshot:
    """Draw any story."""
    values: dict[str, Any] = {name: draw(strategy) for name, strategy in _STORY.items()}
    for name in _KINDS:
        used = draw(st.lists(keys(name), unique=True, max_size=4 if name == "blocks" else 2))
        values[name] = tuple(draw(parts(name, key)) for key in used)
    return StorySnapshot(**values)


@st.composite
def edits(draw: st.DrawFn, story: StorySnapshot) -> StorySnapshot:
    """Draw an edited story: some fields changed, parts edited, added, deleted and moved."""
    values: dict[str, Any] = {
        name: draw(strategy) for name, strategy in _STORY.items() if draw(st.integers(0, 4)) == 0
    }
    for name in _KINDS:
        remaining: list[Part] = []
        for part in getattr(story, name):
            action = draw(st.sampled_from(["keep", "keep", "edit", "edit", "delete", "replace"]))
            if action == "keep":
                remaining.append(part)
            elif action == "edit":
                remaining.append(draw(_edited(part)))
            elif action == "replace":
                remaining.append(draw(parts(name, part.key)))
        present = {part.key for part in remaining}
        for key in draw(st.lists(keys(name), unique=True, max_size=2)):
            if key not in present:
                remaining.insert(draw(st.integers(0, len(remaining))), draw(parts(name, key)))
        if remaining and draw(st.sampled_from([True, False])):
            moved = remaining.pop(draw(st.integers(0, len(remaining) - 1)))
            remaining.insert(draw(st.integers(0, len(remaining))), moved)
        values[name] = tuple(remaining)
    return replace(story, **values)


@st.composite
def _edited(draw: st.DrawFn, part: Part) -> Part:
    choices = FIELDS[type(part)]
    name = draw(st.sampled_from([field.name for field in fields(part) if field.name in choices]))
    if name == "text" and isinstance(part, ProseBlock):
        pieces = part.text.split(" ")
        at = draw(st.integers(0, len(pieces) - 1))
        pieces[at : at + draw(st.integers(0, 2))] = draw(st.lists(_words, max_size=3))
        return replace(part, text=" ".join(pieces))
    return replace(part, **{name: draw(choices[name])})


@st.composite
def pairs(draw: st.DrawFn) -> tuple[StorySnapshot, StorySnapshot]:
    """Draw two stories: related mostly, unrelated sometimes."""
    story = draw(stories())
    return story, draw(st.one_of(edits(story), edits(story), stories()))


@st.composite
def forks(draw: st.DrawFn) -> tuple[StorySnapshot, StorySnapshot, StorySnapshot]:
    """Draw a base, and what two people made of it."""
    base = draw(stories())
    return base, draw(edits(base)), draw(edits(base))
