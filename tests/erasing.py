"""A phrase that occurs wherever words can be stored, and how to search for it everywhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from stories.actions.comment_desk.desk_records import log_attempt, save_desk_record
from stories.actions.editing.pictures import store_picture
from stories.domain import snapshot as domain
from stories.domain.snapshot import NoteKind
from stories.models import Article, Erasure, Publication, User
from stories.models.integrity.canonical import history_digest, listing_digest, text_digest
from stories.models.integrity.registry import JOURNAL_MODELS, TRACKED_MODELS, history_model
from stories.queries.verification import Verification
from tests.factories import (
    begin,
    byline,
    change,
    embed,
    go_live,
    make_author,
    make_section,
    minutes,
    note,
    png,
    quote,
    request,
    text,
    wanted,
)

# Nothing else contains it, and no part of it is a word of ours.
PHRASE = "Zebulon Quaxby"
SLUG = "the-garden-party"
HOLDS = f"<p>The guests met <em>Zebulon</em> Quaxby (“{PHRASE.upper()}”) in the garden.</p>"


def make_phrase(user: User) -> Article:
    """Create a story at version 5 with a draft after it; the phrase is in all of them, and in all related rows."""
    picture = store_picture(content=png(), user=user)
    asked = request(f"{PHRASE} himself", sentence=f"We asked {PHRASE}.", asked_how=f"by a letter to {PHRASE}")
    image = domain.ImageBlock(
        key=text().key,
        picture=picture.pk,
        width=picture.width,
        height=picture.height,
        alt_text=f"{PHRASE} beside a fountain",
        caption=f"{PHRASE}’s fountain",
        credit=f"Photo: {PHRASE}",
    )
    article = begin(
        wanted(
            f"A garden party at {PHRASE}’s",
            text(HOLDS),
            quote("<p>I am Zebulon&nbsp;Quaxby.</p>", speaker=PHRASE, source=f"{PHRASE}, by phone"),
            image,
            embed(
                "https://example.org/zebulon-quaxby", title=f"About {PHRASE}", description=f"{PHRASE}: a life"
            ),
            text('<p>Read <a href="https://example.org/?q=Zebulon%20Quaxby">more of him</a>.</p>'),
            slug=SLUG,
            dek=f"{PHRASE} pours tea",
            dateline=f"{PHRASE} Hall",
            disclosure=f"{PHRASE} paid for the tea.",
            section=make_section().pk,
            bylines=(byline(make_author(), credited_as=f"{PHRASE} and friends"),),
            comment_requests=(asked,),
        ),
        user=user,
        at=minutes(1),
    )
    go_live(article, user=user, at=minutes(10))
    notes: tuple[domain.UpdateNote, ...] = ()
    for number in range(2, 6):
        told = note(
            f"We misspelt {PHRASE}, time {number}.", NoteKind.CORRECTION, was=f"{PHRASE} {number}", now=PHRASE
        )
        notes = (*notes, told)
        change(
            article,
            user=user,
            at=minutes(10 * number),
            reason=f"{PHRASE} complained.",
            dek=f"{PHRASE} pours tea again, cup {number}",
            update_notes=notes,
        )
        go_live(article, user=user, at=minutes(10 * number), reason=f"{PHRASE} asked for it.")
    change(article, user=user, at=minutes(60), dateline=f"{PHRASE} Manor", reason=f"Where {PHRASE} lives")
    make_related_data(article, asked, user)
    return article


def make_related_data(article: Article, asked: domain.CommentRequest, user: User) -> None:
    """Create related data: the desk's record, Django's log, a message not displayed yet."""
    record = save_desk_record(
        article=article,
        request_key=asked.key,
        user=user,
        contact=f"{PHRASE}, 555 0100",
        statement=f"I, {PHRASE}",
    )
    log_attempt(
        record=record,
        user=user,
        at=minutes(62),
        channel="phone",
        terms="background",
        summary=f"{PHRASE} spoke",
    )
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(Article),
        object_id=str(article.pk),
        object_repr=article.headline[:200],
        action_flag=CHANGE,
        change_message=f"Changed {PHRASE}.",
    )
    session = SessionStore()
    session["message"] = f"“{PHRASE}” was replaced."
    session.save()


def public_addresses() -> list[str]:
    """Return every public address that could contain a word of the story."""
    at = f"/stories/{SLUG}/"
    digests = Publication.objects.filter(pictures__isnull=False).values_list("pictures__picture", flat=True)
    return [
        "/",
        "/section/technology/",
        "/section/technology/feed/",
        f"/author/{make_author().pk}/",
        "/feed/",
        "/feed.json",
        "/corrections/",
        "/corrections/?kind=typo&kind=developing",
        "/corrections/feed/",
        "/search/?q=Zebulon",
        "/search/?q=garden",
        "/search/?q=Hall",
        "/sitemap.xml",
        "/sitemap-1.xml",
        "/news-sitemap.xml",
        "/robots.txt",
        f"/timemap/http://testserver{at}",
        at,
        *(
            f"{at}{below}"
            for below in (
                "versions/",
                *(f"versions/{number}/" for number in range(1, 8)),
                *(f"compare/{old}...{new}/" for old in range(1, 6) for new in range(old + 1, 7)),
                "data.json",
                "feed/",
                "timegate/",
                "timemap/",
            )
        ),
        *sorted({f"/pictures/{digest}/40" for digest in digests}),
    ]


def previews_with_phrase(client: Client, article: Article) -> list[str]:
    """Return those previews of the desk that contain the phrase."""
    preview = reverse("admin:stories_article_preview", args=[article.pk])
    addresses = [preview, *(f"{preview}?revision={number}" for number in range(1, 7))]
    return [address for address in addresses if contains_phrase(client.get(address).content)]


def addresses_with_phrase(client: Client) -> list[str]:
    """Return the public addresses that contain the phrase, or a half of it, in any spelling."""
    return [address for address in public_addresses() if contains_phrase(_body(client, address), but=address)]


def _body(client: Client, address: str) -> bytes:
    answer: Any = client.get(address)
    headers = repr(answer.headers).encode()
    return headers + (b"".join(answer.streaming_content) if answer.streaming else answer.content)


def contains_phrase(content: bytes, *, but: str = "") -> bool:
    """Return whether bytes contain half of the phrase, except where a search page repeats its own address."""
    found = content.lower()
    if "q=Zebulon" in but:
        # The title, the field, and the sentence that nothing was found.
        found = found.replace(b"zebulon", b"", 3)
    return b"zebulon" in found or b"quaxby" in found


def unexplained() -> list[str]:
    """Return verification's findings except the rows whose new digests erasures list."""
    told: dict[tuple[str, int], tuple[str, str]] = {}
    for rows in Erasure.objects.order_by("pk").values_list("rows", flat=True):
        for model, number, before, after in rows:
            first = told[model, number][0] if (model, number) in told else before
            told[model, number] = (first, after)
    wrong = [
        f"{key} is not as its erasure says" for key, (_, after) in told.items() if _digest(*key) != after
    ]
    findings = [str(finding) for finding in Verification()]
    if not findings:
        return wrong
    excused = [each for each in findings if "not what was written" in each or "lists show" in each]
    return wrong + [each for each in findings if each not in excused] + excused[len(told) :]


