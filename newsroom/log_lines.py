"""The lines of the log: one JSON object each in production, without anything that people have written or typed.

Messages of exceptions are left out, since they repeat what failed: a row that the database refused has a story's text
in it. Requests are named by their view, never by their address, which may be that of a draft or hold a link's secret.
"""

from __future__ import annotations

import http.client
import re
import sys
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Any, Final

import structlog

from newsroom.current_request import request_id, view_name

Line = MutableMapping[str, Any]

# How many calls of a traceback to log, the innermost.
FRAMES: Final = 30
_BASE: Final = f"{Path(__file__).resolve().parent.parent}/"
_ADDRESS: Final = re.compile(r"""[^\s@<>"'()]+@[^\s@<>"'()]+""")


def formatter(*, debug: bool) -> dict[str, object]:
    """Return the formatter of LOGGING: readable while developing, otherwise JSON."""
    parts: list[object] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        add_request,
    ]
    if debug:
        last: list[object] = [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    else:
        parts += [without_path, without_exception_messages, without_addresses]
        last = [structlog.processors.JSONRenderer(ensure_ascii=False)]
    return {
        "()": "structlog.stdlib.ProcessorFormatter",
        "foreign_pre_chain": parts,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    }


def add_request(_logger: object, _method: str, line: Line) -> Line:
    """Add the id and the view of the request that is answered meanwhile."""
    if identity := request_id():
        line.update(request_id=identity, view=view_name())
    # What the caller has in `extra`, under this one name.
    line.update(getattr(line["_record"], "fields", {}))
    return line


def without_path(_logger: object, _method: str, line: Line) -> Line:
    """Replace what Django and gunicorn say of a request, with its path or its client, by what became of it."""
    record = line["_record"]
    if record.name.startswith("gunicorn."):
        line["event"] = str(record.msg).partition(" from ip=")[0]
    if record.name.startswith("django.") and hasattr(record, "request"):
        status: Any = getattr(record, "status_code", None)
        line["event"] = http.client.responses.get(status, "A request failed")
        line.update(status=status, method=getattr(record.request, "method", None))
    return line


def without_exception_messages(_logger: object, _method: str, line: Line) -> Line:
    """Replace an exception by its class, those that caused it, and the calls that led to it."""
    found = line.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        line["exception"] = [describe(each) for each in causes(error)]
    line.pop("stack_info", None)
    return line


def without_addresses(_logger: object, _method: str, line: Line) -> Line:
    """Replace whatever looks like an e-mail address, or like a URL with a password."""
    line["event"] = _ADDRESS.sub("[address]", str(line["event"]))
    return line


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and what caused it, from the last to the first."""
    known: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in known:
        known.add(id(found))
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def describe(error: BaseException) -> dict[str, object]:
    """Return an exception's class and calls, and what a database says besides its message."""
    described: dict[str, object] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
    if state := getattr(error, "sqlstate", None):
        described["sqlstate"] = state
    if constraint := getattr(getattr(error, "diag", None), "constraint_name", None):
        described["constraint"] = constraint
    return described | {"calls": _calls(error.__traceback__)}


def _calls(traceback: TracebackType | None) -> list[str]:
    frames = extract_tb(traceback)[-FRAMES:]
    return [f"{frame.filename.removeprefix(_BASE)}:{frame.lineno} {frame.name}" for frame in frames]
