"""A check says its state as it is printed."""

from __future__ import annotations

import json

from stories.queries.health.checks import ok, warning, wrong


def test_states_are_words() -> None:
    checks = [ok("cache", "Fine."), warning("cache", "Slow.", "Wait."), wrong("cache", "Gone.", "Look.")]
    assert json.dumps([check.state for check in checks]) == '["ok", "warning", "wrong"]'
    assert [check.remedy for check in checks] == ["", "Wait.", "Look."]
