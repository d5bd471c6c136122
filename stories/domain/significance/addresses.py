"""Compare addresses: whether two are equal, or lead readers to the same thing."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from html import unescape
from typing import Final, NamedTuple
from urllib.parse import quote, unquote, urlsplit

# Parameters that track a reader, and do not change the page.
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|yclid|msclkid|twclid|mc_cid|mc_eid|igshid|_ga|_gl|cmpid|ref_src|ref_url|smid)$",
    re.IGNORECASE,
)
_ARCHIVES: Final = frozenset(
    "archive.org archive-it.org archive.ph archive.is archive.today archive.li archive.vn archive.md archive.fo"
    " nationalarchives.gov.uk arquivo.pt webcitation.org loc.gov".split()
)
# An address within an archive's address, at times with a single slash, or without a scheme.
_INNER = re.compile(r"/(?:\d[\d.-]{0,20}\*?|newest|oldest|latest|\*)(?:[a-z]{2}_)?/(?=[^/])(.+)")
_INNER_WHOLE = re.compile(r"[/=](https?(?::|%3A)(?:/|%2F){1,2}.+)", re.IGNORECASE)
# Domains whose subdomains belong to different people, like the domains under "co.uk".
_SHARED: Final = frozenset(
    "github.io gitlab.io blogspot.com wordpress.com tumblr.com substack.com medium.com herokuapp.com netlify.app"
    " vercel.app pages.dev web.app amazonaws.com cloudfront.net wixsite.com weebly.com typepad.com livejournal.com"
    " azurewebsites.net appspot.com wikipedia.org squarespace.com".split()
)
# Sites on which the folder says whose page it is.
_FOLDERS: Final = frozenset(
    "github.com gitlab.com bitbucket.org twitter.com x.com facebook.com instagram.com youtube.com flickr.com"
    " google.com dropbox.com medium.com scribd.com documentcloud.org vimeo.com reddit.com linkedin.com tiktok.com"
    " amazonaws.com raw.githubusercontent.com githubusercontent.com box.com sharepoint.com wikipedia.org".split()
)
_SECOND_LEVEL: Final = frozenset("co com org gov ac net edu gob gouv govt or go ne".split())
_PORTS: Final = {"http": ":80", "https": ":443"}
# Addresses without their scheme.
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_BARE_HOST = re.compile(r"(?:[a-z0-9-]+\.)+(?:com|org|net|gov|edu|mil|int|info)(?:/|$)", re.IGNORECASE)
_FILM = re.compile(
    r"(?:m\.)?youtube(?:-nocookie)?\.com/(?:embed/([\w-]{6,})|watch\?(?:.*&)?v=([\w-]{6,}))|youtu\.be/([\w-]{6,})"
)
_IN_REPOSITORY = re.compile(
    r"(?:github|gitlab)\.com/[^/]+/(?P<name>[^/]+)/(?:-/)?(?:blob|raw|tree)/[^/]+(?P<path>/.+)"
)
_INDEX = re.compile(r"(?:index|default|home)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_FILE = re.compile(r"[^/]+\.(?!html?$|php$|aspx?$|jsp$)[a-z][a-z0-9]{1,4}$", re.IGNORECASE)
_SLUG = re.compile(r"(?=.{10,})[^/]*[^/_-]+[_-][^/_-]+[_-][^/]*$")
# If only a folder was added or removed, a name of two words is enough.
_SHORT_SLUG = re.compile(r"(?=.{10,})[^/_-]{3,}[_-][^/]{3,}$")
# Generic names of folders.
_GENERAL: Final = frozenset(
    "our what we do deliver work works project projects doc docs file files asset assets blog blogs news post posts"
    " story stories article articles page pages resource resources product products service services guide guides"
    " portfolio publication publications library media download downloads upload uploads content archive archives"
    " static public site sites the my all latest item items"
    " team teams author authors people person staff profile profiles bio bios".split()
)
_PARTS_OF_DATE: Final = 3
_LAST_WORDS: Final = 3
_SIZE = re.compile(r"(?:-\d{2,4}x\d{2,4}|@2x|-scaled)(?=\.\w+$)")


# Redirect pages that take the address as a parameter, and count visits.
_SENDS_ON = re.compile(
    r"(?:(?:google\.[a-z.]{2,6}/url|(?:\w+\.)?facebook\.com/l\.php|t\.umblr\.com/redirect|slack-redir\.net/link"
    r"|(?:[\w-]+\.)*safelinks\.protection\.outlook\.com/|youtube\.com/redirect|linkedin\.com/redir/redirect"
    r"|vk\.com/away\.php)\?(?:.*&)?(?:q|u|z|url|to)=|href\.li/\?)(https?(?::|%3A)[^&]+)",
    re.IGNORECASE,
)


class Sameness(IntEnum):
    """How much alike two addresses are to readers."""

    OTHER = 0
    SAME_THING = 1
    SAME_ADDRESS = 2


class _Address(NamedTuple):
    scheme: str
    host: str
    path: str
    query: str
    fragment: str


def plain_address(href: str) -> str:
    """Return an address in normal form, without the differences that do not matter to readers.

    A site's move to https or away from "www" does not matter to its readers, and neither do tracking parameters.
    """
    address = _read(href)
    query = f"?{address.query}" if address.query else ""
    fragment = f"#{address.fragment}" if address.fragment else ""
    if address.host:
        return f"//{address.host}{address.path}{query}{fragment}"
    scheme = f"{address.scheme}:" if address.scheme else ""
    return f"{scheme}{address.path}{query}{fragment}"


def sameness(old: str, new: str) -> Sameness:
    """Return how much alike two addresses of a link are.

    The same thing is: another place on the same page, an archived copy of it, or the same file in another folder of
    the same site.
    """
    if plain_address(old) == plain_address(new):
        return Sameness.SAME_ADDRESS
    before, after = _archived(_read(old)), _archived(_read(new))
    if not _is_web(before) or not _is_web(after):
        return Sameness.OTHER
    if _page(before) == _page(after):
        return Sameness.SAME_THING
    if before.query != after.query:
        return Sameness.OTHER
    if before.host == after.host:
        same = (
            _moved(before, after)
            or _dated_alike(before.path, after.path)
            or _hyphenless(before) == _hyphenless(after)
        )
    else:
        same = before.path == after.path and (
            _one_site(before.host, after.host) or _on_our_site(before, after)
        )
        same = same or _made_folder(before, after) or _made_folder(after, before)
        same = same or _published_from(before, after)
    return Sameness.SAME_THING if same else Sameness.OTHER


def same_picture(old: str, new: str) -> bool:
    """Return whether two addresses of a picture name one file, wherever it is stored."""
    if sameness(old, new) is not Sameness.OTHER:
        return True
    before, after = (_read(address)._replace(query="", fragment="") for address in (old, new))
    names = [_SIZE.sub("", address.path.rpartition("/")[2]).casefold() for address in (before, after)]
    if not names[0] or names[0] != names[1] or not _agree(before.path, after.path):
        return False
    # Default names of cameras and programs do not identify a picture on another site.
    distinctive = re.search(
        r"[a-z]{3}", re.sub(r"\.\w+$|image|img|dsc|photo|picture|screen|shot|untitled", "", names[0])
    )
    return bool(distinctive) or not (before.host and after.host) or _one_site(before.host, after.host)


def is_within_page(href: str) -> bool:
    """Return whether a link leads to another place on its own page, as a footnote's does."""
    address = _read(href)
    return not (address.host or address.path or address.query) and bool(address.fragment)


