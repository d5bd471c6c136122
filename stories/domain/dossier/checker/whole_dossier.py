"""The whole check, step after step, and what each of them proves."""

from collections.abc import Sequence

from stories.domain.dossier.checker.about import CheckedDossier
from stories.domain.dossier.checker.canonical import canonical, digest_of
from stories.domain.dossier.checker.chain import check_chain
from stories.domain.dossier.checker.erased import check_heads, check_older, check_proved
from stories.domain.dossier.checker.files import Files
from stories.domain.dossier.checker.formats import EVENTS, LINK, Row
from stories.domain.dossier.checker.older_copies import OlderCopy
from stories.domain.dossier.checker.public_part import check_public
from stories.domain.dossier.checker.record import StoryRecord
from stories.domain.dossier.checker.report import Findings
from stories.domain.dossier.checker.revisions import check_revisions
from stories.domain.dossier.checker.versions import check_versions
from stories.domain.dossier.checker.words import LAYOUTS

SITE = "which newsroom this is of, its address, and when the dossier was made"
PAGES = (
    "The pages to be read (*.html, README.txt): whoever had the dossier can have changed them, and check.py too. "
    "What counts stands in the files of data"
)


def check(files: Files, heads: dict[int, str], found: Findings, older: "Sequence[OlderCopy]" = ()) -> None:
    """Check a dossier against heads of the ledger, by entry, and older copies; record what is found."""
    dossier = CheckedDossier(files, found)
    dossier.check_about()
    dossier.expect(
        dossier.full or not older, "This is the public part alone, of which no older copy proves anything."
    )
    for copy in older:
        dossier.expect(
            copy.article == dossier.about.get("article"), f"The older copy {copy.name} is of another story."
        )
    entries = list(
        files.rows("ledger/entries.jsonl", LINK)
        if dossier.full
        else files.rows("ledger/events.jsonl", *EVENTS.values())
    )
    newest = prove_chain(dossier, entries, heads, older)
    if dossier.pictures:
        found.proves(f"Each picture ({len(dossier.pictures)}) is the file that its name says.")
    if dossier.full:
        prove_full_part(dossier, entries, newest, older)
    else:
        prove_public_part(dossier, entries)


def prove_chain(
    dossier: CheckedDossier, entries: list[Row], heads: dict[int, str], older: Sequence[OlderCopy]
) -> int:
    """Check the chain; return the newest entry in it of which a head was given, 0 if there is none."""
    found = dossier.found
    count, met = check_chain(dossier, entries, heads, older)
    first, (last, digest) = dossier.about["first"], dossier.about["head"]
    found.proves(
        f"{count} entries of the ledger, {first} to {last}, follow from one another; the last is {digest}."
    )
    if met:
        found.proves(
            f"The chain goes through the heads that you gave: {', '.join(map(str, met))}. That is worth as much as "
            "where you have them from: from the newsroom's own pages at that time, not from this dossier."
        )
        if max(met) < last:
            found.unproved.append(
                f"What came after entry {max(met)}: no head that you gave is of a later one."
            )
    else:
        found.unproved.append(
            "None of the heads given is of these entries, so they were held against nothing outside."
            if heads
            else "That the ledger was not rewritten as a whole: compare with a head kept elsewhere (--head)."
        )
    return max(met, default=0)


def prove_public_part(dossier: CheckedDossier, events: list[Row]) -> None:
    """Check that the public part agrees with itself, and record how little that proves."""
    found = dossier.found
    check_public(dossier, events)
    dossier.check_names()
    found.proves(f"{len(events)} events stand in the ledger where the dossier says.")
    found.unproved.append(
        "This is the public part alone. What those events are, the versions' numbers, times, notes and words, and "
        "whether others are missing: their entries also name people of the newsroom, so that nothing of them is "
        f"public but a digest. The full dossier proves all that, under the same digests. Nor {SITE}."
    )
    found.unproved.append(f"{PAGES}.")


def prove_full_part(
    dossier: CheckedDossier, entries: list[Row], newest: int, older: Sequence[OlderCopy]
) -> None:
    """Check the story's record; `newest` is the newest entry of which a head was given."""
    found = dossier.found
    layout = dossier.files.document("layout.json")
    if not dossier.expect(
        digest_of(canonical(layout)) in LAYOUTS, "layout.json names the columns in a way not known here."
    ):
        return
    record = StoryRecord(dossier)
    record.check_entries(entries)
    found.proves(f"{len(entries)} entries are the story's, from its first on; none between them is missing.")
    rows, history = record.check_rows(layout)
    erased = len(record.erasures.steps)
    besides = f" But for {erased} that were erased since, {rows - erased}" if erased else f"{rows}"
    found.proves(f"{besides.strip()} rows are what those entries say was written.")
    for copy in older:
        check_older(record, copy)
    check_proved(record)
    check_heads(record, newest)
    stories = check_revisions(record, history, layout)
    slug = dossier.about["slug"]
    dossier.expect(
        not stories or stories[max(stories)]["slug"] == slug,
        "The story has another slug than dossier.json says.",
    )
    found.proves(
        f"{len(stories)} revisions read as their rows say, and were saved by whom, when and why they say."
    )
    other = check_versions(record, stories)
    pictures = {
        each["picture"] for story in stories.values() for each in story["blocks"] if each.get("picture")
    }
    for picture in sorted(dossier.pictures.keys() - pictures):
        dossier.expect(False, f"The picture {picture} is none of the story's.")
    dossier.check_names()
    found.proves(
        f"{len(dossier.about['versions'])} versions are those of the ledger, and what readers were told with each."
    )
    if other:
        found.unproved.append(
            f"What the versions {other} read in public: words of them are withheld, and what stands there instead may "
            "be anything. Compare versions/ with revisions/."
        )
    lost = sorted(pictures - dossier.pictures.keys())
    found.unproved.extend(f"The picture {picture}: its file is not in the dossier." for picture in lost)
    found.unproved.append(
        "That no entry of the story came after its last one here: of the others the dossier has digests alone. That "
        "the clocks of the newsroom were right. What the desk kept besides the story (desk.json), which is in no "
        f"ledger. Nor {SITE}."
    )
    found.unproved.append(f"{PAGES}; --tell reads it out.")
