"""What is proved of the rows that were erased: by older dossiers, and by heads of the ledger."""

from stories.domain.dossier.checker.older_copies import OlderCopy
from stories.domain.dossier.checker.record import StoryRecord
from stories.domain.dossier.checker.rows import row_reference


def check_older(record: StoryRecord, older: OlderCopy) -> None:
    """Compare the rows that were erased in part with those of an older copy, whatever else it says."""
    for row in older.rows(record.now):
        columns, values = record.now[row_reference(row)]
        record.erasures.compare_with_copy(older.name, row, columns, values)


def check_proved(record: StoryRecord) -> None:
    """Check that no older copy contradicts an erasure, and count the rows whose remaining words are proved."""
    for erasure in record.erasures.done.values():
        for fault in erasure.faults:
            record.expect(False, f"Of erasure {erasure.sequence} {fault}.")
    proved = sum(each.around_proved for each in record.erasures.done.values())
    if proved:
        record.found.proves(
            f"The words around what was erased in {proved} rows are those of the older copies that you gave, under "
            "the digests that the ledger has had of them since they were written."
        )


def check_heads(record: StoryRecord, newest: int) -> None:
    """Check that each erasure is covered by a given head: anybody who has the dossier can append an erasure."""
    for erasure in record.erasures.done.values():
        if erasure.refused:
            continue
        record.found.reported.append(f"{record.payloads[erasure.sequence]['at']} {erasure.describe()}")
        if record.expect(
            erasure.sequence <= newest,
            f"{erasure.describe()}. An erasure counts only under a head of the ledger that was kept elsewhere, and "
            f"none that you gave is of entry {erasure.sequence} or later: whoever has this dossier could have "
            "written it. Give such a head, as the newsroom publishes them: --heads heads.json.",
        ):
            record.found.proves(f"{erasure.describe()}.")
            around = f", and the words around it in {erasure.around} rows" if erasure.around else ""
            record.found.unproved.append(
                f"What those rows said before erasure {erasure.sequence}{around}: what it left is all there is."
            )
