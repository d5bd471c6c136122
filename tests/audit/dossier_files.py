"""The reference story's dossiers, and helpers that forge them."""

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

from stories.actions.comment_desk.desk_records import save_desk_record
from stories.actions.editing.pictures import store_picture
from stories.domain import snapshot as domain
from stories.domain.dossier.checker.canonical import canonical, row_digest
from stories.domain.dossier.checker.command_line import main
from stories.domain.dossier.checker.revisions import story_from_rows
from stories.domain.dossier.checker.rows import table_of
from stories.management.demo import REFERENCE_SLUG, DemoDesk, make_people
from stories.management.demo.reference_story import add_reference_story
from stories.models import Article, DeskRecord
from stories.queries.dossier.export import full_dossier, public_dossier
from stories.queries.story.snapshots import working_snapshot
from stories.rendering.dossier_file import write_dossier
from tests import factories as make

Files = dict[str, bytes]
SALT = "00" * 16
CONTACT = "Priscilla Vandenberg, +1 555 0100"


def create_story(now: datetime) -> Article:
    """Create the reference story with a picture from a minor change, a later draft, and a contact."""
    make.make_section()
    make.make_author()
    people = make_people()
    desk = DemoDesk(now=now, **people)
    # Other stories, whose entries come before and between.
    make.begin(make.wanted("Another story"), user=people["emil"], at=desk.ago(days=9))
    add_reference_story(desk)
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
    save_desk_record(article=article, request_key=record.request_key, user=desk.emil, contact=CONTACT)
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
    """Return the checker's exit status for files, zipped again."""
    path = folder / "forged.zip"
    with zipfile.ZipFile(path, "w") as out:
        for name, content in files.items():
            out.writestr(name, content)
    return main([str(path), *arguments])


def unpack(files: Files, folder: Path) -> Path:
    """Return a folder with the files unpacked in it."""
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
    """Change a JSON document in place, or replace it by what `change` returns."""
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


def rechain(files: Files) -> None:
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
    """Change the payload of the last entry of a kind."""
    entries = lines(files, "ledger/entries.jsonl")
    entry = [entry for entry in entries if json.loads(entry["payload"])["kind"] == kind][-1]
    payload = json.loads(entry["payload"])
    change(payload)
    entry["payload"] = canonical(payload).decode()
    put_lines(files, "ledger/entries.jsonl", entries)


def seal_versions(files: Files) -> None:
    """Recompute the digests of the versions' files, as a forger would."""

    def change(about: dict[str, Any]) -> None:
        for version in about["versions"]:
            version["sha256"] = sha256(files[version["file"]]).hexdigest()

    edit(files, "dossier.json", change)


def append_event(files: Files, kind: str, *, by: list[Any], values: dict[str, Any], **facts: Any) -> int:
    """Append an entry of the story to the ledger, with its row and its link; return its event's number."""
    about = json.loads(files["dossier.json"])
    entries, links = lines(files, "ledger/entries.jsonl"), lines(files, "ledger/chain.jsonl")
    payloads = [json.loads(each["payload"]) for each in entries]
    sequence, event, table = links[-1]["sequence"] + 1, 9_000 + len(payloads), table_of(kind)
    columns = json.loads(files["layout.json"])["columns"]["1"][table]
    texts = dict.fromkeys(columns, "") | values
    payload = {
        "sequence": sequence,
        "after": payloads[-1]["sequence"],
        "kind": kind,
        "event": event,
        "at": about["made"],
        "article": about["article"],
        "by": by,
        "form": 1,
        "said": row_digest(SALT, table, [texts[name] for name in columns]),
    } | facts
    text = canonical(payload).decode()
    put_lines(
        files, "ledger/entries.jsonl", [*entries, {"sequence": sequence, "payload": text, "digest": ""}]
    )
    put_lines(files, "ledger/chain.jsonl", [*links, {"sequence": sequence, "payload": "", "digest": ""}])
    row = {"entry": sequence, "model": kind, "table": table, "number": event, "salt": SALT, "values": texts}
    put_lines(files, "ledger/rows.jsonl", [*lines(files, "ledger/rows.jsonl"), row])
    rechain(files)
    return event


def rewritten(files: Files, model: str, *, nth: int = 0, **values: Any) -> list[Any]:
    """Change a row under a new salt, and all that is told of it; returns it as an erasure names it."""
    rows = lines(files, "ledger/rows.jsonl")
    row = [each for each in rows if each["model"] == model][nth]
    before = _digest(files, row)
    row["salt"] = SALT
    (row["values"]["card"] if model == "shown" else row["values"]).update(values)
    put_lines(files, "ledger/rows.jsonl", rows)
    rewrite_texts(files)
    table = "publicationcard" if model == "shown" else row.get("table", model)
    return [table, row["number"], before, _digest(files, row)]


def rewrite_texts(files: Files) -> None:
    """Write every revision and version as the rows have them now."""
    layout = json.loads(files["layout.json"])
    story: dict[tuple[str, int], dict[str, Any]] = {}
    texts = {}
    history = [row for row in lines(files, "ledger/rows.jsonl") if "history_id" in row["values"]]
    for number in sorted({row["values"]["revision"] for row in history}):
        for row in history:
            if row["values"]["revision"] == number:
                story.pop((row["model"], row["values"]["id"]), None)
                if row["values"]["history_type"] != "-":
                    story[row["model"], row["values"]["id"]] = row
        texts[number] = story_from_rows(list(story.values()), layout)
        edit(files, f"revisions/{number:04}.json", lambda document: document | {"story": texts[number]})  # noqa: B023
    for each in json.loads(files["dossier.json"])["versions"]:
        public = dict(texts[each["revision"]])
        public["comment_requests"] = [one for one in public["comment_requests"] if one["shown"]]
        if each["file"]:
            edit(files, each["file"], lambda document: document | {"story": public})  # noqa: B023
    seal_versions(files)


def head_of(files: Files) -> tuple[str, str]:
    """Return a dossier's ledger head, as its checker gets it."""
    sequence, digest = json.loads(files["dossier.json"])["head"]
    return str(sequence), digest


def _digest(files: Files, row: dict[str, Any]) -> str:
    columns = json.loads(files["layout.json"])["columns"]["1"]
    if row["model"] == "shown":
        card, notes = row["values"]["card"], row["values"]["notes"]
        listed = {
            "card": [card[name] for name in columns["publicationcard"]],
            "notes": [[note[name] for name in columns["publishednote"]] for note in notes],
            "pictures": row["values"]["pictures"],
        }
        return row_digest(row["salt"], "publication", [canonical(listed).decode()])
    table = row.get("table", row["model"])
    return row_digest(row["salt"], table, [row["values"][name] for name in columns[table]])
