"""Order an erasure. Another person approves it, and a command carries it out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns, section_limit
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.permissions import require_erase
from stories.actions.record.ledger import append_entries, record, write_event
from stories.actions.second_person import decides_as_second_person, report, require_second_person
from stories.actions.takedown.withholdings import check_grounds, clean_words
from stories.actions.texts import require_reason
from stories.actions.times import current_time
from stories.domain.text.mask import Mask
from stories.models import (
    Article,
    ErasureApproval,
    ErasureOrder,
    ErasureScope,
    ImageBlock,
    Picture,
    Publication,
)
from stories.models.integrity.registry import history_model


@transaction.atomic
def order_erasure(
    *,
    article: Article,
    scope: str,
    ground: str,
    authority: str,
    reason: str,
    user: Actor,
    notice: str = "",
    words: str = "",
    publication: Publication | None = None,
    picture: Picture | None = None,
    at: datetime | None = None,
) -> ErasureOrder:
    """Order an erasure; return the order, which changes nothing yet.

    `scope` is an ErasureScope, and `words`, `publication` or `picture` what it names. `authority`, `notice` (public,
    may be empty) and `reason` are retained for ever. Raises PermissionDenied; Refused for what the story does not
    contain, for texts that contain the words themselves, and if the same is ordered already.
    """
    locked = lock(article)
    require_erase(user, locked)
    chosen = ErasureScope(scope)
    cleaned = clean_words(locked, words) if chosen is ErasureScope.WORDS else ""
    if chosen is ErasureScope.VERSION:
        _check_version(locked, publication)
    if chosen is ErasureScope.PICTURE:
        _check_picture(locked, picture)
        _require_in_every_story(user, picture)
    check_grounds(ground, reason)
    require_reason(authority, _("Say by what authority: a court and its file number, say, or whose request."))
    refuse_words(cleaned, authority, notice, reason)
    order = ErasureOrder(
        article=locked,
        scope=chosen,
        publication=publication if chosen is ErasureScope.VERSION else None,
        picture=picture if chosen is ErasureScope.PICTURE else None,
        words=cleaned,
        ground=ground,
        authority=authority,
        notice=notice,
        reason=reason,
        **actor_columns(user, at or current_time()),
    )
    _check_new(order)
    record(order)
    return order


def refuse_words(words: str, *texts: str) -> None:
    """Raise Refused if a text that is retained for ever contains words that are to be erased."""
    if words and any(Mask((words,)).places(text) or Mask((words,)).in_address(text) for text in texts):
        raise Refused(
            _("What stays of an erasure for ever would hold the words themselves. Say it without them.")
        )


def _check_version(article: Article, publication: Publication | None) -> None:
    if publication is None or publication.article_id != article.pk:
        raise Refused(_("Choose the version."))
    if not Publication.objects.not_cancelled().filter(pk=publication.pk).exists():
        raise Refused(_("This version was cancelled. Order the words erased instead."))


def _check_picture(article: Article, picture: Picture | None) -> None:
    rows = history_model(ImageBlock).objects.filter(parent_id=article.pk)
    if picture is None or not rows.filter(picture_id=picture.pk).exists():
        raise Refused(_("Choose a picture that this story shows or has shown."))


def _require_in_every_story(user: Actor, picture: Picture | None) -> None:
    """Raise PermissionDenied unless somebody may erase in every story with a picture: it goes in all of them."""
    # Who has no limit may in all; there may be many.
    if picture is None or not section_limit(user):
        return
    rows = history_model(ImageBlock).objects.filter(picture_id=picture.pk)
    for article in Article.objects.filter(pk__in=rows.values("parent_id")):
        require_erase(user, article)


def _check_new(order: ErasureOrder) -> None:
    same = ErasureOrder.objects.filter(
        article=order.article,
        scope=order.scope,
        publication=order.publication,
        picture=order.picture,
        words=order.words,
    ).exclude(approval__approved=False)
    if order.scope == ErasureScope.STORY or order.scope == ErasureScope.WORDS:
        same = same.filter(erasure__isnull=True)
    if same.exists():
        raise Refused(_("The same is ordered already."))


@decides_as_second_person
def approve_erasure(
    *, order: ErasureOrder, user: Actor, reason: str = "", at: datetime | None = None
) -> ErasureApproval:
    """Approve an order to erase; return the approval.

    Raises PermissionDenied; Refused for whoever ordered it, or may be the same person, and if it is decided already.
    """
    return _decide(order, approved=True, user=user, reason=reason, at=at)


@decides_as_second_person
def refuse_erasure(
    *, order: ErasureOrder, user: Actor, reason: str, at: datetime | None = None
) -> ErasureApproval:
    """Refuse an order to erase; return the decision.

    Raises PermissionDenied; Refused without a reason, for whoever ordered it or may be the same person, and if it is
    decided already.
    """
    require_reason(reason, _("Say why nothing is erased."))
    return _decide(order, approved=False, user=user, reason=reason, at=at)


def _decide(
    order: ErasureOrder, *, approved: bool, user: Actor, reason: str, at: datetime | None
) -> ErasureApproval:
    require_erase(user, lock(order.article))
    _require_in_every_story(user, order.picture)
    if ErasureApproval.objects.filter(order=order).exists():
        raise Refused(_("This order is decided on already."))
    at = at or current_time()
    tied = require_second_person(
        order,
        user,
        permission="stories.erase_article",
        yourself=_("You ordered this yourself. Another managing editor approves or refuses it."),
        at=at,
    )
    refuse_words(order.words, reason)
    decision = ErasureApproval(
        article=order.article,
        order=order,
        approved=approved,
        reason=reason,
        **actor_columns(user, at),
    )
    append_entries(write_event(decision), *report(tied))
    return decision
