"""Events that the newsroom's site refuses to record: whoever wrote such an entry wrote it past the site."""

from collections.abc import Iterable, Iterator

from stories.domain.dossier.checker.canonical import int_or_none
from stories.domain.dossier.checker.erasure import is_dated_before, person
from stories.domain.dossier.checker.formats import Row

# By kind of event, which other events of its story it names, and of which kind these are.
REFERENCES = {
    "publication": {"revision_event": "revision", "base": "publication"},
    "cancellation": {"publication": "publication"},
    "review-request": {"revision_event": "revision"},
    "withholding": {"publication": "publication"},
    "withholding-decision": {"withholding": "withholding"},
    "erasure-order": {"publication": "publication"},
    "erasure-approval": {"order": "erasure-order"},
    "answer": {"question": "question"},
    "dossier-approval": {"order": "dossier-order"},
    "dossier-download": {"order": "dossier-order"},
}
# Events by another person than whoever made what they are about.
DECISIONS = ("withholding-decision", "erasure-approval", "dossier-approval", "question", "sign-off")


def impossible_events(payloads: "Iterable[Row]") -> "Iterator[tuple[int, str]]":
    """Yield the entries of a story, in the ledger's order, that the site would have refused, each with the reason."""
    entries = list(payloads)
    import_times = {str(each["at"]) for each in entries if each["kind"] == "import"}
    events: dict[tuple[str, int], Row] = {}
    by_sequence: dict[int, Row] = {}
    for payload in entries:
        sequence, kind = payload["sequence"], payload["kind"]
        about = by_sequence.get(int_or_none(payload.get("about")) or 0)
        named: dict[str, Row] = {"about": about} if about else {}
        for key, of_kind in REFERENCES.get(kind, {}).items():
            number = payload.get(key)
            event = events.get((of_kind, int_or_none(number) or 0))
            if event is not None:
                named[key] = event
            elif number is not None:
                yield (
                    sequence,
                    f"it names the {of_kind} {number}, which no entry of this story before it records",
                )
        for reason in refusals(payload, named, import_times):
            yield sequence, reason
        events[kind, payload["event"]] = by_sequence[sequence] = payload


def refusals(payload: Row, named: "dict[str, Row]", import_times: "set[str]") -> Iterator[str]:
    """Yield the reasons for which the site refuses an event; `named` are the events that it names, by key."""
    kind, at = payload["kind"], str(payload["at"])
    if kind == "publication" and at not in import_times:
        if payload.get("class") == "imported":
            yield "it is of the class imported, and nothing was imported at that time"
        elif str(payload.get("live_from")) < at:
            yield "it went live before it was made"
    if kind == "cancellation" and any(str(each.get("live_from")) <= at for each in named.values()):
        yield "what it cancels was live by then"
    if kind in DECISIONS:
        for other in named.values():
            if person(payload)[0] is not None and person(payload)[0] == person(other)[0]:
                yield f"whoever made it made entry {other['sequence']}, on which somebody else has to decide"
    if kind not in ("publication", "review-request"):
        for other in named.values():
            if is_dated_before(payload, other):
                yield f"it is dated before entry {other['sequence']}, to which it belongs"
