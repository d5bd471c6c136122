"""Descriptions of the ledger's events: a sentence and a few facts for each kind of event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _

from stories.models import (
    Answer,
    Assignment,
    AuditAccess,
    Cancellation,
    DevelopingMode,
    Discard,
    DossierApproval,
    DossierDownload,
    DossierOrder,
    Embargo,
    Erasure,
    ErasureApproval,
    ErasureOrder,
    ImportedStory,
    NameChange,
    ProfileChange,
    Publication,
    Question,
    Restoration,
    ReviewRequest,
    Revision,
    RightsChange,
    SecondPersonCheck,
    SignOff,
    Withdrawal,
    Withholding,
    WithholdingDecision,
)
from stories.models.record.revisions import Journal
from stories.time_labels import zoned_time_label

Fact = tuple[str, str]


def describe(event: Journal) -> str:
    """Return what happened, without who did it and when."""
    return DESCRIPTIONS[type(event)](event)


def details(event: Journal) -> list[Fact]:
    """Return the row's further values, each with its label. Empty ones are left out."""
    facts = [(label, text(event)) for label, text in DETAILS.get(type(event), list)()]
    return [(label, text) for label, text in facts if text]


def _until(event: Embargo | DevelopingMode, yes: str, no: str) -> str:
    return yes % {"time": zoned_time_label(event.until)} if event.until else no


def _publication(event: Publication) -> str:
    return _("published revision %(number)s, to be live from %(time)s") % {
        "number": event.revision.number,
        "time": zoned_time_label(event.live_from),
    }


def _assignment(event: Assignment) -> str:
    if event.assignee_id is None:
        return _("assigned the story to nobody")
    return _("assigned the story to %(name)s") % {"name": event.assignee_name}


def _access(event: AuditAccess) -> str:
    if event.until is None:
        return _("ended what %(name)s, an outside auditor, sees") % {"name": event.auditor_name}
    text = (
        _("gave %(name)s, an outside auditor, the whole of it until %(time)s")
        if event.full
        else _("gave %(name)s, an outside auditor, its public part until %(time)s")
    )
    return text % {"name": event.auditor_name, "time": zoned_time_label(event.until)}


def _approval(event: DossierApproval | ErasureApproval) -> str:
    return _("approved it") if event.approved else _("refused it")


def _second_person(event: SecondPersonCheck) -> str:
    texts = (
        _("tried to decide on what %(name)s had asked for, and was refused")
        if event.refused
        else _("decided on what %(name)s had asked for, from an account that was tied to theirs")
    )
    return texts % {"name": event.asker_name}


def _name(event: NameChange) -> str:
    texts = {
        ("section", "created"): _("created a section"),
        ("section", "renamed"): _("renamed a section"),
        ("section", "deleted"): _("deleted a section"),
        ("author", "created"): _("created an author"),
        ("author", "renamed"): _("renamed an author"),
        ("author", "deleted"): _("deleted an author"),
    }
    return texts[event.of, event.change]


DESCRIPTIONS: Final[dict[type, Callable[[Any], str]]] = {
    Revision: lambda event: _("saved revision %(number)s") % {"number": event.number},
    Publication: _publication,
    Cancellation: lambda event: _("cancelled what was to go live"),
    Embargo: lambda event: _until(event, _("promised an embargo until %(time)s"), _("lifted the embargo")),
    DevelopingMode: lambda event: _until(
        event, _("switched developing mode on, until %(time)s"), _("switched developing mode off")
    ),
    Withdrawal: lambda event: _("withdrew the story") if event.withdrawn else _("brought the story back"),
    Discard: lambda event: _("discarded the draft") if event.discarded else _("took the draft out again"),
    Assignment: _assignment,
    ReviewRequest: lambda event: (
        _("sent it for review") if event.offered else _("took it back from review, or sent it back")
    ),
    ImportedStory: lambda event: _("imported the story"),
    Withholding: lambda event: (
        _("withheld a version from the public")
        if event.publication_id
        else _("withheld words from the public")
    ),
    WithholdingDecision: lambda event: (
        _("lifted what was withheld") if event.lifted else _("confirmed what was withheld")
    ),
    ErasureOrder: lambda event: _("ordered an erasure"),
    ErasureApproval: _approval,
    Erasure: lambda event: _("carried an erasure out"),
    Question: lambda event: (
        _("asked %(name)s about entry %(number)s")
        % {"name": event.asked_name or _("the newsroom"), "number": event.entry_id}
    ),
    Answer: lambda event: _("answered a question"),
    SignOff: lambda event: _("signed entry %(number)s off") % {"number": event.entry_id},
    DossierOrder: lambda event: _("asked for the full dossier"),
    DossierApproval: _approval,
    DossierDownload: lambda event: _("was handed the full dossier"),
    AuditAccess: _access,
    RightsChange: lambda event: _("changed somebody’s rights"),
    SecondPersonCheck: _second_person,
    NameChange: _name,
    ProfileChange: lambda event: _("changed an author’s profile"),
    Restoration: lambda event: (
        _("accepted an older copy of the database, which ends with entry %(number)s")
        % {"number": event.kept_sequence}
    ),
}

# Labels and texts of what a row says besides its reason. Lambdas, so that labels are in the reader's language.
DETAILS: Final[dict[type, Callable[[], list[tuple[str, Callable[[Any], str]]]]]] = {
    Publication: lambda: [
        (_("Class"), lambda event: str(event.get_publication_class_display())),
        (_("What happened"), lambda event: str(event.get_cause_display())),
        (_("Source checked"), lambda event: event.source),
    ],
    Withdrawal: lambda: [(_("Notice to readers"), lambda event: event.notice)],
    Withholding: lambda: [
        (_("Category"), lambda event: str(event.get_ground_display())),
        (_("Words"), lambda event: event.words),
        (_("What readers are told"), lambda event: event.notice),
    ],
    ErasureOrder: lambda: [
        (_("What"), lambda event: str(event.get_scope_display())),
        (_("Category"), lambda event: str(event.get_ground_display())),
        (_("By what authority"), lambda event: event.authority),
        (_("What readers are told"), lambda event: event.notice),
    ],
    NameChange: lambda: [
        (_("Slug"), lambda event: event.slug),
        (_("Name before"), lambda event: event.before),
        (_("Name"), lambda event: event.name),
    ],
    Restoration: lambda: [
        (
            _("Newest entry that had been published"),
            lambda event: f"{event.lost_sequence} {event.lost_digest}",
        ),
        (_("Newest entry of the copy"), lambda event: f"{event.kept_sequence} {event.kept_digest}"),
    ],
}
