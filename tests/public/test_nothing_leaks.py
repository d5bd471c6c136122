"""A reader who follows every link, and guesses every address, finds nothing that is the newsroom's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from stories.actions.comment_desk.desk_records import decide_terms, log_attempt, save_desk_record
from stories.actions.comment_desk.outcomes import PartyAnswer, receive_answer
from stories.actions.editing.assignments import assign
from stories.actions.editing.drafts import discard
from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.developing_mode import start_developing
from stories.actions.publishing.embargoes import set_embargo
from stories.actions.publishing.fix import fix
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.domain.snapshot import NoteKind
from stories.models import ContactAttempt, DeskRecord, OldAddress, Publication, Revision, User
from stories.models.roles import REPORTER
from stories.public.urls import urlpatterns
from stories.queries.publishing.versions import live_publication
from stories.queries.story.snapshots import snapshot_at, working_snapshot
from tests.factories import (
    begin,
    byline,
    change,
    go_live,
    make_author,
    make_section,
    make_user,
    minutes,
    note,
    quote,
    request,
    text,
    wanted,
)
from tests.public.stories import stood_at

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

# Every secret contains this word, so that any leak is found.
MARKER = "Xyzzy"
# Stories that are withdrawn, by their slugs; and others that are live, or never were.
TAKEN_DOWN = ("taken-down", "taken-down-anew")
NEWER = ("developing", "brought-back", "fixed", "discarded")
# The values of each part of an address that a reader might guess.
SLUGS = (
    "open-story",
    "draft",
    "scheduled",
    "xyzzy-slug",
    "cancelled",
    "embargoed",
    "xyzzy",
    "xyzzy-down",
    "technology",
    *TAKEN_DOWN,
    *NEWER,
)
GUESSES: dict[str, Sequence[object]] = {
    "slug": SLUGS,
    "number": (0, 1, 4, 5),
    "old": (1, 3),
    "new": (4, 5),
    "address": [f"http://testserver/stories/{slug}/" for slug in SLUGS],
    "digest": ["ab" * 32],
    "width": [320],
    "path": ["old/taken-down.html", "nothing/here"],
}
QUERIES = {
    "choose": ["?from=1&to=4", "?from=4&to=5"],
    "search": [f"?q={words}" for words in ("story", "headline", "party", "statement", "words+taken+down")],
    "corrections": ["", "?kind=correction", "?section=xyzzy", "?section=xyzzy-down", "?month=2026-03"],
    "front": ["", "?before=20260302T090000.000000Z-1"],
}


def every_address() -> Iterator[str]:
    """Return every public address with every known value of its parts. Raise KeyError for a new kind of part."""
    for pattern in urlpatterns:
        parts = list(pattern.pattern.converters)
        for guess in product(*(GUESSES[part] for part in parts)):
            address = reverse(f"public:{pattern.name}", kwargs=dict(zip(parts, guess, strict=True)))
            yield from (address + query for query in QUERIES.get(str(pattern.name), [""]))


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
    record = save_desk_record(
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
    make_dispute(record, user)
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
    embargoed = begin(wanted(f"{MARKER} under embargo", slug="embargoed"), user=user)
    set_embargo(article=embargoed, until=minutes(900), user=user, reason=f"{MARKER} promise", at=minutes(60))


def make_dispute(record: DeskRecord, user: User) -> None:
    """Create an answer that was disputed and decided on, and another that waits with the desk."""
    answer: dict[str, Any] = {"record": record, "user": user, "channel": "phone", "answered": True}
    log_attempt(**answer, at=minutes(42), terms="disputed", summary=f"{MARKER} dispute")
    decide_terms(
        record=record, user=user, terms="background", reason=f"{MARKER} why it may be used", at=minutes(43)
    )
    waits = PartyAnswer(
        at=minutes(44), channel="email", terms="background", statement=f"{MARKER} and another thing"
    )
    receive_answer(article=record.article, request_key=record.request_key, user=user, answer=waits)
    assert DeskRecord.objects.get(statement__contains="another thing").decisions.exists()
    assert ContactAttempt.objects.filter(answered=True).count() == 2


def make_takedowns(user: User) -> None:
    """Create withdrawn stories with secrets in every field; a reinstated one's notice is secret again."""
    taken = begin(
        wanted(
            f"{MARKER} taken down",
            text(f"<p>{MARKER} words taken down.</p>"),
            slug="taken-down",
            dek=f"{MARKER} dek",
            section=make_section("xyzzy-down", f"{MARKER} section").pk,
            bylines=(byline(make_author("xyzzy-down", f"{MARKER} author")),),
        ),
        user=user,
    )
    go_live(taken, user=user, at=minutes(10))
    change(
        taken,
        user=user,
        at=minutes(20),
        slug="taken-down-anew",
        update_notes=(note(f"{MARKER} correction", NoteKind.CORRECTION),),
    )
    go_live(taken, user=user, at=minutes(20))
    stood_at("/old/taken-down.html", taken)
    change(taken, user=user, at=minutes(25), dek=f"{MARKER} draft of what is down")
    withdraw(
        article=taken,
        user=user,
        notice="We took this down.",
        reason=f"{MARKER} lawyers",
        at=minutes(30),
    )
    back = begin(wanted("Brought back", slug="brought-back"), user=user)
    go_live(back, user=user, at=minutes(10))
    withdraw(
        article=back, user=user, notice=f"{MARKER} old notice", reason=f"{MARKER} why down", at=minutes(20)
    )
    reinstate(article=back, user=user, reason=f"{MARKER} why back", at=minutes(30))


