"""Where each door stands."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/audit/", include("stories.audit.urls")),
    path("admin/", include("stories.admin.urls")),
    path("admin/", admin.site.urls),
    path("", include("stories.public.urls")),
]

handler400 = "newsroom.errors.bad_request"
handler403 = "newsroom.errors.forbidden"
handler404 = "newsroom.errors.not_found"
handler500 = "newsroom.errors.server_error"
