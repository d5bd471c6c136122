"""The root URLs: the audit desk, the admin and the public site."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path, re_path

from newsroom.errors import undecodable

urlpatterns = [
    # Before the sign-in, which would redirect to the address encoded once more. The public site handles its own.
    re_path(r"^admin/[\s\S]*%[0-9A-Fa-f]{2}", undecodable),
    path("admin/audit/", include("stories.audit.urls")),
    path("admin/", include("stories.admin.urls")),
    path("admin/", admin.site.urls),
    path("", include("stories.public.urls")),
]

handler400 = "newsroom.errors.bad_request"
handler403 = "newsroom.errors.forbidden"
handler404 = "newsroom.errors.not_found"
handler500 = "newsroom.errors.server_error"
