"""The pages that links in mails lead to: an invitation, and a new password.

Opening a link changes nothing, since programs that look through mails open it too; its form does. The link's token goes
into the session and out of the address at once, so that no page with a token in its address is ever shown.
"""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from stories.actions.accounts.invitations import accept, open_invitation
from stories.actions.accounts.password_resets import open_reset, reset_password
from stories.actions.errors import Refused
from stories.actions.outbox.mailed_links import PARAMETER
from stories.models import User

# No token is longer.
_LONGEST = 200


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # Django's takes none when the code runs
    """Asks whoever is invited for a password; there is no old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("Password")
        self.fields["new_password2"].label = _("Password, once more")


class MailedLinkView(View):
    """A page with a form for a new password, to which a mailed link leads."""

    template_name: ClassVar[str]
    form_class: ClassVar[type[SetPasswordForm[User]]] = SetPasswordForm

    @method_decorator(sensitive_post_parameters())
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        # Without any referrer browsers send a form's origin as “null”, and it would be refused as forged: so pages,
        # whose addresses hold no token, keep theirs within this site.
        response["Referrer-Policy"] = "no-referrer" if PARAMETER in request.GET else "same-origin"
        return response

    def get(self, request: HttpRequest) -> HttpResponse:
        if PARAMETER in request.GET:
            request.session[self._key] = request.GET[PARAMETER][:_LONGEST]
            return HttpResponseRedirect(request.path)
        return self._page()

    def post(self, request: HttpRequest) -> HttpResponse:
        account, _standing, _context = self.open(self._token)
        if account is None:
            return self._page()
        if self._is_somebody_else(account):
            # Only by their own press of the button, which names them.
            token = self._token
            get_adapter().logout(request)
            request.session[self._key] = token
            return HttpResponseRedirect(request.path)
        form = self.form_class(account, request.POST)
        if not form.is_valid():
            return self._page(form)
        try:
            account = self.act(self._token, form.cleaned_data["new_password1"])
        except ValidationError as error:
            form.add_error("new_password2", error)
            return self._page(form)
        except Refused:
            # Another request was quicker: the page says what has become of the link.
            return self._page()
        del request.session[self._key]
        return self.done(account)

    def open(self, token: str) -> tuple[User | None, str, dict[str, object]]:
        """Return whose password a link sets (None if it does not work), its standing, and the page's context."""
        raise NotImplementedError

    def act(self, token: str, password: str) -> User:
        """Use the link up. Raises Refused and ValidationError."""
        raise NotImplementedError

    def done(self, account: User) -> HttpResponse:
        """Lead on to what comes next."""
        raise NotImplementedError

    def _page(self, form: SetPasswordForm[User] | None = None) -> HttpResponse:
        account, standing, context = self.open(self._token)
        values = {
            **context,
            "account": account,
            "standing": standing,
            "other": self.request.user if account is not None and self._is_somebody_else(account) else None,
            "form": form or (self.form_class(account) if account is not None else None),
        }
        return TemplateResponse(
            self.request, self.template_name, values, status=200 if account is not None else 410
        )

    def _is_somebody_else(self, account: User) -> bool:
        return self.request.user.is_authenticated and self.request.user.pk != account.pk

    @property
    def _key(self) -> str:
        return f"mailed-link {self.request.path}"

    @property
    def _token(self) -> str:
        return str(self.request.session.get(self._key, ""))


class InvitationView(MailedLinkView):
    """Shows who invited whom to what, and lets them choose a password and come in."""

    template_name = "admin/stories/sign_in/invitation.html"
    form_class = FirstPasswordForm

    def open(self, token: str) -> tuple[User | None, str, dict[str, object]]:
        invitation, standing = open_invitation(token)
        account = invitation.account if invitation is not None and standing == "open" else None
        groups = list(account.groups.order_by("name")) if account is not None else []
        return account, standing, {"invitation": invitation, "groups": groups}

    def act(self, token: str, password: str) -> User:
        return accept(token, password)

    def done(self, account: User) -> HttpResponse:
        record_authentication(self.request, account, method="password", email=account.email)
        response: HttpResponse = perform_login(self.request, Login(user=account, email=account.email))
        return response


class ResetView(MailedLinkView):
    """Lets somebody set a new password; they sign in with it afterwards, and give their second factor."""

    template_name = "admin/stories/sign_in/reset.html"

    def open(self, token: str) -> tuple[User | None, str, dict[str, object]]:
        reset, standing = open_reset(token)
        return (reset.account if reset is not None and standing == "open" else None), standing, {}

    def act(self, token: str, password: str) -> User:
        return reset_password(token, password)

    def done(self, account: User) -> HttpResponse:
        get_adapter().logout(self.request)
        messages.success(self.request, _("Your password is changed. Sign in with it."))
        return HttpResponseRedirect(get_adapter().get_logout_redirect_url(self.request))
