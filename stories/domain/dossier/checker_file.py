"""The checker as one file, `check.py`, as each dossier has it.

It is joined from the modules of `checker`. Without a dossier: python3 -m stories.domain.dossier.checker_file > check.py
"""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from types import ModuleType
from typing import Final

from stories.domain.dossier import checker
from stories.domain.dossier.checker import (
    about,
    around_erasure,
    canonical,
    chain,
    command_line,
    erased,
    erasure,
    erasures,
    files,
    formats,
    impossible_events,
    older_copies,
    public_part,
    record,
    report,
    revisions,
    rows,
    versions,
    whole_dossier,
    words,
)

# In the order in which they are read: each imports only those before it.
MODULES: Final = (
    formats,
    canonical,
    files,
    report,
    about,
    words,
    rows,
    around_erasure,
    erasure,
    erasures,
    impossible_events,
    older_copies,
    chain,
    record,
    erased,
    revisions,
    versions,
    public_part,
    whole_dossier,
    command_line,
)

_WIDTH: Final = 110

_BEGINNING: Final = '''\
#!/usr/bin/env python3
"""{docstring}
"""

import sys

if __name__ == "__main__" and not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    # Nothing else in the dossier's own folder may be imported.
    del sys.path[0]

{imports}
'''

_END: Final = """

if __name__ == "__main__":
    sys.exit(main())
"""


@cache
def checker_source() -> str:
    """Return the text of `check.py`: the imports of all modules, then each module without its imports."""
    imports: list[ast.Import | ast.ImportFrom] = []
    parts = []
    for module in MODULES:
        source = inspect.getsource(module)
        tree = ast.parse(source)
        own = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        imports += own
        # A module begins with its docstring and its imports.
        last = [tree.body[0], *own][-1]
        body = "\n".join(source.splitlines()[last.end_lineno :]).strip("\n")
        parts.append(f"\n\n{_heading(module)}\n\n\n{body}\n")
    beginning = _BEGINNING.format(docstring=inspect.getdoc(checker), imports=_merged(imports))
    return beginning + "".join(parts) + _END


def _heading(module: ModuleType) -> str:
    """Return a comment with a module's name and docstring."""
    name = module.__name__.rpartition(".")[2].replace("_", " ")
    lines = [f" {name}".rjust(_WIDTH - 2, "-"), *(inspect.getdoc(module) or "").splitlines()]
    return "\n".join(f"# {line}".rstrip() for line in lines)


def _merged(imports: list[ast.Import | ast.ImportFrom]) -> str:
    """Return imports of the standard library, each name once. Those of the checker's own modules are omitted."""
    modules: set[str] = set()
    names: dict[str, set[str]] = {}
    for node in imports:
        listed = {ast.unparse(each) for each in node.names}
        if isinstance(node, ast.Import):
            modules |= listed
        elif node.module and not node.module.startswith(f"{checker.__name__}."):
            names.setdefault(node.module, set()).update(listed)
    # The beginning imports it.
    modules.discard("sys")
    return "\n".join(
        [f"import {each}" for each in sorted(modules)]
        + [f"from {module} import {', '.join(sorted(names[module]))}" for module in sorted(names)]
    )


if __name__ == "__main__":
    sys.stdout.write(checker_source())
