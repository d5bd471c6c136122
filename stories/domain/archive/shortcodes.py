"""Markup in square brackets, which occurs within HTML: WordPress's (https://codex.wordpress.org/Shortcode), and the
pictures of Drupal 7.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_CAPTION: Final = re.compile(
    r"""\[((?:wp_)?caption)(?=[\s\]])(?:((?:[^\[\]"']|"[^"]{0,1000}"|'[^']{0,1000}'){0,1000})\]|([^\[\]]{0,1000})\])"""
)
_GIVEN = re.compile(r"""\bcaption\s*=\s*(?:"([^"]*)"|'([^']*)')""")
# A picture with the link around it; what follows is its caption.
_PICTURE = re.compile(r"\s*(?:<a\s[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?", re.IGNORECASE)
_PLAYER = re.compile(r"\[(gallery|playlist|audio|video)((?:\s[^\[\]]{0,1000})?)\](?:\[/\1\])?")
_EMBED = re.compile(r"\[embed(?:\s[^\[\]]{0,1000})?\]\s*(https?://[^\s\[\]]{1,1000})\s*\[/embed\]")
_PAGE = re.compile(
    r"\[(?:dailymotion|facebook|googlemaps|instagram|soundcloud|ted|tiktok|tweet|vimeo|youtube)[\s=]"
    r"""\s*(?:url\s*=\s*)?["']?(https?://[^\s"'\[\]]{1,1000})[^\[\]]{0,1000}\]"""
)
_MEDIA = re.compile(r"\[\[\{[^\n]{0,4000}?\}\]\]")
_FILE = re.compile(
    r"""(?:\b(?:src|mp3|m4a|ogg|wav|mp4|m4v|webm|ogv|flv)\s*=\s*["']?|^\s)(https?://[^\s"'\[\]]+)"""
)
_ANY = re.compile(rf"{_PLAYER.pattern}|{_EMBED.pattern}|{_PAGE.pattern}|(?P<media>{_MEDIA.pattern})")


def with_figures(html: str) -> str:
    """Return the HTML with each [caption] around a picture turned into a figure with a caption."""
    if "[caption" not in html and "[wp_caption" not in html:
        return html
    return "".join(_with_figures(html))


def _with_figures(html: str) -> Iterator[str]:
    done = 0
    never_closed: set[str] = set()
    for match in _CAPTION.finditer(html):
        if match.start() < done or match[1] in never_closed:
            continue
        closing = f"[/{match[1]}]"
        end = html.find(closing, match.end())
        if end < 0:
            never_closed.add(match[1])
            continue
        picture = _PICTURE.match(html, match.end(), end)
        if picture is None:
            # Without a picture it is text about captions.
            continue
        given = _GIVEN.search(match[2] or match[3] or "")
        words = html[picture.end() : end].strip() or ((given[1] or given[2] or "") if given else "")
        yield html[done : match.start()]
        yield f"<figure>{picture[0]}<figcaption>{words}</figcaption></figure>"
        done = end + len(closing)
    yield html[done:]


def pieces(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield a text's pieces in order, as (words, "", "") or ("", shortcode, the address that it shows or "").

    A shortcode's name in brackets without its parameters counts as words.
    """
    done = 0
    for match in _ANY.finditer(text):
        name = match[1] or ("media" if match["media"] else "embed")
        given, address = match[2] or "", match[3] or match[4] or ""
        file = _FILE.search(given)
        if name in ("audio", "video") and file is None:
            continue
        if name in ("gallery", "playlist") and "=" not in given and text.strip() != match[0]:
            continue
        if match.start() > done:
            yield text[done : match.start()], "", ""
        yield "", f"[{name}]", address or (file[1] if file else "")
        done = match.end()
    if done < len(text):
        yield text[done:], "", ""
