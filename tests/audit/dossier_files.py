"""The reference story's dossiers, and what it takes to forge one."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.utils import timezone

from stories.actions.keep_desk_record import keep_desk_record
from stories.actions.store_picture import store_picture
from stories.domain import snapshot as domain
from stories.domain.dossier_check import canonical, main
from stories.management.demo import REFERENCE_SLUG, Desk, make_people
from stories.management.demo.reference_story import tell_reference_story
from stories.models import Article, DeskRecord
from stories.queries.dossier_file import full_dossier, public_dossier
from stories.queries.snapshots import working_snapshot
from stories.rendering.dossier_file import write_dossier
from tests import factories as make

Files = dict[str, bytes]
CONTACT = "Priscilla Vandenberg, +1 555 0100"


def tell_story(now: datetime) -> Article:
    """The reference story with a picture added by a minor change, a draft after its newest version, and a contact."""
    make.make_section()
    make.make_author()
    people = make_people()
    desk = Desk(now=now, **people)
    # Of other stories, whose entries lie before and between.
    make.begin(make.wanted("Another story"), user=people["emil"], at=desk.ago(days=9))
    tell_reference_story(desk)
    make.begin(make.wanted("A third"), user=people["emil"], at=desk.ago(days=6))
    article = Article.objects.get(slug=REFERENCE_SLUG)
    picture = store_picture(content=make.png(), user=people["emil"])
    image = domain.ImageBlock(
        key=uuid4(),
        picture=picture.pk,
        width=picture.width,
        height=picture.height,
        alt_text="A red square",
    )
    story = working_snapshot(article)
    desk.change(
        article,
        at=desk.ago(days=5),
        by=desk.emil,
        reason="Internal: the lawyers wanted a picture",
        blocks=(*story.blocks, image),
        update_notes=(
            *story.update_notes,
            make.note("A picture of the office was added.", domain.NoteKind.UPDATE, was="No picture."),
        ),
    )
    desk.publish(article, at=desk.ago(days=4), cause="moved-on")
    desk.change(
        article,
        at=desk.ago(days=1),
        by=desk.emil,
        reason="Unfinished business",
        dek="A draft that nobody may read yet.",
    )
    record = DeskRecord.objects.filter(article=article).order_by("pk")[0]
    keep_desk_record(article=article, request_key=record.request_key, user=desk.emil, contact=CONTACT)
    return article


def files_of(made: bytes) -> Files:
    with zipfile.ZipFile(BytesIO(made)) as file:
        return {name: file.read(name) for name in file.namelist()}


def made_files(article: Article, *, full: bool) -> Files:
    out = BytesIO()
    at = timezone.now()
    write_dossier(out, full_dossier(article, at=at) if full else public_dossier(article, at=at))
    return files_of(out.getvalue())


def check_files(files: Files, folder: Path, *arguments: str) -> int:
    """The checker's exit status, of files put together as a zip again."""
    path = folder / "forged.zip"
    with zipfile.ZipFile(path, "w") as out:
        for name, content in files.items():
            out.writestr(name, content)
    return main([str(path), *arguments])


def unpack(files: Files, folder: Path) -> Path:
    """The folder, with the files in it."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


# --------------------------------------------------------------------------------------------------- forging


def lines(files: Files, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files[name].splitlines()]


def put_lines(files: Files, name: str, rows: list[dict[str, Any]]) -> None:
    files[name] = b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def edit(files: Files, name: str, change: Callable[[Any], Any]) -> None:
    """A JSON document, changed in place or for what `change` returns."""
    document = json.loads(files[name])
    changed = change(document)
    files[name] = json.dumps(changed if changed is not None else document, ensure_ascii=False).encode()


def replace_everywhere(files: Files, old: str, new: str, *names: str) -> None:
    found = False
    for name in files:
        if not names or name.startswith(names):
            found = found or old.encode() in files[name]
            files[name] = files[name].replace(old.encode(), new.encode())
    assert found, f"{old} is nowhere"


def chain_anew(files: Files) -> None:
    """Write the whole chain anew, as whoever holds the server could, after entries were changed."""
    entries = {entry["sequence"]: entry for entry in lines(files, "ledger/entries.jsonl")}
    about = json.loads(files["dossier.json"])
    before = bytes.fromhex(about["previous"])
    links = lines(files, "ledger/chain.jsonl")
    for link in links:
        entry = entries.get(link["sequence"])
        if entry is not None:
            link["payload"] = sha256(entry["payload"].encode()).hexdigest()
        before = sha256(before + bytes.fromhex(link["payload"])).digest()
        link["digest"] = before.hex()
        if entry is not None:
            entry["digest"] = before.hex()
    put_lines(files, "ledger/chain.jsonl", links)
    put_lines(files, "ledger/entries.jsonl", list(entries.values()))
    edit(files, "dossier.json", lambda about: about | {"head": [links[-1]["sequence"], before.hex()]})


def edit_payload(files: Files, kind: str, change: Callable[[dict[str, Any]], Any]) -> None:
    """The payload of the last entry of a kind, changed."""
    entries = lines(files, "ledger/entries.jsonl")
    entry = [entry for entry in entries if json.loads(entry["payload"])["kind"] == kind][-1]
    payload = json.loads(entry["payload"])
    change(payload)
    entry["payload"] = canonical(payload).decode()
    put_lines(files, "ledger/entries.jsonl", entries)
