"""Mails with a link that lets somebody do one thing, once: accept an invitation, set a new password.

The outbox's row names the kind of link and the row that it is about. The link itself is made when the mail is sent,
so that neither the database nor its backups hold one that works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from stories.models import OutboxMessage

# In the address after “?”, which Django never logs.
PARAMETER: Final = "link"
_SALT: Final = "stories.mailed-link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a link is about, as it stands now. Once anything of `state` changes, links made before are void."""

    to: str
    subject: str
    body: str
    state: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkKind:
    """A kind of link: its page, by the name of its URL; how long it works; and what it is about, by a row's id.

    `matter` returns None if nobody needs the link any more: then no mail is sent, and older links are void.
    """

    name: str
    page: str
    lifetime: Callable[[], timedelta]
    matter: Callable[[int], Matter | None]


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link that this site has made: the id of its row, and whether it still works."""

    number: int
    is_expired: bool
    is_void: bool

    @property
    def works(self) -> bool:
        return not (self.is_expired or self.is_void)


_kinds: Final[dict[str, LinkKind]] = {}


def register_link(kind: LinkKind) -> LinkKind:
    """Let mails carry links of a kind."""
    _kinds[kind.name] = kind
    return kind


def enqueue_link(kind: LinkKind, number: int) -> None:
    """Enqueue a mail with a link about a row, in the transaction that writes the row."""
    now = timezone.now()
    OutboxMessage.objects.create(
        kind=OutboxMessage.Kind.LINK,
        payload={"link": {"kind": kind.name, "id": number}},
        due_at=now,
        next_try_at=now,
    )


def matter_of(message: OutboxMessage) -> tuple[Matter, str] | None:
    """Return what a waiting mail is about now, with the path of a new link; None if there is no reason for it."""
    link = message.payload["link"]
    kind = _kinds[link["kind"]]
    matter = kind.matter(link["id"])
    return None if matter is None else (matter, _path(kind, link["id"], matter))


def make_link(kind: LinkKind, number: int) -> str | None:
    """Return the whole address of a new link, None if there is no reason for one any more."""
    matter = kind.matter(number)
    return None if matter is None else f"{settings.SITE_URL}{_path(kind, number, matter)}"


def read_link(kind: LinkKind, token: str) -> OpenedLink | None:
    """Return what a link is about; None if this site never made it. Reading a link changes nothing."""
    try:
        stem, signature = token.rsplit("-", 1)
        number, made_at, state = stem.split("-")
        opened, made = base36_to_int(number), base36_to_int(made_at)
    except ValueError:
        return None
    if not any(constant_time_compare(_sign(kind, stem, key), signature) for key in _keys()):
        return None
    matter = kind.matter(opened)
    return OpenedLink(
        opened,
        is_expired=_now() - made > kind.lifetime().total_seconds(),
        is_void=matter is None
        or not any(constant_time_compare(_digest(kind, opened, matter, key), state) for key in _keys()),
    )


def _path(kind: LinkKind, number: int, matter: Matter) -> str:
    key = settings.SECRET_KEY
    stem = f"{int_to_base36(number)}-{int_to_base36(_now())}-{_digest(kind, number, matter, key)}"
    token = f"{stem}-{_sign(kind, stem, key)}"
    return f"{reverse(kind.page)}?{urlencode({PARAMETER: token})}"


def _sign(kind: LinkKind, stem: str, key: str | bytes) -> str:
    return salted_hmac(f"{_SALT}.{kind.name}", stem, secret=key, algorithm="sha256").hexdigest()[:40]


def _digest(kind: LinkKind, number: int, matter: Matter, key: str | bytes) -> str:
    state = repr((number, matter.to, *map(str, matter.state)))
    return salted_hmac(f"{_SALT}.{kind.name}.state", state, secret=key, algorithm="sha256").hexdigest()[:24]


def _keys() -> Iterator[str | bytes]:
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


def _now() -> int:
    return int(timezone.now().timestamp())
