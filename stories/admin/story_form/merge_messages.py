"""What a merge took over from others, in words: whose edit of which place was kept beside one's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst, get_text_list
from django.utils.translation import gettext as _

from stories.admin.page.labels import label_of_part, model_of, place_label, value_label
from stories.domain.diff.compare import Op, Piece, WordOp
from stories.domain.diff.words import word_ops
from stories.domain.merge.report import Fate, Kept, Save, kept_beside
from stories.domain.snapshot import QuoteBlock, StorySnapshot, TextBlock
from stories.domain.text.segments import plain_text
from stories.models import Revision
from stories.queries.story.saves import saves_between
from stories.queries.story.snapshots import snapshot_pair
from stories.rendering.compare.words import deleted, inserted, marked_plain

# More would push the form out of sight; the comparison has them all.
MOST_LISTED: Final = 12
# Words that stay around a change, and of what came or went.
_CONTEXT_WORDS: Final = 5
_EXCERPT_WORDS: Final = 20


def merged_message(revision: Revision, *, base: int, began: StorySnapshot, user: Any) -> SafeString:
    """Return the message after a save that merged others' edits: each place, who changed it, and the words."""
    saves = saves_between(revision.article_id, base, revision.number - 1)
    theirs, merged = snapshot_pair(revision.article_id, revision.number - 1, revision.number)
    told = [
        sentence
        for kept in kept_beside(began, theirs, merged, saves)
        for sentence in describe_merged_edit(kept, began, merged, user)
    ]
    return render_to_string(
        "admin/stories/story_form/merge_messages.html",
        {
            "number": revision.number,
            "others": names_of(saves, user),
            "told": told[:MOST_LISTED],
            "more": len(told[MOST_LISTED:]),
            "comparison": reverse(
                "admin:stories_article_compare", args=[revision.article_id, base, revision.number - 1]
            ),
        },
    )


def describe_merged_edit(
    kept: Kept, began: StorySnapshot, merged: StorySnapshot, user: Any
) -> Iterator[SafeString]:
    """Describe an edit that was merged in; yield nothing if it means nothing to people."""
    who = names_of(kept.saves, user) or _("Somebody")
    stories = (merged, began)
    if kept.field == "kind" and kept.part == "blocks":
        was, now = label_of_part((began,), kept.key), label_of_part((merged,), kept.key)
        yield format_html("{}", _("%(who)s made %(now)s of %(was)s.") % {"who": who, "was": was, "now": now})
        return
    place = place_label(stories, kept.key, kept.field, kept.paragraph)
    sentences = {
        Fate.CHANGED: _("%(who)s changed %(place)s."),
        Fate.ADDED: _("%(who)s added %(place)s."),
        Fate.REMOVED: _("%(who)s removed %(place)s."),
        Fate.MOVED: _("%(who)s moved %(place)s."),
    }
    sentence = sentences[kept.fate]
    if kept.fate is Fate.REMOVED and kept.field:
        sentence = _("%(who)s removed a paragraph of %(place)s.")
        place = label_of_part(stories, kept.key)
    words = _words(kept, stories)
    line = sentence % {"who": who, "place": place}
    yield format_html("{} <q>{}</q>", line, words) if words else format_html("{}", line)


def names_of(saves: Sequence[Save], user: Any) -> str:
    """Return the names of those who saved, each once. The user's own saves are said to be their own."""
    names = (_("You, in another window,") if save.user_id == user.pk else save.user_name for save in saves)
    return capfirst(get_text_list(list(dict.fromkeys(names)), _("and")))


def _words(kept: Kept, stories: Sequence[StorySnapshot]) -> SafeString:
    if kept.fate is Fate.MOVED:
        return SafeString()
    before, after = (_plain(kept, stories, value) for value in (kept.before, kept.after))
    if not kept.field:
        merged, began = stories
        before, after = _gist(began, kept.key), _gist(merged, kept.key)
    if before and after:
        return marked_plain(list(_brief(before, after)))
    if after:
        return inserted(Truncator(after).words(_EXCERPT_WORDS))
    if before:
        return deleted(Truncator(before).words(_EXCERPT_WORDS))
    return SafeString()


def _plain(kept: Kept, stories: Sequence[StorySnapshot], value: str | None) -> str:
    if value is None:
        return ""
    if kept.part == "blocks" and kept.field == "text":
        return plain_text(value).strip()
    if kept.field in ("picture", "amends"):
        # A digest, or a key, says nothing to people.
        return ""
    return value_label(model_of(stories, kept.key), kept.field, value)


def _gist(story: StorySnapshot, key: UUID | None) -> str:
    """Return the words of a part by which it is best recognised."""
    part: Any = next((part for part in story.parts() if part.key == key), None)
    names = ("text", "alt_text", "title", "credited_as", "party", "address")
    words = next((str(found) for name in names if (found := getattr(part, name, ""))), "")
    return plain_text(words).strip() if isinstance(part, TextBlock | QuoteBlock) else words


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