def make_announcements(user: User) -> None:
    """Create publications with all that a person can enter while publishing, except for readers."""
    rosa = make_user(REPORTER, display_name=MARKER)
    spoken = quote("<p>We beleive you.</p>")
    article = begin(
        wanted("Developing", text("<p>The mill burns.</p>"), spoken, slug="developing"),
        user=user,
    )
    assign(article=article, to=rosa, user=user, reason=f"{MARKER} assigned", at=minutes(5))
    go_live(article, user=user, at=minutes(10))
    start_developing(article=article, user=user, reason=f"{MARKER} mode", at=minutes(500))
    first = text("<p>The mill burned down.</p>")
    change(article, user=user, at=minutes(510), blocks=(first, spoken), reason=f"{MARKER} revision")
    go_live(
        article,
        user=user,
        at=minutes(510),
        publication_class="developing",
        reason="An open line.",
        cause="moved-on",
        source=f"{MARKER} source of a line",
    )
    change(
        article, user=user, at=minutes(520), blocks=(first, replace(spoken, text="<p>We believe you.</p>"))
    )
    go_live(
        article,
        user=user,
        at=minutes(520),
        publication_class="transcription",
        reason=f"{MARKER} transcription",
        source=f"{MARKER} tape",
    )
    change(article, user=user, at=minutes(530), headline="Developing in 12 towns")
    go_live(
        article,
        user=user,
        at=minutes(530),
        publication_class="override",
        reason=f"{MARKER} override of substance",
        cause="moved-on",
    )
    discarded = begin(wanted(f"{MARKER} discarded", slug="discarded"), user=user)
    discard(article=discarded, user=user, reason=f"{MARKER} why discarded", at=minutes(5))
    make_conflict(user)
    # The secrets exist.
    assert Publication.objects.filter(cause="moved-on").count() == 2
    assert Publication.objects.filter(source__contains=MARKER).count() == 2


def make_conflict(user: User) -> None:
    """Create a fix of what is live that conflicts with a draft, whose next editor gets a warning."""
    paragraph = text("<p>The bridge opened in spring.</p>")
    article = begin(wanted("Fixed", paragraph, slug="fixed"), user=user)
    go_live(article, user=user, at=minutes(10))
    change(
        article,
        user=user,
        at=minutes(20),
        blocks=(replace(paragraph, text=f"<p>The bridge opened in {MARKER}.</p>"),),
    )
    live = live_publication(article, at=minutes(30))
    assert live is not None
    story = snapshot_at(article.pk, live.revision.number)
    fixed = replace(story, blocks=(replace(paragraph, text="<p>The bridge opened in summer.</p>"),))
    fix(
        article=article,
        story=fixed,
        base=live.revision.number,
        user=user,
        notes=(note("It opened in summer.", NoteKind.CORRECTION),),
        at=minutes(30),
    )
    assert Revision.objects.filter(article=article).exclude(attention="").exists()


