"""Whether what is to happen beside the pages happens: the worker, the nightly verification, people who can act."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from stories.models import User, VerificationRun
from stories.models.roles import AUDITOR, MANAGING_EDITOR
from stories.queries.accounts.factors import unprotected_accounts
from stories.queries.health.checks import Check, ok, warning, wrong
from stories.queries.ledger.published_heads import lost_head
from stories.queries.outbox.waiting import late

# It runs every night, and may take hours.
VERIFY_WITHIN: Final = timedelta(hours=36)

_OPEN_THE_LINK: Final = (
    "Let them open their link. "
    "If it is lost or too old, the same `manage.py first_editor` prints one that voids it."
)


def check_worker(at: datetime) -> Check:
    """Check that nothing in the outbox waits for minutes. At most two queries."""
    found = late(at)
    if found is None:
        return ok("worker", "Nothing waits for it.")
    if found.error:
        return warning(
            "worker",
            f"{found.count} messages could not be sent. The oldest: {found.error}",
            "See whether what EMAIL_URL and PURGE_URL name answers.",
        )
    return wrong(
        "worker",
        f"{found.count} messages wait, and nobody tried to send the oldest.",
        "Run `manage.py deliver --watch` as a service (deploy/systemd/newsroom-worker.service).",
    )


def check_verification(at: datetime) -> Check:
    """Check that the record was verified lately, and held. One query."""
    name = "verification"
    last = VerificationRun.objects.only("finished_at", "found").order_by("-pk").first()
    remedy = "Run `manage.py verify_ledger` every night (deploy/systemd/newsroom-verify.timer)."
    if last is None:
        return warning(name, "The record was never verified.", remedy)
    if last.found:
        return wrong(
            name,
            f"The last verification found {last.found} things that do not hold.",
            "Read them at the audit desk, or run `manage.py verify_ledger`.",
        )
    if last.finished_at < at - VERIFY_WITHIN:
        return warning(name, f"The last one was on {last.finished_at:%Y-%m-%d at %H:%M} UTC.", remedy)
    return ok(name, f"Everything held on {last.finished_at:%Y-%m-%d at %H:%M} UTC.")


def check_people() -> Check:
    """Check that somebody can manage the newsroom. At most two queries."""
    name = "people"
    if _who_can_act(MANAGING_EDITOR).exists():
        return ok(name, "There is a managing editor.")
    if _who_is_invited(MANAGING_EDITOR).exists():
        return wrong(name, "A managing editor is invited, and has not come yet.", _OPEN_THE_LINK)
    return wrong(
        name,
        "Nobody can act as a managing editor.",
        "Run `manage.py first_editor NAME ADDRESS`, and open the link that it prints.",
    )


def check_auditors() -> Check:
    """Check that a verification that finds something is mailed to somebody. At most two queries."""
    name = "auditors"
    if _who_can_act(AUDITOR).exists():
        return ok(name, "Somebody is mailed what a verification finds.")
    if _who_is_invited(AUDITOR).exists():
        return warning(name, "An auditor is invited, and has not come yet.", _OPEN_THE_LINK)
    return warning(
        name,
        "What a verification finds is mailed to nobody: there is no auditor.",
        "Run `manage.py first_editor --auditor NAME ADDRESS`, and open the link that it prints.",
    )


def check_second_factors() -> Check:
    """Check that whoever may publish, take down or change accounts must have a second factor. One query."""
    name = "second factors"
    if not settings.REQUIRE_SECOND_FACTOR:
        return warning(name, "A password alone lets in whoever may publish.", "Set REQUIRE_SECOND_FACTOR=1.")
    if count := unprotected_accounts().count():
        return warning(
            name,
            f"{count} accounts must have one and have none: each reaches nothing else before it is set up.",
            "Ask their owners to sign in, or put the accounts out of service.",
        )
    return ok(name, "Every account that must have one has one.")


def check_ledger_head() -> Check:
    """Check that the database is no older copy than the last one that was published from. Four queries."""
    name = "ledger head"
    if not settings.LEDGER_HEADS:
        return warning(name, "A restored older copy would go on unnoticed.", "Name a folder in LEDGER_HEADS.")
    if lost := lost_head():
        return wrong(
            name,
            f"Entry {lost.sequence} was published, and this database does not have it: nothing can be saved.",
            "Restore the newest backup, or accept this copy (`manage.py accept_restored_ledger`).",
        )
    return ok(name, "The database has all that was published.")


def _who_can_act(role: str) -> QuerySet[User]:
    return User.objects.filter(groups__name=role, is_active=True, is_staff=True)


def _who_is_invited(role: str) -> QuerySet[User]:
    return User.objects.filter(
        groups__name=role,
        invitation__sent_at__isnull=False,
        invitation__accepted_at=None,
        invitation__withdrawn_at=None,
    )
