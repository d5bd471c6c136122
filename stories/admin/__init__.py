"""The editors' door: Django's admin. It reads what people type, and calls actions."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy

from stories.admin import accounts, articles, authors, sections, sign_ins  # noqa: F401 - they register themselves
from stories.admin.comment_desk import request_admin  # noqa: F401 - likewise

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
# A story needs the width; the ways to the desks stand in the head of every page.
admin.site.enable_nav_sidebar = False
admin.site.index_title = gettext_lazy("The desk")
