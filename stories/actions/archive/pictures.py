"""Find the files of an archive's pictures."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from django.utils.translation import gettext as _

from stories.actions.actors import Actor
from stories.actions.editing.pictures import KINDS, MOST_BYTES, NotAPicture, check_picture, store_picture
from stories.actions.errors import Refused
from stories.domain.archive.pieces import MISSING_ADDRESS
from stories.domain.snapshot import Block, ImageBlock
from stories.models import Picture

_DATA: Final = "data:"
_NO_LETTER = re.compile(rb"[^A-Za-z0-9+/]")
_STANDARD: Final = bytes.maketrans(b"-_", b"+/")
_LONGEST_LABEL: Final = 100


class PictureFiles:
    """Attaches pictures from a folder of files to image blocks; counts what is missing, and lists what can't be read.

    With `store` off nothing is written, and blocks stay unchanged.
    """

    def __init__(self, folder: Path | None, *, user: Actor, store: bool = True) -> None:
        self.folder = folder.resolve() if folder else None
        self.user = user
        self.store = store
        self.missing = 0
        self.without_alt_text = 0
        self.unreadable: dict[str, None] = {}

    def put_into(self, block: Block) -> Block:
        """Return the block with its picture, or with the address alone if the file is missing or not a picture.

        Raises Refused for a file other than the one that the archive names, and for one that may not be stored.
        """
        if not isinstance(block, ImageBlock):
            return block
        self.without_alt_text += not block.alt_text
        if block.picture and Picture.objects.filter(pk=block.picture).exists():
            return replace(block, address="")
        content = self._content(block)
        if content is None:
            self.missing += 1
            return self._without_file(block)
        try:
            if not self.store:
                check_picture(content)
                return self._without_file(block)
            picture = store_picture(content=content, user=self.user)
        except NotAPicture as refusal:
            if block.picture:
                raise Refused(f"{_label(block)}: {refusal}") from None
            # Listed once, however many versions contain it.
            self.unreadable[f"{_label(block)}: {refusal}"] = None
            return self._without_file(block)
        except Refused as refusal:
            raise Refused(f"{_label(block)}: {refusal}") from None
        if block.picture and picture.digest != block.picture:
            raise Refused(
                _("The file of the picture %(digest)s is another picture. Export the archive again.")
                % {"digest": block.picture}
            )
        return replace(block, picture=picture.digest, address="")

    def _without_file(self, block: ImageBlock) -> ImageBlock:
        # A data: address would put megabytes of text on the page.
        address = MISSING_ADDRESS if block.address.startswith(_DATA) else block.address
        return replace(block, picture="", address=block.picture or address or MISSING_ADDRESS)

    def _content(self, block: ImageBlock) -> bytes | None:
        if block.address.startswith(_DATA):
            return _decoded(block.address)
        if self.folder is None:
            return None
        names = [f"{block.picture}.{kind}" for kind in KINDS] if block.picture else []
        for name in names or _names(block.address):
            path = (self.folder / name).resolve()
            # A path may contain "..", and a symlink may point outside the folder.
            if path.is_relative_to(self.folder) and path.is_file() and path.stat().st_size <= MOST_BYTES:
                return path.read_bytes()
        return None


def _names(address: str) -> list[str]:
    """Return the file names to try: the whole path, then the last part alone."""
    try:
        path = unquote(urlsplit(address).path).lstrip("/")
    except ValueError:
        return []
    if not path or "\0" in path:
        return []
    return list(dict.fromkeys((path, path.rpartition("/")[2])))


def _decoded(address: str) -> bytes | None:
    """Return the content of a data: address, as far as it can be decoded."""
    head, comma, data = address.partition(",")
    if not comma:
        return None
    content = unquote_to_bytes(data)
    if not head.lower().endswith(";base64"):
        return content
    # Accepts both base64 alphabets (RFC 4648, 4 and 5), with or without padding.
    letters = _NO_LETTER.sub(b"", content.translate(_STANDARD))
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        return b64decode(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return None


def _label(block: ImageBlock) -> str:
    """Return how a sentence names a picture."""
    named = block.picture or block.address
    return named if len(named) <= _LONGEST_LABEL else f"{named[:_LONGEST_LABEL]}…"
