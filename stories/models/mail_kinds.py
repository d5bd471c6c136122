"""Kinds of mail, as people choose among them in their settings."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailKind(models.TextChoices):
    """Kinds of mail that a person may do without. What is a duty, such as a second person's, has none."""

    REVIEWS = "reviews", _("A story is sent for review, or what you sent is decided on")
    REQUESTS = "requests", _("News of a request for comment in a story of yours")
    ASSIGNMENTS = "assignments", _("A story is assigned to you")
    QUESTIONS = "questions", _("An auditor asks you, or answers are given to what you asked")
