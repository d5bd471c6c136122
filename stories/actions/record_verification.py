"""Keep that the record was verified, and tell the auditors by e-mail where it is not whole."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.models import VerificationRun
from stories.models.recording import append
from stories.models.roles import AUDITOR
from stories.queries.verification import Report, Verification

_log = logging.getLogger(__name__)


@transaction.atomic
def record_verification(
    verification: Verification, report: Report, *, started_at: datetime, finished_at: datetime
) -> VerificationRun:
    """Enter a run that has ended, with its first findings; returns the VerificationRun.

    What fields were and are is left out: a story's words that are erased one day must not stay here.
    """
    run = VerificationRun(
        started_at=started_at,
        finished_at=finished_at,
        since=verification.since,
        entries=verification.entries,
        rows=verification.rows,
        sequence=verification.sequence,
        digest=verification.head.hex(),
        found=report.found,
        findings=[[finding.sequence, finding.message] for finding in report.kept],
    )
    append(run)
    if report.found:
        _tell_auditors(report)
    return run


def _tell_auditors(report: Report) -> None:
    """Send the mails once the run is kept. One that can't be sent fails nothing: the run is on the audit desk."""
    auditors = User.objects.filter(groups__name=AUDITOR, is_active=True).exclude(email="")
    to = list(auditors.values_list("email", flat=True).distinct())
    subject = _("%(site)s: the record does not verify") % {"site": settings.SITE_NAME}
    body = "\n".join(
        [
            _("manage.py verify_ledger found what does not hold. Nothing was changed by it."),
            "",
            *report.lines(),
            "",
            _("What each finding says:"),
            f"{settings.SITE_URL}{reverse('audit:verification')}",
            "",
        ]
    )

    def send() -> None:
        try:
            with mail.get_connection() as connection:
                connection.send_messages([mail.EmailMessage(subject, body, to=[address]) for address in to])
        except Exception as error:
            # Its kind alone: its words may name addresses.
            _log.warning(
                "The auditors could not be told of a failed verification (%s).", type(error).__name__
            )

    transaction.on_commit(send)
