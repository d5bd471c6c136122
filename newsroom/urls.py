"""The root URLs: the audit desk, the admin and the public site."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from newsroom.errors import undecodable
from stories.admin.sign_in.pages import admin_login

urlpatterns = [
    # Before the sign-in, which would redirect to the address encoded once more. The public site handles its own.
    re_path(r"^admin/[\s\S]*%[0-9A-Fa-f]{2}", undecodable),
    # Before the admin’s own, which would let anybody in by a password alone.
    path("admin/login/", admin_login, name="sign_in"),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/account/2fa/", include("stories.admin.second_factor.urls")),
    path("admin/account/", include("stories.admin.sign_in.urls")),
    path("admin/audit/", include("stories.audit.urls")),
    path("admin/", include("stories.admin.urls")),
    path("admin/", admin.site.urls),
    path("", include("stories.public.urls")),
]

handler400 = "newsroom.errors.bad_request"
handler403 = "newsroom.errors.forbidden"
handler404 = "newsroom.errors.not_found"
handler500 = "newsroom.errors.server_error"
