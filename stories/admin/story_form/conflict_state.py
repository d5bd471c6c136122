"""A conflict that a form is shown with: what both sides had, and what the editor chooses, place by place.

Nothing of it is stored: it travels with the form, sealed. The form's own fields hold the merged story; a choice is
a change of that story, and is merged with what was typed into the form since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, cast, get_args

from django.core import signing
from django.http import HttpRequest

from stories.admin.story_form.signed_snapshot import BadSnapshotSignature, from_data, to_data
from stories.domain.merge.merge import Choice, Merge, merge
from stories.domain.snapshot import StorySnapshot
from stories.models import Article, Revision
from stories.queries.story.snapshots import snapshot_at

# The field that it travels in, and what the names of the choices' fields begin with.
FIELD: Final = "dispute"
CHOICE: Final = "choose-"

_SALT: Final = "stories.admin.dispute"
# As long as a sealed fix is good for.
_MAX_AGE: Final = timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class ConflictState:
    """`mine`, made of revision `base`, against `theirs`, which is revision `newest` and the form's own base.

    `shown` are the choices that the form's fields hold already, `chosen` those that its editor made; a place that is
    in neither reads as mine. `typed_over` names the decisions that could not be carried out.
    """

    article: Article
    base: int
    began: StorySnapshot
    mine: StorySnapshot
    newest: int
    theirs: StorySnapshot
    shown: Mapping[str, Choice] = field(default_factory=dict)
    chosen: Mapping[str, Choice] = field(default_factory=dict)
    typed_over: frozenset[str] = frozenset()

    def merged(self, choices: Mapping[str, Choice]) -> Merge:
        """Return the merge of both sides with some choices."""
        return merge(self.began, self.mine, self.theirs, prefer="mine", choices=choices)

    def chosen_in(self, typed: StorySnapshot) -> Merge:
        """Merge the choices into what was typed. Conflicts are where the editor typed over a choice."""
        if self.chosen == self.shown:
            return Merge(story=typed, conflicts=())
        return merge(self.merged(self.shown).story, typed, self.merged(self.chosen).story, prefer="mine")

    def undone_by(self, merged: Merge) -> frozenset[str]:
        """Return the decisions that the conflicts of `merge_choices` are about."""
        places = {(each.part, each.key) for each in merged.conflicts}
        return frozenset(
            each.decision
            for each in self.merged({}).conflicts
            if (each.part, each.key) in places
            and self.chosen.get(each.decision) != self.shown.get(each.decision)
        )


def sign_conflict_state(dispute: ConflictState, user_id: Any) -> str:
    """Return a conflict state as signed text for a hidden field."""
    held = {
        "article": dispute.article.pk,
        "user": user_id,
        "base": dispute.base,
        "newest": dispute.newest,
        "mine": to_data(dispute.mine),
        "shown": dict(dispute.shown),
    }
    return signing.dumps(held, salt=_SALT, compress=True)


def posted_conflict_state(
    request: HttpRequest, article: Article, *, newest: int, theirs: StorySnapshot
) -> ConflictState | None:
    """Return the conflict state that a posted form was shown with, with its choices; None if it was shown without.

    Raises SealBroken: it is too old, or it was another person's, another story's, another revision's.
    """
    text = request.POST.get(FIELD, "")
    if not text:
        return None
    try:
        held = signing.loads(text, salt=_SALT, max_age=_MAX_AGE)
        if (held["article"], held["user"], held["newest"]) != (article.pk, request.user.pk, newest):
            raise BadSnapshotSignature("It was sealed for another form.")
        began = snapshot_at(article.pk, held["base"])
    except (signing.BadSignature, Revision.DoesNotExist) as error:
        raise BadSnapshotSignature(str(error)) from error
    return ConflictState(
        article=article,
        base=held["base"],
        began=began,
        mine=from_data(held["mine"]),
        newest=newest,
        theirs=theirs,
        shown=held["shown"],
        chosen=_posted_choices(request),
    )


def _posted_choices(request: HttpRequest) -> dict[str, Choice]:
    # Mine is what stands where nothing is chosen.
    return {
        name.removeprefix(CHOICE): cast("Choice", value)
        for name, value in request.POST.items()
        if name.startswith(CHOICE) and value in get_args(Choice) and value != "mine"
    }
