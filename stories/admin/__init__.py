"""Django's admin for editors: it reads what people type, and calls actions."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy

from stories.admin import accounts, articles, authors, sections  # noqa: F401 - importing them registers them
from stories.admin.comment_desk import request_admin  # noqa: F401 - likewise
from stories.admin.sign_in import log  # noqa: F401 - likewise

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
# A story needs the width; every page's header links to the desks.
admin.site.enable_nav_sidebar = False
admin.site.index_title = gettext_lazy("The desk")
