"""Who may do what to a story. Every action checks it, so that a script is bound by it as a page is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, assigned_to
from stories.models import Article, Assignment, Publication, Question, Revision
from stories.queries.dossier.access import access_of


def may_start(user: Actor) -> bool:
    """Return whether somebody may begin a story."""
    return user.has_perm("stories.add_article")


def may_see(user: Actor, article: Article) -> bool:
    """Return whether somebody may read an article's working copy."""
    return user.has_perm("stories.view_article") or may_edit(user, article)


def may_edit(user: Actor, article: Article) -> bool:
    """Return whether somebody may change an article: any, or a draft that they began or that is assigned to them."""
    if user.has_perm("stories.change_article"):
        return True
    if not user.has_perm("stories.change_own_draft") or user.pk is None:
        return False
    began = Revision.objects.filter(article=article, number=1, user_id=user.pk).exists()
    if not began and not _is_assigned(user, article):
        return False
    return not Publication.objects.not_cancelled().filter(article=article).exists()


def _is_assigned(user: Actor, article: Article) -> bool:
    assigned = assigned_to(article.pk)
    # An assignment to nobody has no id, and neither has a system actor.
    return assigned is not None and bool(assigned == user.pk)


def may_see_all_desk_records(user: Actor) -> bool:
    """Return whether somebody may read the desk's records of every story: editors and auditors."""
    return user.has_perm("stories.change_article") or user.has_perm("stories.view_ledgerentry")


def may_see_desk_records(user: Actor, article: Article) -> bool:
    """Return whether somebody may read the desk's records of a story: contacts, statements, attempts."""
    if may_see_all_desk_records(user):
        return True
    return user.has_perm("stories.change_own_draft") and stories_of(user).filter(pk=article.pk).exists()


def may_work_desk(user: Actor, article: Article) -> bool:
    """Return whether somebody may chase comment for a story: an editor, or its own writer even if it is live."""
    if user.has_perm("stories.change_article"):
        return True
    return may_chase(user) and stories_of(user).filter(pk=article.pk).exists()


def may_chase(user: Actor) -> bool:
    """Return whether somebody may chase comment for any story: for every one, or for their own."""
    if user.has_perm("stories.change_article"):
        return True
    return user.has_perm("stories.change_own_draft") and user.has_perm("stories.change_deskrecord")


def may_decide_terms(user: Actor) -> bool:
    """Return whether somebody may decide on what terms a disputed statement was made."""
    return user.has_perm("stories.change_article")


def stories_of(user: Actor) -> QuerySet[Article]:
    """Return the stories that somebody began or that are assigned to them, whether published or not."""
    if user.pk is None:
        return Article.objects.none()
    newest = Assignment.objects.filter(article=OuterRef("pk")).order_by("-pk")
    given = Article.objects.alias(given_to=Subquery(newest.values("assignee_id")[:1])).filter(
        given_to=user.pk
    )
    began = Revision.objects.filter(number=1, user_id=user.pk)
    return Article.objects.filter(Q(pk__in=began.values("article")) | Q(pk__in=given.values("pk")))


def may_publish(user: Actor) -> bool:
    """Return whether somebody may publish, schedule and cancel."""
    return user.has_perm("stories.publish_article")


def may_override(user: Actor) -> bool:
    """Return whether somebody may publish a substantive change without a note."""
    return user.has_perm("stories.override_article")


def may_withdraw(user: Actor) -> bool:
    """Return whether somebody may take published stories down and bring them back."""
    return user.has_perm("stories.withdraw_article")


def may_withhold(user: Actor) -> bool:
    """Return whether somebody may withhold versions and words from the public, and decide on what others withheld."""
    return user.has_perm("stories.withhold_article")


def may_erase(user: Actor) -> bool:
    """Return whether somebody may order that something is erased, and approve what others ordered."""
    return user.has_perm("stories.erase_article")


def may_assign(user: Actor) -> bool:
    """Return whether somebody may assign stories to people."""
    return user.has_perm("stories.change_article")


def may_read_ledger(user: Actor) -> bool:
    """Return whether somebody may read the ledger, and all that the audit desk shows."""
    return user.has_perm("stories.view_ledgerentry")


def may_audit(user: Actor) -> bool:
    """Return whether somebody may ask about the ledger's entries, and sign them off."""
    return user.has_perm("stories.audit_ledgerentry")


