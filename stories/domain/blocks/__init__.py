"""The kinds of blocks that a story's body consists of: a kind is a file here, found by being here.

The other layers hold their halves by the name of the kind or of its class: the model, the inline, the labels, the
template. System checks and tests/test_block_kinds.py name the file that lacks one.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from stories.domain.blocks.base import Block


def _kinds() -> Iterator[type[Block]]:
    for file in iter_modules(__path__):
        module = import_module(f"{__name__}.{file.name}")
        for found in vars(module).values():
            own = isinstance(found, type) and found.__module__ == module.__name__
            if own and issubclass(found, Block) and found.kind:
                yield found


# By their names, in the order in which they are listed.
BLOCK_KINDS: Final[dict[str, type[Block]]] = {
    block.kind: block for block in sorted(_kinds(), key=lambda block: block.position)
}
