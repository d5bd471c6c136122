"""Addresses of sign-in and of one's own account, by the names that django-allauth gives them.

Its other pages are for what nobody does here: sign up, sign in by a mailed code, have several e-mail addresses.
"""

from __future__ import annotations

from allauth.account import views as account
from django.contrib.auth.decorators import login_required
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stories.admin.sign_in.confirmation import confirmed_page
from stories.admin.sign_in.email_change import confirm_page, email_page
from stories.admin.sign_in.forgotten_password import ForgottenPasswordView
from stories.admin.sign_in.mailed_links import InvitationView, ResetView
from stories.admin.sign_in.openid import openid_callback, openid_failed, openid_login
from stories.admin.sign_in.sessions import sessions_page

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", never_cache(account.logout), name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", never_cache(account.reauthenticate), name="account_reauthenticate"),
    path("email/", email_page, name="account_email"),
    path("email/confirm/", confirm_page, name="account_confirm_email"),
    path("password/change/", never_cache(account.password_change), name="account_change_password"),
    path("password/set/", never_cache(account.password_set), name="account_set_password"),
    path("password/reset/", ForgottenPasswordView.as_view(), name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    # In place of django-allauth's, whose links would be made, and mailed, during the request.
    path("password/new/", ResetView.as_view(), name="account_reset"),
    path("invitation/", InvitationView.as_view(), name="account_invitation"),
    path("confirmed/", login_required(never_cache(require_safe(confirmed_page))), name="account_confirmed"),
    path("openid/<slug:provider_id>/login/", openid_login, name="openid_connect_login"),
    path("openid/<slug:provider_id>/login/callback/", openid_callback, name="openid_connect_callback"),
    path("openid/failed/", openid_failed, name="socialaccount_login_cancelled"),
    path("sessions/", sessions_page, name="usersessions_list"),
]
