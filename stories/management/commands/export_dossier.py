"""Export a story's dossier."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from stories.actions.audit.dossier_orders import download_dossier
from stories.actions.errors import Refused
from stories.domain.dossier.dossier import Dossier
from stories.models import Article, DossierOrder, User
from stories.queries.dossier.export import full_dossier, public_dossier
from stories.queries.publishing.stored_versions import article_at
from stories.rendering.dossier_file import file_name, write_dossier


class Command(BaseCommand):
    help = (
        "Writes the public part of a story's dossier, with its proofs and a checker, as a zip. With --full all of it, "
        "for a request that two people have let pass: it names the request and whoever is given the file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="An address that the story went live under.")
        parser.add_argument("--full", action="store_true", help="All of it; needs --order and --user.")
        parser.add_argument(
            "--order", type=int, metavar="NUMBER", help="The approved request for the full dossier."
        )
        parser.add_argument(
            "--user", metavar="ADDRESS", help="The e-mail address of who asked for it, or approved it."
        )
        parser.add_argument(
            "--out", type=Path, metavar="FILE", help="Where to write; else a file here named after the story."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        number = article_at(options["slug"], at=at)
        if number is None:
            raise CommandError(f"No story went live under {options['slug']}. Nothing was exported.")
        article = Article.objects.get(pk=number)
        if options["full"]:
            self._record_download(article, options)
            dossier = full_dossier(article, at=at)
        elif options["order"] or options["user"]:
            raise CommandError("--order and --user are of a full dossier: say --full as well.")
        else:
            dossier = public_dossier(article, at=at)
        out = options["out"] or Path(file_name(dossier))
        _write(out, dossier)
        sequence, digest = dossier.about["head"]
        self.stdout.write(f"Exported to {out}. The ledger ended with entry {sequence}, digest {digest}.")

    def _record_download(self, article: Article, options: dict[str, Any]) -> None:
        """Record who receives the file, before it is made."""
        if not options["order"] or not options["user"]:
            raise CommandError(
                "A full dossier is asked for and approved in the admin; say --order NUMBER and --user ADDRESS then."
            )
        order = DossierOrder.objects.filter(pk=options["order"], article=article).first()
        if order is None:
            raise CommandError(f"There is no request {options['order']} for this story’s full dossier.")
        user = User.objects.filter(email=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no account {options['user']} in service.")
        try:
            download_dossier(order=order, user=user)
        except (Refused, PermissionDenied) as refusal:
            raise CommandError(str(refusal)) from refusal


def _write(out: Path, dossier: Dossier) -> None:
    """Write the file; it gets its name once it is complete, and nobody else on the machine may read it."""
    try:
        handle, made = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                write_dossier(file, dossier)
            Path(made).replace(out)
        finally:
            Path(made).unlink(missing_ok=True)
    except OSError as error:
        raise CommandError(
            f"{out} can’t be written: {error.strerror}. What stood there before is safe."
        ) from error
