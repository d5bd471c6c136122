"""Who may do what to a story. Every action checks it, so that a script is bound by it as a page is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.text import get_text_list
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from stories.actions.actors import Actor, assigned_to, section_limit
from stories.models import Article, Assignment, Author, Publication, Question, Revision, Section, User
from stories.models.roles import GRAVE_PERMISSIONS, NARROWED
from stories.queries.accounts.rights import groups_within, has_more_rights
from stories.queries.dossier.access import access_of
from stories.queries.publishing.withdrawals import withdrawal_in_force

# Who may, for whoever may not.
NEWSROOM_ONLY: Final = gettext_lazy(
    "Drafts and their history are for reporters, editors and auditors. Ask a managing editor to put your account in "
    "one of their groups."
)
COMMENT_DESK_ONLY: Final = gettext_lazy(
    "The comment desk is for editors and auditors, and for reporters whose story it is. Ask an editor to assign the "
    "story to you."
)
ACCOUNTS_ONLY: Final = gettext_lazy("Accounts are for managing editors. Ask one of them.")
DOSSIER_ORDERS_ONLY: Final = gettext_lazy(
    "Requests for full dossiers are for auditors and managing editors. Ask one of them."
)


def has_right(user: Actor, permission: str, article: Article) -> bool:
    """Return whether somebody holds a permission over a story: by their groups, and within their sections.

    The one place where an account's limit to sections narrows what its groups give. A story in no section is outside
    every limit.
    """
    assert permission in NARROWED
    return user.has_perm(permission) and is_within_limit(user, article.section_id)


def is_within_limit(user: Actor, section: str | None) -> bool:
    """Return whether somebody's rights reach into a section; only those without a limit reach what is in none."""
    limit = section_limit(user)
    return not limit or section in limit


def is_own(user: Actor, article: Article) -> bool:
    """Return whether a story is its writer's: they began it, or it is assigned to them. Two queries."""
    if user.pk is None or not user.has_perm("stories.change_own_draft"):
        return False
    began = Revision.objects.filter(article=article, number=1, user_id=user.pk).exists()
    return began or assigned_to(article.pk) == user.pk


def may_start(user: Actor) -> bool:
    """Return whether somebody may begin a story."""
    return user.has_perm("stories.add_article")


def may_see(user: Actor, article: Article) -> bool:
    """Return whether somebody may read an article's working copy."""
    return user.has_perm("stories.view_article") or may_edit(user, article)


def may_edit(user: Actor, article: Article) -> bool:
    """Return whether somebody may change an article: an editor of its section, or whose story it is.

    A writer's change of a live or scheduled story waits for an editor. A withdrawn story is for editors alone: nothing
    of it can be offered.
    """
    if has_right(user, "stories.change_article", article):
        return True
    return is_own(user, article) and withdrawal_in_force(article.pk) is None


def reason_not_to_edit(user: Actor, article: Article) -> str:
    """Return the sentence for somebody who may not change an article: why, and what to do; "" if they may."""
    if may_edit(user, article):
        return ""
    if is_own(user, article):
        return _(
            "This story is withdrawn, so only editors may change it. Ask a managing editor to bring it back; then you "
            "may change it again."
        )
    if user.has_perm("stories.change_article"):
        return _outside_limit(user, article.section_name or article.section_id or "")
    if user.has_perm("stories.change_own_draft"):
        return _(
            "You may change the stories that you began or that are assigned to you, and this one is "
            "neither. Ask an editor to assign it to you."
        )
    return _(
        "You may read this story, but not change it. An editor may, and so may whoever began it or "
        "is assigned it."
    )


def may_move(user: Actor, article: Article, *, to: str | None) -> bool:
    """Return whether somebody may move a story to another section: with the right to both.

    Otherwise whoever may not change it could move it, change it, and move it back. Whose story it is may, until it is
    published or scheduled.
    """
    if has_right(user, "stories.change_article", article) and is_within_limit(user, to):
        return True
    return is_own(user, article) and not Publication.objects.not_cancelled().filter(article=article).exists()


