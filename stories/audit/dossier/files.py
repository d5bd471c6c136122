"""Dossiers as files, and the pictures that a dossier's page shows."""

from __future__ import annotations

import tempfile

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.actors import site_locale
from stories.actions.permissions import DossierAccess
from stories.audit.dossier.dossier import accessible_article
from stories.domain.dossier.dossier import Dossier
from stories.models import Picture, PublishedPicture
from stories.queries.dossier.export import pictures_of, public_dossier
from stories.queries.publishing.versions import picture_is_public
from stories.rendering.dossier_file import file_name, write_dossier

PREVIEW_WIDTH = 640


def public_file_view(request: HttpRequest, article_id: int) -> FileResponse:
    """Serve the public part as a file to whoever sees the dossier. Not recorded, since readers may see all of it."""
    at = timezone.now()
    article, _access = accessible_article(request, article_id, at=at)
    with site_locale():
        return as_download(public_dossier(article, at=at))


def as_download(dossier: Dossier) -> FileResponse:
    """Return a dossier as a download. Its file on the server's disk is deleted once it is sent."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it once it is sent
    write_dossier(file, dossier)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=file_name(dossier), content_type="application/zip")


def picture_view(request: HttpRequest, article_id: int, digest: str) -> FileResponse:
    """Serve a small picture of the story's history, or of its public part if the reader sees no more."""
    at = timezone.now()
    article, access = accessible_article(request, article_id, at=at)
    picture = Picture.objects.filter(pk=digest).first()
    if picture is None or digest not in pictures_of(article):
        raise Http404
    if access is DossierAccess.PUBLIC and not (
        PublishedPicture.objects.filter(picture=digest, publication__article=article).exists()
        and picture_is_public(digest, at=at)
    ):
        raise PermissionDenied(
            _(
                "This picture is not in the part of the dossier that you were given. Ask whoever gave it to you."
            )
        )
    width = max((each for each in picture.widths() if each <= PREVIEW_WIDTH), default=None)
    try:
        file = default_storage.open(picture.file_name(width))
    except OSError as error:
        raise Http404 from error
    return FileResponse(file, content_type=f"image/{picture.format}")
