"""Set up and remove second factors: django-allauth's pages, each change in one transaction with its ledger entry."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp import views as totp
from allauth.mfa.totp.internal import flows as totp_flows
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import flows as webauthn_flows
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from stories.actions.accounts.factor_codes import LAST_PERIOD
from stories.actions.accounts.factors import check_removal
from stories.actions.errors import Refused
from stories.actions.record.rights import rights_changes_by
from stories.admin.second_factor.forms import ActivateAppForm, AddPasskeyForm
from stories.admin.sign_in.pending import end_stale_sign_in
from stories.models import User

View = Callable[..., HttpResponseBase]


def refuses(view: View) -> View:
    """Wrap a page so that what an action refuses is said on the page that lists the factors."""

    @wraps(view)
    def refusing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("mfa_index"))

    return never_cache(login_required(refusing))


def changes_factors(view: View) -> View:
    """Wrap a page that changes factors: what it posts is recorded, or nothing of it happens."""

    @wraps(view)
    def recorded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with rights_changes_by(request.user):
            # Of two changes of one person's factors at once, the second sees what the first has made.
            User.objects.select_for_update().get(pk=request.user.pk or 0)
            return view(request, *args, **kwargs)

    return refuses(recorded)


def count_as_confirmation(request: HttpRequest, factor: Authenticator) -> None:
    """Count setting a factor up as a confirmation with it, since it was just used."""
    record_authentication(request, factor.user, "mfa", id=factor.pk, type=factor.type)


class ActivateApp(totp.ActivateTOTPView):
    """Set up an authenticator app."""

    def form_valid(self, form: ActivateAppForm) -> HttpResponse:
        app, codes = totp_flows.activate_totp(self.request, form)
        app.data[LAST_PERIOD] = form.period
        app.save(update_fields=["data"])
        self.did_generate_recovery_codes = bool(codes)
        count_as_confirmation(self.request, app)
        return HttpResponseRedirect(self.get_success_url())


class ReplaceApp(ActivateApp):
    """Set up an authenticator app in the place of the one from before, which is void from then on."""

    template_name = "mfa/totp/replace_form.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Past the page of django-allauth, which redirects whoever has one already.
        return FormView.dispatch(self, request, *args, **kwargs)

    def form_valid(self, form: ActivateAppForm) -> HttpResponse:
        Authenticator.objects.filter(user_id=self.request.user.pk or 0, type=Authenticator.Type.TOTP).delete()
        return super().form_valid(form)


class AddPasskey(webauthn.AddWebAuthnView):
    """Add a passkey."""

    def form_valid(self, form: AddPasskeyForm) -> HttpResponse:
        passkey, codes = webauthn_flows.add_authenticator(
            self.request, name=form.cleaned_data["name"], credential=form.cleaned_data["credential"]
        )
        self.did_generate_recovery_codes = bool(codes)
        count_as_confirmation(self.request, passkey)
        return HttpResponseRedirect(self.get_success_url())


class DeactivateApp(totp.DeactivateTOTPView):
    """Remove the authenticator app."""

    def form_valid(self, form: Form) -> HttpResponse:
        check_removal(self.authenticator)
        return super().form_valid(form)


class RemovePasskey(webauthn.RemoveWebAuthnView):
    """Remove a passkey."""

    def form_valid(self, form: Form) -> HttpResponse:
        check_removal(self.get_object())
        return super().form_valid(form)


class GenerateRecoveryCodes(recovery_codes.GenerateRecoveryCodesView):
    """Make new recovery codes, also if those from before can't be read any more."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**FormView.get_context_data(self, **kwargs), "unused_code_count": unused_codes(self.request)}


class Index(base.IndexView):
    """List one's own factors."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "unused_code_count": unused_codes(self.request)}


def unused_codes(request: HttpRequest) -> int:
    """Return how many recovery codes somebody has left, 0 if they can't be read."""
    kind = Authenticator.Type.RECOVERY_CODES
    codes = Authenticator.objects.filter(user_id=request.user.pk or 0, type=kind).first()
    try:
        return len(RecoveryCodes(codes).get_unused_codes()) if codes is not None else 0
    except Refused:
        return 0


def second_step(request: HttpRequest) -> HttpResponseBase:
    """Ask for the second step of a sign-in, or lead back to the first if the account has changed since."""
    if end_stale_sign_in(request):
        messages.info(request, _("Your account was changed since you began to sign in. Sign in again."))
        return HttpResponseRedirect(reverse("account_login"))
    response: HttpResponseBase = base.authenticate(request)
    return response


index = never_cache(Index.as_view())
list_passkeys = never_cache(webauthn.list_webauthn)
authenticate = never_cache(second_step)
confirm_by_code = never_cache(base.reauthenticate)
confirm_by_passkey = never_cache(webauthn.reauthenticate_webauthn)
sign_in_by_passkey = never_cache(webauthn.login_webauthn)
view_recovery_codes = refuses(recovery_codes.view_recovery_codes)
download_recovery_codes = refuses(recovery_codes.download_recovery_codes)
activate_app = changes_factors(ActivateApp.as_view())
replace_app = changes_factors(ReplaceApp.as_view())
deactivate_app = changes_factors(DeactivateApp.as_view())
add_passkey = changes_factors(AddPasskey.as_view())
edit_passkey = never_cache(login_required(webauthn.edit_webauthn))
remove_passkey = changes_factors(RemovePasskey.as_view())
generate_recovery_codes = changes_factors(GenerateRecoveryCodes.as_view())
