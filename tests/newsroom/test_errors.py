"""The page of a fault on our side says the way back to who was writing, and to nobody else."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from newsroom.errors import server_error


@pytest.mark.parametrize("path", ["/admin/stories/article/add/", "/admin/"])
def test_who_was_writing_is_told_the_way_back(path: str) -> None:
    answer = server_error(RequestFactory().post(path))
    assert answer.status_code == 500
    assert f'<a href="{path}">Open the page again</a>' in answer.content.decode()
    assert "what you typed is kept in this browser" in answer.content.decode()


def test_a_reader_is_told_nothing_of_writing() -> None:
    answer = server_error(RequestFactory().get("/stories/council/"))
    assert answer.status_code == 500
    assert "typed" not in answer.content.decode()
    assert "Open the page again" not in answer.content.decode()