def links(page_text: str) -> list[str]:
    """Return our addresses in a page, a feed, a sitemap, data, or headers."""
    found = re.findall(r'(?:href|src|action|content)="([^"]+)"', page_text)
    found += re.findall(r"http://testserver[^\s\"'<>&;]*", page_text)
    return [
        address.replace("&amp;", "&") for address in found if urlsplit(address).netloc in ("", "testserver")
    ]


def test_no_secret_is_found_at_any_address(client: Client, maya: User) -> None:
    make_secrets(maya)
    make_takedowns(maya)
    make_announcements(maya)
    attention = set(Revision.objects.exclude(attention="").values_list("attention", flat=True))
    waiting = list(every_address())
    guessed = [address for address in waiting if address.startswith("/stories/")]
    seen: dict[str, int] = {}
    while waiting:
        address = waiting.pop()
        path = urlsplit(address).path
        address = address.removeprefix("http://testserver")
        if address in seen or not path.startswith("/") or path.startswith(("/static/", "/admin/")):
            continue
        response = client.get(address)
        seen[address] = response.status_code
        page_text = response.getvalue().decode() + "".join(
            f"{name}: {value}\n" for name, value in response.items()
        )
        # The requested address may contain a guess; the response must not contain the secret.
        assert MARKER not in page_text, address
        assert "xyzzy" not in page_text, address
        for secret in (maya.email, maya.get_full_name(), "moved-on", "rosa", *attention):
            assert secret not in page_text, f"{secret} at {address}"
        if "Location" in response:
            waiting.append(response["Location"])
        waiting += links(page_text)
    assert seen["/ledger/"] == seen["/ledger/heads.json"] == 200
    assert seen["/stories/open-story/"] == 200
    assert seen["/stories/open-story/versions/4/"] == 200
    assert seen["/stories/open-story/compare/1...4/"] == 200
    assert seen["/stories/open-story/versions/5/"] == 404
    assert seen["/stories/developing/versions/4/"] == 200
    assert seen["/stories/fixed/compare/1...2/"] == 200
    assert seen["/stories/brought-back/"] == 200
    assert seen["/old/taken-down.html"] == 410
    down = tuple(f"/stories/{slug}/" for slug in TAKEN_DOWN)
    public = ("/stories/open-story/", *(f"/stories/{slug}/" for slug in NEWER if slug != "discarded"))
    assert {seen[address] for address in guessed if address.startswith(down)} == {410}
    assert {seen[address] for address in guessed if not address.startswith((*public, *down))} == {404}


def test_a_secret_that_goes_live_is_one_no_more(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the test above could pass by finding nothing anywhere."""
    make_secrets(maya)
    client.get("/stories/open-story/")
    monkeypatch.setattr("django.utils.timezone.now", lambda: minutes(701))
    assert client.get("/stories/open-story/").status_code == 301
    assert f"{MARKER} headline" in client.get("/stories/xyzzy-slug/").content.decode()
    assert f"{MARKER} scheduled story" in client.get("/stories/scheduled/").content.decode()
    assert f"{MARKER} hidden party" not in client.get("/stories/xyzzy-slug/").content.decode()


def test_a_withdrawn_secret_that_comes_back_is_one_no_more(client: Client, maya: User) -> None:
    make_takedowns(maya)
    taken = OldAddress.objects.get(path="/old/taken-down.html").article
    reinstate(article=taken, user=maya, reason="settled", at=minutes(40))
    page_text = client.get("/stories/taken-down-anew/").content.decode()
    assert f"{MARKER} words taken down." in page_text
    assert f"{MARKER} correction" in page_text
