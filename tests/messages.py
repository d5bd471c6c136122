"""The Spanish of the reader's site: `python -m tests.messages` compiles the translators' file for Django.

Both files are in the repository, since a fresh machine has no gettext. Tests compare them with each other and with the
messages in the code.
"""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
CATALOG = ROOT / "stories" / "locale" / "es" / "LC_MESSAGES" / "django.po"
# Where the messages for readers are.
CODE = (
    "stories/block_labels.py",
    "stories/models/grounds.py",
    "stories/note_labels.py",
    "stories/public",
    "stories/queries/publishing/versions.py",
    "stories/queries/publishing/withholdings.py",
    "stories/rendering",
    "stories/templatetags",
    # What a person sees who has chosen Spanish for their desk, as far as it is translated: their own pages and mails.
    "stories/actions/audit/questions.py",
    "stories/actions/comment_desk/notify.py",
    "stories/actions/editing/assignments.py",
    "stories/actions/editing/profiles.py",
    "stories/actions/own_settings.py",
    "stories/actions/publishing/review_requests.py",
    "stories/admin/own_settings.py",
    "stories/admin/profiles.py",
    "stories/models/mail_kinds.py",
)
TEMPLATES = (
    "templates/base.html",
    "templates/400.html",
    "templates/404.html",
    "templates/500.html",
    "templates/fault.html",
    "templates/503.html",
    "templates/stories/blocks",
    "templates/stories/partials",
    "templates/stories/public",
    "templates/admin/base_site.html",
    "templates/admin/stories/own_account",
)
# What only auditors and editors see, in the language of the admin.
NOT_TOLD = {"changed_words.py", "dossier_file.py", "ledger_line.py", "outbox_late.html"}

_CALLS = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"})
_TEXT = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf" (?:n?gettext|_)\(({_TEXT}(?:, {_TEXT})?)")
_KEYWORD = re.compile(r"(msgid|msgid_plural|msgstr(?:\[\d\])?)\s+(\".*\")")


@dataclass(frozen=True, slots=True)
class Message:
    """A message, in the singular and, if it counts something, in the plural too (otherwise "")."""

    singular: str
    plural: str = ""


def reader_messages() -> dict[Message, str]:
    """Return every message of the reader's site, with its file."""
    found: dict[Message, str] = {}
    for folder in CODE:
        place = ROOT / folder
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            if path.name in NOT_TOLD:
                continue
            for message in _in_code(path.read_text()):
                found.setdefault(message, str(path.relative_to(ROOT)))
    for name in TEMPLATES:
        place = ROOT / name
        for path in [place] if place.is_file() else sorted(place.rglob("*.*")):
            if path.name in NOT_TOLD:
                continue
            for message in _in_template(path.read_text()):
                found.setdefault(message, str(path.relative_to(ROOT)))
    return found


def _in_code(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
            call = [
                each.value
                for each in node.args[: 2 if node.func.id.startswith("n") else 1]
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
            if call:
                yield Message(*call)


def _in_template(source: str) -> Iterator[Message]:
    for call in _IN_TEMPLATE.findall(templatize(source)):
        yield Message(*ast.literal_eval(f"({call},)"))


def read_catalog(path: Path = CATALOG) -> dict[Message, tuple[str, ...]]:
    """Return the translators' forms of each message; the header has the empty message as its key."""
    found: dict[Message, tuple[str, ...]] = {}
    for entry in path.read_text().split("\n\n"):
        parts: dict[str, str] = {}
        name = ""
        for line in entry.splitlines():
            if match := _KEYWORD.match(line):
                name = match[1]
                parts[name] = ast.literal_eval(match[2])
            elif line.startswith('"'):
                parts[name] += ast.literal_eval(line)
        if "msgid" in parts:
            message = Message(parts["msgid"], parts.get("msgid_plural", ""))
            assert message not in found, f"{message} stands twice in {path}."
            found[message] = tuple(text for key, text in parts.items() if key.startswith("msgstr"))
    return found


def compiled(catalog: dict[Message, tuple[str, ...]]) -> bytes:
    """Return a catalog in gettext's format: two sorted tables of lengths and offsets, then the texts."""
    entries = sorted(
        ("\0".join(filter(None, (each.singular, each.plural))).encode(), "\0".join(forms).encode())
        for each, forms in catalog.items()
        if all(forms)
    )
    offset = 7 * 4 + 16 * len(entries)
    tables: list[list[int]] = [[], []]
    texts = b""
    for side, table in enumerate(tables):
        for entry in entries:
            table += [len(entry[side]), offset + len(texts)]
            texts += entry[side] + b"\0"
    head = [0x950412DE, 0, len(entries), 28, 28 + 8 * len(entries), 0, 0]
    return struct.pack(f"<{len(head) + 4 * len(entries)}I", *head, *tables[0], *tables[1]) + texts


if __name__ == "__main__":
    CATALOG.with_suffix(".mo").write_bytes(compiled(read_catalog()))
