"""The rows of a dossier: by which names entries and erasures mean them, and their digests."""

from stories.domain.dossier.checker.canonical import canonical, row_digest
from stories.domain.dossier.checker.formats import Row

# The tables of events that are not named like the kind of event without its hyphen.
TABLES = {
    "developing": "developingmode",
    "import": "importedstory",
    "name": "namechange",
    "profile": "profilechange",
    "restored": "restoration",
    "rights": "rightschange",
    "second-person": "secondpersoncheck",
}


def table_of(kind: str) -> str:
    """Return the table of a kind of event."""
    return TABLES.get(kind, kind.replace("-", ""))


def row_reference(row: Row) -> "tuple[str, int]":
    """Return the table and number by which erasures name a row of a dossier."""
    return "publicationcard" if row["model"] == "shown" else table_of(row["model"]), row["number"]


def digest_in(row: Row, columns: "dict[str, list[str]]") -> str:
    """Return the digest of a dossier's row by the columns of its form, "" if it has other columns."""
    values = row["values"]
    if row["model"] != "shown":
        model: str = row["table"] if "table" in row else row["model"]
        names = columns.get(model, [])
        return (
            row_digest(row["salt"], model, [values[name] for name in names])
            if set(values) == set(names)
            else ""
        )
    card, note = columns["publicationcard"], columns["publishednote"]
    column_sets = [set(values["card"]), *map(set, values["notes"])]
    if column_sets != [set(card), *(set(note) for _ in values["notes"])] or set(values) != {
        "card",
        "notes",
        "pictures",
    }:
        return ""
    values_in_order = {
        "card": [values["card"][name] for name in card],
        "notes": [[each[name] for name in note] for each in values["notes"]],
        "pictures": values["pictures"],
    }
    return row_digest(row["salt"], "publication", [canonical(values_in_order).decode()])
