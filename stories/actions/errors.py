"""The errors with which actions refuse. Nothing is written when one of these is raised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _, ngettext

from stories.domain.merge.merge import Conflict


class Refused(Exception):
    """An action that was not carried out; the message is a sentence for the person who tried."""


class LedgerBehind(Refused):
    """A database that lacks entries which were published: an older copy was restored. Nothing may be appended to it."""

    def __init__(self, *, newest: int, published: int) -> None:
        super().__init__(
            _(
                "Nothing was saved: the database is an older copy. Its record ends with entry %(newest)s, and lacks "
                "entry %(published)s as it was published. Ask who runs the server to restore the newest copy, or to "
                "accept this one with manage.py accept_restored_ledger."
            )
            % {"newest": newest, "published": published}
        )


class ErasedSince(Refused):
    """A story that was read before something of it was erased: it may contain words that must not come back."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Something of this story was erased by order since you opened it. What you typed may hold it, so "
                "nothing was saved, and this browser forgets what you typed. Look at the story as it reads now, and "
                "write your change again."
            )
        )


class PublishRefused(Refused):
    """A publication that was not made. `about` names the argument that has to change, "" if none alone would do."""

    def __init__(self, message: str, *, about: str = "") -> None:
        super().__init__(message)
        self.about = about


@dataclass(frozen=True)
class Problem:
    """What is wrong with a submitted story, and where: a part's key (None: the story itself) and its field."""

    part: UUID | None
    field: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class StoryInvalid(Refused):
    """The submitted story can't be stored as it is."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(str(problem) for problem in self.problems))


class MergeConflict(Refused):
    """The submitted story and what was saved since its base change the same words differently."""

    def __init__(self, conflicts: Iterable[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__(
            ngettext(
                "Somebody changed the same place of this story since you opened it. Nothing was saved, and "
                "what you typed is kept.",
                "Somebody changed %(count)s of the same places of this story since you opened it. Nothing was "
                "saved, and what you typed is kept.",
                len(self.conflicts),
            )
            % {"count": len(self.conflicts)}
        )