def may_see_all_desk_records(user: Actor) -> bool:
    """Return whether somebody may read the desk's records of every story: editors and auditors."""
    return user.has_perm("stories.change_article") or user.has_perm("stories.view_ledgerentry")


def may_see_desk_records(user: Actor, article: Article) -> bool:
    """Return whether somebody may read the desk's records of a story: contacts, statements, attempts."""
    if may_see_all_desk_records(user):
        return True
    return user.has_perm("stories.change_own_draft") and stories_of(user).filter(pk=article.pk).exists()


def may_work_desk(user: Actor, article: Article) -> bool:
    """Return whether somebody may chase comment for a story: an editor of its section, or whose story it is."""
    if has_right(user, "stories.change_article", article):
        return True
    return may_chase(user) and stories_of(user).filter(pk=article.pk).exists()


def may_work_desks(user: Actor, articles: Sequence[Article]) -> set[int]:
    """Return for which of some stories somebody may chase comment, by their ids. At most one query, and the limit's."""
    numbers = {article.pk for article in articles}
    edited = {article.pk for article in articles if has_right(user, "stories.change_article", article)}
    if edited == numbers or not may_chase(user):
        return edited
    return edited | set(stories_of(user).filter(pk__in=numbers - edited).values_list("pk", flat=True))


def may_chase(user: Actor) -> bool:
    """Return whether somebody may chase comment for any story: for every one, or for their own."""
    if user.has_perm("stories.change_article"):
        return True
    return user.has_perm("stories.change_own_draft") and user.has_perm("stories.change_deskrecord")


def may_offer(user: Actor, article: Article) -> bool:
    """Return whether somebody may offer a story for publication: who may change it, or chase comment for it."""
    return may_edit(user, article) or may_work_desk(user, article)


def may_decide_terms(user: Actor, article: Article) -> bool:
    """Return whether somebody may decide on what terms a disputed statement was made."""
    return has_right(user, "stories.change_article", article)


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


def may_publish(user: Actor, article: Article) -> bool:
    """Return whether somebody may publish, schedule and cancel versions of a story."""
    return has_right(user, "stories.publish_article", article)


def may_override(user: Actor, article: Article) -> bool:
    """Return whether somebody may publish a substantive change of a story without a note."""
    return has_right(user, "stories.override_article", article)


def may_withdraw(user: Actor, article: Article) -> bool:
    """Return whether somebody may take a published story down and bring it back."""
    return has_right(user, "stories.withdraw_article", article)


def may_withhold(user: Actor, article: Article) -> bool:
    """Return whether somebody may withhold versions and words of a story, and decide on what others withheld."""
    return has_right(user, "stories.withhold_article", article)


def may_erase(user: Actor, article: Article) -> bool:
    """Return whether somebody may order that something of a story is erased, and approve what others ordered."""
    return has_right(user, "stories.erase_article", article)


def may_assign(user: Actor, article: Article) -> bool:
    """Return whether somebody may assign a story to people."""
    return has_right(user, "stories.change_article", article)


def may_read_ledger(user: Actor) -> bool:
    """Return whether somebody may read the ledger, and all that the audit desk shows."""
    return user.has_perm("stories.view_ledgerentry")


def may_edit_profile(user: Actor, author: Author) -> bool:
    """Return whether somebody may change an author's profile: that author, or who may change authors."""
    if user.has_perm("stories.change_author"):
        return True
    return user.pk is not None and User.objects.filter(pk=user.pk, author=author.pk, is_active=True).exists()


def may_audit(user: Actor) -> bool:
    """Return whether somebody may ask about the ledger's entries, and sign them off."""
    return user.has_perm("stories.audit_ledgerentry")


def may_answer_for_desk(user: Actor) -> bool:
    """Return whether somebody may answer questions addressed to others, or to nobody, about some stories."""
    return user.has_perm("stories.override_article")


def may_answer(user: Actor, question: Question) -> bool:
    """Return whether somebody may answer a question: its addressee, or who answers for the desk about that story."""
    if user.pk is not None and user.pk == question.asked_id:
        return True
    if question.article is None:
        return may_answer_for_desk(user)
    return has_right(user, "stories.override_article", question.article)


