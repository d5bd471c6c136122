"""No page leads to what its reader may not open: every link of every page that a person of each role can come to."""

from __future__ import annotations

from collections import Counter, deque
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import resolve
from lxml import html

from stories.management.demo import DemoDesk, load_demo, make_people
from stories.models import User
from tests.factories import MORNING, make_user, minutes, signed_in
from tests.journeys.conftest import Clock

# How many pages of one URL name are opened: the ledger's tenth entry is like its first.
OPENED, READ = 8, 3


@pytest.fixture
def people(clock: Clock, db: None) -> dict[str, User]:
    people = make_people()
    load_demo(DemoDesk(now=MORNING, **people))
    clock.now = minutes(1)
    chief = make_user(None, name="head", is_superuser=True, is_staff=True)
    return {**people, "chief": chief}


@pytest.mark.parametrize("name", ["rosa", "emil", "maya", "aldo", "oda", "chief"])
def test_no_page_links_to_what_its_reader_may_not_open(people: dict[str, User], name: str) -> None:
    found = closed_links(signed_in(people[name]), "/admin/")
    assert not found, "\n".join(found)


def test_no_page_links_a_reader_to_what_is_not_there(people: dict[str, User], client: Client) -> None:
    # A withdrawn story has a notice at its address, to which lists of corrections still link.
    found = closed_links(client, "/")
    assert not found, "\n".join(found)


def closed_links(client: Client, start: str) -> list[str]:
    """Return the links that are answered with 400 or above, each with a page that has it."""
    seen, opened, read = {start}, Counter[str](), Counter[str]()
    closed: list[str] = []
    waiting = deque([(start, "the beginning")])
    while waiting:
        address, stands_on = waiting.popleft()
        response = client.get(address, follow=True)
        if response.status_code >= 400:
            closed.append(f"{address} on {stands_on}: {response.status_code}")
            continue
        name = resolve(urlsplit(address).path).view_name
        read[name] += 1
        if read[name] > READ or not response.get("Content-Type", "").startswith("text/html"):
            continue
        # After a redirect, the links are the other page's.
        here = response.redirect_chain[-1][0] if response.redirect_chain else address
        for link in links_of(response.content, here):
            name = resolve(urlsplit(link).path).view_name
            if link not in seen and opened[name] < OPENED:
                seen.add(link)
                opened[name] += 1
                waiting.append((link, here))
    return closed


def links_of(content: bytes, address: str) -> list[str]:
    """Return the targets of a page's links on this site."""
    page = html.fromstring(content)
    targets = [urldefrag(urljoin(address, target)).url for target in page.xpath("//a/@href")]
    return [target for target in targets if not urlsplit(target).netloc and target.startswith("/")]
