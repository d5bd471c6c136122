"""Order that something of a story is erased for good. Another person approves it, and a command carries it out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.people import Actor, require_erase, signed
from stories.actions.record.ledger import record
from stories.actions.revise import lock
from stories.actions.sentences import require_reason
from stories.actions.withhold import check_grounds, checked_words
from stories.domain.text.mask import Mask
from stories.models import Article, ErasureOrder, ErasureScope, ImageBlock, Picture, Publication
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
    """Order an erasure; returns the order, which changes nothing yet.

    `scope` is an ErasureScope, and `words`, `publication` or `picture` what it names. `authority`, `notice` (public,
    may be empty) and `reason` stay for ever. Raises PermissionDenied; Refused for what the story does not hold, for
    texts that hold the words themselves, and where the same is ordered already.
    """
    require_erase(user)
    locked = lock(article)
    chosen = ErasureScope(scope)
    wanted = checked_words(locked, words) if chosen is ErasureScope.WORDS else ""
    if chosen is ErasureScope.VERSION:
        _check_version(locked, publication)
    if chosen is ErasureScope.PICTURE:
        _check_picture(locked, picture)
    check_grounds(ground, reason)
    require_reason(authority, _("Say by what authority: a court and its file number, say, or whose request."))
    refuse_words(wanted, authority, notice, reason)
    order = ErasureOrder(
        article=locked,
        scope=chosen,
        publication=publication if chosen is ErasureScope.VERSION else None,
        picture=picture if chosen is ErasureScope.PICTURE else None,
        words=wanted,
        ground=ground,
        authority=authority,
        notice=notice,
        reason=reason,
        **signed(user, at or timezone.now()),
    )
    _check_new(order)
    record(order)
    return order


def refuse_words(words: str, *texts: str) -> None:
    """Raise Refused where a text that stays for ever holds words that are to be erased."""
    if words and any(Mask((words,)).places(text) or Mask((words,)).in_address(text) for text in texts):
        raise Refused(
            _("What stays of an erasure for ever would hold the words themselves. Say it without them.")
        )


def _check_version(article: Article, publication: Publication | None) -> None:
    if publication is None or publication.article_id != article.pk:
        raise Refused(_("Choose the version."))
    if not Publication.objects.standing().filter(pk=publication.pk).exists():
        raise Refused(_("This version was cancelled. Order the words erased instead."))


def _check_picture(article: Article, picture: Picture | None) -> None:
    rows = history_model(ImageBlock).objects.filter(parent_id=article.pk)
    if picture is None or not rows.filter(picture_id=picture.pk).exists():
        raise Refused(_("Choose a picture that this story shows or has shown."))


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
