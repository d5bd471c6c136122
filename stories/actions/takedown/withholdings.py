"""Withhold a version, or words wherever they stand in a story: at once, and until a decision lifts that."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.permissions import require_withhold
from stories.actions.record.ledger import append_entries, write_event
from stories.actions.second_person import decides_as_second_person, report, require_second_person
from stories.actions.takedown.stale_copies import forget_stale_copies
from stories.actions.takedown.story_mask import rewrite_withheld
from stories.actions.texts import require_reason, require_words, strip_control_characters
from stories.domain.text.find import SearchWords
from stories.domain.text.letters import count_letters
from stories.domain.text.mask import Mask
from stories.models import Article, Ground, Publication, SecondPersonCheck, Withholding, WithholdingDecision
from stories.queries.publishing.withholdings import mask, standing_withholdings, withheld_from_journals
from stories.queries.takedown.occurrences import rows_holding

# One letter stands in half of all words, and what is longer is a version's affair.
FEWEST_LETTERS: Final = 2
LONGEST: Final = 1_000
# The grounds that people decide on: what only time brings about is no decision.
GROUNDS: Final = tuple(ground for ground in Ground if ground != Ground.RETENTION)


@transaction.atomic
def withhold_words(
    *,
    article: Article,
    words: str,
    ground: str,
    reason: str,
    user: Actor,
    notice: str = "",
    at: datetime | None = None,
) -> Withholding:
    """Put “[words withheld]” in the place of words, in every version and preview; returns the Withholding.

    `ground` is a Ground; `notice` is public and may be empty, `reason` is internal. Raises PermissionDenied; Refused
    for words that are too short, stand nowhere or are withheld already, and without a reason.
    """
    require_withhold(user)
    locked = lock(article)
    wanted = checked_words(locked, words)
    withheld = withheld_from_journals(locked.pk)
    if SearchWords(wanted).folded in [SearchWords(each).folded for each in withheld.words]:
        raise Refused(_("These words are withheld already."))
    check_grounds(ground, reason)
    if Mask((wanted,)).places(notice):
        raise Refused(
            _("What readers are told holds the words themselves. Say it without them, or say nothing.")
        )
    return _record(
        Withholding(
            article=locked,
            words=wanted,
            ground=ground,
            notice=notice,
            reason=reason,
            **actor_columns(user, at or timezone.now()),
        )
    )


@transaction.atomic
def withhold_version(
    *,
    publication: Publication,
    ground: str,
    reason: str,
    user: Actor,
    notice: str = "",
    at: datetime | None = None,
) -> Withholding:
    """Put a notice in the place of a version, at all its addresses; returns the Withholding.

    Raises PermissionDenied; Refused where it has not gone live or is withheld already, and without a reason.
    """
    require_withhold(user)
    locked = lock(publication.article)
    at = at or timezone.now()
    if not Publication.objects.live(at=at).filter(pk=publication.pk).exists():
        raise Refused(_("This version has not gone live. Cancel it instead."))
    if publication.pk in withheld_from_journals(locked.pk).publications:
        raise Refused(_("This version is withheld already."))
    check_grounds(ground, reason)
    return _record(
        Withholding(
            article=locked,
            publication=publication,
            ground=ground,
            notice=notice,
            reason=reason,
            **actor_columns(user, at),
        )
    )


def checked_words(article: Article, words: str) -> str:
    """Words as they are withheld or erased; raises Refused for those that can't be."""
    wanted = " ".join(strip_control_characters(words).split())
    if count_letters(wanted) < FEWEST_LETTERS:
        raise Refused(
            _(
                "“%(words)s” has fewer than two letters: it stands in too many other words to be hidden by itself. "
                "Name more of the passage, such as the person’s full name, or choose the whole version."
            )
            % {"words": wanted}
        )
    if len(wanted) > LONGEST:
        raise Refused(
            _(
                "These words have %(found)s characters; a passage may have %(most)s. Name a part, or the version."
            )
            % {"found": f"{len(wanted):,}", "most": f"{LONGEST:,}"}
        )
    if mask([wanted]).places(_("[words withheld]")) or mask([wanted]).places(_("[words erased]")):
        raise Refused(_("These words stand in what would stand in their place. Name more of the passage."))
    if next(rows_holding(article.pk, Mask((wanted,))), None) is None:
        raise Refused(
            _(
                "These words stand in no version and no draft of this story. Name words of one paragraph, in a row."
            )
        )
    return wanted


def check_grounds(ground: str, reason: str) -> None:
    """Raise Refused without a category that people decide on, or without a reason."""
    if ground not in GROUNDS:
        raise Refused(_("Choose the category."))
    require_words(reason, _("Say why. Readers don’t see this."))


def _record(withholding: Withholding) -> Withholding:
    written = write_event(withholding)
    assert withholding.article_id is not None
    rewrite_withheld(withholding.article_id)
    forget_stale_copies()
    append_entries(written)
    return withholding


@decides_as_second_person
def confirm_withholding(
    *, withholding: Withholding, user: Actor, reason: str = "", at: datetime | None = None
) -> WithholdingDecision:
    """Say that what is withheld stays so; returns the decision.

    Raises PermissionDenied; Refused for who withheld it, or may be the same person, and where it is decided on already.
    """
    at = at or timezone.now()
    standing, tied = decidable(withholding, user, at=at)
    if standing.decided is not None:
        raise Refused(_("This is confirmed already."))
    return record_decision(standing, lifted=False, tied=tied, user=user, reason=reason, at=at)


def decidable(withholding: Withholding, user: Actor, *, at: datetime) -> tuple[Any, list[SecondPersonCheck]]:
    """The withholding as it stands, its story locked, and what to report of who decides on it.

    Raises PermissionDenied; Refused for who withheld it, or may be the same person.
    """
    require_withhold(user)
    lock(withholding.article)
    standing = standing_withholdings().filter(pk=withholding.pk).first()
    if standing is None:
        raise Refused(_("This is shown again already."))
    tied = require_second_person(
        standing,
        user,
        permission="stories.withhold_article",
        yourself=_("You withheld this yourself. Another managing editor confirms or lifts it."),
        at=at,
    )
    return standing, tied


def record_decision(
    withholding: Withholding,
    *,
    lifted: bool,
    tied: list[SecondPersonCheck],
    user: Actor,
    reason: str,
    at: datetime,
) -> WithholdingDecision:
    """Record what was decided, and what there is to report of who did. The caller must hold the story's lock."""
    decision = WithholdingDecision(
        article=withholding.article,
        withholding=withholding,
        lifted=lifted,
        reason=reason,
        **actor_columns(user, at),
    )
    written = write_event(decision)
    assert withholding.article_id is not None
    if lifted:
        rewrite_withheld(withholding.article_id)
    append_entries(written, *report(tied))
    return decision


@decides_as_second_person
def lift_withholding(
    *, withholding: Withholding, user: Actor, reason: str, at: datetime | None = None
) -> WithholdingDecision:
    """Let readers see again what is withheld, confirmed or not; returns the decision.

    Raises PermissionDenied; Refused without a reason, for who withheld it or may be the same person, and where it is
    shown already.
    """
    at = at or timezone.now()
    standing, tied = decidable(withholding, user, at=at)
    require_reason(reason, _("Say why it is shown again. Readers don’t see this."))
    return record_decision(standing, lifted=True, tied=tied, user=user, reason=reason, at=at)
