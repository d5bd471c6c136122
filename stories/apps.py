"""The app, and the checks that stop it from starting when its history could leak."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StoriesConfig(AppConfig):
    name = "stories"
    verbose_name = _("Stories")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from stories.actions.record.rights import connect_receivers
        from stories.actions.takedown import story_mask  # noqa: F401 - importing it registers a handler
        from stories.models import roles  # noqa: F401 - likewise
        from stories.models.integrity import append_only, checks, form_guards  # noqa: F401 - likewise

        connect_receivers()
