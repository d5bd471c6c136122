"""Load the demo newsroom."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from stories.management.demo import (
    PASSWORD,
    PEOPLE,
    REFERENCE_SLUG,
    DemoDesk,
    load_demo,
    make_people,
)
from stories.models import Article, OutboxMessage, StoryAddress


class Command(BaseCommand):
    help = (
        "Loads the demo newsroom: a person for each group, and stories in every state. Does nothing where it is "
        "loaded already; refuses to run on a database that holds other stories, and outside DEBUG, because its "
        "passwords are known to everyone."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The demo’s passwords are known to everyone, so it is loaded with DEBUG=1 alone."
            )
        if StoryAddress.objects.filter(slug=REFERENCE_SLUG).exists():
            self.stdout.write("The demo is loaded already.")
        elif Article.objects.exists():
            raise CommandError(
                "This database holds other stories, so the demo is not loaded into it. Nothing was changed. "
                "Point DATABASE_URL to an empty database to see the demo."
            )
        else:
            with transaction.atomic():
                people = make_people()
                load_demo(DemoDesk(now=timezone.now().replace(second=0, microsecond=0), **people))
                # The demo's events happened days ago: nobody should get a mail about them now.
                OutboxMessage.objects.filter(kind=OutboxMessage.Kind.MAIL).delete()
            self.stdout.write(f"The demo is loaded: {Article.objects.count()} stories.")
        self._print_sign_ins()

    def _print_sign_ins(self) -> None:
        self.stdout.write("Sign in as")
        for name, (role, display_name) in PEOPLE.items():
            self.stdout.write(f"  {name + '@example.org':18} password {PASSWORD}   {role}: {display_name}")
