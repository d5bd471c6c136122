"""Prove that the record is complete and unchanged, or report what is not. Import from here."""

from stories.queries.verification.findings import Finding, Kind
from stories.queries.verification.ledger.erasures import ErasureFound
from stories.queries.verification.ledger.restorations import RestorationFound, listed_restorations
from stories.queries.verification.ledger.saved_heads import Head, UnreadableHeads, read_heads
from stories.queries.verification.report import MOST_LISTED, MOST_STORED, Report
from stories.queries.verification.run import Verification, broken_off

__all__ = [
    "MOST_LISTED",
    "MOST_STORED",
    "ErasureFound",
    "Finding",
    "Head",
    "Kind",
    "Report",
    "RestorationFound",
    "UnreadableHeads",
    "Verification",
    "broken_off",
    "listed_restorations",
    "read_heads",
]
