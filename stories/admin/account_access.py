"""How a person gets into their account: their invitation, or a link to set a new password. Nobody types it for them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.accounts.invitations import expires_at, is_open, renew, withdraw
from stories.actions.accounts.password_resets import send_reset_link
from stories.actions.actors import name_of
from stories.actions.errors import Refused
from stories.actions.permissions import ACCOUNTS_ONLY, may_change_account
from stories.models import Invitation, User

STANDINGS = {
    "invited": gettext_lazy("invited"),
    "withdrawn": gettext_lazy("invitation withdrawn"),
    "active": gettext_lazy("active"),
    "inactive": gettext_lazy("inactive"),
}
_WAITS = Q(invitation__isnull=False, invitation__accepted_at=None)


def invitation_of(person: User) -> Invitation | None:
    """Return a person's invitation unless they accepted it; None also for accounts that nobody invited."""
    invitation: Invitation | None = getattr(person, "invitation", None)
    return invitation if invitation is not None and invitation.accepted_at is None else None


def standing_of(person: User) -> str:
    """Return a key of STANDINGS. No query if the invitation is selected with the person."""
    invitation = invitation_of(person)
    if invitation is not None:
        return "invited" if invitation.withdrawn_at is None else "withdrawn"
    return "active" if person.is_active else "inactive"


class StandingFilter(SimpleListFilter):
    """Finds accounts by whether their owner can sign in, or was invited."""

    title = gettext_lazy("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return list(STANDINGS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User] | None:
        filters = {
            "invited": _WAITS & Q(invitation__withdrawn_at=None),
            "withdrawn": _WAITS & ~Q(invitation__withdrawn_at=None),
            "active": ~_WAITS & Q(is_active=True),
            "inactive": ~_WAITS & Q(is_active=False),
        }
        wanted = filters.get(self.value() or "")
        return None if wanted is None else queryset.filter(wanted)


def access_view(model_admin: ModelAdmin[User], request: HttpRequest, person: User | None) -> HttpResponse:
    """Show whether a person can sign in; send or withdraw their invitation, or send a link for a new password."""
    if person is None:
        raise Http404
    if not model_admin.has_view_permission(request, person):
        raise PermissionDenied(ACCOUNTS_ONLY)
    if request.method == "POST":
        try:
            messages.success(request, _act(request, person))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:stories_user_access", args=[person.pk]))
    invitation = invitation_of(person)
    return TemplateResponse(
        request,
        "admin/stories/user/access.html",
        {
            **model_admin.admin_site.each_context(request),
            "title": _("Invitation and password"),
            "subtitle": name_of(person),
            "opts": model_admin.opts,
            "person": person,
            "invitation": invitation,
            "expires_at": expires_at(invitation) if invitation else None,
            "is_open": invitation is not None and is_open(invitation),
            "may_change": may_change_account(request.user, person),
            "media": model_admin.media,
        },
    )


def _act(request: HttpRequest, person: User) -> str:
    names = {"name": name_of(person), "address": person.email}
    if "renew" in request.POST:
        renew(person, user=request.user)
        return _("The invitation is sent to %(address)s again. Older links no longer work.") % names
    if "withdraw" in request.POST:
        withdraw(person, user=request.user)
        return _("The invitation of %(name)s is withdrawn. Its link no longer works.") % names
    if "reset" in request.POST:
        send_reset_link(person, user=request.user)
        return _("A link to set a new password is sent to %(address)s.") % names
    raise Refused(_("Nothing was done: the page was sent without saying what to do."))
