"""The state of a merge conflict that a form is shown with: both sides, and the editor's choice at each place.

None of it is stored: the form carries it in a signed field. The form's own fields hold the merged story; a choice is
a change of that story, and is merged with what was typed into the form since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, cast, get_args

from django.core import signing
from django.http import HttpRequest

from stories.admin.story_form.signed_snapshot import BadSnapshotSignature, from_data, to_data
from stories.domain.merge.merge import Choice, Merge, merge
from stories.domain.snapshot import StorySnapshot
from stories.models import Article, Revision
from stories.queries.story.snapshots import snapshot_at

# The hidden field that carries it, and the prefix of the choices' fields.
FIELD: Final = "dispute"
CHOICE: Final = "choose-"

_SALT: Final = "stories.admin.dispute"
# As long as a signed fix is valid.
_MAX_AGE: Final = timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class ConflictState:
    """A conflict of `mine`, made from revision `base`, with `theirs`, revision `newest`, which is the form's own base.

    `base_story` is the story at `base`. `applied` are the choices that the form's fields show already, `chosen` those
    that its editor made; a place in neither reads as mine. `typed_over` names decisions that could not be applied.
    """

    article: Article
    base: int
    base_story: StorySnapshot
    mine: StorySnapshot
    newest: int
    theirs: StorySnapshot
    applied: Mapping[str, Choice] = field(default_factory=dict)
    chosen: Mapping[str, Choice] = field(default_factory=dict)
    typed_over: frozenset[str] = frozenset()

    def merged(self, choices: Mapping[str, Choice]) -> Merge:
        """Return the merge of both sides with some choices."""
        return merge(self.base_story, self.mine, self.theirs, prefer="mine", choices=choices)

    def merge_choices(self, typed: StorySnapshot) -> Merge:
        """Merge the choices into what was typed. Conflicts are where the editor typed over a choice."""
        if self.chosen == self.applied:
            return Merge(story=typed, conflicts=())
        return merge(self.merged(self.applied).story, typed, self.merged(self.chosen).story, prefer="mine")

    def lost_decisions(self, merged: Merge) -> frozenset[str]:
        """Return the decisions that the conflicts of `merge_choices` are about."""
        places = {(each.part, each.key) for each in merged.conflicts}
        return frozenset(
            each.decision
            for each in self.merged({}).conflicts
            if (each.part, each.key) in places
            and self.chosen.get(each.decision) != self.applied.get(each.decision)
        )


def sign_conflict_state(state: ConflictState, user_id: int | None) -> str:
    """Return a conflict state as signed text for a hidden field."""
    data = {
        "article": state.article.pk,
        "user": user_id,
        "base": state.base,
        "newest": state.newest,
        "mine": to_data(state.mine),
        "shown": dict(state.applied),
    }
    return signing.dumps(data, salt=_SALT, compress=True)


def posted_conflict_state(
    request: HttpRequest, article: Article, *, newest: int, theirs: StorySnapshot
) -> ConflictState | None:
    """Return the conflict state that a posted form was shown with, with its choices; None if it was shown without.

    Raise BadSnapshotSignature if it is too old, or belongs to another person, story or revision.
    """
    text = request.POST.get(FIELD, "")
    if not text:
        return None
    try:
        data = signing.loads(text, salt=_SALT, max_age=_MAX_AGE)
        if (data["article"], data["user"], data["newest"]) != (article.pk, request.user.pk, newest):
            raise BadSnapshotSignature("It was signed for another form.")
        base_story = snapshot_at(article.pk, data["base"])
    except (signing.BadSignature, Revision.DoesNotExist) as error:
        raise BadSnapshotSignature(str(error)) from error
    return ConflictState(
        article=article,
        base=data["base"],
        base_story=base_story,
        mine=from_data(data["mine"]),
        newest=newest,
        theirs=theirs,
        applied=data["shown"],
        chosen=_posted_choices(request),
    )


def _posted_choices(request: HttpRequest) -> dict[str, Choice]:
    # A place without a choice reads as mine.
    return {
        name.removeprefix(CHOICE): cast("Choice", value)
        for name, value in request.POST.items()
        if name.startswith(CHOICE) and value in get_args(Choice) and value != "mine"
    }
