"""Addresses of sign-in and of one's own account: django-allauth's, but for those that nobody here needs."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path, re_path

from stories.admin.sign_in.openid import openid_callback, openid_failed, openid_login

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    # Nobody signs up; django-allauth wants the name, and answers that it is closed.
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("email/", account.email, name="account_email"),
    path("confirm-email/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", include("allauth.mfa.urls")),
    path("openid/<slug:provider_id>/login/", openid_login, name="openid_connect_login"),
    path("openid/<slug:provider_id>/login/callback/", openid_callback, name="openid_connect_callback"),
    path("openid/failed/", openid_failed, name="socialaccount_login_cancelled"),
    path("sessions/", include("allauth.usersessions.urls")),
]
