"""The page on which somebody who forgot their password asks for a link to set a new one."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from stories.actions.accounts.attempts import AttemptKind, TooManyAttempts
from stories.actions.accounts.password_resets import request_reset
from stories.admin.sign_in.attempts import count_attempt_of


class ForgottenPasswordForm(forms.Form):
    """Asks for the address that somebody signs in with."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ForgottenPasswordView(FormView):  # type: ignore[type-arg]  # Django's takes none when the code runs
    """In place of django-allauth's, which makes and mails the link while the request waits."""

    template_name = "account/password_reset.html"
    form_class = ForgottenPasswordForm
    success_url = reverse_lazy("account_reset_password_done")

    def form_valid(self, form: ForgottenPasswordForm) -> HttpResponse:
        address = form.cleaned_data["email"]
        try:
            count_attempt_of(self.request, AttemptKind.MAIL, address)
        except TooManyAttempts as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        request_reset(address)
        return super().form_valid(form)
