"""The app, and the checks that stop it from starting when its history could leak."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class StoriesConfig(AppConfig):
    name = "stories"
    verbose_name = _("Stories")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Importing these registers handlers and links.
        from stories.actions.accounts import email_changes, password_resets, sessions  # noqa: F401
        from stories.actions.record.rights import connect_receivers
        from stories.actions.takedown import story_mask  # noqa: F401 - importing it registers a handler
        from stories.models.integrity import append_only, checks, form_guards  # noqa: F401 - likewise
        from stories.models.integrity.migration_locks import limit_waiting, wait_as_always
        from stories.models.roles import make_groups

        pre_migrate.connect(limit_waiting, sender=self)
        post_migrate.connect(wait_as_always, sender=self)
        connect_receivers()
        # Here, since the receivers of one signal run in the order in which they were connected, and on importing that
        # would be before the one that makes the permissions, which groups hold.
        post_migrate.connect(make_groups)