def _digest(name: str, number: int) -> str:
    models: dict[str, Any] = {
        str(model._meta.model_name): model for model in (*TRACKED_MODELS, *JOURNAL_MODELS)
    }
    if name == "publicationcard":
        publication = Publication.objects.get(pk=number)
        return listing_digest(publication.card, publication.notes.all(), publication.pictures.all())
    model = models[name]
    if model in TRACKED_MODELS:
        return history_digest(history_model(model).objects.get(history_id=number))
    return text_digest(model.objects.get(pk=number))


def stored_bytes() -> Iterator[tuple[str, bytes]]:
    """Yield everything that the database stores, file by file; on PostgreSQL table by table, and its own files.

    The server's log is left out, and so are its other databases: the other half of the tests runs in one.
    """
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        for path in name.parent.glob(f"{name.name}*"):
            yield path.name, bytes_of(path)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('data_directory'), oid::text FROM pg_database WHERE datname = current_database()"
        )
        folder, database = cursor.fetchone()
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'm') AND relpersistence = 'p'"
            " AND relname NOT IN ('pg_largeobject')"
        )
        for (table,) in cursor.fetchall():
            with cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as copy:  # noqa: S608 - the catalog's own names
                yield table, b"".join(bytes(block) for block in copy)
    for path in Path(folder, "base", database).rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()


def bytes_of(path: Path) -> bytes:
    """Return the content of one of SQLite's files, read in a separate process.

    Closing a file releases all locks of its process on it: the next process to leave the database would believe itself
    the last one, and remove the WAL under the connections that are still open here.
    """
    read = [
        sys.executable,
        "-c",
        "import sys, pathlib; sys.stdout.buffer.write(pathlib.Path(sys.argv[1]).read_bytes())",
    ]
    return subprocess.run([*read, str(path)], check=True, capture_output=True).stdout  # noqa: S603


def in_cache() -> bool:
    """Return whether the tests' cache, which is in this process, has any content."""
    return bool(getattr(cache, "_cache", {}))
