"""Serve pictures while a version, or an author's page, shows them."""

from __future__ import annotations

import logging

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from stories.domain.surrogate_keys import picture_key
from stories.models.pictures import Picture
from stories.public.http.gone import gone
from stories.public.http.responses import SETTLED, not_found, tags
from stories.queries.publishing.versions import picture_is_public
from stories.queries.publishing.withdrawals import withdrawal_of_picture
from stories.queries.publishing.withholdings import is_erased
from stories.queries.site.author_page import profile_picture_is_public

logger = logging.getLogger(__name__)


@require_safe
def picture(request: HttpRequest, digest: str, width: int) -> HttpResponseBase:
    """Serve the file of a picture at one of its widths in pixels, from storage. Three queries.

    Some more for a picture in no version, which may be an author's.

    404 also if a version shows it but the file is lost; verification reports such files. 503 if the store does not
    answer.
    """
    at = timezone.now()
    is_public = picture_is_public(digest, at=at) or profile_picture_is_public(digest, at=at)
    if not is_public or is_erased(digest):
        withdrawal = withdrawal_of_picture(digest, at=at)
        return gone(withdrawal, at=at) if withdrawal else not_found(at=at)
    found = Picture.objects.filter(pk=digest).first()
    if found is None:
        logger.error("The picture %s, which a version shows, is not in stories_picture.", digest)
        return not_found(at=at)
    if width not in found.widths():
        return not_found(at=at)
    etag = f'"{digest[:32]}-{width}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            file = default_storage.open(found.file_name(width))
        except FileNotFoundError:
            # The folder of pictures was not copied, or a file is lost: log it as an error.
            logger.exception("The file of picture %s at width %s is not in storage.", digest, width)
            return not_found(at=at)
        except OSError:
            logger.exception("The store of pictures failed.")
            return HttpResponse(status=503, headers={"Cache-Control": "no-store", "Retry-After": "5"})
        response = FileResponse(file, content_type=f"image/{found.format}")
    response["ETag"] = etag
    response["Cache-Control"] = SETTLED
    for name, value in tags((picture_key(digest),)).items():
        response[name] = value
    # The file was uploaded by somebody: browsers must treat it as a picture of this type, or not at all.
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'"
    return response
