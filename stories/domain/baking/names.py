"""A baked page's headers, in the name of its file: nginx reads them there, and needs no module for it.

nginx can answer with headers that vary from page to page if they are in a variable, and `$realpath_root` is one: the
real name of what a link leads to. So each address is a link, and the file that it leads to is named by the headers.
`deploy/nginx/baked.conf` takes the name apart; what it can't say is not baked.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

# The longest name of a file on Linux, in bytes, less what ".gz" takes.
LONGEST_NAME: Final = 252
# The statuses that nginx can give a file: a page, and the notices of what is withheld, withdrawn or erased.
STATUSES: Final = frozenset({200, 403, 410})

# By content type, the ending of the file, from which nginx makes the content type again.
ENDINGS: Final = {
    "text/html; charset=utf-8": "html",
    "application/atom+xml; charset=utf-8": "atom",
    "application/feed+json; charset=utf-8": "feed",
    "application/json": "json",
    "application/schema+json": "schema",
    "application/xml; charset=utf-8": "xml",
    "text/plain; charset=utf-8": "txt",
    "application/link-format": "links",
    "image/jpeg": "jpeg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/avif": "avif",
}
_PICTURES: Final = frozenset({"jpeg", "png", "webp", "gif", "avif"})

# The headers that are the same on every page: nginx has them as they stand, under their digest.
_COMMON: Final = frozenset(
    {
        "content-security-policy",
        "cross-origin-opener-policy",
        "permissions-policy",
        "referrer-policy",
        "strict-transport-security",
        "x-content-type-options",
        "x-frame-options",
    }
)
# Of those that vary, what the name says as it is, in the order of the name.
_VERBATIM: Final = ("last-modified", "memento-datetime")
_AFTER_LINK: Final = ("access-control-allow-origin", "x-robots-tag")
_OTHERS: Final = frozenset(
    {
        "cache-control",
        "cache-tag",
        "content-disposition",
        "content-length",
        "content-type",
        "date",
        "etag",
        "link",
        "surrogate-key",
    }
)
# What a request's environment names if its page is to be read from the primary database.
READS_PRIMARY: Final = "newsroom.reads_primary"
_KNOWN: Final = _COMMON | _OTHERS | {*_VERBATIM, *_AFTER_LINK}
_IN_NAME: Final = re.compile(r"[ -:<-~]*")
_ETAG: Final = re.compile(r'"([0-9a-f-]{1,64})"')
# Before something goes live, a page says for how many more seconds it is fresh: it can't be a file.
_SOON: Final = re.compile(r"stale-if-error")
_DISPOSITION: Final = re.compile(r'inline; filename="([\w.-]+)"', re.ASCII)
_STORY: Final = re.compile(r"/(?P<room>stories|pages)/(?P<slug>[^/]+)/")


class Unbaked(Exception):
    """This answer can't be a file: the site itself gives it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the site: its address with encoded letters, status, headers and body."""

    address: str
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


def file_name(answer: Answer, *, site_url: str) -> str:
    """Return the name of an answer's file. Raise Unbaked if nginx could not give the same answer from it."""
    headers = {name.lower(): value for name, value in answer.headers}
    if len(headers) != len(answer.headers) or headers.keys() - _KNOWN:
        raise Unbaked("It has headers that nginx does not know.")
    cache_control = headers.get("cache-control", "")
    if answer.status not in STATUSES or "public" not in cache_control:
        raise Unbaked("It is no page for everybody.")
    if _SOON.search(cache_control) and "stale-while-revalidate" not in cache_control:
        raise Unbaked("It is about to change.")
    ending = ENDINGS.get(headers.get("content-type", ""))
    keys = headers.get("surrogate-key", "").split()
    if ending is None or len(keys) > 2 or ",".join(keys) != headers.get("cache-tag", ""):
        raise Unbaked("It is of a kind that nginx does not know.")
    fields = (
        common_digest(answer.headers),
        str(answer.status),
        _mark(answer),
        _within(_ETAG, headers.get("etag", "")),
        cache_control,
        *[*keys, "", ""][:2],
        *(headers.get(name, "") for name in _VERBATIM),
        _link_kind(answer.address, headers, site_url),
        *(headers.get(name, "") for name in _AFTER_LINK),
        _within(_DISPOSITION, headers.get("content-disposition", "")),
    )
    name = f"{';'.join(fields)};.{ending}"
    if (
        not all(_IN_NAME.fullmatch(field) and "/" not in field for field in fields)
        or len(name) > LONGEST_NAME
    ):
        raise Unbaked("Its headers do not fit into a name.")
    return name


def common_digest(headers: Iterable[tuple[str, str]]) -> str:
    """Return the digest of the headers that all pages share, by which nginx knows that its own are the same."""
    common = sorted((name.lower(), value) for name, value in headers if name.lower() in _COMMON)
    return hashlib.sha256("\n".join(f"{name}: {value}" for name, value in common).encode()).hexdigest()[:12]


def is_compressible(name: str) -> bool:
    """Return whether a file of this name gains from being compressed."""
    return name.rpartition(".")[2] not in _PICTURES


def _within(form: re.Pattern[str], value: str) -> str:
    """Return what varies in a header's value; "" if there is none. Raise Unbaked for a value of another form."""
    match = form.fullmatch(value)
    if value and match is None:
        raise Unbaked("A header has another form.")
    return match[1] if match else ""


def _mark(answer: Answer) -> str:
    """Return what differs between any two answers of an address, so that a name is never used again."""
    digest = hashlib.sha256(repr((answer.status, sorted(answer.headers))).encode())
    digest.update(answer.body)
    return digest.hexdigest()[:16]


def _link_kind(address: str, headers: dict[str, str], site_url: str) -> str:
    """Return by which pattern nginx makes the Link header: "" if there is none."""
    if "link" not in headers:
        return ""
    match = _STORY.match(address)
    if match:
        here, slug = f"{site_url}{address}", match["slug"]
        timegate = f'<{site_url}/stories/{slug}/timegate/>; rel="timegate"'
        timemap = f'<{site_url}/stories/{slug}/timemap/>; rel="timemap"; type="application/link-format"'
        memento = f'<{here}>; rel="memento"; datetime="{headers.get("memento-datetime", "")}"'
        patterns = {
            "story": f"{timegate}, {timemap}",
            **{
                f"{kind}-version": f'<{site_url}/{room}/{slug}/>; rel="original", {timegate}, {timemap}, {memento}'
                for kind, room in (("story", "stories"), ("page", "pages"))
            },
        }
        for kind, pattern in patterns.items():
            if headers["link"] == pattern:
                return kind
    raise Unbaked("Its Link has another form.")
