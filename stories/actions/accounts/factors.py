"""Second factors: who must have one, and how a person who has lost theirs gets in again."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from stories.actions.accounts.sessions import end_sessions
from stories.actions.actors import Actor
from stories.actions.errors import Refused
from stories.actions.permissions import may_reset_factors, needs_second_factor, require
from stories.actions.record.rights import rights_changes_by
from stories.actions.texts import clean_text, require_reason
from stories.models import User
from stories.queries.accounts.factors import SECOND_FACTORS, has_other_factor, has_second_factor


def must_have_factor(user: User | AnonymousUser) -> bool:
    """Return whether somebody's rights require a second factor on this site. No query of its own."""
    return settings.REQUIRE_SECOND_FACTOR and needs_second_factor(user)


def lacks_factor(user: User | AnonymousUser) -> bool:
    """Return whether somebody must set up a second factor before anything else. One query, if they need one."""
    return user.pk is not None and must_have_factor(user) and not has_second_factor(user.pk)


def is_indispensable(factor: Authenticator) -> bool:
    """Return whether a factor is the only one of a person who must have one."""
    return factor.type in SECOND_FACTORS and must_have_factor(factor.user) and not has_other_factor(factor)


def check_removal(factor: Authenticator) -> None:
    """Raise Refused if a factor is the only one of a person who must have one. To be called in a transaction.

    It locks the account: of two removals at once the second sees what the first has removed.
    """
    factor.user = User.objects.select_for_update().get(pk=factor.user_id)
    if is_indispensable(factor):
        raise Refused(
            _(
                "Your rights require a second step at the sign-in, and this is the only one that you have. Set up "
                "another one first, or replace it."
            )
        )


def reset_factors(*, person: User, user: Actor, reason: str) -> None:
    """Remove all second factors of somebody who has lost theirs, and sign them out everywhere."""
    require(
        may_reset_factors(user, person),
        _(
            "You may not reset the second factor of this account. A managing editor may, of others who have no "
            "more rights."
        ),
    )
    reason = clean_text(reason, _("Why?"))
    require_reason(reason, _("Say why: how do you know that it is this person who asks?"))
    with rights_changes_by(user, reason=reason):
        User.objects.select_for_update().get(pk=person.pk)
        factors = list(Authenticator.objects.filter(user=person).order_by("pk"))
        if not factors:
            raise Refused(_("%(name)s has no second factor.") % {"name": person.get_full_name()})
        for factor in factors:
            factor.delete()
        end_sessions(person)
