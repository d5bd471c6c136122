"""The page of a fault on our side. Who was writing is told the way back to what they typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader
from django.urls import reverse


def failed(request: HttpRequest) -> HttpResponse:
    """The answer where a view has failed; it asks nothing of what may be broken."""
    again = request.path if request.path.startswith(reverse("admin:index")) else ""
    return HttpResponseServerError(loader.get_template("500.html").render({"again": again}))
