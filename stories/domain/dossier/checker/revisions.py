"""The story at each revision, put together from its rows."""

from stories.domain.dossier.checker.canonical import same_json
from stories.domain.dossier.checker.formats import GROUPS, Row
from stories.domain.dossier.checker.record import StoryRecord


def story_from_rows(rows: list[Row], layout: Row) -> Row:
    """Return the story of some rows, as a dossier writes it."""
    story: Row = {}
    parts: dict[str, list[tuple[int, int, Row]]] = {group: [] for group in GROUPS}
    for row in rows:
        values = row["values"]
        fields = {
            layout["renamed"].get(name, name): "" if value is None and name in layout["empty"] else value
            for name, value in values.items()
            if name not in layout["untold"]
        }
        if row["model"] == "article":
            story.update(fields)
        else:
            group, kind = layout["parts"][row["model"]]
            named = {"block": kind} if kind else {}
            parts[group].append((values["ordering"], values["id"], {**named, **fields}))
    for group, placed in parts.items():
        story[group] = [fields for _, _, fields in sorted(placed, key=lambda each: each[:2])]
    return story


def check_revisions(record: StoryRecord, history: list[Row], layout: Row) -> dict[int, Row]:
    """Rebuild the story at each revision from the rows, and compare it with the dossier's own."""
    made = record.of_kind("revision")
    numbers = [each["revision"] for each in made]
    record.expect(
        numbers == list(range(1, len(numbers) + 1)),
        f"Revisions are missing: there are {numbers or 'none'}.",
    )
    story: dict[tuple[str, int], Row] = {}
    stories: dict[int, Row] = {}
    written: dict[int, list[Row]] = {}
    for row in sorted(history, key=lambda row: row["number"]):
        written.setdefault(row["values"]["revision"], []).append(row)
    for payload in made:
        number = payload["revision"]
        for row in written.get(number, ()):
            story.pop((row["model"], row["values"]["id"]), None)
            if row["values"]["history_type"] != "-":
                story[row["model"], row["values"]["id"]] = row
        stories[number] = story_from_rows(list(story.values()), layout)
        name = f"revisions/{number:04}.json"
        saved = record.files.document(name)
        record.expect(same_json(stories[number], saved["story"]), f"{name} is not what its rows say.")
        facts = {
            "revision": number,
            "by": payload["by"][1],
            "at": payload["at"],
            "why": record.event_words.get(payload["sequence"], {}).get("reason"),
            "entry": payload["sequence"],
        }
        record.expect(
            same_json({key: value for key, value in saved.items() if key != "story"}, facts),
            f"{name} says otherwise than the ledger who saved it, when or why: {facts}.",
        )
        record.found.reported.append(
            f"{facts['at']} revision {number} saved by {facts['by']}: {facts['why']}"
        )
    return stories
