"""Report errors to Sentry, or to what speaks its protocol, without anything that people have written or typed.

An event is put together from a list of what may leave the house. To strike out what may not would need to know all that
the library, or its next release, adds.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final, cast

from newsroom.current_request import request_id, view_name

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

# Of our own lines the words are known: they are sent without what is put into them.
_OURS: Final = ("newsroom.", "stories.")
_OF_AN_EVENT: Final = (
    "event_id",
    "timestamp",
    "platform",
    "level",
    "logger",
    "release",
    "environment",
    "server_name",
)
_OF_A_FRAME: Final = ("filename", "function", "module", "lineno", "in_app")


def start_error_reporter(dsn: str, **options: Any) -> None:
    """Report every error that is logged from now on."""
    import sentry_sdk  # noqa: PLC0415 - optional
    from sentry_sdk.integrations.logging import LoggingIntegration  # noqa: PLC0415

    sentry_sdk.init(
        dsn=dsn,
        # Django logs each view that fails. What else the library could connect to would add what is left out below.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[LoggingIntegration(level=None, event_level=logging.ERROR, sentry_logs_level=None)],
        before_send=stripped,
        # All that is not an event of an error.
        before_send_transaction=_nothing,
        before_breadcrumb=_nothing,
        max_breadcrumbs=0,
        traces_sample_rate=None,
        auto_session_tracking=False,
        send_client_reports=False,
        enable_logs=False,
        enable_metrics=False,
        # Not even collected.
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        **options,
    )


def stripped(event: Event, hint: Hint) -> Event:
    """Return an event with what may leave the house."""
    found: dict[str, Any] = {**event}
    sent: dict[str, Any] = {name: found[name] for name in _OF_AN_EVENT if name in found}
    sent["tags"] = {"request_id": request_id(), "view": view_name()}
    record = hint.get("log_record")
    if record is not None and record.name.startswith(_OURS):
        sent["logentry"] = {"message": str(record.msg)}
    if exceptions := (found.get("exception") or {}).get("values"):
        sent["exception"] = {"values": [_exception(each) for each in exceptions]}
    return cast("Event", sent)


def _exception(found: dict[str, Any]) -> dict[str, Any]:
    frames = (found.get("stacktrace") or {}).get("frames", [])
    kept = [{name: frame[name] for name in _OF_A_FRAME if name in frame} for frame in frames]
    return {"type": found.get("type"), "module": found.get("module"), "stacktrace": {"frames": kept}}


def _nothing(_found: Any, _hint: Any) -> None:  # noqa: ANN401 - the library's
    return None