def may_invite(user: Actor, groups: Iterable[Group] = ()) -> bool:
    """Return whether somebody may invite people, into some groups: none that may do more than they themselves."""
    if not user.has_perm("stories.add_user"):
        return False
    return not isinstance(user, User) or set(groups) <= set(groups_within(user))


def may_change_account(user: Actor, person: User) -> bool:
    """Return whether somebody may change an account: nobody's who may do more than they themselves."""
    if not user.has_perm("stories.change_user"):
        return False
    return not isinstance(user, User) or not has_more_rights(person, than=user)


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


def may_see_dossier_orders(user: Actor) -> bool:
    """Return whether somebody may read every request for a full dossier."""
    return user.has_perm("stories.export_dossier")


def may_give_out(user: Actor, article: Article) -> bool:
    """Return whether somebody may decide on requests for a story's full dossier, and give it to outside auditors."""
    return has_right(user, "stories.export_dossier", article)


def may_order_dossier(user: Actor, article: Article, *, at: datetime) -> bool:
    """Return whether somebody may request a story's full dossier: who may approve one, or was given full access."""
    return may_give_out(user, article) or dossier_access(user, article, at=at) is DossierAccess.FULL


def needs_second_factor(user: Actor) -> bool:
    """Return whether somebody's rights are such that a password alone must not give them."""
    return any(user.has_perm(permission) for permission in GRAVE_PERMISSIONS)


def may_reset_factors(user: Actor, person: User) -> bool:
    """Return whether somebody may reset a person's second factor: never their own, nor that of who may do more."""
    return user.has_perm("stories.change_user") and user.pk != person.pk and not has_more_rights(person, user)


def require(allowed: bool, what: str) -> None:
    """Raise PermissionDenied unless allowed; `what` is a translated sentence that says who may."""
    if not allowed:
        raise PermissionDenied(what)


def require_right(user: Actor, permission: str, article: Article, otherwise: str) -> None:
    """Raise PermissionDenied unless somebody has a right over a story; `otherwise` is for who has it over none."""
    if user.has_perm(permission):
        require_within_limit(user, article.section_id, article.section_name)
    else:
        require(False, otherwise)


def require_within_limit(user: Actor, section: str | None, name: str) -> None:
    """Raise PermissionDenied unless somebody's rights reach into a section, whose name is `name`."""
    if not is_within_limit(user, section):
        raise PermissionDenied(_outside_limit(user, name or section or ""))


def _outside_limit(user: Actor, name: str) -> str:
    """Return the refusal of what is done to a story outside somebody's sections; `name` is that of its section."""
    if not name:
        where = _(
            "This story is in no section, so it takes somebody without such a limit. Ask one of them, or whose story "
            "it is."
        )
    else:
        where = _("This story is in the section “%(name)s”. Ask an editor of that section.") % {"name": name}
    return f"{_limit_in_words(user)} {where}"


def _limit_in_words(user: Actor) -> str:
    names = [
        _("“%(name)s”") % {"name": name}
        for name in Section.objects.filter(pk__in=section_limit(user)).values_list("name", flat=True)
    ]
    return ngettext(
        "Your rights over stories are limited to the section %(sections)s.",
        "Your rights over stories are limited to the sections %(sections)s.",
        len(names),
    ) % {"sections": get_text_list(names, _("and"))}


def require_start(user: Actor) -> None:
    require(may_start(user), _("You may not start stories. Ask a managing editor to give you the right to."))


def require_edit(user: Actor, article: Article) -> None:
    refusal = reason_not_to_edit(user, article)
    require(not refusal, refusal)


def require_move(user: Actor, article: Article, *, to: str | None) -> None:
    if to == article.section_id or may_move(user, article, to=to):
        return
    if section_limit(user) and user.has_perm("stories.change_article"):
        how = _(
            "A story is moved to another section by somebody who may change stories in both. Leave its section as it "
            "was, and ask one of them to move it."
        )
        raise PermissionDenied(f"{_limit_in_words(user)} {how}")
    raise PermissionDenied(
        _(
            "A published story is moved to another section by an editor. Leave its section as it was, and ask one of "
            "them."
        )
    )


