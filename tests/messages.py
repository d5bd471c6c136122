"""The Spanish of the site, its desk and its mails: `python -m tests.messages` compiles it for Django.

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

import content_editor
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
CATALOG = ROOT / "stories" / "locale" / "es" / "LC_MESSAGES" / "django.po"
# What scripts of packages say: ours have no words of their own.
SCRIPTS_CATALOG = CATALOG.with_name("djangojs.po")
# Where people read something: the code of the app and of the site around it, and every template.
CODE = ("stories", "newsroom")
TEMPLATES = "templates"
# What the form of a story says by way of a package.
PACKAGES = (Path(content_editor.__file__).parent / "admin.py",)

CALLS = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"})
_TEXT = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf" (p?n?gettext|_)\(({_TEXT}(?:, {_TEXT})?(?:, {_TEXT})?)")
_KEYWORD = re.compile(r"(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)\s+(\".*\")")


@dataclass(frozen=True, slots=True)
class Message:
    """A message, in the singular and, if it counts something, in the plural too (otherwise "").

    `context` tells apart messages that read the same and mean something else.
    """

    singular: str
    plural: str = ""
    context: str = ""


def messages_in_use() -> dict[Message, str]:
    """Return every message that people may read, with its file."""
    found: dict[Message, str] = {}
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for message in messages_in_code(path.read_text()):
                found.setdefault(message, str(path.relative_to(ROOT)))
    for path in PACKAGES:
        for message in messages_in_code(path.read_text()):
            found.setdefault(message, f"{path.parent.name}/{path.name}")
    for path in sorted((ROOT / TEMPLATES).rglob("*.*")):
        for message in messages_in_template(path.read_text()):
            found.setdefault(message, str(path.relative_to(ROOT)))
    return found


def _message(function: str, texts: list[str]) -> Message:
    context = texts.pop(0) if function.startswith("p") else ""
    return Message(texts[0], texts[1] if len(texts) > 1 else "", context)


def messages_in_code(source: str) -> Iterator[Message]:
    """Yield the messages of a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            name = node.func.id
            texts = [
                each.value
                for each in node.args[: 2 if name[0] in "np" else 1]
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
            if texts:
                yield _message(name, texts)


def messages_in_template(source: str) -> Iterator[Message]:
    """Yield the messages of a template."""
    for name, call in _IN_TEMPLATE.findall(templatize(source)):
        yield _message(name, list(ast.literal_eval(f"({call},)")))


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
            message = Message(parts["msgid"], parts.get("msgid_plural", ""), parts.get("msgctxt", ""))
            assert message not in found, f"{message} stands twice in {path}."
            found[message] = tuple(text for key, text in parts.items() if key.startswith("msgstr"))
    return found


def compiled(catalog: dict[Message, tuple[str, ...]]) -> bytes:
    """Return a catalog in gettext's format: two sorted tables of lengths and offsets, then the texts."""
    entries = sorted(
        (_key(each).encode(), "\0".join(forms).encode()) for each, forms in catalog.items() if all(forms)
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


def _key(message: Message) -> str:
    texts = "\0".join(filter(None, (message.singular, message.plural)))
    return f"{message.context}\4{texts}" if message.context else texts


if __name__ == "__main__":
    for each in (CATALOG, SCRIPTS_CATALOG):
        each.with_suffix(".mo").write_bytes(compiled(read_catalog(each)))
