"""Pictures for users who may see drafts: readers get a picture only once a version shows it."""

from __future__ import annotations

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from stories.actions.permissions import NEWSROOM_ONLY
from stories.models import Article, Picture

PREVIEW_WIDTH = 640


def picture_view(
    model_admin: ModelAdmin[Article], request: HttpRequest, digest: str
) -> HttpResponse | FileResponse:
    """Serve a picture's file, small enough to preview."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied(NEWSROOM_ONLY)
    picture = Picture.objects.filter(pk=digest).first()
    if picture is None:
        raise Http404
    width = max((each for each in picture.widths() if each <= PREVIEW_WIDTH), default=None)
    try:
        file = default_storage.open(picture.file_name(width))
    except OSError as error:
        raise Http404 from error
    return FileResponse(file, content_type=f"image/{picture.format}")
