"""A real browser for tests: Chromium as the system has it, driven by Playwright.

A test that takes the `page` fixture fails if the page logs an error, throws one, or asks any host but ours.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    CDPSession,
    ConsoleMessage,
    Error,
    Page,
    Request,
    expect,
    sync_playwright,
)
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from stories.models import User

# The first is Chromium without the windows and menus that nobody sees here, which take a third of its time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
MISSING = (
    "No Chromium was found. Install one (Debian: apt-get install chromium; macOS: brew install --cask "
    "google-chrome), or let CHROMIUM name its program."
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Requests to other hosts never leave this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
# The timeout for a page in milliseconds. With two workers and two browsers on two processors, slow is not wrong.
PATIENCE = 60_000
_TO_THE_EYE = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
WCAG = frozenset({"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"})


def find_chromium() -> str | None:
    """Return the path of the browser's program, None if there is none."""
    if named := os.environ.get("CHROMIUM"):
        return named
    found = [path for name in NAMES if (path := shutil.which(name))]
    found += [path for path in MAC_APPS if Path(path).exists()]
    return found[0] if found else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = find_chromium()
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread: Django would refuse every query of the test itself.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Provide a fresh window on the live server, with relative addresses; its errors fail the test."""
    with _window(browser, live_server.url, request) as page:
        yield page


@pytest.fixture
def page_by_name(
    browser: Browser, live_server: LiveServer, settings: Settings, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """Provide such a window at an address with a name, which is the site's: without one there are no passkeys."""
    settings.SITE_URL = live_server.url.replace("127.0.0.1", "localhost")
    with _window(browser, settings.SITE_URL, request) as page:
        yield page


@contextmanager
def _window(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    ours = urlsplit(address).netloc
    refused = [mark.args[0] for mark in request.node.iter_markers("browser_refuses")]
    faults: list[str] = []

    def on_console_message(message: ConsoleMessage) -> None:
        # Chromium requests a default icon if a page names none.
        place = message.location["url"]
        if any(text in message.text for text in refused):
            return
        if message.type == "error" and not place.endswith("/favicon.ico"):
            faults.append(f"The console says of {place}: {message.text}")

    def on_page_error(error: Error) -> None:
        faults.append(f"A script failed: {error}")

    def on_request(sent: Request) -> None:
        address = urlsplit(sent.url)
        if address.scheme not in ("data", "blob", "about") and address.netloc != ours:
            faults.append(f"The page asked another host: {sent.url}")

    context = browser.new_context(base_url=address, locale="en-US", timezone_id="UTC")
    context.set_default_timeout(PATIENCE)
    context.on("console", on_console_message)
    context.on("request", on_request)
    page = context.new_page()
    page.on("pageerror", on_page_error)
    yield page
    context.close()
    assert not faults, "\n".join(faults)


def give_authenticator(page: Page) -> CDPSession:
    """Give the page's window a device with passkeys that recognises its owner, and answers at once."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def sign_in(page: Page, live_server: LiveServer, user: User) -> None:
    """Sign the page's window in as the user."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )


def barriers(page: Page, *, within: str = "html") -> list[str]:
    """Return what axe-core finds against WCAG 2.2 AA on the page as it is now, one line each."""
    return _lines(_found(page, within=within, tags=sorted(WCAG)))


def every_barrier(page: Page) -> list[str]:
    """Return what axe-core finds on the page by any of its rules, including best practices and target sizes."""
    return _lines(_found(page, rules={"target-size": {"enabled": True}}))


def visual_barriers(page: Page) -> list[str]:
    """Return the findings that depend on colours and on the width of the window."""
    return _lines(_found(page, only=_TO_THE_EYE))


# A rule of the page's own could keep a style element out, but not this. What is folded away is animated only once it
# is looked at, so that nothing that runs by now can be waited for instead.
_COME_TO_REST = """() => {
  const still = new CSSStyleSheet();
  still.replaceSync("*, ::before, ::after, ::backdrop { transition: none !important; animation: none !important }");
  document.adoptedStyleSheets.push(still);
  for (const animation of document.getAnimations()) animation.cancel();
}"""
# A whole answer would hold every element that is well, several megabytes of a long page.
_ASK = """async ([within, options]) => (await axe.run(within, options)).violations.map(
  ({ id, help, nodes }) => ({ id, help, targets: nodes.map((node) => String(node.target[0])) })
)"""


def finish_animations(page: Page) -> None:
    """Set every colour and position of the page to the end of its transition."""
    page.evaluate(_COME_TO_REST)


def _found(
    page: Page,
    *,
    within: str = "html",
    tags: Iterable[str] = (),
    only: Iterable[str] = (),
    rules: dict[str, Any] | None = None,
) -> list[dict[str, Any]]:
    finish_animations(page)
    # What axe-core would fetch ahead it looks for beside the page, also what a style sheet of another folder imports.
    options: dict[str, Any] = {"resultTypes": ["violations"], "rules": rules or {}, "preload": False}
    if tags:
        options["runOnly"] = {"type": "tag", "values": list(tags)}
    if only:
        options["runOnly"] = {"type": "rule", "values": list(only)}
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text())
    with _whole_page_in_window(page):
        found: list[dict[str, Any]] = page.evaluate(_ASK, [within, options])
    return found


@contextmanager
def _whole_page_in_window(page: Page) -> Iterator[None]:
    """Enlarge the window: axe-core does not scroll to what lies under a sticky bar."""
    window = page.viewport_size
    assert window is not None
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": window["width"], "height": max(window["height"], height)})
    yield
    page.set_viewport_size(window)


def _lines(violations: list[dict[str, Any]]) -> list[str]:
    return [
        f"{violation['id']}: {violation['help']} at {target}"
        for violation in violations
        for target in violation["targets"]
    ]
