"""The forms of the sign-in and of one's own password, in this site's words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.utils.translation import gettext_lazy


class _PlainFields(forms.Form):
    """Has no words inside its fields, where they vanish as soon as somebody types."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(_PlainFields, allauth_forms.LoginForm):
    """Signs in by e-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = gettext_lazy("E-mail address")
        # What browsers and password managers call the field beside the password.
        self.fields["login"].widget.attrs.update(autocomplete="username", autofocus=True)
        # The page has the link on its own.
        self.fields["password"].help_text = ""


class ReauthenticateForm(_PlainFields, allauth_forms.ReauthenticateForm):
    """Asks for the password of who is signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs["autofocus"] = True
        self.fields["password"].help_text = ""


class ChangePasswordForm(_PlainFields, allauth_forms.ChangePasswordForm):
    """Changes a password, for whoever knows the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = gettext_lazy("Present password")
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].label = gettext_lazy("New password")
        self.fields["password1"].help_text = password_validators_help_text_html()
        self.fields["password2"].label = gettext_lazy("New password, once more")

    def clean_oldpassword(self) -> str:
        password: str = self.cleaned_data["oldpassword"]
        assert self.user is not None  # the page has one
        # A window left open, or a stolen session, must not guess faster than a sign-in.
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class SetPasswordForm(_PlainFields, allauth_forms.SetPasswordForm):
    """Sets the first password of an account that has none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = gettext_lazy("New password")
        self.fields["password2"].label = gettext_lazy("New password, once more")


class EmailChangeForm(forms.Form):
    """Asks for another e-mail address, with the present password of who has one."""

    address = forms.EmailField(
        label=gettext_lazy("New e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not context.request.user.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(context.request.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password
