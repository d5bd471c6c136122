"""Describe what an entry of the ledger records: “published revision 4 as a minor change, without a note”.

The name of who did it precedes the description; the payload it is made from has none of the story's words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.text import get_text_list
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from stories.domain.diff.change_size import changes_from_json
from stories.rendering.compare.change_line import change_line
from stories.time_labels import zoned_time_label

Payload = Mapping[str, Any]

_PUBLISHED: Final = {
    "first": gettext_lazy("published revision %(revision)s, the story’s first version"),
    "noted": gettext_lazy("published revision %(revision)s with a note to readers"),
    "minor": gettext_lazy("published revision %(revision)s as a minor change, without a note"),
    "transcription": gettext_lazy("published revision %(revision)s as a transcription fix, without a note"),
    "developing": gettext_lazy("published revision %(revision)s as developing, without a note"),
    "override": gettext_lazy(
        "published revision %(revision)s by override: a change of substance without a note"
    ),
    "imported": gettext_lazy("imported revision %(revision)s as a version"),
}
CLASS_LABELS: Final = {
    "first": gettext_lazy("first published"),
    "noted": gettext_lazy("with a note"),
    "minor": gettext_lazy("minor"),
    "transcription": gettext_lazy("transcription"),
    "developing": gettext_lazy("developing"),
    "override": gettext_lazy("override"),
    "imported": gettext_lazy("imported"),
}
# Indexed by the size in an entry's column.
SIZE_LABELS: Final = (
    gettext_lazy("no words"),
    gettext_lazy("1 to 9 words"),
    gettext_lazy("10 to 99 words"),
    gettext_lazy("100 words and more"),
)
_SCOPES: Final = {
    "words": gettext_lazy("words, wherever they stand in the story"),
    "version": gettext_lazy("a version"),
    "picture": gettext_lazy("a picture"),
    "story": gettext_lazy("the whole story"),
}
_RIGHTS: Final = {
    "group-added": gettext_lazy("put into the group %(name)s"),
    "group-removed": gettext_lazy("taken out of the group %(name)s"),
    "permission-added": gettext_lazy("given the permission %(name)s"),
    "permission-removed": gettext_lazy("no longer given the permission %(name)s"),
    "section-added": gettext_lazy("limited to the section %(name)s"),
    "section-removed": gettext_lazy("no longer limited to the section %(name)s"),
    "author-added": gettext_lazy("is the author “%(name)s”"),
    "author-removed": gettext_lazy("no longer the author “%(name)s”"),
    "invited": gettext_lazy("invited"),
    "invitation-renewed": gettext_lazy("invited again"),
    "invitation-withdrawn": gettext_lazy("invitation withdrawn"),
    "invitation-accepted": gettext_lazy("accepted the invitation"),
    "reset-link-sent": gettext_lazy("sent a link to set a new password"),
    "password-reset": gettext_lazy("set a new password by a mailed link"),
}
_FACTORS: Final = {
    ("factor-added", "totp"): gettext_lazy("an authenticator app added"),
    ("factor-removed", "totp"): gettext_lazy("an authenticator app removed"),
    ("factor-added", "webauthn"): gettext_lazy("a passkey added"),
    ("factor-removed", "webauthn"): gettext_lazy("a passkey removed"),
    ("factor-added", "recovery_codes"): gettext_lazy("recovery codes made"),
    ("factor-removed", "recovery_codes"): gettext_lazy("recovery codes made void"),
}
_NAMES: Final = {
    ("section", "created"): gettext_lazy("created the section “%(slug)s”"),
    ("section", "renamed"): gettext_lazy("renamed the section “%(slug)s”"),
    ("section", "deleted"): gettext_lazy("deleted the section “%(slug)s”"),
    ("author", "created"): gettext_lazy("created the author “%(slug)s”"),
    ("author", "renamed"): gettext_lazy("renamed the author “%(slug)s”"),
    ("author", "deleted"): gettext_lazy("deleted the author “%(slug)s”"),
}


_PARTS: Final = {
    "bio": gettext_lazy("bio"),
    "picture": gettext_lazy("picture"),
    "alt_text": gettext_lazy("description of the picture"),
    "contact": gettext_lazy("contact"),
}


def describe_entry(payload: Payload, *, revision: int = 0, about: int = 0) -> str:
    """Return a description of the event, to follow a name.

    `revision` and `about` are the numbers in it, 0 if there is none.
    """
    describe = _DESCRIPTIONS.get(payload.get("kind", ""))
    if describe is None:
        return _("did something that this entry no longer says")
    return describe(payload, {"revision": revision or "?", "about": about or "?"})


def _revision(payload: Payload, numbers: Mapping[str, Any]) -> str:
    number, source = payload["taken"]
    changes = changes_from_json(payload["changes"])
    text = change_line(changes)
    if any(change.action == "begun" for change in changes):
        return _("began the story as revision %(revision)s") % numbers
    sentence = {
        "restored": _("restored revision %(number)s as revision %(revision)s"),
        "made-of": _("saved revision %(revision)s, made of revision %(number)s"),
        "put-back": _("put the edits of revision %(number)s back as revision %(revision)s"),
    }.get(source, _("saved revision %(revision)s"))
    line = sentence % {**numbers, "number": number}
    return f"{line}: {text[:1].lower()}{text[1:]}" if text else line


def _publication(payload: Payload, numbers: Mapping[str, Any]) -> str:
    line = str(_PUBLISHED.get(payload["class"], _("published revision %(revision)s"))) % numbers
    if payload["live_from"] > payload["at"]:
        line = _("%(line)s, to go live %(time)s") % {"line": line, "time": _time(payload["live_from"])}
    return line


def _until(text: Any, ended: Any) -> Callable[[Payload, Mapping[str, Any]], str]:
    def describe(payload: Payload, numbers: Mapping[str, Any]) -> str:
        until = payload["until"]
        return str(text) % {"time": _time(until)} if until else str(ended)

    return describe


def _either(fact: str, yes: Any, no: Any) -> Callable[[Payload, Mapping[str, Any]], str]:
    def describe(payload: Payload, numbers: Mapping[str, Any]) -> str:
        return str(yes if payload[fact] else no) % numbers

    return describe


def _always(text: Any) -> Callable[[Payload, Mapping[str, Any]], str]:
    def describe(payload: Payload, numbers: Mapping[str, Any]) -> str:
        return str(text) % numbers

    return describe


def _assignment(payload: Payload, numbers: Mapping[str, Any]) -> str:
    name = payload["assignee"][1]
    return _("assigned the story to %(name)s") % {"name": name} if name else _("assigned the story to nobody")


def _erasure(payload: Payload, numbers: Mapping[str, Any]) -> str:
    count = len(payload["erased"])
    return ngettext("erased what %(count)s row held", "erased what %(count)s rows held", count) % {
        "count": count
    }


def _question(payload: Payload, numbers: Mapping[str, Any]) -> str:
    asked = payload["asked"][1] or _("the desk")
    return _("asked %(name)s about entry %(about)s") % {"name": asked, **numbers}


def _access(payload: Payload, numbers: Mapping[str, Any]) -> str:
    name = payload["auditor"][1]
    if not payload["until"]:
        return _("ended the access of %(name)s to the story") % {"name": name}
    part = _("all of the story") if payload["full"] else _("the story’s public part")
    return _("let %(name)s see %(part)s until %(time)s") % {
        "name": name,
        "part": part,
        "time": _time(payload["until"]),
    }


def _rights(payload: Payload, numbers: Mapping[str, Any]) -> str:
    what, _number, name = payload["of"]
    text = [_right(change, of) for change, of in payload["changes"]]
    holder = _("the group %(name)s") % {"name": name} if what == "group" else name
    return _("changed the rights of %(holder)s: %(changes)s") % {
        "holder": holder,
        "changes": get_text_list(text, _("and")),
    }


def _right(change: str, of: str) -> str:
    # After the type of a factor stands a digest, which only a verification reads.
    factor = _FACTORS.get((change, of.partition(" ")[0]))
    if factor is not None:
        return str(factor)
    return str(_RIGHTS[change]) % {"name": of} if change in _RIGHTS else f"{change} {of}".strip()


def _second_person(payload: Payload, numbers: Mapping[str, Any]) -> str:
    sentence = (
        _("tried to decide on what %(name)s had asked for, and was refused: the two accounts are tied")
        if payload["refused"]
        else _("decided on what %(name)s had asked for: the two accounts were tied within the last year")
    )
    return sentence % {"name": payload["asker"][1]}


def _name(payload: Payload, numbers: Mapping[str, Any]) -> str:
    thing, slug = payload["of"]
    sentence = _NAMES.get((thing, payload["change"]))
    return str(sentence) % {"slug": slug} if sentence else f"{payload['change']} {thing} {slug}"


def _profile(payload: Payload, numbers: Mapping[str, Any]) -> str:
    sentence = (
        _("changed the profile of “%(author)s”: %(parts)s")
        if payload["profile"]
        else _("emptied the profile of “%(author)s”: %(parts)s")
    )
    parts = [str(_PARTS.get(part, part)) for part in payload["parts"]]
    return sentence % {"author": payload["author"], "parts": get_text_list(parts, _("and"))}


def _restored(payload: Payload, numbers: Mapping[str, Any]) -> str:
    lost, kept = payload["lost"][0], payload["kept"][0]
    sentence = (
        _(
            "accepted an older copy of the database, which ends with entry %(kept)s: entries up to %(lost)s are gone"
        )
        if lost > kept
        else _(
            "accepted another copy of the database, which ends with entry %(kept)s: the published entry %(lost)s is "
            "gone"
        )
    )
    return sentence % {"kept": kept, "lost": lost}


def _time(text: str) -> str:
    """Return a payload's time in the newsroom's time zone and format."""
    return zoned_time_label(datetime.fromisoformat(text))


_DESCRIPTIONS: Final[dict[str, Callable[[Payload, Mapping[str, Any]], str]]] = {
    "revision": _revision,
    "publication": _publication,
    "cancellation": _always(
        gettext_lazy("cancelled the publication of revision %(revision)s before its time")
    ),
    "embargo": _until(gettext_lazy("set an embargo until %(time)s"), gettext_lazy("lifted the embargo")),
    "developing": _until(
        gettext_lazy("marked the story as developing until %(time)s"), gettext_lazy("ended developing mode")
    ),
    "withdrawal": _either(
        "withdrawn", gettext_lazy("withdrew the story"), gettext_lazy("brought the withdrawn story back")
    ),
    "discard": _either(
        "discarded", gettext_lazy("discarded the draft"), gettext_lazy("recovered the discarded draft")
    ),
    "assignment": _assignment,
    "review-request": _either(
        "offered",
        gettext_lazy("sent revision %(revision)s for review"),
        gettext_lazy("took revision %(revision)s back from review, or sent it back"),
    ),
    "import": _always(gettext_lazy("imported the story")),
    "withholding": _either(
        "publication",
        gettext_lazy("withheld the version made of revision %(revision)s"),
        gettext_lazy("withheld words, wherever they stand in the story"),
    ),
    "withholding-decision": _either(
        "lifted", gettext_lazy("lifted a withholding"), gettext_lazy("confirmed a withholding")
    ),
    "erasure-order": lambda payload, numbers: (
        _("ordered the erasure of %(what)s") % {"what": _SCOPES.get(payload["scope"], payload["scope"])}
    ),
    "erasure-approval": _either(
        "approved", gettext_lazy("approved an order to erase"), gettext_lazy("refused an order to erase")
    ),
    "erasure": _erasure,
    "question": _question,
    "answer": _always(gettext_lazy("answered a question about entry %(about)s")),
    "sign-off": _always(gettext_lazy("signed entry %(about)s off")),
    "dossier-order": _always(gettext_lazy("asked for the story’s full dossier")),
    "dossier-approval": _either(
        "approved",
        gettext_lazy("approved the export of the full dossier"),
        gettext_lazy("refused the export of the full dossier"),
    ),
    "dossier-download": _always(gettext_lazy("was handed the story’s full dossier")),
    "audit-access": _access,
    "rights": _rights,
    "second-person": _second_person,
    "name": _name,
    "profile": _profile,
    "restored": _restored,
}