@lru_cache(maxsize=1024)
def _read(href: str) -> _Address:
    text = unescape(unescape(href)).strip()
    if _MAIL.fullmatch(text):
        text = f"mailto:{text}"
    elif _BARE_HOST.match(text):
        text = f"//{text}"
    try:
        parts = urlsplit(text)
    except ValueError:
        return _Address("", "", text, "", "")
    scheme = parts.scheme.lower()
    if scheme not in ("", "http", "https"):
        return _Address(
            scheme, "", parts.path.lower() if scheme == "mailto" else text[len(scheme) + 1 :], "", ""
        )
    host = parts.netloc.lower().rpartition("@")[2].removesuffix(_PORTS.get(scheme, "#")).rstrip(".")
    host = host.removeprefix("www.")
    sent_on = _SENDS_ON.match(f"{host}{parts.path}?{parts.query}")
    if sent_on:
        return _read(unquote(sent_on[1]))
    film = _FILM.match(f"{host}{parts.path}?{parts.query}")
    if film:
        return _Address("", "youtube.com", "/watch", f"v={film[film.lastindex or 1]}", "")
    path = _INDEX.sub("", _spelled(parts.path)).rstrip("/")
    query = "&".join(sorted(_spelled(part) for part in parts.query.split("&") if part and not _tracks(part)))
    fragment = _spelled(parts.fragment.partition(":~:")[0])
    return _Address("", host, path, query, fragment)


def _tracks(parameter: str) -> bool:
    return _TRACKING.match(parameter.partition("=")[0]) is not None


def _spelled(text: str) -> str:
    """Return a part of an address with its percent-encoding normalised."""
    parts = re.split(r"(%(?:2[35F6B]|3[BDF]|40))", text, flags=re.IGNORECASE)
    return "".join(
        part.upper() if number % 2 else quote(unquote(part), safe="/:@!$&'()*+,;=~?-._|")
        for number, part in enumerate(parts)
    )


def _archived(address: _Address) -> _Address:
    """Return the address that an archive's address is a copy of; any other address unchanged."""
    site = _site(address.host)
    if site not in _ARCHIVES and address.host not in _ARCHIVES:
        return address
    whole = unquote(address.path + (f"?{address.query}" if address.query else ""))
    found = _INNER_WHOLE.search(whole) or _INNER.search(whole)
    if not found:
        return address
    inner = re.sub(r"^https?:/{1,2}", "//", found[1], flags=re.IGNORECASE)
    fragment = f"#{address.fragment}" if address.fragment else ""
    return _read((inner if inner.startswith("//") else f"//{inner}") + fragment)


