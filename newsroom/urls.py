"""Where each door stands. The audit desk hangs its pages into the admin by itself."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", include("stories.admin.urls")),
    path("admin/", admin.site.urls),
    path("", include("stories.public.urls")),
]

handler404 = "stories.public.views.site.unknown"
handler500 = "stories.admin.failed.failed"
