"""Decisions that need a second person: is whoever decides another person than whoever asked?

Two accounts may be one person's. Whoever created an account, or changed its rights, could sign in as both, so for a
time neither decides on what the other asked for. Each attempt is recorded, mailed to every auditor, and listed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from django.db import transaction
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _, ngettext

from stories.actions.actors import (
    Actor,
    actor_columns,
    addresses_of,
    auditors,
    holders_of,
    name_of,
    site_locale,
)
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.mail import send_mail
from stories.actions.record.ledger import Written, append_entries, write_event
from stories.models import Article, SecondPersonCheck
from stories.models.record.revisions import Journal
from stories.queries.accounts.tied_accounts import Tie, TiedAccounts
from stories.queries.ledger.lines import entries_of
from stories.time_labels import date_label

# How long after a change of rights its two accounts count as one person's.
TIED_FOR: Final = timedelta(days=30)
# How long after the change a decision is allowed, but reported to the auditors.
LISTED_FOR: Final = timedelta(days=365)
# How many people who may decide instead are named.
MOST_NAMES: Final = 5

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Asker:
    """The person who asked for what is decided on, or who gave somebody access to ask for it."""

    pk: int | None
    name: str


class SamePersonSuspected(Refused):
    """A decision that was refused because the two accounts may be one person's."""

    def __init__(self, message: str, *, check: SecondPersonCheck) -> None:
        super().__init__(message)
        self.check = check


def decides_as_second_person(action: Callable[P, R]) -> Callable[P, R]:
    """Run an action in one transaction; record and report the attempt if it is refused as the same person's."""

    @wraps(action)
    def decide(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return action(*args, **kwargs)
        except SamePersonSuspected as refusal:
            # After the action's own transaction: that is rolled back, and the record of the attempt is not.
            with transaction.atomic():
                lock(refusal.check.article)
                append_entries(_write(refusal.check))
            raise

    return decide


def require_second_person(
    asked: Journal,
    user: Actor,
    *,
    permission: str,
    yourself: str,
    at: datetime,
    access_given_by: Asker | None = None,
) -> list[SecondPersonCheck]:
    """Raise Refused unless whoever decides (`user`) is another person than whoever asked for `asked`.

    `yourself` is the sentence for whoever asked, `permission` what it takes to decide, and `access_given_by` whoever
    gave an outside auditor access, who has to be another too. Returns what to `report` once the decision is written:
    accounts that were tied, but not recently enough to refuse the decision. Three queries for accounts that nothing
    ties.
    """
    if user.pk == asked.user_id:
        raise Refused(yourself)
    askers = [Asker(pk=asked.user_id, name=asked.user_name), *([access_given_by] if access_given_by else [])]
    found = [
        _check(asked, asker, user, permission, at) for asker in askers if None not in (asker.pk, user.pk)
    ]
    return [each for each in found if each is not None]


def report(checks: list[SecondPersonCheck]) -> list[Written[SecondPersonCheck]]:
    """Write that tied accounts decided on each other's requests, and notify the auditors.

    The caller must hold the story's lock, and appends the entries with the decision's, last.
    """
    return [_write(check) for check in checks]


def _check(
    asked: Journal, asker: Asker, user: Actor, permission: str, at: datetime
) -> SecondPersonCheck | None:
    """Return what to list of a decision, None for accounts that nothing ties. Raises SamePersonSuspected."""
    assert asker.pk is not None
    tie = TiedAccounts(at - LISTED_FOR).tie(asker.pk, user.pk)
    if tie is None:
        return None
    refused = tie.since is None or tie.since > at - TIED_FOR
    with site_locale():
        # The record is read by others.
        reason = _describe_tie(tie)
    event: Any = asked
    check = SecondPersonCheck(
        article=event.article,
        decision_on=asked.entry_kind,
        decided_id=asked.pk,
        asker_id=asker.pk,
        asker_name=asker.name,
        refused=refused,
        rights=[change.pk for change in tie.changes],
        reason=reason,
        **actor_columns(user, at),
    )
    if refused:
        raise SamePersonSuspected(
            _refusal(_describe_tie(tie), tie, asker, permission, event.article, at), check=check
        )
    return check


def _refusal(how: str, tie: Tie, asker: Asker, permission: str, article: Article, at: datetime) -> str:
    sentences = [
        _(
            "Your account and that of %(name)s, who asked for this, may be one person’s, so somebody else decides."
        )
        % {"name": asker.name},
        how,
    ]
    if tie.since is not None:
        sentences.append(
            _("Until %(day)s neither of the two decides on what the other asked for.")
            % {"day": date_label(tie.since + TIED_FOR)}
        )
    assert asker.pk is not None
    able = list(holders_of(permission, article))
    one = TiedAccounts(at - TIED_FOR).is_tied(asker.pk, [person.pk for person in able])
    others = [person for person in able if person.pk not in one]
    names = [name_of(person) for person in others[:MOST_NAMES]]
    more = len(others) - len(names)
    if more:
        names.append(ngettext("%(count)s more", "%(count)s more", more) % {"count": more})
    sentences.append(
        _("Ask one of those who may: %(names)s.") % {"names": get_text_list(names, _("or"))}
        if names
        else _(
            "Nobody else may at present. Ask whoever gives people their groups to give somebody the right."
        )
    )
    sentences.append(_("The auditors were told of this try."))
    return " ".join(sentences)


def _describe_tie(tie: Tie) -> str:
    if not tie.changes:
        return _("Their mail goes to one address.")
    entries = entries_of(tie.changes)
    descriptions = [
        (
            _("%(actor)s changed what the group %(holder)s may do on %(day)s (entry %(entry)s)")
            if change.of_group
            else _("%(actor)s made the account of %(holder)s on %(day)s (entry %(entry)s)")
            if ["created", ""] in change.changes
            else _("%(actor)s changed the account of %(holder)s on %(day)s (entry %(entry)s)")
        )
        % {
            "actor": change.user_name,
            "holder": change.holder_name,
            "day": date_label(change.recorded_at),
            "entry": entries.get((str(change.entry_kind), change.pk), "?"),
        }
        for change in tie.changes
    ]
    return get_text_list(descriptions, _("and")) + "."


def _write(check: SecondPersonCheck) -> Written[SecondPersonCheck]:
    written = write_event(check)

    def compose() -> tuple[str, str]:
        body = (
            _(
                "%(user)s tried to decide on what %(asker)s asked for. The two accounts are tied, so it was refused."
            )
            if check.refused
            else _(
                "%(user)s decided on what %(asker)s asked for. The two accounts were tied within the last year."
            )
        )
        names = {"user": check.user_name, "asker": check.asker_name}
        return _("A second person who may be the first"), body % names

    send_mail(
        to=addresses_of(auditors()),
        user=None,
        compose=compose,
        path=reverse("audit:queue", args=["second-person"]),
    )
    return written
