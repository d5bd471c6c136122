"""The pages on which people change the e-mail address of their account."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from stories.actions.accounts.attempts import AttemptKind
from stories.actions.accounts.email_changes import (
    cancel_email_change,
    confirm_email_change,
    email_change_of,
    request_email_change,
)
from stories.actions.errors import Refused
from stories.actions.outbox.mailed_links import PARAMETER
from stories.admin.sign_in.accounts import account_of
from stories.admin.sign_in.attempts import count_attempt_of
from stories.admin.sign_in.forms import EmailChangeForm
from stories.admin.sign_in.log import log_email_change
from stories.queries.accounts.email_changes import pending_email_change

# Where a session has the token of the link that was opened.
TOKEN: Final = "email_change_link"  # noqa: S105 - a name
LONGEST_TOKEN: Final = 200


@sensitive_post_parameters("password")
@never_cache
@login_required
def email_page(request: HttpRequest) -> HttpResponse:
    """Show one's address, and ask for another."""
    user = account_of(request)
    if request.method == "POST" and "cancel" in request.POST:
        cancel_email_change(user=user)
        return HttpResponseRedirect(reverse("account_email"))
    form = EmailChangeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            count_attempt_of(request, AttemptKind.MAIL, user.email)
            request_email_change(user=user, address=form.cleaned_data["address"], at=timezone.now())
        except Refused as refusal:
            form.add_error("address", str(refusal))
        else:
            log_email_change(request, asked=True)
            messages.success(request, _("A link has been mailed to the new address. Open it within an hour."))
            return HttpResponseRedirect(reverse("account_email"))
    pending = pending_email_change(user, at=timezone.now())
    return TemplateResponse(request, "account/email_change.html", {"form": form, "pending": pending})


@never_cache
def confirm_page(request: HttpRequest) -> HttpResponse:
    """Confirm the new address. Opening the link changes nothing, since programs that check mails open it too."""
    if PARAMETER in request.GET:
        # Out of the address, so that no page with a token in its address is shown.
        request.session[TOKEN] = request.GET[PARAMETER][:LONGEST_TOKEN]
        return _without_referrer(HttpResponseRedirect(request.path))
    return _confirm(request)


@login_required
def _confirm(request: HttpRequest) -> HttpResponse:
    user = account_of(request)
    token = request.session.get(TOKEN, "")
    problem, change = "", None
    try:
        if request.method == "POST":
            confirm_email_change(user=user, token=token)
            del request.session[TOKEN]
            log_email_change(request, asked=False)
            messages.success(
                request, _("Your e-mail address is changed. Sign in with the new one from now on.")
            )
            return HttpResponseRedirect(reverse("account_email"))
        change = email_change_of(user=user, token=token)
    except Refused as refusal:
        problem = str(refusal)
    return TemplateResponse(
        request,
        "account/email_confirm.html",
        {"problem": problem, "change": change},
        status=410 if problem else 200,
    )


def _without_referrer(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    return response
