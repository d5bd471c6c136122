"""The language and direction of each part of a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

# Tags of languages whose script runs from right to left.
_RIGHT_TO_LEFT: Final = frozenset("ar arc ckb dv fa he iw ji ks ku pnb ps sd syr ug ur yi".split())
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
_DIRECTIONS: Final = frozenset(("ltr", "rtl", "auto"))


class Directions:
    """The language and direction that the open elements set, where they differ from those around them."""

    def __init__(self, language: str) -> None:
        self._language = _main(language)
        self._direction = "rtl" if self._language in _RIGHT_TO_LEFT else "ltr"
        # What no written element has declared yet.
        self._undeclared: dict[str, str] = {}

    @property
    def attributes(self) -> str:
        """The language and direction that a paragraph has to declare, as attributes."""
        return written(self._undeclared)

    def own(self, element: Any) -> dict[str, str]:
        """Return the language and direction that an element sets, if they differ from those around it."""
        found: dict[str, str] = {}
        language = (element.get("lang") or "").strip()
        if _LANGUAGE.fullmatch(language) and _main(language) != self._language:
            found["lang"] = language
        direction = (element.get("dir") or "").strip().lower()
        if element.tag == "bdi" and not direction:
            direction = "auto"
        if direction in _DIRECTIONS and direction != self._direction:
            found["dir"] = direction
        return found

    def enter(self, own: dict[str, str], *, declared: bool = False) -> Callable[[], None]:
        """Enter an element that sets `own`, and return the function that leaves it.

        `declared`: the element is written with its language and direction.
        """
        before = (self._language, self._direction, self._undeclared)
        undeclared = self._undeclared | own
        self._language = _main(undeclared.get("lang", self._language))
        self._direction = undeclared.get("dir", self._direction)
        self._undeclared = {} if declared else undeclared

        def leave() -> None:
            self._language, self._direction, self._undeclared = before

        return leave

    def enter_words(self, own: dict[str, str]) -> Callable[[], None]:
        """Enter words that set `own` and are written with it, and return the function that leaves them."""
        before = (self._language, self._direction)
        self._language = _main(own.get("lang", self._language))
        self._direction = own.get("dir", self._direction)

        def leave() -> None:
            self._language, self._direction = before

        return leave

    def attributes_of(self, own: dict[str, str]) -> str:
        """Return the attributes for a written element: its own, and those not declared around it."""
        return written(self._undeclared | own)


def written(declared: Mapping[str, str]) -> str:
    """Return a language and a direction as attributes."""
    return "".join(f' {name}="{declared[name]}"' for name in ("lang", "dir") if name in declared)


def _main(language: str) -> str:
    return language.split("-")[0].lower()
