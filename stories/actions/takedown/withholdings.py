"""Withhold a version, or words wherever they occur in a story: at once, and until a decision lifts it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns, site_locale
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.permissions import require_withhold
from stories.actions.record.ledger import append_entries, write_event
from stories.actions.record.replicas import applied_on_replicas
from stories.actions.second_person import decides_as_second_person, report, require_second_person
from stories.actions.takedown.stale_copies import invalidate_stale_copies
from stories.actions.takedown.story_mask import refresh_mask
from stories.actions.texts import require_reason, require_words, strip_control_characters
from stories.actions.times import current_time
from stories.domain.text.find import SearchWords
from stories.domain.text.letters import count_letters
from stories.domain.text.mask import Mask
from stories.models import Article, Ground, Publication, SecondPersonCheck, Withholding, WithholdingDecision
from stories.queries.publishing.withholdings import current_mask, mask, withholdings_in_force
from stories.queries.takedown.occurrences import rows_containing

# A single letter is in half of all words; for longer passages the whole version is withheld.
FEWEST_LETTERS: Final = 2
LONGEST: Final = 1_000
# The grounds that people decide on; retention is a matter of time alone.
GROUNDS: Final = tuple(ground for ground in Ground if ground != Ground.RETENTION)


@applied_on_replicas()
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
    """Replace words by “[words withheld]” in every version and preview; return the Withholding.

    `ground` is a Ground; `notice` is public and may be empty, `reason` is internal. Raises PermissionDenied; Refused
    for words that are too short, not found or withheld already, and without a reason.
    """
    locked = lock(article)
    require_withhold(user, locked)
    cleaned = clean_words(locked, words)
    withheld = current_mask(locked.pk)
    if SearchWords(cleaned).folded in [SearchWords(each).folded for each in withheld.words]:
        raise Refused(_("These words are withheld already."))
    check_grounds(ground, reason)
    if Mask((cleaned,)).places(notice):
        raise Refused(
            _("What readers are told holds the words themselves. Say it without them, or say nothing.")
        )
    return _record(
        Withholding(
            article=locked,
            words=cleaned,
            ground=ground,
            notice=notice,
            reason=reason,
            **actor_columns(user, at or current_time()),
        )
    )


@applied_on_replicas()
def withhold_version(
    *,
    publication: Publication,
    ground: str,
    reason: str,
    user: Actor,
    notice: str = "",
    at: datetime | None = None,
) -> Withholding:
    """Replace a version by a notice, at all its addresses; return the Withholding.

    Raises PermissionDenied; Refused if it has not gone live or is withheld already, and without a reason.
    """
    locked = lock(publication.article)
    require_withhold(user, locked)
    at = at or current_time()
    if not Publication.objects.live(at=at).filter(pk=publication.pk).exists():
        raise Refused(_("This version has not gone live. Cancel it instead."))
    if publication.pk in current_mask(locked.pk).publications:
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


def clean_words(article: Article, words: str) -> str:
    """Return the words to withhold or erase, normalized; raise Refused for words that can't be."""
    cleaned = " ".join(strip_control_characters(words).split())
    if count_letters(cleaned) < FEWEST_LETTERS:
        raise Refused(
            _(
                "“%(words)s” has fewer than two letters: it stands in too many other words to be hidden by itself. "
                "Name more of the passage, such as the person’s full name, or choose the whole version."
            )
            % {"words": cleaned}
        )
    if len(cleaned) > LONGEST:
        raise Refused(
            _(
                "These words have %(found)s characters; a passage may have %(most)s. Name a part, or the version."
            )
            % {"found": f"{len(cleaned):,}", "most": f"{LONGEST:,}"}
        )
    with site_locale():
        replacements = (_("[words withheld]"), _("[words erased]"))
    if any(mask([cleaned]).places(each) for each in replacements):
        raise Refused(_("These words stand in what would stand in their place. Name more of the passage."))
    if next(rows_containing(article.pk, Mask((cleaned,))), None) is None:
        raise Refused(
            _(
                "These words stand in no version and no draft of this story. Name words of one paragraph, in a row."
            )
        )
    return cleaned


def check_grounds(ground: str, reason: str) -> None:
    """Raise Refused without a ground that people decide on, or without a reason."""
    if ground not in GROUNDS:
        raise Refused(_("Choose the category."))
    require_words(reason, _("Say why. Readers don’t see this."))


def _record(withholding: Withholding) -> Withholding:
    written = write_event(withholding)
    assert withholding.article_id is not None
    refresh_mask(withholding.article_id)
    invalidate_stale_copies()
    append_entries(written)
    return withholding


@decides_as_second_person
def confirm_withholding(
    *, withholding: Withholding, user: Actor, reason: str = "", at: datetime | None = None
) -> WithholdingDecision:
    """Confirm a withholding; return the decision.

    Raises PermissionDenied; Refused for whoever withheld it, or may be the same person, and if it is confirmed already.
    """
    at = at or current_time()
    in_force, tied = lock_for_decision(withholding, user, at=at)
    if in_force.decided is not None:
        raise Refused(_("This is confirmed already."))
    return record_decision(in_force, lifted=False, tied=tied, user=user, reason=reason, at=at)


def lock_for_decision(
    withholding: Withholding, user: Actor, *, at: datetime
) -> tuple[Any, list[SecondPersonCheck]]:
    """Lock the story; return the withholding in force, and what to report of whoever decides on it.

    Raises PermissionDenied; Refused for whoever withheld it, or may be the same person.
    """
    require_withhold(user, lock(withholding.article))
    in_force = withholdings_in_force().filter(pk=withholding.pk).first()
    if in_force is None:
        raise Refused(_("This is shown again already."))
    tied = require_second_person(
        in_force,
        user,
        permission="stories.withhold_article",
        yourself=_("You withheld this yourself. Another managing editor confirms or lifts it."),
        at=at,
    )
    return in_force, tied


def record_decision(
    withholding: Withholding,
    *,
    lifted: bool,
    tied: list[SecondPersonCheck],
    user: Actor,
    reason: str,
    at: datetime,
) -> WithholdingDecision:
    """Record a decision, and report tied accounts. The caller must hold the story's lock."""
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
        refresh_mask(withholding.article_id)
    append_entries(written, *report(tied))
    return decision


@decides_as_second_person
def lift_withholding(
    *, withholding: Withholding, user: Actor, reason: str, at: datetime | None = None
) -> WithholdingDecision:
    """Make public again what is withheld, confirmed or not; return the decision.

    Raises PermissionDenied; Refused without a reason, for whoever withheld it or may be the same person, and if it is
    lifted already.
    """
    at = at or current_time()
    in_force, tied = lock_for_decision(withholding, user, at=at)
    require_reason(reason, _("Say why it is shown again. Readers don’t see this."))
    return record_decision(in_force, lifted=True, tied=tied, user=user, reason=reason, at=at)
