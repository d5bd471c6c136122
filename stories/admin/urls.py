"""Addresses of the desk that belong to no model: short enough to be typed."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from stories.admin.fixing import fix_by_address

app_name = "desk"
urlpatterns = [
    path("fix/<str:slug>/", admin.site.admin_view(fix_by_address), name="fix"),
]
