"""Proof that the record is whole, or the names of what does not hold. Import from here."""

from stories.queries.verification.erasures import ErasureFound
from stories.queries.verification.findings import Finding, Kind
from stories.queries.verification.report import MOST_KEPT, MOST_TOLD, Report
from stories.queries.verification.run import Verification, broken_off
from stories.queries.verification.saved_heads import Head, UnreadableHeads, read_heads

__all__ = [
    "MOST_KEPT",
    "MOST_TOLD",
    "ErasureFound",
    "Finding",
    "Head",
    "Kind",
    "Report",
    "UnreadableHeads",
    "Verification",
    "broken_off",
    "read_heads",
]
