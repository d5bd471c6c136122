"""Who may do what to a story. Asked by every action, so that a script is held to it as a page is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from stories.models import Article, Assignment, Publication, Question, Revision, User
from stories.queries.dossier.access import access_of
from stories.queries.publishing.withdrawals import assignee_of


class Actor(Protocol):
    """A signed-in user, or the system acting for one."""

    @property
    def pk(self) -> Any: ...

    def has_perm(self, perm: str, obj: Any = None) -> bool: ...

    def get_username(self) -> str: ...


@dataclass(frozen=True)
class SystemActor:
    """A command that acts on the newsroom's behalf: whoever can run it holds the server anyway."""

    name: str
    pk: None = None
    is_active: bool = True

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return True

    def get_username(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


def name_of(user: Actor) -> str:
    """The name that the record keeps for a person: their display name, or that of their account without one."""
    full_name = getattr(user, "get_full_name", lambda: "")()
    return (full_name or user.get_username())[:200]


def signed(user: Actor, at: datetime) -> dict[str, Any]:
    """What a journal's row says of who did it, and when."""
    return {"user_id": user.pk, "user_name": name_of(user), "recorded_at": at}


def holders_of(permission: str) -> QuerySet[User]:
    """Everybody who has a permission now and may sign in."""
    return User.objects.with_perm(permission, backend="django.contrib.auth.backends.ModelBackend").order_by(
        "pk"
    )


def publishers() -> QuerySet[User]:
    """Everybody who may publish now."""
    return holders_of("stories.publish_article")


def auditors() -> list[int]:
    """The numbers of everybody who audits now. One query."""
    return [person.pk for person in holders_of("stories.audit_ledgerentry")]


def assigned_to(article_id: int) -> int | None:
    """The number of who has a story, None where it is nobody's. One query."""
    assignment = assignee_of(article_id)
    return assignment.assignee_id if assignment is not None else None


def addresses_of(people: Iterable[int | None]) -> list[str]:
    """The e-mail addresses of people by their numbers, of those who still work here. One query."""
    numbers = {number for number in people if number is not None}
    found = User.objects.filter(pk__in=numbers, is_active=True)
    return list(found.order_by("pk").values_list("email", flat=True))


def may_start(user: Actor) -> bool:
    """Whether somebody may begin a story."""
    return user.has_perm("stories.add_article")


def may_see(user: Actor, article: Article) -> bool:
    """Whether somebody may read an article's working copy."""
    return user.has_perm("stories.view_article") or may_edit(user, article)


def may_edit(user: Actor, article: Article) -> bool:
    """Whether somebody may change an article: any, or a draft of their own or given to them."""
    if user.has_perm("stories.change_article"):
        return True
    if not user.has_perm("stories.change_own_draft") or user.pk is None:
        return False
    began = Revision.objects.filter(article=article, number=1, user_id=user.pk).exists()
    if not began and not _is_assigned(user, article):
        return False
    return not Publication.objects.standing().filter(article=article).exists()


def _is_assigned(user: Actor, article: Article) -> bool:
    assigned = assigned_to(article.pk)
    # Nobody has a number either.
    return assigned is not None and bool(assigned == user.pk)


def may_see_all_desk_records(user: Actor) -> bool:
    """Whether somebody may read what the desk keeps beside any story: who edits all, or audits."""
    return user.has_perm("stories.change_article") or user.has_perm("stories.view_ledgerentry")


def may_see_desk_records(user: Actor, article: Article) -> bool:
    """Whether somebody may read what the desk keeps beside a story: contacts, statements, attempts."""
    if may_see_all_desk_records(user):
        return True
    return user.has_perm("stories.change_own_draft") and stories_of(user).filter(pk=article.pk).exists()


def may_work_desk(user: Actor, article: Article) -> bool:
    """Whether somebody may chase comment for a story: who edits all, or whose story it is, also when it is live."""
    if user.has_perm("stories.change_article"):
        return True
    return may_chase(user) and stories_of(user).filter(pk=article.pk).exists()


def may_chase(user: Actor) -> bool:
    """Whether somebody may chase comment for any story: for every one, or for their own."""
    if user.has_perm("stories.change_article"):
        return True
    return user.has_perm("stories.change_own_draft") and user.has_perm("stories.change_deskrecord")


def may_decide_terms(user: Actor) -> bool:
    """Whether somebody may decide on what terms a disputed statement was made."""
    return user.has_perm("stories.change_article")


def stories_of(user: Actor) -> QuerySet[Article]:
    """The stories that somebody began or was given, whether published or not."""
    if user.pk is None:
        return Article.objects.none()
    newest = Assignment.objects.filter(article=OuterRef("pk")).order_by("-pk")
    given = Article.objects.alias(given_to=Subquery(newest.values("assignee_id")[:1])).filter(
        given_to=user.pk
    )
    began = Revision.objects.filter(number=1, user_id=user.pk)
    return Article.objects.filter(Q(pk__in=began.values("article")) | Q(pk__in=given.values("pk")))


def may_publish(user: Actor) -> bool:
    """Whether somebody may publish, schedule and cancel."""
    return user.has_perm("stories.publish_article")


def may_override(user: Actor) -> bool:
    """Whether somebody may publish a substantive change without a note."""
    return user.has_perm("stories.override_article")


def may_withdraw(user: Actor) -> bool:
    """Whether somebody may take published stories down and bring them back."""
    return user.has_perm("stories.withdraw_article")


def may_withhold(user: Actor) -> bool:
    """Whether somebody may withhold versions and words from the public, and decide on what others withheld."""
    return user.has_perm("stories.withhold_article")


def may_erase(user: Actor) -> bool:
    """Whether somebody may order that something is erased, and approve what others ordered."""
    return user.has_perm("stories.erase_article")


def may_assign(user: Actor) -> bool:
    """Whether somebody may give stories to people."""
    return user.has_perm("stories.change_article")


def may_read_ledger(user: Actor) -> bool:
    """Whether somebody may read the ledger, and all that the audit desk shows."""
    return user.has_perm("stories.view_ledgerentry")


def may_audit(user: Actor) -> bool:
    """Whether somebody may ask about the ledger's entries, and sign them off."""
    return user.has_perm("stories.audit_ledgerentry")


def may_answer_for_desk(user: Actor) -> bool:
    """Whether somebody may answer an auditor's question that was put to another, or to nobody who is still here."""
    return user.has_perm("stories.override_article")


def may_answer(user: Actor, question: Question) -> bool:
    """Whether somebody may answer a question: whom it was put to, or who answers for the desk."""
    return (user.pk is not None and user.pk == question.asked_id) or may_answer_for_desk(user)


class Sight(StrEnum):
    """What somebody sees of a story's dossier: all that the house does, all that is given out, the public part."""

    HOUSE = "house"
    FULL = "full"
    PUBLIC = "public"


def sight_of(user: Actor, article: Article, *, at: datetime) -> Sight | None:
    """What somebody sees of a story's dossier at a time, None for nothing. One query for outside auditors."""
    if user.has_perm("stories.view_ledgerentry"):
        return Sight.HOUSE
    if user.pk is None or not user.has_perm("stories.see_given_stories"):
        return None
    access = access_of(user.pk, article.pk, at=at)
    if access is None:
        return None
    return Sight.FULL if access.full else Sight.PUBLIC


def may_give_out(user: Actor) -> bool:
    """Whether somebody may decide who gets a full dossier, and give stories to outside auditors."""
    return user.has_perm("stories.export_dossier")


def may_order_dossier(user: Actor, article: Article, *, at: datetime) -> bool:
    """Whether somebody may ask for a story's full dossier: who may give it out, or sees all of it from outside."""
    return may_give_out(user) or sight_of(user, article, at=at) is Sight.FULL


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