def _is_web(address: _Address) -> bool:
    """Return whether an address leads to a page; "#/here" and "#!here" do, although they look like fragments."""
    return not address.scheme and bool(address.host or address.path or address.query or address.fragment)


def _page(address: _Address) -> _Address:
    return address if address.fragment[:1] in ("!", "/") else address._replace(fragment="")


def _site(host: str) -> str:
    labels = host.split(".")
    size = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-size:])


def _one_site(old: str, new: str) -> bool:
    if old == new:
        return True
    if not old or not new:
        return False
    if _site(old) == _site(new):
        return _site(old) not in _SHARED
    if _moved_into_government(old, new):
        return True
    # A government's archive of its predecessor's site has that site's name.
    name = _site(old).partition(".")[0]
    return _site(new) in ("archives.gov", "archive.gov") and len(name) > 4 and name in new.partition(".")[0]


def _moved_into_government(old: str, new: str) -> bool:
    """Return whether a site kept its first label under domains that only a government assigns."""
    given = (".gov", ".mil")
    return (
        new.endswith(given)
        and (old.endswith(given) or _site(old) in _SHARED)
        and old.count(".") > 1
        and new.count(".") > 1
        and old.partition(".")[0] == new.partition(".")[0]
    )


def _made_folder(part: _Address, whole: _Address) -> bool:
    """Return whether a subdomain of a site became a folder of that site ("guide.a.example")."""
    name, _, _ = part.host.partition(".")
    return (
        part.host != _site(part.host) == _site(whole.host)
        and _site(part.host) not in _SHARED
        and whole.path == f"/{name}{part.path}"
        and part.fragment == whole.fragment
    )


def _published_from(old: _Address, new: _Address) -> bool:
    """Return whether a link to a file in a site's source repository became a link to that file on the site."""
    repository_file = _IN_REPOSITORY.match(f"{old.host}{old.path}")
    return bool(
        repository_file
        and new.host
        and repository_file["name"].lower() == new.host
        and repository_file["path"] == new.path
    )


def _on_our_site(old: _Address, new: _Address) -> bool:
    """Return whether a path is unchanged, and its host was removed, being ours, or was added.

    A path without a host leads to our own site; one that gets a host must be unique to its page.
    """
    if new.host or not old.host:
        name = old.path.rpartition("/")[2]
        return bool(new.host and not old.host and (_FILE.match(name) or _SLUG.match(name)))
    return bool(new.path)


def _hyphenless(address: _Address) -> tuple[str, str]:
    """Return the path and fragment regardless of how words are separated: "/AnnualReport", "/annual-report"."""
    return re.sub(r"(?<!\d)[-_]|[-_](?!\d)", "", address.path).casefold(), address.fragment


def _moved(old: _Address, new: _Address) -> bool:
    """Return whether two paths of one site end in the same file, or the same name of a page."""
    name = old.path.rpartition("/")[2]
    if not name or name.casefold() != new.path.rpartition("/")[2].casefold() or old.fragment != new.fragment:
        return False
    if _site(old.host) in _FOLDERS or old.host in _FOLDERS:
        return False
    nested = old.path.endswith(new.path) or new.path.endswith(old.path)
    distinctive = _FILE.match(name) or _SLUG.match(name) or (nested and _SHORT_SLUG.match(name))
    general = not name.isdigit() and _folders_are_generic(old.path, new.path)
    return (bool(distinctive) or general) and _agree(old.path, new.path)


def _folders_are_generic(old: str, new: str) -> bool:
    """Return whether the paths differ in a single folder, and both of its names are generic."""
    pairs = list(zip(old.split("/")[:-1], new.split("/")[:-1], strict=False))
    others = [name for pair in pairs if pair[0] != pair[1] for name in pair]
    return (
        old.count("/") == new.count("/")
        and len(others) == 2
        and (all(part in _GENERAL for name in others for part in re.split("[_-]", name)))
    )


def _dated_alike(old: str, new: str) -> bool:
    """Return whether two paths begin alike, have one date, and end in the same three words."""
    before, after = ([part for part in re.split(r"[/_-]", path) if part] for path in (old, new))
    dates, dates_now = ([part for part in parts if part.isdigit()] for parts in (before, after))
    names, names_now = ([part for part in parts if not part.isdigit()] for parts in (before, after))
    return (
        dates == dates_now
        and len(dates) >= _PARTS_OF_DATE
        and min(len(names), len(names_now)) > _LAST_WORDS
        and (names[0], names[-_LAST_WORDS:]) == (names_now[0], names_now[-_LAST_WORDS:])
    )


def _agree(old: str, new: str) -> bool:
    """Return whether two paths have no differing years, numbers or languages: another year's file is another file."""
    for pattern in (r"\d+", r"(?<=/)[a-z]{2}(?=/)"):
        before, after = (re.findall(pattern, path.rpartition("/")[0] + "/") for path in (old, new))
        if before and after and before != after:
            return False
    return True
