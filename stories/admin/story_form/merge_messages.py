"""Describe what a save merged in: who edited which place, and the words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst, get_text_list
from django.utils.translation import gettext as _

from stories.actions.actors import Actor
from stories.admin.page.labels import label_of_part, model_of, place_label, value_label
from stories.domain.diff.compare import Op, Piece, WordOp
from stories.domain.diff.words import word_ops
from stories.domain.merge.report import ChangeKind, MergedChange, Save, merged_changes
from stories.domain.snapshot import ProseBlock, StorySnapshot
from stories.domain.text.segments import plain_text
from stories.models import Revision
from stories.queries.story.saves import saves_between
from stories.queries.story.snapshots import snapshot_pair
from stories.rendering.compare.words import deleted, inserted, marked_plain

# More would push the form out of view; the comparison shows them all.
MOST_LISTED: Final = 12
# How many words are shown around a change, and of an insertion or a deletion.
_CONTEXT_WORDS: Final = 5
_EXCERPT_WORDS: Final = 20


def merged_message(revision: Revision, *, base: int, base_story: StorySnapshot, user: Actor) -> SafeString:
    """Return the message after a save that merged others' edits: each place, who changed it, and the words."""
    saves = saves_between(revision.article_id, base, revision.number - 1)
    theirs, merged = snapshot_pair(revision.article_id, revision.number - 1, revision.number)
    sentences = [
        sentence
        for edit in merged_changes(base_story, theirs, merged, saves)
        for sentence in describe_merged_edit(edit, base_story, merged, user)
    ]
    return render_to_string(
        "admin/stories/story_form/merge_messages.html",
        {
            "number": revision.number,
            "others": names_of(saves, user),
            "edits": sentences[:MOST_LISTED],
            "more": len(sentences[MOST_LISTED:]),
            "comparison": reverse(
                "admin:stories_article_compare", args=[revision.article_id, base, revision.number - 1]
            ),
        },
    )


def describe_merged_edit(
    edit: MergedChange, base_story: StorySnapshot, merged: StorySnapshot, user: Actor
) -> Iterator[SafeString]:
    """Describe an edit that was merged in; yield nothing if it means nothing to people."""
    who = names_of(edit.saves, user) or _("Somebody")
    stories = (merged, base_story)
    if edit.field == "kind" and edit.part == "blocks":
        was, now = label_of_part((base_story,), edit.key), label_of_part((merged,), edit.key)
        yield format_html("{}", _("%(who)s made %(now)s of %(was)s.") % {"who": who, "was": was, "now": now})
        return
    place = place_label(stories, edit.key, edit.field, edit.paragraph)
    sentences = {
        ChangeKind.CHANGED: _("%(who)s changed %(place)s."),
        ChangeKind.ADDED: _("%(who)s added %(place)s."),
        ChangeKind.REMOVED: _("%(who)s removed %(place)s."),
        ChangeKind.MOVED: _("%(who)s moved %(place)s."),
    }
    sentence = sentences[edit.change]
    if edit.change is ChangeKind.REMOVED and edit.field:
        sentence = _("%(who)s removed a paragraph of %(place)s.")
        place = label_of_part(stories, edit.key)
    words = _words(edit, stories)
    line = sentence % {"who": who, "place": place}
    yield format_html("{} <q>{}</q>", line, words) if words else format_html("{}", line)


def names_of(saves: Sequence[Save], user: Actor) -> str:
    """Return the names of those who saved, each once. The user's own saves are said to be their own."""
    names = (_("You, in another window,") if save.user_id == user.pk else save.user_name for save in saves)
    return capfirst(get_text_list(list(dict.fromkeys(names)), _("and")))


def _words(edit: MergedChange, stories: Sequence[StorySnapshot]) -> SafeString:
    if edit.change is ChangeKind.MOVED:
        return SafeString()
    before, after = (_plain(edit, stories, value) for value in (edit.before, edit.after))
    if not edit.field:
        merged, base_story = stories
        before, after = _gist(base_story, edit.key), _gist(merged, edit.key)
    if before and after:
        return marked_plain(list(_brief(before, after)))
    if after:
        return inserted(Truncator(after).words(_EXCERPT_WORDS))
    if before:
        return deleted(Truncator(before).words(_EXCERPT_WORDS))
    return SafeString()


def _plain(edit: MergedChange, stories: Sequence[StorySnapshot], value: str | None) -> str:
    if value is None:
        return ""
    if edit.part == "blocks" and edit.field == "text":
        return plain_text(value).strip()
    if edit.field in ("picture", "amends"):
        # A digest or a key means nothing to people.
        return ""
    return value_label(model_of(stories, edit.key), edit.field, value)


def _gist(story: StorySnapshot, key: UUID | None) -> str:
    """Return the words of a part by which it is best recognised."""
    part = next((part for part in story.parts() if part.key == key), None)
    names = ("text", "alt_text", "title", "credited_as", "party", "address")
    words = next((str(found) for name in names if (found := getattr(part, name, ""))), "")
    return plain_text(words).strip() if isinstance(part, ProseBlock) else words


def _brief(before: str, after: str) -> Iterator[WordOp]:
    """Yield what differs, with a few words around it."""
    ops = word_ops(before, after, plain=True)
    for place, op in enumerate(ops):
        if op.op is Op.EQUAL:
            text = _ends(op.text, first=place == 0, last=place == len(ops) - 1)
            yield WordOp(Op.EQUAL, (Piece(text),))
        else:
            yield op


def _ends(text: str, *, first: bool, last: bool) -> str:
    words = text.split(" ")
    head = [] if first else words[:_CONTEXT_WORDS]
    tail = [] if last else words[-_CONTEXT_WORDS:]
    if len(words) <= len(head) + len(tail) + 1:
        return text
    return " ".join([*head, "…", *tail])
