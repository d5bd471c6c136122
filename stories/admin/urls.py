"""URLs of the desk that belong to no model: its front page, and short addresses for typing."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from stories.admin.desk.front_page import front_page
from stories.admin.glossary import glossary_view
from stories.admin.own_settings import settings_view
from stories.admin.profiles import own_profile_view, profile_view
from stories.admin.publishing.fix import fix_by_address
from stories.admin.questions import question_view
from stories.admin.second_factor.reset import reset_factors_view

app_name = "desk"
urlpatterns = [
    # Before the admin’s own index, which this view shows to some.
    path("", admin.site.admin_view(front_page), name="front"),
    path("fix/<str:slug>/", admin.site.admin_view(fix_by_address), name="fix"),
    path(
        "accounts/<number:number>/reset-second-factor/",
        admin.site.admin_view(reset_factors_view),
        name="reset_factors",
    ),
    path("profile/", admin.site.admin_view(own_profile_view), name="own_profile"),
    path("profile/<str:slug>/", admin.site.admin_view(profile_view), name="profile"),
    path("settings/", admin.site.admin_view(settings_view), name="settings"),
    path("words/", admin.site.admin_view(glossary_view), name="glossary"),
    path("questions/<number:number>/", admin.site.admin_view(question_view), name="question"),
]
