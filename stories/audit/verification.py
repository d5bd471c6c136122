"""The runs of the record's verification, and their findings."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.audit.pages import page
from stories.models import VerificationRun
from stories.queries.outbox.waiting import late
from stories.queries.verification import ErasureFound, listed_restorations

RUNS_AT_ONCE = 30


def verification(request: HttpRequest) -> HttpResponse:
    """List the last runs, newest first, with what they found, the older copies that were accepted, and late mails.

    Four queries.
    """
    runs = Paginator(VerificationRun.objects.all(), RUNS_AT_ONCE).get_page(request.GET.get("page"))
    listed = [
        (run, [ErasureFound(**erasure).sentence() for erasure in reversed(run.erasures)]) for run in runs
    ]
    return page(
        request,
        "verification.html",
        _("Verification"),
        runs=runs,
        listed=listed,
        restorations=listed_restorations()[::-1],
        late=late(timezone.now()),
    )
