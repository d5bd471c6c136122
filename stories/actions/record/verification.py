"""Store a verification run, and notify the auditors by e-mail of findings and erasures."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.actions.outbox.channels import MessageRefused
from stories.actions.outbox.enqueue import build_mails, enqueue_mails
from stories.actions.outbox.mails import MailChannel
from stories.models import OutboxMessage, User, VerificationRun
from stories.models.record.recording import append
from stories.models.roles import AUDITOR
from stories.queries.verification import MOST_LISTED, MOST_STORED, ErasureFound, Report, Verification


def record_verification(
    verification: Verification, report: Report, *, started_at: datetime, finished_at: datetime
) -> VerificationRun:
    """Store a run that has ended, with its first findings and the newest erasures; return the VerificationRun.

    Auditors are notified of findings, and of erasures that no earlier run could list. The values of fields are left
    out: a story's words that are erased one day must not stay here. The mails are enqueued with the run; if the
    database can't be written, they are sent at once, and DatabaseError is raised.
    """
    listed = verification.listed
    newest = VerificationRun.objects.aggregate(newest=Max("sequence"))["newest"] or 0
    run = VerificationRun(
        started_at=started_at,
        finished_at=finished_at,
        since=verification.since,
        entries=verification.entries,
        rows=verification.rows,
        sequence=verification.sequence,
        digest=verification.head.hex(),
        found=report.found,
        findings=[[finding.sequence, finding.message] for finding in report.stored],
        erased=len(listed),
        erasures=[erasure.as_data() for erasure in listed[-MOST_STORED:]],
    )
    is_alarming = report.found or any(erasure.sequence > newest for erasure in listed)
    alarm = _alarm(report, listed) if is_alarming else []
    try:
        with transaction.atomic():
            append(run)
            enqueue_mails(alarm)
    except DatabaseError:
        channel = MailChannel()
        for each in alarm:
            with suppress(OSError, MessageRefused):
                channel.send([each])
        channel.close()
        raise
    return run


def _alarm(report: Report, listed: Sequence[ErasureFound]) -> list[OutboxMessage]:
    """Return the mails to the auditors, not enqueued yet."""
    subject = (
        _("%(site)s: the record does not verify")
        if report.found
        else _("%(site)s: rows of the record were erased")
    )
    auditors = User.objects.filter(groups__name=AUDITOR, is_active=True)
    return build_mails(
        to=auditors.values_list("email", flat=True).distinct(),
        subject=subject % {"site": settings.SITE_NAME},
        body="\n".join([*_finding_lines(report), *_erasure_lines(listed), _("All that the run found:")]),
        path=reverse("audit:verification"),
    )


def _finding_lines(report: Report) -> list[str]:
    if not report.found:
        return []
    heading = _("manage.py verify_ledger found what does not hold. Nothing was changed by it.")
    return [heading, "", *report.lines(), ""]


def _erasure_lines(listed: Sequence[ErasureFound]) -> list[str]:
    if not listed:
        return []
    more = len(listed) - MOST_LISTED
    return [
        _(
            "This was erased. Whoever can write to the database can invent an order and its approval: ask each person "
            "who is named whether that is so."
        ),
        "",
        *(erasure.sentence() for erasure in reversed(listed[-MOST_LISTED:])),
        *([_("And %(count)s older erasures.") % {"count": more}] if more > 0 else []),
        "",
    ]
