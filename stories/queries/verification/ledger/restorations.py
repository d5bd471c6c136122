"""Check whether the database is an older copy, and list the older copies that were accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from stories.domain.ledger import GENESIS
from stories.models import LedgerEntry, Restoration
from stories.queries.ledger.published_heads import head_file, ledger_state, lost_head, read_head_file
from stories.queries.verification.findings import Finding, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorationFound:
    """An older copy that was accepted: by which entry, when, by whom; what it ended with, and what it lacks."""

    sequence: int
    day: str
    by: str
    kept: int
    lost: int
    lost_digest: str

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return asdict(self)

    def sentence(self) -> str:
        """Return it as a sentence."""
        values = {name: str(value) for name, value in asdict(self).items()}
        values["gone"] = str(self.lost - self.kept)
        sentence = (
            _(
                "Entry %(sequence)s of %(day)s, by %(by)s: an older copy that ends with entry %(kept)s was accepted, "
                "and %(gone)s published entries up to %(lost)s (%(lost_digest)s) are gone."
            )
            if self.lost > self.kept
            else _(
                "Entry %(sequence)s of %(day)s, by %(by)s: another copy that ends with entry %(kept)s was accepted, "
                "and the published entry %(lost)s (%(lost_digest)s) is gone."
            )
        )
        return sentence % values


def listed_restorations() -> list[RestorationFound]:
    """Return the older copies that were accepted, oldest first. One query."""
    return [
        RestorationFound(
            # `check_restorations` proves that the entry follows the one that was kept.
            sequence=each.kept_sequence + 1,
            day=f"{each.recorded_at:%Y-%m-%d}",
            by=each.user_name,
            kept=each.kept_sequence,
            lost=each.lost_sequence,
            lost_digest=each.lost_digest,
        )
        for each in Restoration.objects.order_by("pk")
    ]


def check_restorations() -> Iterator[Finding]:
    """Find acceptances that name another entry than the one before theirs, or whose generations do not rise.

    One query, and one for each.
    """
    generation = 0
    for each in Restoration.objects.order_by("pk"):
        kept = (
            LedgerEntry.objects.filter(sequence=each.kept_sequence).values_list("digest", flat=True).first()
        )
        own = LedgerEntry.objects.filter(
            sequence=each.kept_sequence + 1, kind=each.entry_kind, event_id=each.pk
        )
        if bytes(kept or GENESIS).hex() != each.kept_digest or not own.exists():
            yield _finding(each, "does not follow the entry that it says the copy ended with.")
        if each.generation <= generation:
            yield _finding(each, "does not have a greater generation than the one before.")
        generation = each.generation


def check_published_head() -> Iterator[Finding]:
    """Find that the database lacks the newest head that was published, or that its file can't be read.

    Not inside the view of the rest: the file goes on with the site. Four queries at most.
    """
    state = ledger_state() if settings.LEDGER_HEADS else None
    if state is None:
        return
    try:
        read_head_file(state.name)
    except (OSError, ValueError) as error:
        yield Finding(
            None,
            Kind.PUBLISHED_HEAD,
            f"The newest published head can’t be read from {head_file(state.name)} ({type(error).__name__}).",
        )
    lost = lost_head()
    if lost is not None:
        what = (
            f"the database is behind: it ends with entry {state.head.sequence}"
            if state.head.sequence < lost.sequence
            else "the database has another entry there, or goes on from an older copy than was accepted"
        )
        yield Finding(lost.sequence, Kind.PUBLISHED_HEAD, f"it was published as {lost.digest}, and {what}.")


def _finding(restoration: Restoration, what: str) -> Finding:
    return Finding(
        restoration.kept_sequence + 1,
        Kind.RESTORATION,
        f"the acceptance of an older copy (row {restoration.pk} of stories_restoration) {what}",
    )
