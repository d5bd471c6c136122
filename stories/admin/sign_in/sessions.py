"""The page that lists where somebody is signed in."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.cache import never_cache

from stories.actions.accounts.sessions import end_session, end_sessions
from stories.admin.sign_in.accounts import account_of
from stories.admin.sign_in.adapters import UNKNOWN_ADDRESS
from stories.admin.sign_in.browsers import browser_in_words
from stories.admin.sign_in.log import log_ended_sessions
from stories.domain.text.whole_number import whole_number


@never_cache
@login_required
def sessions_page(request: HttpRequest) -> HttpResponse:
    """List one's sessions; end one, or all but this one."""
    if request.method == "POST":
        _end(request)
        return HttpResponseRedirect(reverse("usersessions_list"))
    this = request.session.session_key
    found = UserSession.objects.purge_and_list(account_of(request))
    # This one first, then the newest.
    found.sort(key=lambda session: (session.session_key != this, -session.created_at.timestamp()))
    sessions = [
        {
            "number": session.pk,
            "began": session.created_at,
            "address": "" if session.ip == UNKNOWN_ADDRESS else session.ip,
            "browser": browser_in_words(session.user_agent),
            "is_this": session.session_key == this,
        }
        for session in found
    ]
    return TemplateResponse(request, "usersessions/usersession_list.html", {"sessions": sessions})


def _end(request: HttpRequest) -> None:
    user, this = account_of(request), request.session.session_key or ""
    if "session" in request.POST:
        number = whole_number(request.POST["session"])
        ended = end_session(user, number) if number is not None else 0
    else:
        ended = end_sessions(user, keep=this)
    if ended:
        log_ended_sessions(request, ended)
        messages.success(
            request,
            ngettext(
                "%(count)s other session is signed out.", "%(count)s other sessions are signed out.", ended
            )
            % {"count": ended},
        )
    else:
        messages.info(request, _("No other session was open any more."))