def may_answer_for_desk(user: Actor) -> bool:
    """Return whether somebody may answer questions addressed to others, or to nobody."""
    return user.has_perm("stories.override_article")


def may_answer(user: Actor, question: Question) -> bool:
    """Return whether somebody may answer a question: its addressee, or who answers for the desk."""
    return (user.pk is not None and user.pk == question.asked_id) or may_answer_for_desk(user)


class DossierAccess(StrEnum):
    """What somebody sees of a dossier: all that the newsroom sees, all that is given out, or the public part."""

    HOUSE = "house"
    FULL = "full"
    PUBLIC = "public"


def dossier_access(user: Actor, article: Article, *, at: datetime) -> DossierAccess | None:
    """Return what somebody sees of a story's dossier at a time, None for nothing. One query for outside auditors."""
    if user.has_perm("stories.view_ledgerentry"):
        return DossierAccess.HOUSE
    if user.pk is None or not user.has_perm("stories.see_given_stories"):
        return None
    access = access_of(user.pk, article.pk, at=at)
    if access is None:
        return None
    return DossierAccess.FULL if access.full else DossierAccess.PUBLIC


def may_give_out(user: Actor) -> bool:
    """Return whether somebody may decide on requests for full dossiers, and give stories to outside auditors."""
    return user.has_perm("stories.export_dossier")


def may_order_dossier(user: Actor, article: Article, *, at: datetime) -> bool:
    """Return whether somebody may request a story's full dossier: who may approve one, or was given full access."""
    return may_give_out(user) or dossier_access(user, article, at=at) is DossierAccess.FULL


def require(allowed: bool, what: str) -> None:
    """Raise PermissionDenied unless allowed; `what` is a translated sentence that says who may."""
    if not allowed:
        raise PermissionDenied(what)


def require_start(user: Actor) -> None:
    require(may_start(user), _("You may not begin stories. Ask an editor to give you the right to."))


def require_edit(user: Actor, article: Article) -> None:
    require(
        may_edit(user, article),
        _(
            "You may not change this story. An editor may; so may who began it or was given it, until it is published."
        ),
    )


def require_desk_work(user: Actor, article: Article) -> None:
    require(
        may_work_desk(user, article),
        _("You may not chase comment for this story. An editor may, and so may whose story it is."),
    )


def require_offer(user: Actor, article: Article) -> None:
    require(
        may_edit(user, article) or may_work_desk(user, article),
        _("You may not offer this story for publication. An editor may, and so may whose story it is."),
    )


def require_terms_decision(user: Actor) -> None:
    require(may_decide_terms(user), _("Disputed terms are for an editor to decide. Ask one of them."))


def require_publish(user: Actor) -> None:
    require(may_publish(user), _("You may not publish. Ask an editor to publish this story."))


def require_override(user: Actor) -> None:
    require(
        may_override(user),
        _("Only a managing editor may publish a change of substance without a note. Add a note instead."),
    )


def require_withdraw(user: Actor) -> None:
    require(
        may_withdraw(user),
        _("Only a managing editor may withdraw a story or bring it back. Ask one of them."),
    )


def require_withhold(user: Actor) -> None:
    require(
        may_withhold(user),
        _("Only a managing editor may withhold anything or decide on it. Ask one of them."),
    )


def require_erase(user: Actor) -> None:
    require(
        may_erase(user),
        _("Only a managing editor may order or approve that something is erased. Ask one of them."),
    )


def require_assign(user: Actor) -> None:
    require(may_assign(user), _("You may not give stories to people. Ask an editor to."))


def require_audit(user: Actor) -> None:
    require(may_audit(user), _("Only an auditor may ask about entries of the ledger, or sign them off."))


def require_answer(user: Actor, question: Question) -> None:
    require(
        may_answer(user, question),
        _("This question was put to somebody else. They may answer it, and so may a managing editor."),
    )


def require_giving_out(user: Actor) -> None:
    require(
        may_give_out(user),
        _("Only an auditor or a managing editor may give a story’s record out. Ask one of them."),
    )


def require_dossier_order(user: Actor, article: Article, *, at: datetime) -> None:
    require(
        may_order_dossier(user, article, at=at),
        _(
            "You may not ask for this story’s full dossier. An auditor may, a managing editor, and an outside auditor "
            "who was given the whole of it."
        ),
    )
