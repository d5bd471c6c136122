"""Addresses of the audit desk, under the admin's."""

from __future__ import annotations

from django.urls import path

from stories.audit.front_page import front_page
from stories.audit.pages import for_auditors
from stories.audit.verification import verification

app_name = "audit"
urlpatterns = [
    path("", for_auditors(front_page), name="front"),
    path("verification/", for_auditors(verification), name="verification"),
]
