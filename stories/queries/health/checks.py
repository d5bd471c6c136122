"""The result of a check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """What was checked, what was found, and what to do about it. No sentence holds a password or words of a story."""

    name: str
    state: State
    found: str
    remedy: str = ""


def ok(name: str, found: str) -> Check:
    return Check(name, State.OK, found)


def warning(name: str, found: str, remedy: str) -> Check:
    return Check(name, State.WARNING, found, remedy)


def wrong(name: str, found: str, remedy: str) -> Check:
    return Check(name, State.WRONG, found, remedy)
