"""Visit the pages of a site section and report their problems, at three widths, in light and dark colours."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from django.urls import URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Page

from tests.browser import every_barrier, visual_barriers

WIDTHS = (1280, 390, 320)
SCHEMES = ("light", "dark")
# Each width, and each scheme. What no colour and no width changes is looked for once; with AXE=all every rule is asked
# for at every width in either scheme, which takes several times as long.
WINDOWS = (
    [(width, scheme, every_barrier) for width in WIDTHS for scheme in SCHEMES]
    if os.environ.get("AXE") == "all"
    else [
        (1280, "light", every_barrier),
        (390, "dark", visual_barriers),
        (320, "light", visual_barriers),
    ]
)


class Walk:
    """A person on their way through pages, who notes the problems of each, and the names of those seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: list[str] = []
        self.seen: set[str] = set()

    def to(self, address: str, *, status: int = 200) -> None:
        """Open a page, and check it."""
        if status != 200:
            # The console counts every 403, 404 and 410 as a fault of the page that is answered.
            self.page.route(
                f"**{address}", lambda route: route.fulfill(response=route.fetch(), status=200), times=1
            )
        response = self.page.goto(address)
        assert response is not None
        assert response.status == 200, address
        # Whoever may not open it would be redirected to the sign-in page.
        assert urlsplit(self.page.url).path == urlsplit(address).path, address
        if status == 200:
            self.seen.add(resolve(urlsplit(address).path).view_name)
        self.look(address)

    def look(self, where: str) -> None:
        """Run axe-core in each window; the page is loaded once."""
        for width, scheme, barriers in WINDOWS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            shown = f"{where} ({width}, {scheme})"
            self.found += [f"{shown}: {barrier}" for barrier in barriers(self.page)]
            wider = self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if wider > 0:
                self.found.append(f"{shown}: is {wider} pixels too wide")


def names_under(*namespaces: str) -> set[str]:
    """Return the names of all addresses of some sections, such as `public:story`, from the URL configuration."""
    return {name for name in _names(get_resolver(), "") if name.partition(":")[0] in namespaces}


def names_without(addresses: Iterable[str], *namespaces: str) -> set[str]:
    """Return the names of the addresses of some sections of which a list has no example."""
    found = {resolve(urlsplit(address).path).view_name for address in addresses}
    return names_under(*namespaces) - found


def _names(resolver: URLResolver, before: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            if each.name:
                yield f"{before}{each.name}"
        else:
            yield from _names(each, f"{before}{each.namespace}:" if each.namespace else before)
