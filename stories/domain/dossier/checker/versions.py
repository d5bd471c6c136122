"""The versions that readers got, and what they were told with each."""

from stories.domain.dossier.checker.canonical import same_json
from stories.domain.dossier.checker.formats import NOTE, Row
from stories.domain.dossier.checker.record import StoryRecord


def check_versions(record: StoryRecord, stories: dict[int, Row]) -> list[int]:
    """Check the versions; return those whose public words differ from their rows, since words are withheld."""
    about, live = record.about, live_versions(record)
    listed = [(each["live_from"], each["revision"], each["sequence"]) for each in about["versions"]]
    if not record.expect(
        same_json(listed, live), f"The versions are {live} by the ledger, {listed} by the dossier."
    ):
        return []
    other, notes = [], []
    for each in about["versions"]:
        payload = record.payloads[each["sequence"]]
        displayed = record.cards.get(each["sequence"], {"notes": []})
        if "card" in displayed and each["revision"] in stories:
            check_card(record, each["number"], payload["event"], displayed, stories[each["revision"]])
        brought = [{name: note[name] for name in NOTE} for note in displayed["notes"]]
        notes += [{"version": each["number"], **note} for note in brought]
        record.found.reported.append(
            f"{payload['at']} version {each['number']} (revision {each['revision']}) published by "
            f"{payload['by'][1]}, live from {payload['live_from']}, {payload['class']}; readers were told: "
            + ("; ".join(f"{note['kind']}: {note['text']}" for note in brought) or "nothing")
        )
        if not each["file"]:
            record.expect(
                record.is_hidden(payload["event"]),
                f"Version {each['number']} has no file, and no entry of the ledger hides it.",
            )
        elif not check_file(record, each, payload, brought, stories.get(each["revision"], {})):
            other.append(each["number"])
    record.expect(
        same_json(record.files.document("notes.json"), notes),
        f"notes.json is not what readers were told: {notes}.",
    )
    check_withheld(record, other)
    return other


def live_versions(record: StoryRecord) -> "list[tuple[str, int | None, int]]":
    """Return when each version went live, its revision and its entry, by the ledger."""
    revisions = {each["event"]: each["revision"] for each in record.of_kind("revision")}
    cancelled = {each["publication"] for each in record.of_kind("cancellation")}
    return sorted(
        (each["live_from"], revisions.get(each["revision_event"]), each["sequence"])
        for each in record.of_kind("publication")
        if each["event"] not in cancelled and each["live_from"] <= record.about["made"]
    )


def check_card(record: StoryRecord, number: int, event: int, card: Row, story: Row) -> None:
    """Check that a version's values in lists, if words were erased in them, are those of its revision."""
    if not record.erasures.of_row("publicationcard", event):
        return
    names = ("kind", "headline", "dek", "section", "section_name", "language")
    displayed = [card["card"][name] for name in names] + [card["card"]["bylines"]]
    from_story = [story[name] for name in names]
    from_story += [[[each["author"], each["credited_as"]] for each in story["bylines"]]]
    notes = {each["key"]: [each[name] for name in NOTE] for each in story["update_notes"]}
    notes_match = [notes.get(note["key"]) == [note[name] for name in NOTE] for note in card["notes"]]
    pictures = {each["picture"] for each in story["blocks"] if each.get("picture")}
    record.expect(
        same_json(displayed, from_story) and all(notes_match) and set(card["pictures"]) == pictures,
        f"What lists show of version {number} was erased in part, and is not what its revision says.",
    )


def check_file(record: StoryRecord, version: Row, payload: Row, notes: list[Row], story: Row) -> bool:
    """Check what a version's file says besides its words; return whether its words are those of its revision."""
    public = record.files.document(version["file"])
    line = record.event_words.get(version["sequence"], {}).get("reason")
    facts = {
        "version": version["number"],
        "live_from": payload["live_from"],
        "class": payload["class"],
        "line": line if payload["class"] == "developing" else "",
        "notes": notes,
    }
    full_story = dict(story)
    full_story["comment_requests"] = [one for one in full_story.get("comment_requests", ()) if one["shown"]]
    same = same_json(public["story"], full_story)
    if not same:
        facts["line"] = public["line"] if facts["line"] else ""
    record.expect(
        same_json({key: value for key, value in public.items() if key != "story"}, facts),
        f"{version['file']} says otherwise than the ledger what readers were told: {facts}.",
    )
    return same


def check_withheld(record: StoryRecord, other: list[int]) -> None:
    """Check that an entry explains why some versions' public words are not those of their revisions."""
    withheld = record.about["withheld"]
    record.expect(
        same_json(other, withheld),
        f"The public words of the versions {other} are not those of their revisions; dossier.json says {withheld}.",
    )
    hidden = [each for each in record.withheld_now() if each["publication"] is None]
    record.expect(
        not other
        or bool(hidden)
        or any(each["scope"] not in ("story", "version") for each in record.erased()),
        f"Words of the versions {other} are said to be withheld, and no entry of the ledger withholds any.",
    )
