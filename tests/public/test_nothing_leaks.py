"""A reader who follows every link, and guesses every address, finds nothing that is the newsroom's own."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client

from stories.actions.cancel import cancel
from stories.actions.keep_desk_record import keep_desk_record
from stories.actions.log_attempt import log_attempt
from stories.actions.set_embargo import set_embargo
from stories.domain.snapshot import NoteKind
from stories.queries.snapshots import working_snapshot
from tests.factories import (
    begin,
    byline,
    change,
    go_live,
    make_author,
    make_section,
    minutes,
    note,
    quote,
    request,
    text,
    wanted,
)

pytestmark = pytest.mark.django_db

# Every secret holds this word, so that whatever leaks is found.
MARKER = "Xyzzy"
GUESSED = [
    f"/stories/{slug}/{below}"
    for slug in ("open-story", "draft", "scheduled", "xyzzy-slug", "cancelled")
    for below in (
        "",
        "versions/",
        *(f"versions/{number}/" for number in range(7)),
        *(f"compare/{old}...{new}/" for old in range(5) for new in range(old + 1, 6)),
        "compare/?from=1&to=4",
    )
]


def make_secrets(user: User) -> None:
    open_request, hidden = request("Corvid Systems"), request(f"{MARKER} hidden party", shown=False)
    article = begin(
        wanted(
            "An open story",
            text("<p>Open words.</p>"),
            slug="open-story",
            section=make_section().pk,
            bylines=(byline(make_author()),),
            comment_requests=(open_request, hidden),
        ),
        user=user,
    )
    go_live(article, user=user, at=minutes(10))
    change(
        article,
        user=user,
        at=minutes(15),
        dek=f"{MARKER} draft between versions",
        reason=f"{MARKER} draft why",
    )
    change(article, user=user, at=minutes(20), dek="An open dek", reason=f"{MARKER} why")
    go_live(article, user=user, at=minutes(20), publication_class="minor", reason=f"{MARKER} minor reason")
    correction = note("An open correction.", NoteKind.CORRECTION)
    change(article, user=user, at=minutes(30), update_notes=(correction,), reason=f"{MARKER} why")
    go_live(article, user=user, at=minutes(30), reason=f"{MARKER} reason of a note")
    change(article, user=user, at=minutes(40), dek="A dek overridden", reason=f"{MARKER} why")
    go_live(article, user=user, at=minutes(40), publication_class="override", reason=f"{MARKER} override")
    record = keep_desk_record(
        article=article,
        request_key=open_request.key,
        user=user,
        contact=f"{MARKER} press office",
        statement=f"{MARKER} statement not placed yet",
    )
    log_attempt(
        record=record,
        user=user,
        at=minutes(41),
        channel="phone",
        terms="background",
        summary=f"{MARKER} call",
    )
    draft = working_snapshot(article)
    change(
        article,
        user=user,
        at=minutes(50),
        slug="xyzzy-slug",
        headline=f"{MARKER} headline",
        section=make_section("xyzzy", f"{MARKER} section").pk,
        bylines=(byline(make_author("xyzzy", f"{MARKER} author")),),
        blocks=(*draft.blocks, quote(speaker=f"{MARKER} speaker")),
        update_notes=(*draft.update_notes, note(f"{MARKER} note", NoteKind.CORRECTION)),
        comment_requests=(*draft.comment_requests, request(f"{MARKER} party")),
    )
    go_live(article, user=user, at=minutes(55), live_from=minutes(700))
    begin(wanted(f"{MARKER} draft story", slug="draft"), user=user)
    scheduled = begin(wanted(f"{MARKER} scheduled story", slug="scheduled"), user=user)
    go_live(scheduled, user=user, live_from=minutes(700))
    cancelled = begin(wanted(f"{MARKER} cancelled story", slug="cancelled"), user=user)
    publication = go_live(cancelled, user=user, live_from=minutes(300))
    cancel(publication=publication, user=user, reason=f"{MARKER} cancelled", at=minutes(200))
    embargoed = begin(wanted("Under embargo", slug="embargoed"), user=user)
    set_embargo(article=embargoed, until=minutes(900), user=user, reason=f"{MARKER} promise", at=minutes(60))


def links(html: str) -> list[str]:
    found = re.findall(r'(?:href|src|action|content)="([^"]+)"', html)
    return [
        address.replace("&amp;", "&") for address in found if urlsplit(address).netloc in ("", "testserver")
    ]


def test_no_secret_is_found_at_any_address(client: Client, maya: User) -> None:
    make_secrets(maya)
    waiting = ["/", "/corrections/", "/section/xyzzy/", "/author/xyzzy/", "/healthz", *GUESSED]
    seen: dict[str, int] = {}
    while waiting:
        address = waiting.pop()
        path = urlsplit(address).path
        if address in seen or not path.startswith("/") or path.startswith(("/static/", "/admin/")):
            continue
        response = client.get(address)
        seen[address] = response.status_code
        told = response.content.decode() + "".join(f"{name}: {value}\n" for name, value in response.items())
        # The address asked for holds a guess; what is answered must not hold the secret itself.
        assert MARKER not in told, address
        assert "xyzzy" not in told, address
        for secret in (maya.username, maya.get_full_name()):
            assert secret not in told, f"{secret} at {address}"
        if "Location" in response:
            waiting.append(response["Location"])
        if response["Content-Type"].startswith("text/html"):
            waiting += links(response.content.decode())
    assert seen["/stories/open-story/"] == 200
    assert seen["/stories/open-story/versions/4/"] == 200
    assert seen["/stories/open-story/compare/1...4/"] == 200
    assert seen["/stories/open-story/versions/5/"] == 404
    assert {seen[address] for address in GUESSED if "/open-story/" not in address} == {404}


def test_a_secret_that_goes_live_is_one_no_more(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the test above could pass by finding nothing anywhere."""
    make_secrets(maya)
    client.get("/stories/open-story/")
    monkeypatch.setattr("django.utils.timezone.now", lambda: minutes(701))
    assert client.get("/stories/open-story/").status_code == 301
    assert f"{MARKER} headline" in client.get("/stories/xyzzy-slug/").content.decode()
    assert f"{MARKER} scheduled story" in client.get("/stories/scheduled/").content.decode()
    assert f"{MARKER} hidden party" not in client.get("/stories/xyzzy-slug/").content.decode()
