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

handler404 = "stories.public.views.site.unknown"
handler500 = "newsroom.errors.server_error"
