"""The public part of a dossier: its files agree on the versions and their notes."""

from stories.domain.dossier.checker.about import CheckedDossier
from stories.domain.dossier.checker.canonical import same_json
from stories.domain.dossier.checker.formats import EVENTS, Row


def check_public(dossier: CheckedDossier, events: list[Row]) -> None:
    """Check that all files of the public part agree on its versions and notes."""
    listed = {each["sequence"]: each for each in dossier.about["versions"]}
    notes = []
    for event in events:
        dossier.expect(
            set(event) == EVENTS.get(event["kind"], set()), f"An event says more than it should: {event}."
        )
        if event["kind"] == "publication":
            each = listed.pop(event["sequence"], {})
            facts = [event["version"], event["live_from"]]
            dossier.expect(
                same_json(facts, [each.get("number"), each.get("live_from")]),
                f"No version is that of {event}.",
            )
            if each.get("file"):
                public = dossier.files.document(each["file"])
                values = [public["version"], public["live_from"], public["class"]]
                dossier.expect(
                    same_json(values, [*facts, event["class"]]),
                    f"{each['file']} says otherwise: {values}.",
                )
                notes += [{"version": event["version"], **note} for note in public["notes"]]
    dossier.expect(
        not listed, f"There is no event of the versions {[each['number'] for each in listed.values()]}."
    )
    dossier.expect(
        same_json(dossier.files.document("notes.json"), notes),
        "notes.json is not what the versions' files say.",
    )
