"""What all channels share: a time after which a receiver that does not answer is given up."""

from __future__ import annotations

import threading

import pytest

from stories.actions.outbox.channels import run_with_timeout


def test_what_ends_in_time_has_run() -> None:
    ran: list[int] = []
    run_with_timeout(30, lambda: ran.append(1))
    assert ran == [1]


def test_what_it_raises_is_raised_here() -> None:
    def refuse() -> None:
        raise ConnectionRefusedError("Nobody listens.")

    with pytest.raises(ConnectionRefusedError, match="Nobody listens"):
        run_with_timeout(30, refuse)


def test_what_does_not_end_is_given_up_with_the_time_it_was_given() -> None:
    ended = threading.Event()

    def hang() -> None:
        ended.wait()

    try:
        with pytest.raises(TimeoutError, match=r"No answer within 0\.05 seconds"):
            run_with_timeout(0.05, hang)
    finally:
        ended.set()
