"""Django's admin for editors: it reads what people type, and calls actions."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy
from django.views.i18n import JavaScriptCatalog

from stories.admin import accounts, articles, authors, sections  # noqa: F401 - importing them registers them
from stories.admin.comment_desk import request_admin  # noqa: F401 - likewise
from stories.admin.sign_in import log, unlisted  # noqa: F401 - likewise

# They are part of people's accounts: each has pages of its own, with its own rules.
for app in ("account", "mfa", "socialaccount", "usersessions"):
    admin.site.unregister(
        [model for model in apps.get_app_config(app).get_models() if admin.site.is_registered(model)]
    )

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
# A story needs the width; every page's header links to the desks.
admin.site.enable_nav_sidebar = False
admin.site.index_title = gettext_lazy("The desk")
# With what the scripts of the text editor say.
admin.site.i18n_javascript = JavaScriptCatalog.as_view(  # type: ignore[method-assign, assignment]
    packages=["django.contrib.admin", "stories"]
)