def require_desk_work(user: Actor, article: Article) -> None:
    if not may_work_desk(user, article):
        require_right(
            user,
            "stories.change_article",
            article,
            _(
                "You may not chase comment for this story. An editor may, and so may whoever began it or is "
                "assigned it."
            ),
        )


def require_offer(user: Actor, article: Article) -> None:
    if not may_offer(user, article):
        require_right(
            user,
            "stories.change_article",
            article,
            _(
                "You may not send this story for review. An editor may, and so may whoever began it or is "
                "assigned it."
            ),
        )


def require_terms_decision(user: Actor, article: Article) -> None:
    require_right(
        user,
        "stories.change_article",
        article,
        _("Disputed terms are for an editor to decide. Ask one of them."),
    )


def require_publish(user: Actor, article: Article) -> None:
    require_right(
        user,
        "stories.publish_article",
        article,
        _may_not_publish(),
    )


def require_import(user: Actor) -> None:
    """Raise PermissionDenied unless somebody may import stories; of one that is there, `require_publish` too."""
    require_start(user)
    require(user.has_perm("stories.publish_article"), _may_not_publish())


def _may_not_publish() -> str:
    return _("You may not publish. Ask an editor to publish this story.")


def require_override(user: Actor, article: Article) -> None:
    require_right(
        user,
        "stories.override_article",
        article,
        _("Only a managing editor may publish a change of substance without a note. Add a note instead."),
    )


def require_withdraw(user: Actor, article: Article) -> None:
    require_right(
        user,
        "stories.withdraw_article",
        article,
        _("Only a managing editor may withdraw a story or bring it back. Ask one of them."),
    )


def require_withhold(user: Actor, article: Article) -> None:
    require_right(
        user,
        "stories.withhold_article",
        article,
        _("Only a managing editor may withhold anything or decide on it. Ask one of them."),
    )


def require_erase(user: Actor, article: Article) -> None:
    require_right(
        user,
        "stories.erase_article",
        article,
        _("Only a managing editor may order or approve that something is erased. Ask one of them."),
    )


def require_assign(user: Actor, article: Article) -> None:
    require_right(
        user,
        "stories.change_article",
        article,
        _("You may not assign stories. Ask an editor to."),
    )


def require_profile(user: Actor, author: Author) -> None:
    require(
        may_edit_profile(user, author),
        _("This is somebody else’s profile. They may change it, and so may an editor."),
    )


def require_audit(user: Actor) -> None:
    require(may_audit(user), _("Only an auditor may ask about entries of the ledger, or sign them off."))


def require_answer(user: Actor, question: Question) -> None:
    if may_answer(user, question):
        return
    otherwise = _("This question was put to somebody else. They may answer it, and so may a managing editor.")
    if question.article is None:
        raise PermissionDenied(otherwise)
    require_right(user, "stories.override_article", question.article, otherwise)


def require_giving_out(user: Actor, article: Article) -> None:
    require_right(
        user,
        "stories.export_dossier",
        article,
        _("Only an auditor or a managing editor may give a story’s record out. Ask one of them."),
    )


def require_invite(user: Actor, groups: Iterable[Group]) -> None:
    require(
        may_invite(user, groups),
        _(
            "You may not invite anybody who could do more than you. A managing editor may invite the newsroom’s people."
        ),
    )


def require_account_change(user: Actor, person: User) -> None:
    require(
        may_change_account(user, person),
        _("You may not change this account. A managing editor may, unless its owner may do more than they."),
    )


def require_dossier_order(user: Actor, article: Article, *, at: datetime) -> None:
    if not may_order_dossier(user, article, at=at):
        require_right(
            user,
            "stories.export_dossier",
            article,
            _(
                "You may not ask for this story’s full dossier. An auditor may, a managing editor, and an outside "
                "auditor who was given the whole of it."
            ),
        )
